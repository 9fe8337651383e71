//! The typed model: known words become variants, all others are kept.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by it"
)]

mod common;

use bigkey_tasks::model::{ScanType, TaskPage, TaskStatus};
use common::{page, task};
use proptest::prelude::*;
use serde_json::json;

#[test]
fn the_documented_words_are_known() {
    for (text, status) in [
        ("waiting", TaskStatus::Waiting),
        ("running", TaskStatus::Running),
        ("success", TaskStatus::Success),
        ("failed", TaskStatus::Failed),
    ] {
        assert_eq!((TaskStatus::from(text), status.as_str()), (status.clone(), text));
    }
    for (text, scan_type) in [("manual", ScanType::Manual), ("auto", ScanType::Auto)] {
        assert_eq!((ScanType::from(text), scan_type.as_str()), (scan_type.clone(), text));
    }
}

#[test]
fn only_a_waiting_or_running_task_is_expected_to_change() {
    let active = |text: &str| TaskStatus::from(text).is_active();
    assert!(active("waiting") && active("running"));
    assert!(!active("success") && !active("failed") && !active("paused") && !active(""));
}

#[test]
fn absent_values_are_left_out_and_what_was_counted_is_no_part_of_the_wire_format() {
    let page = TaskPage { unreadable: 1, surplus: 2, ..page([7], None) };
    assert_eq!(serde_json::to_value(page).unwrap(), json!({"records": [{"id": "7", "status": "success"}]}));
    assert_eq!(serde_json::to_value(TaskPage::default()).unwrap(), json!({"records": []}));
    assert_eq!(serde_json::to_value(task("a")).unwrap(), json!({"id": "a", "status": "success"}));
}

proptest! {
    #[test]
    fn any_word_is_written_as_it_came(text in ".*") {
        let status = TaskStatus::from(text.as_str());
        prop_assert_eq!(status.as_str(), &text);
        prop_assert_eq!(serde_json::to_value(&status).unwrap(), json!(text));
        prop_assert_eq!(&status, &TaskStatus::from(text.clone()));
        let scan_type = ScanType::from(text.as_str());
        prop_assert_eq!(scan_type.as_str(), &text);
        prop_assert_eq!(serde_json::to_value(&scan_type).unwrap(), json!(text));
    }
}
