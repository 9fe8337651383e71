//! Tokens of the identity service: one is kept, and renewed by one request however many are waiting for it.

use super::secret::Secret;
use super::token::AUTH_TOKEN;
use super::{Pass, sensitive};
use crate::proxy::gate::pause;
use crate::proxy::metrics::Metrics;
use crate::proxy::refusal::Refusal;
use arc_swap::ArcSwapOption;
use axum::http::{HeaderValue, StatusCode, header};
use reqwest::{Client, Url};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// A token is renewed this long before it expires, or when nine tenths of its life are over if that is later.
const AHEAD: Duration = Duration::from_mins(10);
/// How long a token is used that has expired as soon as it is issued: then the clocks differ, and how long it really lasts
/// is not known. A refusal renews it sooner.
const BY_OTHER_CLOCK: Duration = Duration::from_mins(1);
/// Within this time, refusals by the service lead to this many renewals at most.
const REFUSAL_WINDOW: Duration = Duration::from_mins(5);
const REFUSAL_RENEWALS: usize = 3;
/// The first and the longest wait after a renewal that failed.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_mins(5);
/// The greatest answer read.
const LARGEST: usize = 1024 * 1024;

/// A user at the identity service.
#[derive(Debug)]
pub struct User {
    /// The address of the identity service.
    pub endpoint: Url,
    /// The user's name.
    pub name: String,
    /// The user's domain (account).
    pub domain: String,
    /// The project that tokens are for.
    pub project: String,
    /// The password.
    pub password: Secret,
}

/// The tokens of a user.
#[derive(Debug)]
pub struct Iam {
    user: User,
    client: Client,
    metrics: Metrics,
    token: ArcSwapOption<Token>,
    renewal: Arc<Mutex<Renewal>>,
    refused: AtomicBool,
}

#[derive(Debug)]
struct Token {
    value: HeaderValue,
    renew_at: SystemTime,
    expires_at: SystemTime,
    generation: u64,
    /// The service accepted it at least once.
    accepted: AtomicBool,
}

/// What one renewal must know of the ones before; whoever holds it is the only one that renews.
#[derive(Debug, Default)]
struct Renewal {
    generation: u64,
    failure: Option<Failure>,
    after_refusals: VecDeque<Instant>,
}

/// The last renewal, if it failed.
#[derive(Debug)]
struct Failure {
    at: Instant,
    /// The next one waits this long.
    wait: Duration,
    refusal: Refusal,
    /// Which state of the password it was tried with.
    password: u64,
}

impl Failure {
    /// Whether the next renewal must wait. One that was refused does not if the password is another one by now.
    fn holds_back(&self, password: u64) -> bool {
        let corrected = self.refusal == Refusal::Credential && self.password != password;
        !corrected && self.at.elapsed() < self.wait
    }
}

/// A renewal under way.
type UnderWay = JoinHandle<Result<Arc<Token>, Refusal>>;

#[derive(Deserialize)]
struct Grant {
    token: GrantedToken,
}

#[derive(Deserialize)]
struct GrantedToken {
    expires_at: String,
}

impl Iam {
    /// Tokens for this user; the first is fetched when it is first needed.
    pub fn new(user: User, client: Client, metrics: Metrics) -> Self {
        Self {
            user,
            client,
            metrics,
            token: ArcSwapOption::empty(),
            renewal: Arc::default(),
            refused: AtomicBool::new(false),
        }
    }

    /// The token for one call. One that is valid is renewed in good time, without anybody waiting for that.
    ///
    /// # Errors
    /// Why there is no token.
    pub async fn pass(self: &Arc<Self>) -> Result<Pass, Refusal> {
        let now = SystemTime::now();
        if let Some(token) = self.token.load_full() {
            if now < token.renew_at {
                return Ok(token.pass());
            }
            if now < token.expires_at {
                if let Ok(renewal) = Arc::clone(&self.renewal).try_lock_owned()
                    && self.generation() == token.generation
                {
                    drop(self.begin(renewal));
                }
                return Ok(token.pass());
            }
        }
        let renewal = Arc::clone(&self.renewal).lock_owned().await;
        match self.token.load_full() {
            Some(token) if SystemTime::now() < token.renew_at => Ok(token.pass()),
            _ => Ok(self.renewed(renewal).await?.pass()),
        }
    }

