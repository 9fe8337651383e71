//! Any answer becomes a page or an error, and what is shown of it never panics. The first line is the HTTP status, the
//! limit and the `Retry-After` header; the rest is the body.

use bigkey_tasks::api::{self, Body, Head};
use bigkey_tasks::messages::{Locale, Numbers};
use bigkey_tasks::time::{Clock, Instant, TaskDuration};
use serde_json::Value;

/// Speaks of numbers in digits and in one form.
struct Plain;

impl Numbers for Plain {
    fn category(&self, _: u64) -> String {
        "other".to_owned()
    }
    fn text(&self, n: u64) -> String {
        n.to_string()
    }
}

/// What holds of any answer.
pub fn check(text: &str) {
    let (first, body) = text.split_once('\n').unwrap_or(("200 10", text));
    let mut words = first.splitn(3, ' ');
    let status = words.next().and_then(|word| word.parse().ok()).unwrap_or(200);
    let limit = words.next().and_then(|word| word.parse().ok()).unwrap_or(10).clamp(1, 1000);
    let retry_after =
        words.next().and_then(|header| api::retry_after(header, |date| Instant::parse(date).map(Instant::millis)));
    assert!(retry_after.is_none_or(|seconds| seconds <= 86_400));
    let head = Head { status, request_id: None, retry_after };
    let json: Option<Value> = serde_json::from_str(body).ok();
    match api::decode(head, &Body::of(body, || json.as_ref()), limit) {
        Ok(page) => {
            assert!((page.records.len() + page.unreadable) as u64 <= limit);
            for task in &page.records {
                assert!(!task.id.is_empty());
                for text in [&task.created_at, &task.started_at, &task.finished_at].into_iter().flatten() {
                    if let Some(instant) = Instant::parse(text) {
                        assert_eq!(Instant::parse(&instant.to_iso()), Some(instant));
                    }
                }
                let duration = TaskDuration::of(task, Instant::from_millis(0));
                assert!(duration.millis().is_none_or(|millis| Clock::of_millis(millis).minutes < 60));
            }
            // What was read is read again from its own JSON.
            let json = serde_json::to_value(&page).expect("a page can be written");
            let head = Head { status: 200, ..Head::default() };
            let mut again = api::decode(head, &Body::Json(&json), limit).expect("a page's own JSON is a page");
            (again.unreadable, again.surplus) = (page.unreadable, page.surplus);
            assert_eq!(again, page);
        }
        Err(error) => {
            let messages = Locale::English.messages();
            assert!(!messages.error_title(&error).is_empty() && !messages.advice(&error, &Plain).is_empty());
            assert!(error.can_retry() || error.forbids_polling());
        }
    }
}
