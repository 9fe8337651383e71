//! The demo upstream: a stand-in for the service, in this process or as a server of its own.
//!
//! It keeps the documented contract of the list call. What it answers is a pure function of the seed, the time at which
//! it was started and the time now; only [`faults`] counts calls, for the instance that fails every other time.

pub mod faults;
pub mod sentinels;
pub mod serve;
pub mod strange;
pub mod tasks;

use crate::model::{Task, TaskPage};
use crate::proxy::view::{DEFAULT_LIMIT, MAX_LIMIT, Status, id};
use axum::body::Body;
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use sentinels::Sentinel;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The project of the documented example.
pub const PROJECT: &str = "a4d31cb6-3d72-4fdc-8ec9-6e3a41e47f71";
/// The instance of the documented example.
pub const INSTANCE: &str = "5560df16-cebf-4473-95c4-d1b573c16e79";

/// Milliseconds since 1970.
pub type Millis = u64;
/// Tells the time; a test brings its own.
pub type Clock = Arc<dyn Fn() -> Millis + Send + Sync>;

/// The connection is to be closed without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the demo closes the connection")]
pub struct Dropped;

/// The demo upstream.
#[derive(Clone)]
pub struct Demo {
    seed: u64,
    start: Millis,
    clock: Clock,
    calls: Arc<AtomicU64>,
    flaky: Arc<AtomicU64>,
}

impl fmt::Debug for Demo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Demo").field("seed", &self.seed).field("start", &self.start).finish_non_exhaustive()
    }
}

/// What the list call asks the demo for.
#[derive(Clone, Copy, Debug)]
pub struct Ask {
    /// Records to skip.
    pub offset: u64,
    /// Records wanted.
    pub limit: u64,
    /// The status that records must have, if any.
    pub status: Option<Status>,
}

impl Demo {
    /// A demo that begins now, by the system's clock.
    pub fn new(seed: u64) -> Self {
        Self::with_clock(
            seed,
            Arc::new(|| {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
            }),
        )
    }

    /// A demo that begins at the present time of this clock.
    pub fn with_clock(seed: u64, clock: Clock) -> Self {
        Self { seed, start: clock(), clock, calls: Arc::default(), flaky: Arc::default() }
    }

    /// How many calls have come so far.
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// Answers one request.
    ///
    /// # Errors
    /// [`Dropped`] where the connection is to be closed without an answer.
    pub async fn respond(&self, method: &Method, path: &str, query: &str) -> Result<Response<Body>, Dropped> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let segments: Vec<&str> = path.split('/').collect();
        let ["", "v2", project, "instances", instance, "bigkey-tasks"] = segments.as_slice() else {
            return Ok(error(StatusCode::NOT_FOUND, "APIGW.0101", "The API does not exist or has not been published."));
        };
        if method != Method::GET && method != Method::HEAD {
            return Ok(error(
                StatusCode::METHOD_NOT_ALLOWED,
                "APIGW.0101",
                "The API does not exist or has not been published.",
            ));
        }
        if id(project).is_none() {
            return Ok(error(StatusCode::BAD_REQUEST, "111400002", "Invalid project ID."));
        }
        let Some(instance) = id(instance) else {
            return Ok(error(StatusCode::BAD_REQUEST, "DCS.4061", "Invalid instance ID."));
        };
        let ask = match ask(query) {
            Ok(ask) => ask,
            Err(message) => return Ok(error(StatusCode::BAD_REQUEST, "DCS.4800", message)),
        };
        match Sentinel::of(&instance) {
            Some(sentinel) => faults::respond(self, sentinel, &instance, ask).await,
            None if instance == INSTANCE => Ok(ok(&self.page(&instance, ask))),
            None => Ok(error(StatusCode::NOT_FOUND, "DCS.3022", "The DCS instance does not exist.")),
        }
    }

    /// One page of the tasks that this instance has now.
    pub fn page(&self, instance: &str, ask: Ask) -> TaskPage {
        let matching: Vec<Task> = tasks::tasks(self.seed, self.start, (self.clock)())
            .into_iter()
            .filter(|task| matches(task, ask.status))
            .collect();
        let skip = usize::try_from(ask.offset).unwrap_or(usize::MAX);
        let take = usize::try_from(ask.limit).unwrap_or(usize::MAX);
        TaskPage {
            instance_id: Some(instance.to_owned()),
            count: u64::try_from(matching.len()).ok(),
            records: matching.into_iter().skip(skip).take(take).collect(),
            ..TaskPage::default()
        }
    }
}

fn matches(task: &Task, status: Option<Status>) -> bool {
    status.is_none_or(|status| task.status.as_ref().is_some_and(|is| is.as_str() == status.as_str()))
}

/// Reads the query as the service does: what it does not know, it does not mind.
fn ask(query: &str) -> Result<Ask, &'static str> {
    let mut ask = Ask { offset: 0, limit: DEFAULT_LIMIT, status: None };
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "offset" => {
                ask.offset =
                    value.parse().map_err(|_| "Invalid parameter offset: must be an integer, 0 or greater.")?;
            }
            "limit" => {
                ask.limit = value
                    .parse()
                    .ok()
                    .filter(|limit| (1..=MAX_LIMIT).contains(limit))
                    .ok_or("Invalid parameter limit: must be an integer from 1 to 1000.")?;
            }
            "status" => {
                ask.status = Some(
                    [Status::Waiting, Status::Running, Status::Success, Status::Failed]
                        .into_iter()
                        .find(|status| status.as_str() == value)
                        .ok_or("Invalid parameter status: must be waiting, running, success or failed.")?,
                );
            }
            _ => {}
        }
    }
    Ok(ask)
}

/// A success with this page.
fn ok(page: &TaskPage) -> Response<Body> {
    json(StatusCode::OK, serde_json::to_string(page).unwrap_or_default())
}

/// An error in the service's shape.
fn error(status: StatusCode, code: &str, message: &str) -> Response<Body> {
    json(status, serde_json::json!({"error_code": code, "error_msg": message, "error_ext_msg": null}).to_string())
}

/// A JSON text with a request ID beside it.
fn json(status: StatusCode, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let id = format!("{:032x}", fastrand::u128(..));
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(crate::proxy::answer::REQUEST_ID, id);
    }
    response
}
