//! The gate that a throttling service closes: while it asks for a pause, nobody's call goes up.

use super::answer::{Answer, whole_seconds};
use super::view::View;
use axum::http::{HeaderValue, StatusCode};
use bytes::Bytes;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// The longest pause that is kept, whatever the service asks for: a mistaken value must not shut the proxy for days.
const LONGEST: Duration = Duration::from_hours(1);
/// The most pauses remembered at once; beyond them, those that end soonest are forgotten.
const MOST: usize = 1000;
/// The greatest body that is remembered, in bytes.
const LARGEST: usize = 16 * 1024;

/// How far a pause reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The instance that was asked about.
    Instance,
    /// The whole project, as the service's gateway counts.
    Project,
}

/// Pauses that the service asked for.
#[derive(Debug)]
pub struct Gate {
    reach: Reach,
    count: AtomicUsize,
    closed: Mutex<HashMap<String, (Instant, Answer)>>,
}

impl Gate {
    /// An open gate.
    pub fn new(reach: Reach) -> Self {
        Self { reach, count: AtomicUsize::new(0), closed: Mutex::default() }
    }

    fn key(&self, view: &View) -> String {
        match self.reach {
            Reach::Instance => format!("{}/{}", view.project, view.instance),
            Reach::Project => view.project.clone(),
        }
    }

    /// The answer that stands while the gate is closed for this view, with what is left of the pause.
    pub fn closed(&self, view: &View) -> Option<Answer> {
        if self.count.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, answer) = closed.get(&self.key(view))?;
        let left = until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
        Some(Answer { retry_after: Some(HeaderValue::from(whole_seconds(left))), ..answer.clone() })
    }

    /// Takes note of an answer: closes the gate if it is a refusal that says for how long.
    pub fn note(&self, view: &View, answer: &Answer) {
        if !matches!(answer.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            return;
        }
        let pause = answer.retry_after.as_ref().and_then(|value| pause(value, SystemTime::now()));
        let Some(pause) = pause.filter(|pause| !pause.is_zero()) else {
            return;
        };
        let now = Instant::now();
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        closed.retain(|_, (until, _)| *until > now);
        let key = self.key(view);
        if closed.len() >= MOST && !closed.contains_key(&key) {
            let soonest = closed.iter().min_by_key(|(_, (until, _))| *until).map(|(key, _)| key.clone());
            soonest.and_then(|key| closed.remove(&key));
        }
        closed.insert(key, (now + pause.min(LONGEST), small(answer)));
        self.count.store(closed.len(), Ordering::Relaxed);
    }
}

/// A copy for as long as the pause lasts: of its own, and without a body that is no error message.
fn small(answer: &Answer) -> Answer {
    let body = if answer.body.len() > LARGEST { Bytes::new() } else { Bytes::copy_from_slice(&answer.body) };
    Answer { body, ..answer.clone() }
}

/// How long `Retry-After` asks to wait: seconds, or a date.
pub fn pause(value: &HeaderValue, now: SystemTime) -> Option<Duration> {
    let text = value.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    httpdate::parse_http_date(text).ok()?.duration_since(now).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by it")]
mod tests {
    use super::*;
    use axum::http::HeaderMap;

    fn throttled(retry_after: &'static str) -> Answer {
        let headers = HeaderMap::from_iter([(axum::http::header::RETRY_AFTER, HeaderValue::from_static(retry_after))]);
        Answer::new(StatusCode::TOO_MANY_REQUESTS, &headers, "{}".into())
    }

    #[tokio::test(start_paused = true)]
    async fn closes_for_everyone_and_opens_again() {
        let gate = Gate::new(Reach::Project);
        let view = View::parse("p", "i", "").unwrap();
        let sibling = View::parse("p", "j", "offset=10").unwrap();
        let stranger = View::parse("q", "i", "").unwrap();
        assert_eq!(gate.closed(&view), None);
        gate.note(&view, &throttled("7"));
        assert_eq!(gate.closed(&sibling).unwrap().retry_after.unwrap(), "7");
        assert_eq!(gate.closed(&stranger), None);
        tokio::time::advance(Duration::from_millis(4500)).await;
        assert_eq!(gate.closed(&view).unwrap().retry_after.unwrap(), "3");
        tokio::time::advance(Duration::from_millis(2500)).await;
        assert_eq!(gate.closed(&view), None);
    }

    #[tokio::test(start_paused = true)]
    async fn no_pause_without_a_usable_value_and_none_without_end() {
        let gate = Gate::new(Reach::Instance);
        let view = View::parse("p", "i", "").unwrap();
        for value in ["", "0", "-1", "soon", "Wed, 21 Oct 2015 07:28:00 GMT"] {
            gate.note(&view, &throttled(value));
            assert_eq!(gate.closed(&view), None, "{value}");
        }
        gate.note(&view, &throttled("99999999"));
        assert_eq!(gate.closed(&view).unwrap().retry_after.unwrap(), "3600");
        assert_eq!(gate.closed(&View::parse("p", "j", "").unwrap()), None);
    }

    #[tokio::test]
    async fn a_great_body_is_not_remembered() {
        let gate = Gate::new(Reach::Project);
        let view = View::parse("p", "i", "").unwrap();
        for (length, remembered) in [(LARGEST, LARGEST), (LARGEST + 1, 0)] {
            gate.note(&view, &Answer { body: vec![b' '; length].into(), ..throttled("7") });
            assert_eq!(gate.closed(&view).unwrap().body.len(), remembered);
        }
    }

    #[test]
    fn dates_are_read() {
        let then = httpdate::parse_http_date("Wed, 21 Oct 2015 07:27:00 GMT").unwrap();
        let value = HeaderValue::from_static("Wed, 21 Oct 2015 07:28:00 GMT");
        assert_eq!(pause(&value, then), Some(Duration::from_mins(1)));
    }
}
