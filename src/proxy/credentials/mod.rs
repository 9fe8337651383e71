//! How the proxy shows itself to the service: a fixed token, a user at the identity service, or a key pair.

pub mod iam;
pub mod keys;
pub mod secret;
pub mod signing;
pub mod standing;
pub mod token;
pub mod verdict;

use super::config::Credentials;
use super::metrics::Metrics;
use super::refusal::Refusal;
use super::settings::{Env, Wrong, place, service_url};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use iam::Iam;
use keys::Keys;
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use secret::Secret;
use std::path::PathBuf;
use std::sync::Arc;
use token::FixedToken;
use tokio::sync::OwnedMutexGuard;
use verdict::Verdict;

/// The kind of the credential, with its parts: what settings come to.
#[derive(Debug)]
pub enum Plan {
    /// None is needed.
    Nothing,
    /// A fixed token.
    Token(Secret),
    /// A user at the identity service.
    Iam(iam::User),
    /// An access key and its secret key.
    Keys {
        /// The access key.
        access: Secret,
        /// The secret key.
        secret: Secret,
    },
}

impl Plan {
    /// The kind in a word.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::Token(_) => "token",
            Self::Iam(_) => "iam",
            Self::Keys { .. } => "aksk",
        }
    }
}

/// Finds out which kind of credential is meant; exactly one must be.
///
/// # Errors
/// What is missing, or that there is more than one.
pub fn plan(config: &Credentials, env: Env<'_>) -> Result<Plan, Wrong> {
    let token = secret(env, "BIGKEY_TOKEN", "token_file", config.token_file.as_ref())?;
    let access = secret(env, "BIGKEY_AK", "ak_file", config.ak_file.as_ref())?;
    let key = secret(env, "BIGKEY_SK", "sk_file", config.sk_file.as_ref())?;
    let user = iam_user(config, env)?;
    let wrong = |text: &str| Err(Wrong(format!("credentials: {text}")));
    match (token, access, key, user) {
        (Some(token), None, None, None) => Ok(Plan::Token(token)),
        (None, Some(access), Some(secret), None) => Ok(Plan::Keys { access, secret }),
        (None, None, None, Some(user)) => Ok(Plan::Iam(user)),
        (None, Some(_), None, None) => wrong("there is an access key but no secret key (BIGKEY_SK or BIGKEY_SK_FILE)"),
        (None, None, Some(_), None) => wrong("there is a secret key but no access key (BIGKEY_AK or BIGKEY_AK_FILE)"),
        (None, None, None, None) => wrong(
            "none is given; set BIGKEY_TOKEN, or BIGKEY_AK and BIGKEY_SK, or BIGKEY_IAM_PASSWORD and credentials.iam \
             (each also as a file: …_FILE)",
        ),
        _ => wrong("more than one kind is given (token, access key, IAM user); keep one"),
    }
}

/// A secret from the environment, from the file that the environment names, or from the file that the configuration names
/// under this key.
fn secret(env: Env<'_>, name: &str, key: &str, file: Option<&PathBuf>) -> Result<Option<Secret>, Wrong> {
    let value = env(name).filter(|value| !value.trim().is_empty());
    let value = value
        .map(|value| Secret::value(&value))
        .transpose()
        .map_err(|error| Wrong(format!("credentials: {name}: {error}")))?;
    let env_file = env(&format!("{name}_FILE")).filter(|path| !path.is_empty()).map(PathBuf::from);
    let setting = if env_file.is_some() { format!("{name}_FILE") } else { format!("credentials.{key}") };
    match (value, env_file.as_ref().or(file)) {
        (Some(_), Some(_)) => Err(Wrong(format!("credentials: {name} and {setting} are both set; keep one"))),
        (Some(value), None) => Ok(Some(value)),
        (None, Some(file)) => Secret::file(file.clone()).map(Some).map_err(|error| {
            let place = place(file).unwrap_or("a name that is not shown (a path begins with / or ./)".to_owned());
            Wrong(format!("credentials: {setting}: {place}: {error}"))
        }),
        (None, None) => Ok(None),
    }
}

fn iam_user(config: &Credentials, env: Env<'_>) -> Result<Option<iam::User>, Wrong> {
    let part = |name: &str, configured: Option<&String>| {
        env(name).or_else(|| configured.cloned()).filter(|value| !value.trim().is_empty())
    };
    let iam = config.iam.as_ref();
    let endpoint = part("BIGKEY_IAM_ENDPOINT", iam.map(|iam| &iam.endpoint));
    let user = part("BIGKEY_IAM_USER", iam.map(|iam| &iam.user));
    let domain = part("BIGKEY_IAM_DOMAIN", iam.map(|iam| &iam.domain));
    let project = part("BIGKEY_IAM_PROJECT_ID", iam.map(|iam| &iam.project_id));
    let file = iam.and_then(|iam| iam.password_file.as_ref());
    let password = secret(env, "BIGKEY_IAM_PASSWORD", "iam.password_file", file)?;
    if endpoint.is_none() && user.is_none() && password.is_none() {
        return Ok(None);
    }
    let need = |name: &str| Wrong(format!("credentials.iam: {name} is missing"));
    Ok(Some(iam::User {
        endpoint: service_url(
            "credentials.iam.endpoint",
            &endpoint.ok_or_else(|| need("endpoint (BIGKEY_IAM_ENDPOINT)"))?,
        )?,
        name: user.ok_or_else(|| need("user (BIGKEY_IAM_USER)"))?,
        domain: domain.ok_or_else(|| need("domain (BIGKEY_IAM_DOMAIN)"))?,
        project: project.ok_or_else(|| need("project_id (BIGKEY_IAM_PROJECT_ID)"))?,
        password: password.ok_or_else(|| need("the password (BIGKEY_IAM_PASSWORD or BIGKEY_IAM_PASSWORD_FILE)"))?,
    }))
}

