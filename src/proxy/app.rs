//! What exists at all: the addresses of the proxy, and what every answer has in common.

use super::allow::AllowList;
use super::answer::REQUEST_ID;
use super::headers;
use super::instances::Named;
use super::metrics::{self, Metrics};
use super::page::Page;
use super::reader::Reader;
use super::refusal::Refusal;
use super::view::View;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, Version, header};
use axum::response::IntoResponse;
use axum::routing::get;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Instant;
use tower::ServiceExt;

/// The proxy as a service.
#[derive(Clone, Debug)]
pub struct App {
    router: Router,
    parts: Arc<Parts>,
}

/// What the proxy is made of.
#[derive(Debug)]
pub struct Parts {
    /// Empty, or `/…` without a slash at the end.
    pub base_path: String,
    /// Pairs that may be asked about.
    pub allow: AllowList,
    /// Gets the answers.
    pub reader: Reader,
    /// The built page, if there is one.
    pub page: Option<Page>,
    /// The policy for the page.
    pub page_policy: HeaderValue,
    /// Whether pages of other origins may show this one in a frame.
    pub embeddable: bool,
    /// The instances that the page offers by name.
    pub instances: Named,
    /// Counters.
    pub metrics: Metrics,
}

/// What answered a request, for logs and metrics.
#[derive(Clone, Copy)]
struct Route(&'static str);

/// What there is to say of a list call in the log.
#[derive(Clone)]
struct ListNote {
    view: View,
    source: &'static str,
}

impl App {
    /// Puts the service together.
    pub fn new(parts: Parts) -> Self {
        let parts = Arc::new(parts);
        let router = Router::new()
            .route("/v2/{project_id}/instances/{instance_id}/bigkey-tasks", get(list))
            .route("/instances.json", get(instances))
            .route("/healthz", get(healthz))
            .route("/readyz", get(readyz))
            .route("/metrics", get(metrics_text))
            .method_not_allowed_fallback(|| async { Refusal::Method })
            .fallback(page)
            .with_state(Arc::clone(&parts));
        Self { router, parts }
    }

    /// Answers one request.
    ///
    /// # Errors
    /// Never.
    pub async fn handle(self, request: Request<Body>) -> Result<Response<Body>, Infallible> {
        let begun = Instant::now();
        let method = request.method().clone();
        let parts = Arc::clone(&self.parts);
        let mut response = match self.prepare(request) {
            Ok((router, request)) => router.oneshot(request).await?,
            Err(response) => response,
        };
        let route = response.extensions().get().copied().unwrap_or(Route("none")).0;
        let status = response.status();
        let headers = response.headers_mut();
        if route == "page" {
            headers::page(headers, &parts.page_policy, parts.embeddable);
        } else {
            headers::data(headers);
            headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        }
        let id = headers.entry(REQUEST_ID).or_insert_with(new_id).clone();
        let took = begun.elapsed();
        parts.metrics.answered(route, status.as_u16(), took);
        if tracing::enabled!(tracing::Level::INFO) {
            let note = response.extensions().get::<ListNote>();
            tracing::info!(
                request_id = id.to_str().unwrap_or_default(),
                method = %method,
                route,
                status = status.as_u16(),
                micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
                view = note.map(|note| tracing::field::display(&note.view)),
                source = note.map(|note| note.source),
                "answered"
            );
        }
        Ok(response)
    }

    /// Checks what no route needs to see, and takes the base path off.
    #[allow(clippy::result_large_err, reason = "the error is the answer itself: to box it costs more than to move it")]
    fn prepare(self, mut request: Request<Body>) -> Result<(Router, Request<Body>), Response<Body>> {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        if !names_its_host(&request) {
            return Err(Refusal::Host.into_response());
        }
        if reads && has_body(request.headers()) {
            let mut response = Refusal::Body.into_response();
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            return Err(response);
        }
        let base = &self.parts.base_path;
        let path = request.uri().path();
        let probe = matches!(path, "/healthz" | "/readyz" | "/metrics");
        if !base.is_empty() && !probe {
            let Some(rest) = path.strip_prefix(base.as_str()) else {
                return Err(Refusal::NotFound.into_response());
            };
            if rest.is_empty() && !reads {
                return Err(Refusal::Method.into_response());
            }
            if rest.is_empty() {
                return Err(to_slash(base, request.uri().query()));
            }
            if !rest.starts_with('/') {
                return Err(Refusal::NotFound.into_response());
            }
            let target = request.uri().query().map_or_else(|| rest.to_owned(), |query| format!("{rest}?{query}"));
            *request.uri_mut() =
                PathAndQuery::try_from(target).map(Uri::from).map_err(|_| Refusal::NotFound.into_response())?;
        }
        Ok((self.router, request))
    }
}

/// Whether there is one `Host`, or none where HTTP/1.0 is spoken: two servers could take two hosts for different ones.
fn names_its_host(request: &Request<Body>) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:[]%".contains(byte);
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.as_bytes().iter().all(plain),
        (None, None) => request.version() < Version::HTTP_11,
        _ => false,
    }
}

