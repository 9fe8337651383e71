//! An access key and its secret key: every call is signed.
//!
//! The service locks a key for some minutes after more than five refusals in a row. So a key that has not proved itself
//! yet is tried by one call at a time, and after three refusals it rests.

use super::secret::Secret;
use super::signing::{Request, sign};
use super::{Call, Pass, sensitive};
use crate::proxy::refusal::Refusal;
use crate::proxy::service::USER_AGENT;
use axum::http::{HeaderName, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// Refusals in a row after which the key rests.
const PATIENCE: u32 = 3;
/// How long it rests.
const REST: Duration = Duration::from_mins(5);

/// A key pair.
#[derive(Debug)]
pub struct Keys {
    access: Secret,
    secret: Secret,
    state: Mutex<State>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Default)]
struct State {
    proved: bool,
    refusals: u32,
    rests_until: Option<Instant>,
    generation: u64,
}

impl Keys {
    /// Uses this key pair.
    pub fn new(access: Secret, secret: Secret) -> Self {
        Self { access, secret, state: Mutex::default(), turn: Arc::default() }
    }

    /// A signature for one call.
    ///
    /// # Errors
    /// [`Refusal::CredentialResting`] while the key rests.
    pub async fn pass(&self, call: Call<'_>) -> Result<Pass, Refusal> {
        let turn = if self.state().proved { None } else { Some(Arc::clone(&self.turn).lock_owned().await) };
        let (access, one) = self.access.current();
        let (secret, two) = self.secret.current();
        self.check_rest(one + two)?;
        let mut pass = Pass::new(headers(call, &access, &secret, SystemTime::now())?, one + two);
        // Whoever waited for a turn and finds the key proved needs none any more.
        pass.turn = turn.filter(|_| !self.state().proved);
        Ok(pass)
    }

    /// Which state of the keys is in force now.
    pub fn generation(&self) -> u64 {
        self.access.current().1 + self.secret.current().1
    }

    fn check_rest(&self, generation: u64) -> Result<(), Refusal> {
        let mut state = self.state();
        if state.generation != generation {
            *state = State { generation, ..State::default() };
        }
        let now = Instant::now();
        match state.rests_until {
            Some(until) if until > now => Err(Refusal::CredentialResting((until - now).as_secs() + 1)),
            Some(_) => {
                state.rests_until = None;
                state.refusals = 0;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Takes note of how a call ended.
    pub fn note(&self, refused: bool) {
        let mut state = self.state();
        if refused {
            state.proved = false;
            state.refusals += 1;
            if state.refusals >= PATIENCE && state.rests_until.is_none() {
                tracing::error!("the access key was refused {} times in a row and rests", state.refusals);
                state.rests_until = Some(Instant::now() + REST);
            }
        } else {
            state.proved = true;
            state.refusals = 0;
        }
    }

    /// What keeps the keys from working, if known.
    pub fn problem(&self) -> Option<&'static str> {
        let rests = self.state().rests_until.is_some_and(|until| until > Instant::now());
        if rests {
            return Some("the access key was refused several times and rests");
        }
        (self.access.is_unreadable() || self.secret.is_unreadable()).then_some("a key file cannot be read")
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The headers of a signed call: those that the official SDK sends and signs.
fn headers(
    call: Call<'_>,
    access: &SecretString,
    secret: &SecretString,
    now: SystemTime,
) -> Result<[(HeaderName, HeaderValue); 3], Refusal> {
    let date = sdk_date(now);
    let signed = [
        ("content-type", "application/json"),
        ("host", call.host),
        ("user-agent", USER_AGENT),
        ("x-project-id", call.project),
        ("x-sdk-date", date.as_str()),
    ];
    let request = Request { method: "GET", path: call.path, query: call.query, headers: &signed, date: &date };
    let authorization = SecretString::from(sign(&request, access.expose_secret(), secret.expose_secret().as_bytes()));
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| Refusal::Credential);
    Ok([
        (HeaderName::from_static("x-project-id"), value(call.project)?),
        (HeaderName::from_static("x-sdk-date"), value(&date)?),
        (header::AUTHORIZATION, sensitive(&authorization)?),
    ])
}

/// The time as the signature wants it: `20200615T022118Z`.
fn sdk_date(now: SystemTime) -> String {
    humantime::format_rfc3339_seconds(now).to_string().replace(['-', ':'], "")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by it")]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_unproved_key_is_tried_by_one_and_rests_after_three_refusals() {
        let keys = Keys::new(Secret::value("ak").unwrap(), Secret::value("sk").unwrap());
        let call = Call {
            project: "p",
            host: "127.0.0.1:1",
            path: "/v2/p/instances/i/bigkey-tasks",
            query: "limit=10&offset=0",
        };
        let first = keys.pass(call).await.unwrap();
        assert!(tokio::time::timeout(Duration::from_secs(1), keys.pass(call)).await.is_err(), "the second waits");
        for _ in 0..PATIENCE {
            keys.note(true);
        }
        drop(first);
        assert!(matches!(keys.pass(call).await, Err(Refusal::CredentialResting(_))));
        assert!(keys.problem().is_some());
        tokio::time::advance(REST).await;
        let pass = keys.pass(call).await.unwrap();
        keys.note(false);
        drop(pass);
        let (one, two) = (keys.pass(call).await.unwrap(), keys.pass(call).await.unwrap());
        assert!(one.turn.is_none() && two.turn.is_none(), "a proved key is for everyone");
        assert!(!format!("{one:?}").contains("Signature="));
    }
}
