//! The instances that a reader looked at.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use bigkey_tasks::query::Instance;
use bigkey_tasks::recent::{Recent, Recents};
use proptest::prelude::*;

fn recent(id: &str, name: &str) -> Recent {
    Recent::new(Instance::new("project", id).unwrap(), name)
}

fn ids(recents: &Recents) -> Vec<&str> {
    recents.iter().map(|each| each.instance.instance_id()).collect()
}

#[test]
fn the_latest_is_first_once_and_the_oldest_goes() {
    let mut recents = Recents::default();
    for id in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "c"] {
        recents.remember(recent(id, ""));
    }
    assert_eq!(ids(&recents), ["c", "i", "h", "g", "f", "e", "d", "b"]);
}

#[test]
fn a_name_stays_until_there_is_another() {
    let mut recents = Recents::default();
    recents.remember(recent("a", "Orders"));
    recents.remember(recent("a", ""));
    assert_eq!(recents.name(&recent("a", "").instance), Some("Orders"));
    recents.remember(recent("a", " Cart\tand\norders "));
    assert_eq!(recents.name(&recent("a", "").instance), Some("Cart and orders"));
    recents.forget(&recent("a", "").instance);
    assert_eq!(recents, Recents::default());
}

#[test]
fn what_is_no_line_of_ours_is_left_out() {
    assert_eq!(ids(&Recents::parse("\n\t\t\nonly\np\ta\tname\tmore\np\tb")), ["a", "b"]);
}

proptest! {
    #[test]
    fn any_text_is_read_and_reads_back(text in "\\PC{0,200}|([a-z]{1,3}\t[a-z]{1,3}\t[a-z ]{0,5}\n){0,12}") {
        let recents = Recents::parse(&text);
        prop_assert!(recents.iter().count() <= 8);
        prop_assert_eq!(Recents::parse(&recents.to_text()), recents);
    }
}
