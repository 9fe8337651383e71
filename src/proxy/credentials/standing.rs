//! What is known of a credential from the calls that were made anyway, so that a readiness probe costs none.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long an outcome counts.
const COUNTS_FOR: Duration = Duration::from_mins(10);
/// The most projects remembered.
const MOST: usize = 1000;

/// The last outcome for each project. A token serves one project, so a refusal for another does not speak against it:
/// the credential is taken for refused only if it was for every project of late.
#[derive(Debug, Default)]
pub struct Standing {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Which state of the credential this is about; of another one nothing is known.
    generation: u64,
    outcomes: HashMap<String, (Instant, bool)>,
}

impl Standing {
    /// Takes note of an outcome.
    pub fn note(&self, generation: u64, project: &str, accepted: bool) {
        let now = Instant::now();
        let mut known = self.known();
        if known.generation > generation {
            return;
        }
        if known.generation < generation {
            *known = Known { generation, ..Known::default() };
        }
        let outcomes = &mut known.outcomes;
        if let Some(outcome) = outcomes.get_mut(project) {
            *outcome = (now, accepted);
            return;
        }
        if outcomes.len() >= MOST {
            outcomes.retain(|_, (at, _)| at.elapsed() < COUNTS_FOR);
        }
        if outcomes.len() < MOST {
            outcomes.insert(project.to_owned(), (now, accepted));
        }
    }

    /// Whether the service accepts this state of the credential; `None` while nothing is known.
    pub fn accepted(&self, generation: u64) -> Option<bool> {
        let known = self.known();
        let mut outcomes = known.outcomes.values().filter(|(at, _)| at.elapsed() < COUNTS_FOR).peekable();
        if known.generation != generation || outcomes.peek().is_none() {
            return None;
        }
        Some(outcomes.any(|(_, accepted)| *accepted))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_accepting_project_is_enough_and_outcomes_age() {
        let standing = Standing::default();
        assert_eq!(standing.accepted(0), None);
        standing.note(0, "p", false);
        assert_eq!(standing.accepted(0), Some(false));
        standing.note(0, "q", true);
        assert_eq!(standing.accepted(0), Some(true));
        standing.note(0, "q", false);
        assert_eq!(standing.accepted(0), Some(false));
        tokio::time::advance(COUNTS_FOR).await;
        assert_eq!(standing.accepted(0), None);
    }

    #[tokio::test]
    async fn a_new_state_of_the_credential_begins_afresh() {
        let standing = Standing::default();
        standing.note(0, "p", false);
        assert_eq!(standing.accepted(1), None);
        standing.note(1, "p", true);
        standing.note(0, "p", false);
        assert_eq!(standing.accepted(1), Some(true));
    }
}
