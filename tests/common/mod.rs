//! What several test files share.
#![allow(dead_code, reason = "each file uses its own part")]

use bigkey_tasks::api::{self, ApiError, Body, Head};
use bigkey_tasks::listing::Request;
use bigkey_tasks::model::{Task, TaskPage, TaskStatus};
use bigkey_tasks::query::{Instance, TaskQuery};

/// The successful answer of the service's document, to the letter.
pub const EXAMPLE: &str = r#"{
  "instance_id" : "5f9057b5-c330-4ee2-8138-7e69896eeec3",
  "count" : 1,
  "records" : [ {
    "id" : "858ee14c-2271-4489-8b82-7bda7459ae3e",
    "scan_type" : "manual",
    "status" : "success",
    "created_at" : "2020-06-15T02:21:18.669Z",
    "started_at" : "2020-06-15T02:21:23.534Z",
    "finished_at" : "2020-06-15T02:21:25.588Z"
  } ]
}"#;

/// The error of the service's document, to the letter.
pub const EXAMPLE_ERROR: &str = r#"{
  "error_code" : "DCS.4919",
  "error_msg" : "Does not support bigkey analyze."
}"#;

/// Decodes an answer with this text.
pub fn answer(head: Head, text: &str, limit: u64) -> Result<TaskPage, ApiError> {
    let json: Option<serde_json::Value> = serde_json::from_str(text).ok();
    api::decode(head, &Body::of(text, || json.as_ref()), limit)
}

/// Decodes an answer with this HTTP status and text, 10 records asked for.
pub fn decode(status: u16, text: &str) -> Result<TaskPage, ApiError> {
    answer(Head { status, ..Head::default() }, text, 10)
}

/// A successful task.
pub fn task(id: &str) -> Task {
    Task {
        id: id.to_owned(),
        scan_type: None,
        status: Some(TaskStatus::Success),
        created_at: None,
        started_at: None,
        finished_at: None,
    }
}

/// A page of tasks with these numbers as IDs.
pub fn page(ids: impl IntoIterator<Item = u64>, count: Option<u64>) -> TaskPage {
    TaskPage { count, records: ids.into_iter().map(|id| task(&id.to_string())).collect(), ..TaskPage::default() }
}

/// A request for a part of one instance's list.
pub fn request(query: TaskQuery) -> Request {
    Request { api_base: String::new(), instance: Instance::new("p", "i").unwrap(), query }
}
