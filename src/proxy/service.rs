//! Calls to the service over HTTP, with the credential.

use super::answer::Answer;
use super::config::Limits;
use super::credentials::standing::Standing;
use super::credentials::{Call, Credential, Plan};
use super::metrics::Metrics;
use super::refusal::Refusal;
use super::settings::Wrong;
use super::view::View;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use bytes::{Bytes, BytesMut};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, Url};
use std::time::Duration;

/// How the proxy names itself.
pub const USER_AGENT: &str = concat!("bigkey-proxy/", env!("CARGO_PKG_VERSION"));

/// The service, and the way to it.
#[derive(Debug)]
pub struct Service {
    client: Client,
    base: Url,
    credential: Option<Credential>,
    standing: Standing,
    answer_bytes: usize,
}

impl Service {
    /// Prepares the way to the service at this address.
    ///
    /// # Errors
    /// What is [`Wrong`] with the TLS set-up.
    pub fn new(base: Url, plan: Plan, limits: &Limits, metrics: &Metrics) -> Result<Self, Wrong> {
        let client = client(limits)?;
        let credential = Credential::new(plan, &client, metrics);
        Ok(Self { client, base, credential, standing: Standing::default(), answer_bytes: limits.answer_bytes })
    }

    /// Asks for one view; once more if the credential was refused and a new one is there.
    ///
    /// # Errors
    /// Why there is no answer that could be passed on.
    pub async fn call(&self, view: &View) -> Result<Answer, Refusal> {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{}", self.base.path().trim_end_matches('/'), view.path()));
        url.set_query(Some(&view.query()));
        let Some(credential) = &self.credential else {
            return self.send(url, HeaderMap::new()).await;
        };
        let call = Call { project: &view.project, url: &url };
        let mut last_try = false;
        loop {
            let pass = credential.pass(call).await?;
            let generation = pass.generation();
            let answer = self.send(url.clone(), pass.headers.clone()).await?;
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

    async fn send(&self, url: Url, headers: HeaderMap) -> Result<Answer, Refusal> {
        let request = self.client.get(url).headers(headers).header(header::CONTENT_TYPE, "application/json");
        let response = request.send().await.map_err(|error| no_answer(&error))?;
        check_head(response.status(), response.headers())?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Answer::new(status, &headers, self.body(response).await?))
    }

    async fn body(&self, mut response: Response) -> Result<Bytes, Refusal> {
        let promised = response.content_length().and_then(|length| usize::try_from(length).ok());
        if promised.is_some_and(|promised| promised > self.answer_bytes) {
            return Err(Refusal::TooLarge);
        }
        let mut body = Bytes::new();
        while let Some(piece) = response.chunk().await.map_err(|error| no_answer(&error))? {
            if body.len() + piece.len() > self.answer_bytes {
                return Err(Refusal::TooLarge);
            }
            // Most answers are one piece, which is taken as it is.
            if body.is_empty() {
                body = piece;
                continue;
            }
            let mut whole = body.try_into_mut().unwrap_or_else(|body| BytesMut::from(body.as_ref()));
            whole.extend_from_slice(&piece);
            body = whole.freeze();
        }
        Ok(body)
    }
}

/// The client for all calls: no redirection is followed, and no header is added but its name and what it accepts.
fn client(limits: &Limits) -> Result<Client, Wrong> {
    let accept = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static("application/json"))]);
    Client::builder()
        .user_agent(USER_AGENT)
        .default_headers(accept)
        .redirect(Policy::none())
        .referer(false)
        .connect_timeout(limits.connect_timeout)
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(limits.calls)
        .tcp_nodelay(true)
        .http1_only()
        .build()
        .map_err(|error| Wrong(format!("upstream: TLS cannot be set up: {error}")))
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

fn no_answer(error: &reqwest::Error) -> Refusal {
    tracing::debug!(error = ?error, "a call to the service failed");
    if error.is_connect() {
        Refusal::Unreachable
    } else if error.is_timeout() {
        Refusal::Timeout
    } else {
        Refusal::Broken
    }
}
