//! Counters for Prometheus. Labels take few values, none of which a client can choose.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::sync::Arc;
use std::time::Duration;

/// The content type of the text that [`Metrics::text`] makes.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

const BUCKETS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 5.0, 15.0, 30.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabel {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StatusLabel {
    status: u16,
}

/// All counters of a proxy. Clones count together.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<RequestLabels, Counter>,
    seconds: Family<RouteLabel, Histogram, fn() -> Histogram>,
    upstream: Family<StatusLabel, Counter>,
    upstream_failures: Family<OutcomeLabel, Counter>,
    upstream_seconds: Histogram,
    renewals: Family<OutcomeLabel, Counter>,
    /// Answers that served again.
    pub cache_hits: Counter,
    /// Requests that waited for an equal call under way.
    pub coalesced: Counter,
    /// Requests answered without a call because the service asked for a pause.
    pub held_back: Counter,
    /// Calls to the service under way.
    pub calls_in_flight: Gauge,
    /// Client connections.
    pub connections: Gauge,
    /// Lines of the log that could not be written.
    pub log_lines_lost: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        let mut registry = Registry::with_prefix("bigkey_proxy");
        let requests = Family::default();
        registry.register("requests", "Requests answered", requests.clone());
        let seconds = Family::new_with_constructor(histogram);
        registry.register("request_duration_seconds", "Time to answer a request", seconds.clone());
        let upstream = Family::default();
        registry.register("upstream_answers", "Answers of the service", upstream.clone());
        let upstream_failures = Family::default();
        registry.register(
            "upstream_failures",
            "Calls to the service without a usable answer",
            upstream_failures.clone(),
        );
        let upstream_seconds = histogram();
        registry.register("upstream_duration_seconds", "Time of a call to the service", upstream_seconds.clone());
        let renewals = Family::default();
        registry.register("token_renewals", "Tokens asked of the identity service", renewals.clone());
        let cache_hits = Counter::default();
        registry.register("cache_hits", "Requests served by a kept answer", cache_hits.clone());
        let coalesced = Counter::default();
        registry.register("coalesced", "Requests served by an equal call under way", coalesced.clone());
        let held_back = Counter::default();
        registry.register(
            "held_back",
            "Requests answered without a call while the service wants a pause",
            held_back.clone(),
        );
        let calls_in_flight = Gauge::default();
        registry.register("calls_in_flight", "Calls to the service under way", calls_in_flight.clone());
        let connections = Gauge::default();
        registry.register("connections", "Client connections", connections.clone());
        let log_lines_lost = Counter::default();
        registry.register("log_lines_lost", "Lines of the log that could not be written", log_lines_lost.clone());
        Self {
            registry: Arc::new(registry),
            requests,
            seconds,
            upstream,
            upstream_failures,
            upstream_seconds,
            renewals,
            cache_hits,
            coalesced,
            held_back,
            calls_in_flight,
            connections,
            log_lines_lost,
        }
    }
}

impl Metrics {
    /// Counts a request.
    pub fn answered(&self, route: &'static str, status: u16, took: Duration) {
        self.requests.get_or_create(&RequestLabels { route, status }).inc();
        self.seconds.get_or_create(&RouteLabel { route }).observe(took.as_secs_f64());
    }

    /// Counts a call to the service that was answered.
    pub fn upstream_answered(&self, status: u16, took: Duration) {
        self.upstream.get_or_create(&StatusLabel { status }).inc();
        self.upstream_seconds.observe(took.as_secs_f64());
    }

    /// Counts a call to the service that came to nothing.
    pub fn upstream_failed(&self, code: &'static str) {
        self.upstream_failures.get_or_create(&OutcomeLabel { outcome: code }).inc();
    }

    /// Counts a token asked of the identity service.
    pub fn renewed(&self, well: bool) {
        let outcome = if well { "issued" } else { "failed" };
        self.renewals.get_or_create(&OutcomeLabel { outcome }).inc();
    }

    /// All of it, as Prometheus reads it.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let _ = encode(&mut text, &self.registry);
        text
    }
}
