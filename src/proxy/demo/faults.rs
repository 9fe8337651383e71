//! What the special instances of the demo answer.

use super::sentinels::Sentinel;
use super::strange::strange_records;
use super::tasks::{instant, random, uuid};
use super::{Ask, Demo, Dropped, error, json, ok};
use crate::model::{ScanType, Task, TaskPage, TaskStatus};
use crate::proxy::view::Status;
use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json as value};
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Tasks of the instance with a million of them.
const MILLION: u64 = 1_000_000;
/// In each score of those, one waits, one runs and one has failed.
const SCORE: u64 = 20;
const HUGE: usize = 50_000_000;

/// The answer of one special instance.
///
/// # Errors
/// [`Dropped`] from the instance that closes the connection.
pub async fn respond(demo: &Demo, sentinel: &Sentinel, instance: &str, ask: Ask) -> Result<Response<Body>, Dropped> {
    let page = || demo.page(instance, ask);
    Ok(match sentinel.id {
        "empty" => ok(&TaskPage { instance_id: Some(instance.to_owned()), count: Some(0), ..TaskPage::default() }),
        "million" => ok(&million(demo, instance, ask)),
        "slow" => {
            tokio::time::sleep(Duration::from_secs(3)).await;
            ok(&page())
        }
        "flaky" if demo.flaky.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) => {
            error(StatusCode::INTERNAL_SERVER_ERROR, "DCS.5000", "Internal service error.")
        }
        "flaky" => ok(&page()),
        "answer-hang" => {
            tokio::time::sleep(Duration::from_mins(1)).await;
            ok(&page())
        }
        "close-before" => return Err(Dropped),
        "close-in-body" => cut(serde_json::to_vec(&page()).unwrap_or_default()),
        "answer-huge" => huge(),
        id if id.starts_with("fail-") => failure(id),
        id => odd(id, demo, instance, ask),
    })
}

fn failure(id: &str) -> Response<Body> {
    let gateway = |status, code: &str, message: &str| {
        let request = uuid(&mut fastrand::Rng::new()).replace('-', "");
        json(status, value!({"error_code": code, "error_msg": message, "request_id": request}).to_string())
    };
    match id {
        "fail-400-dcs-4919" => error(StatusCode::BAD_REQUEST, "DCS.4919", "Does not support bigkey analyze."),
        "fail-400-busy" => error(StatusCode::BAD_REQUEST, "DCS.4026", "The instance is being backed up."),
        "fail-400-digits" => error(StatusCode::BAD_REQUEST, "111400002", "Invalid project ID format."),
        "fail-401" => error(StatusCode::UNAUTHORIZED, "DCS.1001", "Invalid token."),
        "fail-401-gateway" => gateway(
            StatusCode::UNAUTHORIZED,
            "APIGW.0301",
            "Incorrect IAM authentication information: token expires",
        ),
        "fail-401-iam" => json(
            StatusCode::UNAUTHORIZED,
            value!({"error": {"code": 401, "message": "The request you have made requires authentication.", "title": "Unauthorized"}})
                .to_string(),
        ),
        "fail-403" => error(StatusCode::FORBIDDEN, "DCS.2003", "You do not have permission to perform this operation."),
        "fail-404" => error(StatusCode::NOT_FOUND, "DCS.3022", "The DCS instance does not exist."),
        "fail-429" => {
            let mut response = gateway(StatusCode::TOO_MANY_REQUESTS, "APIGW.0308", "The throttling threshold has been reached.");
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("7"));
            response
        }
        "fail-429-bare" => gateway(StatusCode::TOO_MANY_REQUESTS, "APIG.0308", "The throttling threshold has been reached."),
        "fail-502-html" => html(StatusCode::BAD_GATEWAY, "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"),
        "fail-503" => error(StatusCode::SERVICE_UNAVAILABLE, "DCS.5024", "The service is busy. Try again later."),
        "fail-504" => gateway(StatusCode::GATEWAY_TIMEOUT, "APIGW.0201", "Backend timeout."),
        _ => error(StatusCode::INTERNAL_SERVER_ERROR, "DCS.5000", "Internal service error."),
    }
}

/// Answers with status 200 that are not what the document describes.
fn odd(id: &str, demo: &Demo, instance: &str, ask: Ask) -> Response<Body> {
    let page = || serde_json::to_value(demo.page(instance, ask)).unwrap_or_default();
    let with = |field: &str, content: Value| {
        let mut page = page();
        if let Some(object) = page.as_object_mut() {
            object.insert(field.to_owned(), content);
        }
        json(StatusCode::OK, page.to_string())
    };
    let records = |records: Value| {
        let count = records.as_array().map_or(0, Vec::len);
        json(StatusCode::OK, value!({"instance_id": instance, "count": count, "records": records}).to_string())
    };
    let all = || demo.page(instance, Ask { status: None, ..ask }).count.unwrap_or_default();
    match id {
        "answer-html" => html(StatusCode::OK, "<!doctype html><title>Sign in</title><h1>Sign in</h1><p>Please sign in to go on."),
        "answer-empty" => json(StatusCode::OK, String::new()),
        "answer-cut" => {
            let mut text = page().to_string();
            text.truncate(text.len() / 2);
            json(StatusCode::OK, text)
        }
        "answer-wrong-types" => json(
            StatusCode::OK,
            value!({"instance_id": 17, "count": {}, "records": [
                {"id": "wrong-types", "status": 3, "scan_type": [], "created_at": 1_592_187_678, "started_at": true, "finished_at": {}}
            ]})
            .to_string(),
        ),
        "answer-records-null" => with("records", Value::Null),
        "answer-array" => json(StatusCode::OK, page().get("records").cloned().unwrap_or_default().to_string()),
        "answer-10000" => {
            let start = demo.start;
            let many: Vec<Task> = (0..10_000).map(|index| numbered(demo.seed, start, index, TaskStatus::Success)).collect();
            records(serde_json::to_value(many).unwrap_or_default())
        }
        "answer-duplicates" => {
            let twice: Vec<Task> =
                demo.page(instance, ask).records.into_iter().flat_map(|task| [task.clone(), task]).collect();
            records(serde_json::to_value(twice).unwrap_or_default())
        }
        "answer-bigint" => {
            let text = page().to_string();
            let count = value!({"count": demo.page(instance, ask).count}).to_string();
            json(StatusCode::OK, text.replace(count.trim_matches(['{', '}']), "\"count\":123456789012345678901234567890"))
        }
        "count-negative" => with("count", value!(-1)),
        "count-absent" => {
            let mut page = page();
            if let Some(object) = page.as_object_mut() {
                object.remove("count");
            }
            json(StatusCode::OK, page.to_string())
        }
        "count-string" => with("count", value!("forty-two")),
        "count-total" => with("count", value!(all())),
        "count-low" => with("count", value!(3)),
        "count-high" => with("count", value!(500)),
        _ => records(strange_records(id)),
    }
}

