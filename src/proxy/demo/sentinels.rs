//! The instances of the demo that misbehave, or are special in another way: one table.

/// One special instance of the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentinel {
    /// Its instance ID.
    pub id: &'static str,
    /// What it does.
    pub does: &'static str,
    /// Its name in `instances.json`, for those that are listed there.
    pub name: Option<&'static str>,
}

const fn listed(id: &'static str, name: &'static str, does: &'static str) -> Sentinel {
    Sentinel { id, does, name: Some(name) }
}

const fn other(id: &'static str, does: &'static str) -> Sentinel {
    Sentinel { id, does, name: None }
}

/// All special instances.
pub const SENTINELS: &[Sentinel] = &[
    listed("empty", "No tasks yet", "no tasks"),
    listed("million", "A million tasks", "a million tasks"),
    listed("slow", "Slow answers", "the usual tasks, after 3 s"),
    listed(
        "flaky",
        "Every other call fails",
        "every second call (the first among them) is a 500, by the count of calls",
    ),
    listed(
        "fail-400-dcs-4919",
        "Analysis not supported",
        "400 DCS.4919: the instance does not support big key analysis",
    ),
    other("fail-400-busy", "400 DCS.4026: the instance is busy"),
    other("fail-400-digits", "400 111400002: a code of plain digits"),
    listed("fail-401", "Token refused", "401 DCS.1001: the token is not valid"),
    other("fail-401-gateway", "401 APIGW.0301 in the gateway's shape, with request_id"),
    other("fail-401-iam", "401 in the identity service's shape: {\"error\":{\"code\":401,…}}"),
    listed("fail-403", "No permission", "403 DCS.2003: not permitted"),
    listed("fail-404", "Instance gone", "404 DCS.3022: no such instance"),
    listed("fail-429", "Throttled", "429 APIGW.0308 with Retry-After: 7"),
    other("fail-429-bare", "429 APIG.0308 without Retry-After"),
    listed("fail-500", "Service failure", "500 DCS.5000"),
    other("fail-502-html", "502 with a page of HTML, as a proxy on the way gives"),
    other("fail-503", "503 DCS.5024"),
    other("fail-504", "504 APIGW.0201 in the gateway's shape"),
    other("answer-html", "200 with a page of HTML"),
    other("answer-empty", "200 with an empty body"),
    other("answer-cut", "200 with JSON that ends in the middle"),
    other("answer-wrong-types", "200 where every field has a wrong type"),
    other("answer-records-null", "200 with \"records\": null"),
    other("answer-array", "200 with an array instead of an object"),
    other("answer-huge", "200 with 50 MB of JSON"),
    other("answer-10000", "10,000 records, whatever the limit"),
    other("answer-duplicates", "every record twice"),
    other("answer-nul", "strings with NUL and other control characters"),
    other("answer-bigint", "a count beyond 64 bits"),
    other("answer-hang", "an answer after 60 s"),
    listed("answer-unknown-values", "Unknown values", "statuses and analysis methods that the document does not list"),
    other("answer-nulls", "records where everything but id is null, or absent"),
    other("answer-strange-times", "times that are odd, impossible, or no times at all"),
    other("answer-unreadable-record", "a page with records that cannot be read among good ones"),
    other("count-negative", "count is -1"),
    other("count-absent", "no count"),
    other("count-string", "count is text"),
    other("count-total", "count ignores the filter"),
    other("count-low", "count is less than there is"),
    other("count-high", "count is more than there is"),
    other("close-before", "the connection closes without an answer"),
    other("close-in-body", "the connection closes in the middle of the body"),
    listed("xss", "Hostile strings", "markup and script in every field"),
];

impl Sentinel {
    /// The special instance with this ID.
    pub fn of(id: &str) -> Option<&'static Self> {
        SENTINELS.iter().find(|sentinel| sentinel.id == id)
    }
}
