//! Calls to the service over HTTP, with the credential.

use super::answer::Answer;
use super::config::Limits;
use super::credentials::standing::Standing;
use super::credentials::{Call, Credential, Plan};
use super::metrics::Metrics;
use super::refusal::Refusal;
use super::settings::Wrong;
use super::view::View;
use axum::http::uri::{Authority, Parts, PathAndQuery, Scheme};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, Uri, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Empty, LengthLimitError, Limited};
use hyper::body::{Body, Incoming};
use hyper_rustls::{HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use reqwest::Url;
use reqwest::redirect::Policy;
use std::time::Duration;
use tokio::net::TcpStream;
use tower::BoxError;
use tower::timeout::Timeout;
use tower::util::BoxCloneSyncService;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// How long an idle connection to the service is kept.
const IDLE: Duration = Duration::from_secs(30);

/// Opens connections to the service.
type Connector = BoxCloneSyncService<Uri, MaybeHttpsStream<TokioIo<TcpStream>>, BoxError>;

/// How the proxy names itself.
pub const USER_AGENT: &str = concat!("bigkey-proxy/", env!("CARGO_PKG_VERSION"));

/// The service, and the way to it.
#[derive(Debug)]
pub struct Service {
    client: Client<Connector, Empty<Bytes>>,
    scheme: Scheme,
    /// Host and port, as the `Host` header has them.
    host: Authority,
    /// What stands before the path of a call.
    prefix: String,
    credential: Option<Credential>,
    standing: Standing,
    answer_bytes: usize,
}

impl Service {
    /// Prepares the way to the service at this address.
    ///
    /// # Errors
    /// What is [`Wrong`] with the TLS set-up.
    pub fn new(base: &Url, plan: Plan, limits: &Limits, metrics: &Metrics) -> Result<Self, Wrong> {
        let credential = Credential::new(plan, &form_client(limits)?, metrics);
        let client = client(limits)?;
        let host = match (base.host_str().unwrap_or_default(), base.port()) {
            (host, Some(port)) => format!("{host}:{port}"),
            (host, None) => host.to_owned(),
        };
        Ok(Self {
            client,
            scheme: Scheme::try_from(base.scheme()).map_err(|error| Wrong(format!("upstream: {error}")))?,
            host: Authority::try_from(host).map_err(|error| Wrong(format!("upstream: {error}")))?,
            prefix: base.path().trim_end_matches('/').to_owned(),
            credential,
            standing: Standing::default(),
            answer_bytes: limits.answer_bytes,
        })
    }

    /// Asks for one view; once more if the credential was refused and a new one is there.
    ///
    /// # Errors
    /// Why there is no answer that could be passed on.
    pub async fn call(&self, view: &View) -> Result<Answer, Refusal> {
        let target = view.target(&self.prefix);
        let uri = self.uri(&target).ok_or(Refusal::Unreachable)?;
        let Some(credential) = &self.credential else {
            return self.send(uri, HeaderMap::new()).await;
        };
        let (path, query) = target.split_once('?').unwrap_or_default();
        let call = Call { project: &view.project, host: self.host.as_str(), path, query };
        let mut last_try = false;
        loop {
            let mut pass = credential.pass(call).await?;
            let generation = pass.generation();
            let answer = self.send(uri.clone(), std::mem::take(&mut pass.headers)).await?;
            let accepted = answer.status != StatusCode::UNAUTHORIZED;
            self.standing.note(generation, &view.project, accepted);
            let worth_another = credential.note(pass, answer.status).await;
            if accepted || last_try || !worth_another {
                return Ok(answer);
            }
            last_try = true;
        }
    }

    /// Whether the credential can be expected to work, and the reason in words, without a call.
    pub fn readiness(&self) -> (bool, &'static str) {
        let Some(credential) = &self.credential else {
            return (true, "no credential is needed");
        };
        match (credential.problem(), self.standing.accepted(credential.generation())) {
            (Some(problem), _) => (false, problem),
            (None, Some(false)) => (false, "the service refuses the credential"),
            (None, Some(true)) => (true, "the service accepts the credential"),
            (None, None) => (true, "the credential was not used of late"),
        }
    }

    /// Fetches a token where one will be needed, so that the first reader does not wait for it.
    pub async fn warm_up(&self) {
        if let Some(Credential::Iam(iam)) = &self.credential {
            let _ = iam.pass().await;
        }
    }

    fn uri(&self, target: &str) -> Option<Uri> {
        let mut parts = Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.host.clone());
        parts.path_and_query = Some(PathAndQuery::try_from(target).ok()?);
        Uri::from_parts(parts).ok()
    }

    async fn send(&self, uri: Uri, credential: HeaderMap) -> Result<Answer, Refusal> {
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = uri;
        *request.headers_mut() = credential;
        let headers = request.headers_mut();
        headers.insert(header::ACCEPT, JSON);
        headers.insert(header::CONTENT_TYPE, JSON);
        headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        let response = self.client.request(request).await.map_err(|error| no_answer(&error))?;
        check_head(response.status(), response.headers())?;
        let (head, body) = response.into_parts();
        Ok(Answer::new(head.status, &head.headers, self.body(body).await?))
    }

    async fn body(&self, body: Incoming) -> Result<Bytes, Refusal> {
        if body.size_hint().lower() > u64::try_from(self.answer_bytes).unwrap_or(u64::MAX) {
            return Err(Refusal::TooLarge);
        }
        let whole = Limited::new(body, self.answer_bytes).collect().await.map_err(|error| {
            tracing::debug!(%error, "an answer of the service broke off");
            if error.is::<LengthLimitError>() { Refusal::TooLarge } else { Refusal::Broken }
        })?;
        Ok(whole.to_bytes())
    }
}