    /// The service refused this generation of the token. True if there is a newer one by now.
    pub async fn refused(self: &Arc<Self>, generation: u64) -> bool {
        let mut renewal = Arc::clone(&self.renewal).lock_owned().await;
        let Some(token) = self.token.load_full() else {
            return false;
        };
        if token.generation != generation {
            return true;
        }
        let after_refusals = &mut renewal.after_refusals;
        while after_refusals.front().is_some_and(|at| at.elapsed() >= REFUSAL_WINDOW) {
            after_refusals.pop_front();
        }
        let came_of_a_refusal_too = !after_refusals.is_empty() && !token.accepted.load(Ordering::Relaxed);
        if came_of_a_refusal_too || after_refusals.len() >= REFUSAL_RENEWALS {
            return false;
        }
        after_refusals.push_back(Instant::now());
        self.renewed(renewal).await.is_ok()
    }

    /// The service accepted this generation of the token.
    pub fn accepted(&self, generation: u64) {
        if let Some(token) = self.token.load().as_ref().filter(|token| token.generation == generation) {
            token.accepted.store(true, Ordering::Relaxed);
        }
    }

    /// Which token is in force now.
    pub fn generation(&self) -> u64 {
        self.token.load().as_ref().map_or(0, |token| token.generation)
    }

    /// What keeps tokens from being had, if known.
    pub fn problem(&self) -> Option<&'static str> {
        let valid = self.token.load().as_ref().is_some_and(|token| SystemTime::now() < token.expires_at);
        (!valid && self.refused.load(Ordering::Relaxed)).then_some("the identity service gives no token")
    }

    /// What will keep the next token from being had.
    pub fn warning(&self) -> Option<&'static str> {
        self.user.password.current();
        let unreadable = self.user.password.is_unreadable();
        unreadable.then_some("the password file cannot be read, and the last password stays in force")
    }

    /// Whether tokens are for this project.
    pub fn is_for(&self, project: &str) -> bool {
        self.user.project == project
    }

    async fn renewed(self: &Arc<Self>, renewal: OwnedMutexGuard<Renewal>) -> Result<Arc<Token>, Refusal> {
        self.begin(renewal)?.await.unwrap_or(Err(Refusal::NoToken))
    }

    /// Begins a renewal, unless one failed just now. It is a task of its own: those who wait for the token may give up, but
    /// how the renewal ends must be known.
    fn begin(self: &Arc<Self>, mut renewal: OwnedMutexGuard<Renewal>) -> Result<UnderWay, Refusal> {
        let (password, state) = self.user.password.current();
        if let Some(failure) = renewal.failure.as_ref().filter(|failure| failure.holds_back(state)) {
            return Err(failure.refusal.clone());
        }
        let this = Arc::clone(self);
        Ok(tokio::spawn(async move { this.renew(&mut renewal, &password, state).await }))
    }

    async fn renew(&self, renewal: &mut Renewal, password: &SecretString, state: u64) -> Result<Arc<Token>, Refusal> {
        match self.fetch(renewal.generation + 1, password).await {
            Ok(token) => {
                tracing::info!(expires_at = %humantime::format_rfc3339_seconds(token.expires_at), "a new token was issued");
                self.metrics.renewed(true);
                self.refused.store(false, Ordering::Relaxed);
                renewal.generation = token.generation;
                renewal.failure = None;
                let token = Arc::new(token);
                self.token.store(Some(Arc::clone(&token)));
                Ok(token)
            }
            Err((refusal, wanted)) => {
                self.metrics.renewed(false);
                self.refused.store(true, Ordering::Relaxed);
                let grown = renewal
                    .failure
                    .as_ref()
                    .filter(|last| last.password == state)
                    .map_or(FIRST_WAIT, |last| last.wait * 2);
                let wait = wanted.unwrap_or_default().max(grown).min(LONGEST_WAIT);
                tracing::error!(reason = %refusal, again_in = ?wait, "no token was issued");
                renewal.failure = Some(Failure { at: Instant::now(), wait, refusal: refusal.clone(), password: state });
                Err(refusal)
            }
        }
    }

    async fn fetch(&self, generation: u64, password: &SecretString) -> Result<Token, (Refusal, Option<Duration>)> {
        let passing = |refusal| (refusal, None);
        let mut url = self.user.endpoint.clone();
        let path = format!("{}/v3/auth/tokens", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url.set_query(Some("nocatalog=true"));
        let body = json!({"auth": {
            "identity": {"methods": ["password"], "password": {"user": {
                "name": self.user.name, "password": password.expose_secret(), "domain": {"name": self.user.domain},
            }}},
            "scope": {"project": {"id": self.user.project}},
        }});
        let request = self.client.post(url).header(header::CONTENT_TYPE, "application/json").body(body.to_string());
        let issued = SystemTime::now();
        let mut response = request.send().await.map_err(|error| {
            tracing::warn!(%error, timed_out = error.is_timeout(), "the identity service does not answer");
            passing(Refusal::NoToken)
        })?;
        let wanted = response.headers().get(header::RETRY_AFTER).and_then(|value| pause(value, issued));
        match response.status() {
            StatusCode::CREATED => {}
            status @ (StatusCode::BAD_REQUEST
            | StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::NOT_FOUND) => {
                tracing::warn!(%status, "the identity service refuses the user");
                // A wrong password must not be tried so often that the account is locked.
                return Err((Refusal::Credential, Some(wanted.unwrap_or(Duration::from_secs(30)))));
            }
            status => {
                tracing::warn!(%status, "the identity service fails");
                return Err((Refusal::NoToken, wanted));
            }
        }
        let value = response.headers().get("x-subject-token").and_then(|value| value.to_str().ok());
        let value = value.filter(|value| !value.is_empty());
        let value = value.map(|value| SecretString::from(value.to_owned())).ok_or(passing(Refusal::NoToken))?;
        let mut text = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|_| passing(Refusal::NoToken))? {
            if text.len() + piece.len() > LARGEST {
                return Err(passing(Refusal::NoToken));
            }
            text.extend_from_slice(&piece);
        }
        let expires_at = serde_json::from_slice::<Grant>(&text)
            .ok()
            .and_then(|grant| humantime::parse_rfc3339(&grant.token.expires_at).ok())
            .ok_or(passing(Refusal::NoToken))?;
        Ok(Token {
            value: sensitive(&value).map_err(passing)?,
            renew_at: renew_at(issued, expires_at),
            expires_at,
            generation,
            accepted: AtomicBool::new(false),
        })
    }
}

