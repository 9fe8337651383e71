//! An access key and its secret key: every call is signed.
//!
//! The service locks a key for some minutes after more than five refusals in a row. So a key that has not proved itself
//! yet is tried by one call at a time, and after three refusals it rests.

use super::secret::Secret;
use super::signing::{Request, sign};
use super::verdict::Verdict;
use super::{Call, Pass, sensitive};
use crate::proxy::refusal::Refusal;
use crate::proxy::service::USER_AGENT;
use axum::http::{HeaderName, HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::sync::OwnedMutexGuard;
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

/// What is known of one state of the keys.
#[derive(Debug, Default)]
struct State {
    generation: u64,
    trust: Trust,
}

#[derive(Clone, Copy, Debug)]
enum Trust {
    /// It has not proved itself since it was refused this many times in a row.
    Unproved { refusals: u32 },
    /// The service accepted it, and has not refused it since.
    Proved,
    /// It was refused too often, and is not used before this.
    Resting { until: Instant },
}

impl Default for Trust {
    fn default() -> Self {
        Self::Unproved { refusals: 0 }
    }
}

/// The keys as they are at one time.
struct Pair {
    access: Arc<SecretString>,
    secret: Arc<SecretString>,
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
        let mut turn = None;
        loop {
            // Anew after each wait: the key may have proved itself, rest, or be another one by then.
            let (pair, trust) = self.current();
            match trust {
                Trust::Proved => return pair.pass(call, None),
                Trust::Unproved { .. } if turn.is_some() => return pair.pass(call, turn),
                Trust::Unproved { .. } => turn = Some(Arc::clone(&self.turn).lock_owned().await),
                Trust::Resting { until } => {
                    let left = until.saturating_duration_since(Instant::now());
                    return Err(Refusal::CredentialResting(left.as_secs() + 1));
                }
            }
        }
    }

    /// Which state of the keys is in force now.
    pub fn generation(&self) -> u64 {
        self.current().0.generation
    }

    /// Takes note of what an answer said about this state of the keys. An answer to a call of keys that were replaced
    /// since says nothing about those that are in force.
    pub fn note(&self, generation: u64, verdict: Verdict) {
        let mut state = self.state();
        if state.generation != generation {
            return;
        }
        state.trust = match (state.trust, verdict) {
            // Answers to calls that were under way before.
            (resting @ Trust::Resting { .. }, _) => resting,
            (_, Verdict::Accepted) => Trust::Proved,
            (Trust::Proved, Verdict::Refused) => Trust::Unproved { refusals: 1 },
            (Trust::Unproved { refusals }, Verdict::Refused) if refusals + 1 < PATIENCE => {
                Trust::Unproved { refusals: refusals + 1 }
            }
            (Trust::Unproved { .. }, Verdict::Refused) => {
                tracing::error!("the access key was refused {PATIENCE} times in a row and rests");
                Trust::Resting { until: Instant::now() + REST }
            }
        };
    }

    /// What keeps the keys from working, if known.
    pub fn problem(&self) -> Option<&'static str> {
        let rests = matches!(self.current().1, Trust::Resting { .. });
        rests.then_some("the access key was refused several times and rests")
    }

    /// What will keep the next keys from working.
    pub fn warning(&self) -> Option<&'static str> {
        let unreadable = self.access.is_unreadable() || self.secret.is_unreadable();
        unreadable.then_some("a key file cannot be read, and the last key stays in force")
    }

    /// The keys as they are now, and how far they can be trusted: of another pair than before nothing is known.
    fn current(&self) -> (Pair, Trust) {
        // Both are read while nobody else does, so that a generation is never that of two different pairs.
        let mut state = self.state();
        let (access, one) = self.access.current();
        let (secret, two) = self.secret.current();
        let pair = Pair { access, secret, generation: one + two };
        if state.generation != pair.generation {
            *state = State { generation: pair.generation, trust: Trust::default() };
        }
        if matches!(state.trust, Trust::Resting { until } if until <= Instant::now()) {
            state.trust = Trust::default();
        }
        (pair, state.trust)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pair {
    fn pass(&self, call: Call<'_>, turn: Option<OwnedMutexGuard<()>>) -> Result<Pass, Refusal> {
        let headers = headers(call, &self.access, &self.secret, SystemTime::now())?;
        Ok(Pass { turn, ..Pass::new(headers, self.generation) })
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
            keys.note(0, Verdict::Refused);
        }
        drop(first);
        assert!(matches!(keys.pass(call).await, Err(Refusal::CredentialResting(_))));
        assert!(keys.problem().is_some());
        tokio::time::advance(REST).await;
        let pass = keys.pass(call).await.unwrap();
        keys.note(0, Verdict::Accepted);
        drop(pass);
        let (one, two) = (keys.pass(call).await.unwrap(), keys.pass(call).await.unwrap());
        assert!(one.turn.is_none() && two.turn.is_none(), "a proved key is for everyone");
        assert!(!format!("{one:?}").contains("Signature="));
    }
}
