//! Tasks as a file.
#![cfg(not(target_arch = "wasm32"))]

use bigkey_tasks::export::{Format, Scope, csv};
use bigkey_tasks::model::{ScanType, Task, TaskStatus};

fn task(id: &str) -> Task {
    Task { id: id.to_owned(), scan_type: None, status: None, created_at: None, started_at: None, finished_at: None }
}

#[test]
fn a_task_is_a_line_with_the_members_of_the_wire_format() {
    let task = Task {
        scan_type: Some(ScanType::Manual),
        status: Some(TaskStatus::Success),
        created_at: Some("2020-06-15T02:21:18.669Z".to_owned()),
        finished_at: Some("2020-06-15T02:21:25.588Z".to_owned()),
        ..task("858ee14c")
    };
    assert_eq!(
        csv(&[task]),
        "id,scan_type,status,created_at,started_at,finished_at\r\n\
         858ee14c,manual,success,2020-06-15T02:21:18.669Z,,2020-06-15T02:21:25.588Z\r\n"
    );
}

#[test]
fn what_a_spreadsheet_would_run_is_text() {
    for id in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"] {
        assert!(csv(&[task(id)]).contains(&format!("\r\n'{id},")), "{id}");
    }
    assert!(csv(&[task("=\"a\",b")]).contains("\r\n\"'=\"\"a\"\",b\","));
}

#[test]
fn quotes_commas_and_line_breaks_stay_in_their_cell() {
    assert!(csv(&[task("a\"b")]).contains("\r\n\"a\"\"b\",,,,,\r\n"));
    assert!(csv(&[task("a,b")]).contains("\r\n\"a,b\",,,,,\r\n"));
    assert!(csv(&[task("a\r\nb")]).contains("\r\n\"a\r\nb\",,,,,\r\n"));
}

#[test]
fn formats_and_scopes_are_read_by_name_only() {
    assert_eq!(Format::parse("csv"), Some(Format::Csv));
    assert_eq!(Format::parse("json"), Some(Format::Json));
    assert_eq!(Format::parse("CSV"), None);
    assert_eq!(Scope::parse("page"), Some(Scope::Page));
    assert_eq!(Scope::parse("all"), Some(Scope::All));
    assert_eq!(Scope::parse(""), None);
}