impl Token {
    fn pass(&self) -> Pass {
        Pass::new([(AUTH_TOKEN, self.value.clone())], self.generation)
    }
}

fn renew_at(issued: SystemTime, expires_at: SystemTime) -> SystemTime {
    let life = expires_at.duration_since(issued).unwrap_or_default();
    if life.is_zero() {
        return issued + BY_OTHER_CLOCK;
    }
    expires_at.checked_sub(AHEAD.min(life / 10)).unwrap_or(issued)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by it")]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    #[test]
    fn renewal_is_in_good_time() {
        let issued = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let after = |seconds| issued + Duration::from_secs(seconds);
        assert_eq!(renew_at(issued, after(86_400)), after(85_800));
        assert_eq!(renew_at(issued, after(100)), after(90));
        assert_eq!(renew_at(issued, after(0)), after(60));
        assert_eq!(renew_at(after(10), issued), after(70));
    }

    /// Reads one request for a token.
    async fn asked(service: &TcpListener) -> TcpStream {
        let (mut stream, _) = service.accept().await.unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(b"\"id\":\"p\"}}}}") {
            seen.push(stream.read_u8().await.unwrap());
        }
        stream
    }

    #[tokio::test]
    async fn a_valid_token_is_used_while_the_identity_service_hangs() {
        let service = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let user = User {
            endpoint: format!("http://{}", service.local_addr().unwrap()).parse().unwrap(),
            name: "u".to_owned(),
            domain: "d".to_owned(),
            project: "p".to_owned(),
            password: Secret::value("x").unwrap(),
        };
        let iam = Arc::new(Iam::new(user, Client::builder().no_proxy().build().unwrap(), Metrics::default()));
        let now = SystemTime::now();
        iam.token.store(Some(Arc::new(Token {
            value: HeaderValue::from_static("old"),
            renew_at: now,
            expires_at: now + Duration::from_hours(1),
            generation: 0,
            accepted: AtomicBool::new(true),
        })));
        let token = async || iam.pass().await.unwrap().headers.remove(AUTH_TOKEN).unwrap();
        assert_eq!(token().await, "old");
        let mut stream = asked(&service).await;
        for _ in 0..20 {
            assert_eq!(token().await, "old", "nobody waits for the renewal");
        }
        let granted = r#"{"token":{"expires_at":"2199-01-01T00:00:00.000000Z"}}"#;
        let head = format!("HTTP/1.1 201 X\r\nX-Subject-Token: new\r\nContent-Length: {}\r\n\r\n", granted.len());
        stream.write_all([head.as_bytes(), granted.as_bytes()].concat().as_slice()).await.unwrap();
        while token().await != "new" {
            tokio::task::yield_now().await;
        }
        assert_eq!(iam.generation(), 1, "it was one renewal");
    }

    #[test]
    fn the_documented_expiry_is_read() {
        let grant: Grant =
            serde_json::from_str(r#"{"token":{"expires_at":"2020-01-04T09:05:22.701000Z","x":1}}"#).unwrap();
        assert!(humantime::parse_rfc3339(&grant.token.expires_at).is_ok());
    }
}