fn html(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

/// The head promises the whole, the body stops half-way.
fn cut(mut whole: Vec<u8>) -> Response<Body> {
    let promised = whole.len();
    whole.truncate(promised / 2);
    // The pause lets the first half leave before the connection closes.
    let end = stream::once(async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err(Dropped)
    });
    let parts = stream::iter([Ok(Bytes::from(whole))]).chain(end);
    let mut response = Response::new(Body::from_stream(parts));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(promised));
    response
}

/// A success of [`HUGE`] bytes, made piece by piece.
fn huge() -> Response<Body> {
    let piece = Bytes::from(vec![b' '; 64 * 1024]);
    let first = Bytes::from_static(b"{\"count\":0,\"records\":[");
    let pieces = std::iter::once(first)
        .chain(std::iter::repeat_n(piece.clone(), HUGE / piece.len()))
        .chain(std::iter::once(Bytes::from_static(b"]}")));
    let mut response = Response::new(Body::from_stream(stream::iter(pieces.map(Ok::<_, Dropped>))));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// One page of the million: the work grows with the limit alone.
fn million(demo: &Demo, instance: &str, ask: Ask) -> TaskPage {
    let per_score = match ask.status {
        None => SCORE,
        Some(Status::Success) => SCORE - 3,
        Some(_) => 1,
    };
    let count = MILLION / SCORE * per_score;
    let records = (ask.offset..count.min(ask.offset.saturating_add(ask.limit)))
        .map(|nth| {
            let (score, place) = (nth / per_score, nth % per_score);
            let place = match ask.status {
                None => place,
                Some(Status::Waiting) => 0,
                Some(Status::Running) => 1,
                Some(Status::Failed) => 2,
                Some(Status::Success) => place + 3,
            };
            let status = match place {
                0 => TaskStatus::Waiting,
                1 => TaskStatus::Running,
                2 => TaskStatus::Failed,
                _ => TaskStatus::Success,
            };
            numbered(demo.seed, demo.start, score * SCORE + place, status)
        })
        .collect();
    TaskPage { instance_id: Some(instance.to_owned()), count: Some(count), records, ..TaskPage::default() }
}

/// The task at this place of an endless list with one task every five minutes.
fn numbered(seed: u64, start: u64, index: u64, status: TaskStatus) -> Task {
    let mut random = random(seed, 9, index);
    let created = start.saturating_sub(index * 300_000 + 60_000);
    let started = created + random.u64(1000..20_000);
    let finished = started + random.u64(1000..200_000);
    let ended = matches!(status, TaskStatus::Success | TaskStatus::Failed);
    Task {
        id: uuid(&mut random),
        scan_type: Some(if index.is_multiple_of(7) { ScanType::Manual } else { ScanType::Auto }),
        created_at: Some(instant(created)),
        started_at: (status != TaskStatus::Waiting).then(|| instant(started)),
        finished_at: ended.then(|| instant(finished)),
        status: Some(status),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by it")]
mod tests {
    use super::super::matches;
    use super::*;
    use std::collections::HashSet;
    use std::sync::Arc;

    #[test]
    fn pages_of_the_million_agree_with_each_other() {
        let demo = Demo::with_clock(1, Arc::new(|| 1_764_000_000_000));
        let all = million(&demo, "million", Ask { offset: 0, limit: 400, status: None });
        assert_eq!((all.count, all.records.len()), (Some(MILLION), 400));
        for status in [Status::Waiting, Status::Running, Status::Success, Status::Failed] {
            let filtered = million(&demo, "million", Ask { offset: 0, limit: 1000, status: Some(status) });
            let expected: Vec<_> = all.records.iter().filter(|task| matches(task, Some(status))).cloned().collect();
            assert!(filtered.records.starts_with(&expected));
            assert!(filtered.records.iter().all(|task| matches(task, Some(status))));
        }
        let last = million(&demo, "million", Ask { offset: MILLION - 1, limit: 10, status: None });
        assert_eq!(last.records.len(), 1);
        let past = million(&demo, "million", Ask { offset: u64::MAX, limit: 1000, status: None });
        assert!(past.records.is_empty());
        assert!(all.records.is_sorted_by(|newer, older| newer.created_at > older.created_at));
        assert_eq!(all.records.iter().map(|task| &task.id).collect::<HashSet<_>>().len(), 400);
    }
}