fn has_body(headers: &HeaderMap) -> bool {
    headers.contains_key(header::TRANSFER_ENCODING)
        || headers.get(header::CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0")
}

/// `/ops/bigkeys` becomes `/ops/bigkeys/`, so that the page's relative addresses lead to the right place.
fn to_slash(base: &str, query: Option<&str>) -> Response<Body> {
    let target = query.map_or_else(|| format!("{base}/"), |query| format!("{base}/?{query}"));
    let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
    if let Ok(target) = HeaderValue::try_from(target) {
        response.headers_mut().insert(header::LOCATION, target);
    }
    response.extensions_mut().insert(Route("redirect"));
    response
}

fn new_id() -> HeaderValue {
    HeaderValue::try_from(format!("{:032x}", fastrand::u128(..))).unwrap_or(HeaderValue::from_static("0"))
}

fn routed(route: &'static str, response: impl IntoResponse) -> Response<Body> {
    let mut response = response.into_response();
    response.extensions_mut().insert(Route(route));
    response
}

async fn list(State(parts): State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    let view = match permitted(&parts, &request) {
        Ok(view) => view,
        Err(refusal) => return routed("list", refusal),
    };
    let reading = parts.reader.read(&view).await;
    let mut response = routed("list", reading.answer.response(reading.kept));
    response.extensions_mut().insert(ListNote { view, source: reading.source.as_str() });
    response
}

/// The view that a list call asks for, if it may.
fn permitted(parts: &Parts, request: &Request<Body>) -> Result<View, Refusal> {
    if is_cross_site(request.headers()) {
        return Err(Refusal::CrossSite);
    }
    let mut segments = request.uri().path().split('/').skip(2).step_by(2);
    let (project, instance) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
    if project.is_empty() || instance.is_empty() {
        return Err(Refusal::NotFound);
    }
    let view = View::parse(project, instance, request.uri().query().unwrap_or_default())?;
    if parts.allow.allows(&view.project, &view.instance) { Ok(view) } else { Err(Refusal::NotAllowed) }
}

/// Whether the page of another site made the request. It could not read the answer, but it must not spend calls either.
fn is_cross_site(headers: &HeaderMap) -> bool {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|header| header == value);
    is("sec-fetch-site", "cross-site") && !is("sec-fetch-mode", "navigate")
}

async fn instances(State(parts): State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    routed("instances", parts.instances.response(request.headers()))
}

async fn healthz() -> Response<Body> {
    routed("healthz", axum_json(StatusCode::OK, r#"{"status":"ok"}"#.to_owned()))
}

async fn readyz(State(parts): State<Arc<Parts>>) -> Response<Body> {
    let (ready, reason) = parts.reader.upstream().readiness();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    routed("readyz", axum_json(status, serde_json::json!({"ready": ready, "reason": reason}).to_string()))
}

async fn metrics_text(State(parts): State<Arc<Parts>>) -> Response<Body> {
    routed("metrics", ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], parts.metrics.text()))
}

async fn page(State(parts): State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    let Some(page) = &parts.page else {
        return routed("none", Refusal::NotFound);
    };
    match page.serve(request).await {
        Ok(response) => routed("page", response),
        Err(refusal) => routed("none", refusal),
    }
}

fn axum_json(status: StatusCode, text: String) -> impl IntoResponse {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text)
}
