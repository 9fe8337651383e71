//! The events that a host page can listen to. Each bubbles, crosses the shadow root, and carries plain data.

use crate::api::ApiError;
use crate::dom;
use crate::listing::{Loaded, Request};
use crate::model::Task;
use crate::plain::{Plain, object};
use js_sys::Object;
use wasm_bindgen::prelude::*;
use web_sys::{Event, HtmlElement};

#[wasm_bindgen]
extern "C" {
    /// A `CustomEvent`.
    #[wasm_bindgen(extends = Event)]
    type CustomEvent;
    #[wasm_bindgen(constructor)]
    fn new(name: &str, options: &Object) -> CustomEvent;
}

/// Makes types of plain data, with the names that a host reads their members by.
macro_rules! details {
    ($($(#[$doc:meta])* struct $Detail:ident<'a> { $($member:ident as $name:literal: $type:ty,)* })*) => {$(
        $(#[$doc])*
        struct $Detail<'a> {
            $($member: $type,)*
        }

        impl Plain for $Detail<'_> {
            fn plain(&self) -> JsValue {
                let object = Object::new();
                $(self.$member.put(&object, $name);)*
                object.into()
            }
        }
    )*};
}

details! {
    /// What was asked, as the host sees it.
    struct QueryDetail<'a> {
        project_id as "projectId": &'a str,
        instance_id as "instanceId": &'a str,
        status as "status": &'a str,
        offset as "offset": u64,
        limit as "limit": u64,
    }

    struct LoadDetail<'a> {
        query as "query": QueryDetail<'a>,
        count as "count": Option<u64>,
        records as "records": &'a [Task],
    }

    struct ErrorDetail<'a> {
        query as "query": QueryDetail<'a>,
        kind as "kind": &'a str,
        status as "status": Option<u16>,
        error_code as "errorCode": Option<&'a str>,
        error_msg as "errorMsg": Option<&'a str>,
        request_id as "requestId": Option<&'a str>,
    }

    struct QueryChangeDetail<'a> {
        query as "query": QueryDetail<'a>,
    }

    struct TaskDetail<'a> {
        task as "task": &'a Task,
    }
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

/// Dispatches an event; false if a listener called `preventDefault`.
fn dispatch(host: &HtmlElement, name: &str, detail: &dyn Plain, cancelable: bool) -> bool {
    let options = object(&[
        ("bubbles", JsValue::TRUE),
        ("composed", JsValue::TRUE),
        ("cancelable", cancelable.into()),
        ("detail", detail.plain()),
    ]);
    dom::dispatch(host, &CustomEvent::new(name, &options))
}

/// `bigkey-load`: a page arrived.
pub fn load(host: &HtmlElement, loaded: &Loaded) {
    let page = &loaded.page;
    let detail = LoadDetail { query: (&loaded.request).into(), count: page.count, records: &page.records };
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
