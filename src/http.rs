//! The only place in Rust that talks to the endpoint. The first request may have been sent before, by `loader/element.js`.

use crate::api::{self, ApiError, Body, Head, Unreadable};
use crate::listing::Request;
use crate::model::TaskPage;
use crate::plain::object;
use crate::time::Instant;
use crate::timer::Timer;
use gloo_net::http::Response;
use js_sys::JsString;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, RequestCache, RequestCredentials, RequestInit};

#[wasm_bindgen]
extern "C" {
    /// A request that the loader sent while this module was still on its way.
    pub type EarlyRequest;
    /// Its address.
    #[wasm_bindgen(method, getter)]
    fn url(this: &EarlyRequest) -> String;
    /// Its answer to come.
    #[wasm_bindgen(method, getter)]
    fn response(this: &EarlyRequest) -> js_sys::Promise;
    /// The text of its answer, to come; undefined where that is too long to be read.
    #[wasm_bindgen(method, getter)]
    fn text(this: &EarlyRequest) -> js_sys::Promise;
    /// Ends it.
    #[wasm_bindgen(method, getter)]
    fn controller(this: &EarlyRequest) -> AbortController;
}

#[wasm_bindgen]
extern "C" {
    /// The loader's kind of [`AbortController`].
    type Controller;
    /// Aborts a request; one that is `over` is only forgotten, since to abort costs a tenth of a millisecond.
    #[wasm_bindgen(method, js_name = abort)]
    fn end(this: &Controller, over: bool);
}

/// What became of a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    UnderWay,
    TimedOut,
    /// All of its answer is here.
    Over,
}

/// A request; ends when this is dropped.
#[must_use = "a dropped call is aborted"]
pub struct Call {
    controller: AbortController,
    progress: Rc<Cell<Progress>>,
    _timeout: Timer,
}

impl Call {
    fn new(controller: AbortController) -> Self {
        let progress = Rc::new(Cell::new(Progress::UnderWay));
        let timeout = Timer::after(api::TIMEOUT, {
            let (progress, controller) = (progress.clone(), controller.clone());
            move || {
                progress.set(Progress::TimedOut);
                controller.abort();
            }
        });
        Self { controller, progress, _timeout: timeout }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.controller.unchecked_ref::<Controller>().end(self.progress.get() == Progress::Over);
    }
}

/// An answer that was read.
pub struct Answer {
    /// The page that it brought.
    pub page: Rc<TaskPage>,
    /// When it was given, by the clock of whoever did.
    pub served: Option<Instant>,
    /// For how many seconds it had been kept on the way by then.
    pub age: u64,
    text: Option<JsString>,
    limit: u64,
}

/// Asks for a page. An early request is taken over if it is the same to the letter, else ended. `cache` says whether an
/// answer that the browser kept will do. One that says the same as the one `before` is not read again.
///
/// # Errors
/// Every way in which no page of tasks came: see [`ApiError`].
pub fn list(
    request: &Request,
    early: Option<EarlyRequest>,
    cache: RequestCache,
    before: Option<Answer>,
) -> (Call, impl Future<Output = Result<Answer, ApiError>> + use<>) {
    let url = api::list_url(&request.api_base, &request.instance, request.query);
    let sent = early.and_then(|early| {
        let call = Call::new(early.controller());
        (early.url() == url).then_some((call, early))
    });
    let (call, sent) = sent.map_or_else(|| (Call::new(controller()), None), |(call, early)| (call, Some(early)));
    let answer =
        sent.as_ref().map_or_else(|| fetch(&url, &options(cache, &call.controller.signal())), EarlyRequest::response);
    let page = page(answer, sent, call.progress.clone(), request.query.limit(), before);
    (call, page)
}

fn controller() -> AbortController {
    AbortController::new().unwrap_or_else(|error| wasm_bindgen::throw_val(error))
}

/// The page of at most `limit` tasks that an answer brings.
async fn page(
    answer: js_sys::Promise,
    sent: Option<EarlyRequest>,
    progress: Rc<Cell<Progress>>,
    limit: u64,
    before: Option<Answer>,
) -> Result<Answer, ApiError> {
    let broken = || if progress.get() == Progress::TimedOut { ApiError::Timeout } else { ApiError::Network };
    let response = JsFuture::from(answer).await.map_err(|_| broken())?;
    let response = Response::from(response.unchecked_into::<web_sys::Response>());
    let headers = response.headers();
    let head = Head {
        status: response.status(),
        request_id: headers.get("x-request-id"),
        retry_after: headers
            .get("retry-after")
            .and_then(|value| api::retry_after(&value, |date| millis_until(date, headers.get("date").as_deref()))),
    };
    let number = |name| headers.get(name).and_then(|text| text.parse::<u64>().ok());
    let announced = number("content-length");
    let text = if announced.is_some_and(|length| length > api::MAX_ANSWER) {
        None
    } else {
        let response: web_sys::Response = response.into();
        let text = sent.map_or_else(|| response.text().ok(), |early| Some(early.text()));
        let text = JsFuture::from(text.ok_or_else(broken)?).await.map_err(|_| broken())?;
        progress.set(Progress::Over);
        Some(text.unchecked_into::<JsString>()).filter(|text| u64::from(text.length()) <= api::MAX_ANSWER)
    };
    let served = headers.get("date").and_then(|date| instant(&date));
    let age = number("age").unwrap_or_default();
    let same = |before: &Answer| before.limit == limit && before.text.is_some() && before.text == text;
    if let Some(before) = before.filter(same)
        && head.is_success()
    {
        return Ok(Answer { served, age, ..before });
    }
    let body = text.as_ref().map_or(Body::Unreadable(Unreadable::TooLarge), body);
    let page = Rc::new(api::decode(head, &body, limit)?);
    Ok(Answer { page, served, age, text, limit })
}

/// The instant of an HTTP date.
fn instant(date: &str) -> Option<Instant> {
    let millis = js_sys::Date::parse(date);
    #[allow(clippy::cast_possible_truncation, reason = "saturates; no date is so far away")]
    (!millis.is_nan()).then(|| Instant::from_millis(millis as i64))
}

#[wasm_bindgen]
extern "C" {
    /// Not by way of gloo, whose requests take the address apart and whose errors are more code than this module.
    fn fetch(url: &str, options: &RequestInit) -> js_sys::Promise;
}

fn options(cache: RequestCache, signal: &AbortSignal) -> RequestInit {
    let options = RequestInit::new();
    options.set_headers(&object(&[("accept", "application/json".into())]));
    options.set_credentials(RequestCredentials::SameOrigin);
    options.set_cache(cache);
    options.set_signal(Some(signal));
    options
}

/// The body of an answer. A text that is JSON never becomes a Rust string: `JSON.parse` reads it where it is.
fn body(text: &JsString) -> Body<JsValue> {
    parse_json(text).map_or_else(|_| Body::of(&String::from(text), || None), Body::Json)
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn parse_json(text: &JsString) -> Result<JsValue, JsValue>;
}

/// Milliseconds from an answer's own `Date`, or the reader's clock where there is none, to another HTTP date.
fn millis_until(date: &str, now: Option<&str>) -> Option<i64> {
    let now = now.map_or_else(js_sys::Date::now, js_sys::Date::parse);
    let millis = js_sys::Date::parse(date) - now;
    #[allow(clippy::cast_possible_truncation, reason = "saturates; a day is the bound that counts")]
    (!millis.is_nan()).then_some(millis as i64)
}