/// The client for list calls. It follows no redirection, and adds no header but the host.
fn client(limits: &Limits) -> Result<Client<Connector, Empty<Bytes>>, Wrong> {
    let mut http = HttpConnector::new();
    http.enforce_http(false);
    // This one is shared out among the addresses of a name; the one below also covers the name and TLS.
    http.set_connect_timeout(Some(limits.connect_timeout));
    http.set_nodelay(true);
    let https = HttpsConnectorBuilder::new()
        .with_native_roots()
        .map_err(|error| Wrong(format!("upstream: the system's certificates cannot be read: {error}")))?
        .https_or_http()
        .enable_http1()
        .wrap_connector(http);
    let connector = BoxCloneSyncService::new(Timeout::new(https, limits.connect_timeout));
    Ok(Client::builder(TokioExecutor::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(limits.calls)
        .pool_timer(TokioTimer::new())
        .timer(TokioTimer::new())
        .build(connector))
}

/// The client for the identity service.
fn form_client(limits: &Limits) -> Result<reqwest::Client, Wrong> {
    reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .redirect(Policy::none())
        .referer(false)
        .no_proxy()
        .connect_timeout(limits.connect_timeout)
        .timeout(limits.call_timeout)
        .pool_idle_timeout(IDLE)
        .http1_only()
        .build()
        .map_err(|error| Wrong(format!("credentials.iam: TLS cannot be set up: {error}")))
}

/// Checks an answer's head for what is never passed on.
///
/// # Errors
/// [`Refusal::Redirect`], or [`Refusal::Broken`] for an encoding that nobody asked for and the browser is not told of.
pub fn check_head(status: StatusCode, headers: &HeaderMap) -> Result<(), Refusal> {
    if status.is_redirection() {
        return Err(Refusal::Redirect);
    }
    let encoded = headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity");
    if encoded || status.is_informational() {
        return Err(Refusal::Broken);
    }
    Ok(())
}

fn no_answer(error: &hyper_util::client::legacy::Error) -> Refusal {
    tracing::debug!(error = ?error, "a call to the service failed");
    if error.is_connect() { Refusal::Unreachable } else { Refusal::Broken }
}
