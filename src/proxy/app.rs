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
use axum::body::Body;
use axum::http::request::Parts as Head;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Uri, Version, header};
use axum::response::IntoResponse;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The proxy as a service.
#[derive(Clone, Debug)]
pub struct App {
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

/// An answer, and what there is to say of it in logs and metrics.
struct Answered {
    route: &'static str,
    response: Response<Body>,
    /// Of a list call: what was asked for, and how the answer was come by.
    list: Option<(Arc<View>, &'static str)>,
    /// Of a list call that was refused: for which IDs, as they came, and with which code.
    refused: Option<(String, &'static str)>,
}

impl Answered {
    fn new(route: &'static str, response: impl IntoResponse) -> Self {
        Self { route, response: response.into_response(), list: None, refused: None }
    }
}

/// An answer to what no route needs to see.
impl From<Refusal> for Answered {
    fn from(refusal: Refusal) -> Self {
        Self::new("none", refusal)
    }
}

impl App {
    /// Puts the service together.
    pub fn new(parts: Parts) -> Self {
        Self { parts: Arc::new(parts) }
    }

    /// Answers the request with this head. Its body, if it has one, is nothing that anybody wants.
    ///
    /// # Errors
    /// Never.
    pub async fn handle(self, head: Head) -> Result<Response<Body>, Infallible> {
        let begun = Instant::now();
        let method = head.method.clone();
        let mut answered = self.parts.answer(head).await;
        let headers = answered.response.headers_mut();
        if answered.route == "page" {
            headers::page(headers, &self.parts.page_policy, self.parts.embeddable);
        } else {
            headers::data(headers);
            headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        }
        headers.entry(REQUEST_ID).or_insert_with(new_id);
        let took = begun.elapsed();
        self.parts.metrics.answered(answered.route, answered.response.status().as_u16(), took);
        if tracing::enabled!(tracing::Level::INFO) {
            log(&method, &answered, took);
        }
        Ok(answered.response)
    }
}

fn log(method: &Method, answered: &Answered, took: Duration) {
    let id = answered.response.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok());
    tracing::info!(
        request_id = id.unwrap_or_default(),
        method = %method,
        route = answered.route,
        status = answered.response.status().as_u16(),
        micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        view = answered.list.as_ref().map(|(view, _)| tracing::field::display(view)),
        source = answered.list.as_ref().map(|(_, source)| *source),
        asked = answered.refused.as_ref().map(|(ids, _)| ids.as_str()),
        code = answered.refused.as_ref().map(|(_, code)| *code),
        "answered"
    );
}

impl Parts {
    async fn answer(&self, mut head: Head) -> Answered {
        if let Err(answered) = self.check(&mut head) {
            return *answered;
        }
        let reads = matches!(head.method, Method::GET | Method::HEAD);
        let path = head.uri.path();
        if let Some(ids) = list_segments(path) {
            return if reads { self.list(&head, ids).await } else { Refusal::Method.into() };
        }
        match path {
            "/instances.json" if reads => return Answered::new("instances", self.instances.response(&head.headers)),
            "/healthz" if reads => {
                return Answered::new("healthz", json(StatusCode::OK, r#"{"status":"ok"}"#.to_owned()));
            }
            "/readyz" if reads => return self.readyz(),
            "/metrics" if reads => {
                let kind = [(header::CONTENT_TYPE, metrics::CONTENT_TYPE)];
                return Answered::new("metrics", (kind, self.metrics.text()));
            }
            "/instances.json" | "/healthz" | "/readyz" | "/metrics" => {}
            _ => return self.file(head).await,
        }
        Refusal::Method.into()
    }

    /// Checks what no route needs to see, and takes the base path off.
    fn check(&self, head: &mut Head) -> Result<(), Box<Answered>> {
        let refuse = |refusal: Refusal| Err(Box::new(refusal.into()));
        let reads = matches!(head.method, Method::GET | Method::HEAD);
        if !names_its_host(head) {
            return refuse(Refusal::Host);
        }
        if reads && has_body(&head.headers) {
            let mut response = Refusal::Body.into_response();
            response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            return Err(Box::new(Answered::new("none", response)));
        }
        let path = head.uri.path();
        if self.base_path.is_empty() || matches!(path, "/healthz" | "/readyz" | "/metrics") {
            return Ok(());
        }
        let target = match path.strip_prefix(self.base_path.as_str()) {
            Some("") if reads => return Err(Box::new(to_slash(&self.base_path, head.uri.query()))),
            Some("") => return refuse(Refusal::Method),
            Some(rest) if rest.starts_with('/') => {
                head.uri.query().map_or_else(|| rest.to_owned(), |query| format!("{rest}?{query}"))
            }
            _ => return refuse(Refusal::NotFound),
        };
        match PathAndQuery::try_from(target) {
            Ok(target) => head.uri = Uri::from(target),
            Err(_) => return refuse(Refusal::NotFound),
        }
        Ok(())
    }

    async fn list(&self, head: &Head, ids: (&str, &str)) -> Answered {
        let view = match self.permitted(head, ids) {
            Ok(view) => Arc::new(view),
            Err(refusal) => return refused(ids, refusal),
        };
        let reading = self.reader.read(&view).await;
        let response = reading.answer.response(reading.kept);
        Answered { route: "list", response, list: Some((view, reading.source.as_str())), refused: None }
    }

    /// The view that a list call asks for, if it may.
    fn permitted(&self, head: &Head, (project, instance): (&str, &str)) -> Result<View, Refusal> {
        if is_cross_site(&head.headers) {
            return Err(Refusal::CrossSite);
        }
        let view = View::parse(project, instance, head.uri.query().unwrap_or_default())?;
        if self.allow.allows(&view.project, &view.instance) { Ok(view) } else { Err(Refusal::NotAllowed) }
    }

    fn readyz(&self) -> Answered {
        let (ready, reason) = self.reader.upstream().readiness();
        let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        Answered::new("readyz", json(status, serde_json::json!({"ready": ready, "reason": reason}).to_string()))
    }

    async fn file(&self, head: Head) -> Answered {
        let Some(page) = &self.page else {
            return Refusal::NotFound.into();
        };
        match page.serve(head).await {
            Ok(response) => Answered::new("page", response),
            Err(refusal) => refusal.into(),
        }
    }
}

/// Without the query, in which anything may stand, and without the rest of what is too long for an ID.
fn refused((project, instance): (&str, &str), refusal: Refusal) -> Answered {
    let refused = Some((format!("{project:.64}/{instance:.64}"), refusal.code()));
    Answered { refused, ..Answered::new("list", refusal) }
}

/// The raw project and instance ID in the path of a list call.
fn list_segments(path: &str) -> Option<(&str, &str)> {
    let mut segments = path.strip_prefix("/v2/")?.split('/');
    let (project, middle, instance, end) = (segments.next()?, segments.next()?, segments.next()?, segments.next()?);
    let is_list = middle == "instances" && end == "bigkey-tasks" && segments.next().is_none();
    (is_list && !project.is_empty() && !instance.is_empty()).then_some((project, instance))
}

/// Whether there is one `Host`, or none where HTTP/1.0 is spoken: two servers could take two hosts for different ones.
fn names_its_host(head: &Head) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:[]%".contains(byte);
    let mut hosts = head.headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.as_bytes().iter().all(plain),
        (None, None) => head.version < Version::HTTP_11,
        _ => false,
    }
}

fn has_body(headers: &HeaderMap) -> bool {
    headers.contains_key(header::TRANSFER_ENCODING)
        || headers.get(header::CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0")
}

/// `/ops/bigkeys` becomes `/ops/bigkeys/`, so that the page's relative addresses lead to the right place.
fn to_slash(base: &str, query: Option<&str>) -> Answered {
    let target = query.map_or_else(|| format!("{base}/"), |query| format!("{base}/?{query}"));
    let mut response = StatusCode::PERMANENT_REDIRECT.into_response();
    if let Ok(target) = HeaderValue::try_from(target) {
        response.headers_mut().insert(header::LOCATION, target);
    }
    Answered::new("redirect", response)
}

fn new_id() -> HeaderValue {
    let mut id = [b'0'; 32];
    // It fits.
    let _ = hex::encode_to_slice(fastrand::u128(..).to_be_bytes(), &mut id);
    HeaderValue::from_bytes(&id).unwrap_or(HeaderValue::from_static("0"))
}

/// Whether the page of another site made the request, or led to it. It could not read the answer, but it must not spend calls
/// either. Links and frames of other sites are for the page, which makes its calls itself.
fn is_cross_site(headers: &HeaderMap) -> bool {
    const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
    headers.get(SITE).is_some_and(|site| site == "cross-site")
}

fn json(status: StatusCode, text: String) -> impl IntoResponse {
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text)
}