/// The call that a credential is wanted for.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The project asked about.
    pub project: &'a str,
    /// Host and port, as the `Host` header has them.
    pub host: &'a str,
    /// The whole path.
    pub path: &'a str,
    /// The query, with its parameters sorted.
    pub query: &'a str,
}

/// What a credential gives a call, and what it must be told again with the outcome; kept until that is known.
#[derive(Debug)]
pub struct Pass {
    /// Headers for the call, marked as sensitive.
    pub headers: HeaderMap,
    /// Which state of the credential this is.
    generation: u64,
    /// Keeps other calls back until the outcome of this one is known.
    turn: Option<OwnedMutexGuard<()>>,
}

impl Pass {
    fn new(given: impl IntoIterator<Item = (HeaderName, HeaderValue)>, generation: u64) -> Self {
        // With room for the headers that every call has.
        let mut headers = HeaderMap::with_capacity(8);
        headers.extend(given);
        Self { headers, generation, turn: None }
    }

    /// Which state of the credential this is.
    pub fn generation(&self) -> u64 {
        self.generation
    }
}

/// A credential at work.
#[derive(Debug)]
pub enum Credential {
    /// A fixed token.
    Token(FixedToken),
    /// Tokens of the identity service.
    Iam(Arc<Iam>),
    /// Signatures.
    Keys(Keys),
}

impl Credential {
    /// Sets a credential to work, `None` for none.
    pub fn new(plan: Plan, client: &Client, metrics: &Metrics) -> Option<Self> {
        match plan {
            Plan::Nothing => None,
            Plan::Token(secret) => Some(Self::Token(FixedToken::new(secret))),
            Plan::Iam(user) => Some(Self::Iam(Arc::new(Iam::new(user, client.clone(), metrics.clone())))),
            Plan::Keys { access, secret } => Some(Self::Keys(Keys::new(access, secret))),
        }
    }

    /// Gives what one call needs.
    ///
    /// # Errors
    /// Why there is nothing to give.
    pub async fn pass(&self, call: Call<'_>) -> Result<Pass, Refusal> {
        match self {
            Self::Token(token) => token.pass(),
            Self::Iam(iam) => iam.pass().await,
            Self::Keys(keys) => keys.pass(call).await,
        }
    }

    /// Whether this verdict, for a call about this project, says something of the credential. A token of the identity
    /// service is for one project, and good even if it is refused for another.
    pub fn is_judged_by(&self, verdict: Verdict, project: &str) -> bool {
        match (self, verdict) {
            (Self::Iam(iam), Verdict::Refused) => iam.is_for(project),
            _ => true,
        }
    }

    /// Takes note of what an answer said about the credential of this pass.
    pub fn note(&self, pass: &Pass, verdict: Verdict) {
        match (self, verdict) {
            (Self::Iam(iam), Verdict::Accepted) => iam.accepted(pass.generation),
            (Self::Keys(keys), verdict) => keys.note(pass.generation, verdict),
            (Self::Token(_), _) | (Self::Iam(_), Verdict::Refused) => {}
        }
    }

    /// Whether there is another credential than the one of this pass, which was refused: then trying once more has a point.
    pub async fn has_another(&self, pass: Pass) -> bool {
        let Pass { generation, turn, .. } = pass;
        drop(turn);
        match self {
            Self::Token(token) => token.changed(generation),
            Self::Iam(iam) => iam.refused(generation).await,
            Self::Keys(_) => false,
        }
    }

    /// Which state of the credential is in force now.
    pub fn generation(&self) -> u64 {
        match self {
            Self::Token(token) => token.generation(),
            Self::Iam(iam) => iam.generation(),
            Self::Keys(keys) => keys.generation(),
        }
    }

    /// Why the credential cannot work at this time, if that is known without a call.
    pub fn problem(&self) -> Option<&'static str> {
        match self {
            Self::Token(_) => None,
            Self::Iam(iam) => iam.problem(),
            Self::Keys(keys) => keys.problem(),
        }
    }

    /// What does no harm yet, but will when the credential changes.
    pub fn warning(&self) -> Option<&'static str> {
        match self {
            Self::Token(token) => token.warning(),
            Self::Iam(iam) => iam.warning(),
            Self::Keys(keys) => keys.warning(),
        }
    }
}

/// A secret as a header's value that no log shows.
fn sensitive(secret: &SecretString) -> Result<HeaderValue, Refusal> {
    let mut value = HeaderValue::from_str(secret.expose_secret()).map_err(|_| Refusal::Credential)?;
    value.set_sensitive(true);
    Ok(value)
}
