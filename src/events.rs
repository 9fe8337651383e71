//! The events that a host page can listen to. Each bubbles, crosses the shadow root, and carries plain data.

use crate::api::ApiError;
use crate::joined;
use crate::listing::{Loaded, Request};
use crate::model::Task;
use js_sys::{Array, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
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

/// Plain data. There is none that the browser refuses.
fn to_js(detail: &impl Serialize) -> JsValue {
    detail.serialize(&Serializer::json_compatible()).unwrap_or_default()
}

/// Dispatches an event; false if a listener called `preventDefault`.
fn dispatch(host: &HtmlElement, name: &str, detail: &JsValue, cancelable: bool) -> bool {
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_cancelable(cancelable);
    init.set_detail(detail);
    CustomEvent::new_with_event_init_dict(name, &init).is_ok_and(|event| host.dispatch_event(&event).unwrap_or(true))
}

#[wasm_bindgen(module = "/src/json.js")]
extern "C" {
    fn split(joined: &str) -> JsValue;
}

/// Plain data whose member `records` are the tasks, made in one call where that can be, since there may be 1,000.
pub fn with_records(detail: &impl Serialize, tasks: Option<&[Task]>) -> JsValue {
    let one_by_one = |tasks: &[Task]| tasks.iter().map(to_js).collect::<Array>().into();
    let records = |tasks| joined::write(tasks).map_or_else(|| one_by_one(tasks), |joined| split(&joined));
    let detail = to_js(detail);
    let set = Reflect::set(&detail, &"records".into(), &tasks.map_or(JsValue::NULL, records));
    debug_assert!(set.is_ok(), "plain data can be set");
    detail
}

/// `bigkey-load`: a page arrived.
pub fn load(host: &HtmlElement, loaded: &Loaded) {
    let without = LoadDetail { query: (&loaded.request).into(), count: loaded.page.count, records: &[] };
    let detail = with_records(&without, Some(&loaded.page.records));
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
    dispatch(host, "bigkey-error", &to_js(&detail), false);
}

/// `bigkey-query-change`: a person changed the query.
pub fn query_change(host: &HtmlElement, request: &Request) {
    dispatch(host, "bigkey-query-change", &to_js(&QueryChangeDetail { query: request.into() }), false);
}

/// `bigkey-task-select`: a person opened a task. False if the host shows it itself.
pub fn task_select(host: &HtmlElement, task: &Task) -> bool {
    dispatch(host, "bigkey-task-select", &to_js(&TaskDetail { task }), true)
}

/// `bigkey-task-finish`: a task that was seen waiting or running has ended.
pub fn task_finish(host: &HtmlElement, task: &Task) {
    dispatch(host, "bigkey-task-finish", &to_js(&TaskDetail { task }), false);
}
