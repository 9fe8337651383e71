//! Calls to the service over HTTP, with the credential.

use super::answer::Answer;
use super::config::Limits;
use super::credentials::standing::Standing;
use super::credentials::verdict::Verdict;
use super::credentials::{Call, Credential, Pass, Plan};
use super::line::{Ask, Line, Unanswered};
use super::metrics::Metrics;
use super::pool::Pool;
use super::refusal::Refusal;
use super::settings::Wrong;
use super::view::View;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use http_body_util::Empty;
use hyper::Response;
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioIo;
use reqwest::Url;
use reqwest::redirect::Policy;
use std::time::Duration;
use tokio::net::TcpStream;
use tower::timeout::Timeout;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, ServiceExt};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// How long an idle connection to the service is kept.
const IDLE: Duration = Duration::from_secs(30);

/// Bytes to and from the service, in TLS or not.
type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Opens connections to the service.
type Connector = BoxCloneSyncService<Uri, Stream, BoxError>;

/// How the proxy names itself.
pub const USER_AGENT: &str = concat!("bigkey-proxy/", env!("CARGO_PKG_VERSION"));

/// The service, and the way to it.
#[derive(Debug)]
pub struct Service {
    connector: Connector,
    idle: Pool<Line<Stream>>,
    /// Where connections are opened to.
    origin: Uri,
    /// Host and port, as the `Host` header has them.
    host: String,
    host_header: HeaderValue,
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
        let host = match (base.host_str().unwrap_or_default(), base.port()) {
            (host, Some(port)) => format!("{host}:{port}"),
            (host, None) => host.to_owned(),
        };
        let wrong = |error: axum::http::Error| Wrong(format!("upstream: {error}"));
        let origin = Uri::builder().scheme(base.scheme()).authority(host.as_str()).path_and_query("/").build();
        Ok(Self {
            connector: connector(limits)?,
            idle: Pool::new(limits.calls, IDLE),
            origin: origin.map_err(wrong)?,
            host_header: HeaderValue::try_from(&host).map_err(|error| wrong(error.into()))?,
            host,
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
        let uri = Uri::from(PathAndQuery::try_from(target.as_str()).map_err(|_| Refusal::Unreachable)?);
        let Some(credential) = &self.credential else {
            let (line, response) = self.ask(self.request(uri, HeaderMap::new())).await?;
            return self.receive(line, response).await;
        };
        let (path, query) = target.split_once('?').unwrap_or_default();
        let call = Call { project: &view.project, host: &self.host, path, query };
        let mut last_try = false;
        loop {
            let mut pass = credential.pass(call).await?;
            let request = self.request(uri.clone(), std::mem::take(&mut pass.headers));
            let (line, response) = self.ask(request).await?;
            let status = response.status();
            let by_head = Verdict::of_head(status).filter(|verdict| credential.is_judged_by(*verdict, &view.project));
            self.note(credential, &pass, view, by_head);
            let answer = self.receive(line, response).await?;
            if by_head.is_none() {
                self.note(credential, &pass, view, Verdict::of_body(status, &answer.body));
            }
            if by_head != Some(Verdict::Refused) || last_try || !credential.has_another(pass).await {
                return Ok(answer);
            }
            last_try = true;
        }
    }

    fn note(&self, credential: &Credential, pass: &Pass, view: &View, verdict: Option<Verdict>) {
        if let Some(verdict) = verdict {
            self.standing.note(pass.generation(), &view.project, verdict);
            credential.note(pass, verdict);
        }
    }

    /// Whether the credential can be expected to work, and the reason in words, without a call.
    pub fn readiness(&self) -> (bool, String) {
        let Some(credential) = &self.credential else {
            return (true, "no credential is needed".to_owned());
        };
        let (ready, reason) = match (credential.problem(), self.standing.verdict(credential.generation())) {
            (Some(problem), _) => (false, problem),
            (None, Some(Verdict::Refused)) => (false, "the service refuses the credential"),
            (None, Some(Verdict::Accepted)) => (true, "the service accepts the credential"),
            (None, None) => (true, "no answer of late tells whether the service accepts the credential"),
        };
        let warning = credential.warning().map(|warning| format!("; {warning}"));
        (ready, format!("{reason}{}", warning.unwrap_or_default()))
    }

    /// Fetches a token where one will be needed, so that the first reader does not wait for it.
    pub async fn warm_up(&self) {
        if let Some(Credential::Iam(iam)) = &self.credential {
            let _ = iam.pass().await;
        }
    }

    /// Closes idle connections when they are old, or the service has closed them; until it is dropped.
    pub async fn tend(&self) {
        let mut again = tokio::time::interval(IDLE / 6);
        loop {
            again.tick().await;
            self.idle.sweep(Line::is_alive);
        }
    }

    fn request(&self, uri: Uri, credential: HeaderMap) -> Ask {
        let mut request = Ask::new(Empty::new());
        *request.uri_mut() = uri;
        *request.headers_mut() = credential;
        let headers = request.headers_mut();
        headers.insert(header::HOST, self.host_header.clone());
        headers.insert(header::ACCEPT, JSON);
        headers.insert(header::CONTENT_TYPE, JSON);
        headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        request
    }

    /// Reads the rest of an answer.
    async fn receive(&self, mut line: Line<Stream>, response: Response<Incoming>) -> Result<Answer, Refusal> {
        check_head(response.status(), response.headers())?;
        let (head, body) = response.into_parts();
        let body = line.read(body, self.answer_bytes).await?;
        if line.is_free() {
            self.idle.keep(line);
        }
        Ok(Answer::new(head.status, &head.headers, body))
    }

    /// Sends a request on an idle connection, or else on a new one. Idle ones may have ended unnoticed; a request that
    /// was not sent for this reason is sent on the next.
    async fn ask(&self, mut request: Ask) -> Result<(Line<Stream>, Response<Incoming>), Refusal> {
        while let Some(mut line) = self.idle.take() {
            match line.ask(request).await {
                Ok(response) => return Ok((line, response)),
                Err(Unanswered::Unsent(unsent)) => request = *unsent,
                Err(Unanswered::Broken(error)) => return Err(no_answer(&error)),
            }
        }
        // In a box, or every call would carry the room for it around.
        let mut line = Box::pin(self.connect()).await?;
        match line.ask(request).await {
            Ok(response) => Ok((line, response)),
            Err(Unanswered::Unsent(_)) => Err(Refusal::Broken),
            Err(Unanswered::Broken(error)) => Err(no_answer(&error)),
        }
    }

    async fn connect(&self) -> Result<Line<Stream>, Refusal> {
        let stream = self.connector.clone().oneshot(self.origin.clone()).await.map_err(|error| {
            tracing::debug!(error = ?error, "the service cannot be reached");
            Refusal::Unreachable
        })?;
        Line::new(stream).await.map_err(|error| no_answer(&error))
    }
}

/// What opens connections for list calls.
fn connector(limits: &Limits) -> Result<Connector, Wrong> {
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
    Ok(BoxCloneSyncService::new(Timeout::new(https, limits.connect_timeout)))
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

fn no_answer(error: &hyper::Error) -> Refusal {
    tracing::debug!(error = ?error, "a call to the service failed");
    Refusal::Broken
}
