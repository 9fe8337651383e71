//! The columns that a reader chose: whatever is in storage, the table has all of them once.
#![cfg(not(target_arch = "wasm32"))]

use bigkey_tasks::columns::{Column, Columns};
use proptest::prelude::*;

fn names(columns: &Columns) -> Vec<(&'static str, bool)> {
    columns.iter().map(|(column, shown)| (column.name(), shown)).collect()
}

#[test]
fn without_a_choice_all_are_shown_in_the_order_of_the_document() {
    let all = ["id", "status", "method", "created", "started", "completed", "duration"];
    assert_eq!(names(&Columns::default()), all.map(|name| (name, true)));
}

#[test]
fn order_and_hidden_columns_are_read_and_the_rest_follows() {
    let columns = Columns::parse("duration -method status");
    assert_eq!(columns.to_text(), "duration -method status id created started completed");
}

#[test]
fn the_task_id_cannot_be_hidden() {
    let mut columns = Columns::parse("-id");
    columns.show(Column::Id, false);
    assert_eq!(names(&columns).first(), Some(&("id", true)));
}

#[test]
fn a_column_moves_by_one_place_and_stops_at_the_edges() {
    let mut columns = Columns::default();
    assert!(!columns.shift(Column::Id, true));
    assert!(columns.shift(Column::Status, true));
    assert!(!columns.shift(Column::Duration, false));
    columns.show(Column::Method, false);
    assert_eq!(columns.to_text(), "status id -method created started completed duration");
}

proptest! {
    #[test]
    fn any_text_gives_each_column_once_and_reads_back(text in "[a-z -]{0,80}|(-?(id|status|method|duration) ){0,12}") {
        let columns = Columns::parse(&text);
        for column in Column::EACH {
            prop_assert_eq!(columns.iter().filter(|(each, _)| *each == column).count(), 1);
        }
        prop_assert_eq!(Columns::parse(&columns.to_text()), columns);
    }
}
