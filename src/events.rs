//! The events that a host page can listen to. Each bubbles, crosses the shadow root, and carries plain data.

use crate::api::ApiError;
use crate::listing::{Loaded, Request};
use crate::model::Task;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

/// What was asked, as the host sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QueryDetail<'a> {
    project_id: &'a str,
    instance_id: &'a str,
    status: &'a str,
    offset: u64,
    limit: u64,
}

impl<'a> From<&'a Request> for QueryDetail<'a> {
    fn from(request: &'a Request) -> Self {
        Self {
            project_id: request.instance.project_id(),
            instance_id: request.instance.instance_id(),
            status: request.query.status().as_str(),
            offset: request.query.offset(),
            limit: request.query.limit(),
        }
    }
}

#[derive(Serialize)]
struct LoadDetail<'a> {
    query: QueryDetail<'a>,
    count: Option<u64>,
    records: &'a [Task],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ErrorDetail<'a> {
    query: QueryDetail<'a>,
    kind: &'static str,
    status: Option<u16>,
    error_code: Option<&'a str>,
    error_msg: Option<&'a str>,
    request_id: Option<&'a str>,
}

#[derive(Serialize)]
struct QueryChangeDetail<'a> {
    query: QueryDetail<'a>,
}

#[derive(Serialize)]
struct TaskDetail<'a> {
    task: &'a Task,
}

/// Dispatches an event; false if a listener called `preventDefault`.
fn dispatch(host: &HtmlElement, name: &str, detail: &impl Serialize, cancelable: bool) -> bool {
    let Ok(detail) = detail.serialize(&Serializer::json_compatible()) else { return true };
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_cancelable(cancelable);
    init.set_detail(&detail);
    CustomEvent::new_with_event_init_dict(name, &init).is_ok_and(|event| host.dispatch_event(&event).unwrap_or(true))
}

/// `bigkey-load`: a page arrived.
pub fn load(host: &HtmlElement, loaded: &Loaded) {
    let detail =
        LoadDetail { query: (&loaded.request).into(), count: loaded.page.count, records: &loaded.page.records };
    dispatch(host, "bigkey-load", &detail, false);
}

/// `bigkey-error`: a page did not.
pub fn error(host: &HtmlElement, request: &Request, error: &ApiError) {
    let refusal = match error {
        ApiError::Refused(refusal) => Some(refusal),
        _ => None,
    };
    let detail = ErrorDetail {
        query: request.into(),
        kind: error.kind(),
        status: refusal.map(|refusal| refusal.status),
        error_code: refusal.and_then(|refusal| refusal.code.as_deref()),
        error_msg: refusal.and_then(|refusal| refusal.message.as_deref()),
        request_id: refusal.and_then(|refusal| refusal.request_id.as_deref()),
    };
    dispatch(host, "bigkey-error", &detail, false);
}

/// `bigkey-query-change`: a person changed the query.
pub fn query_change(host: &HtmlElement, request: &Request) {
    dispatch(host, "bigkey-query-change", &QueryChangeDetail { query: request.into() }, false);
}

/// `bigkey-task-select`: a person opened a task. False if the host shows it itself.
pub fn task_select(host: &HtmlElement, task: &Task) -> bool {
    dispatch(host, "bigkey-task-select", &TaskDetail { task }, true)
}

/// `bigkey-task-finish`: a task that was seen waiting or running has ended.
pub fn task_finish(host: &HtmlElement, task: &Task) {
    dispatch(host, "bigkey-task-finish", &TaskDetail { task }, false);
}
