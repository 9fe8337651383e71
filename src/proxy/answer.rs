//! What is kept of an answer of the service, and what the browser gets of it.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use serde::de::IgnoredAny;
use std::time::Duration;

/// The header with the request ID, from the service and to the browser.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest that a browser may keep an answer: what a page takes from there, it shows as new.
const IN_BROWSERS: Duration = Duration::from_secs(5);

/// How long an answer serves, and for how long it has done so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// How long it serves.
    pub ttl: Duration,
    /// How old it is; `None` for one that was just fetched.
    pub age: Option<Duration>,
}

/// An answer, reduced to what passes: all else that came is gone already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The content type, as it came.
    pub content_type: Option<HeaderValue>,
    /// `Retry-After`, as it came.
    pub retry_after: Option<HeaderValue>,
    /// The service's request ID.
    pub request_id: Option<HeaderValue>,
    /// The whole body.
    pub body: Bytes,
}

impl Answer {
    /// Takes what passes out of an answer's head.
    pub fn new(status: StatusCode, headers: &HeaderMap, body: Bytes) -> Self {
        let take = |name: HeaderName| headers.get(name).filter(|value| value.len() <= 256).cloned();
        Self {
            status,
            content_type: take(header::CONTENT_TYPE),
            retry_after: take(header::RETRY_AFTER),
            request_id: take(REQUEST_ID),
            body,
        }
    }

    /// Whether this answer may serve other readers for a while: a success that is whole and readable.
    pub fn can_be_kept(&self) -> bool {
        self.status == StatusCode::OK && serde_json::from_slice::<IgnoredAny>(&self.body).is_ok()
    }

    /// The response to the browser. `kept` is `None` for an answer that is not kept.
    pub fn response(&self, kept: Option<Keeping>) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        // Room for these and for the security headers at once.
        headers.reserve(16);
        let mut put = |name: HeaderName, value: Option<&HeaderValue>| {
            if let Some(value) = value {
                headers.insert(name, value.clone());
            }
        };
        put(header::CONTENT_TYPE, self.content_type.as_ref());
        put(header::RETRY_AFTER, self.retry_after.as_ref());
        put(REQUEST_ID, self.request_id.as_ref());
        let seconds = kept.map_or(0, |kept| kept.ttl.min(IN_BROWSERS).as_secs());
        let caching = match seconds {
            0 => HeaderValue::from_static("no-store"),
            2 => HeaderValue::from_static("private, max-age=2"),
            seconds => HeaderValue::try_from(format!("private, max-age={seconds}"))
                .unwrap_or(HeaderValue::from_static("no-store")),
        };
        put(header::CACHE_CONTROL, Some(&caching));
        // Without its age, the browser would keep an answer for that time once more. Rounded up: better too old.
        let age = kept.and_then(|kept| kept.age).map(|age| HeaderValue::from(whole_seconds(age)));
        put(header::AGE, age.as_ref());
        response
    }
}

/// A time in seconds, rounded up.
pub fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}
