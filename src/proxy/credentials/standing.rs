//! What is known of a credential from the calls that were made anyway, so that a readiness probe costs none.

use super::verdict::Verdict;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How long an outcome counts.
const COUNTS_FOR: Duration = Duration::from_mins(10);
/// The most projects remembered.
const MOST: usize = 1000;

/// The last outcomes. A token serves one project, and clients choose what they ask about: once it is known what the
/// credential serves, a refusal for something else says nothing of it.
#[derive(Debug, Default)]
pub struct Standing {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Which state of the credential the outcomes are about; of another one there are none.
    generation: u64,
    record: Record,
}

#[derive(Debug)]
enum Record {
    /// No project was served so far; the last refusal, if there was one.
    New(Option<Outcome>),
    /// The projects that were served, also by the states before, and the last outcome for each.
    Serves(HashMap<String, Option<Outcome>>),
}

#[derive(Clone, Copy, Debug)]
struct Outcome {
    at: Instant,
    verdict: Verdict,
}

impl Default for Record {
    fn default() -> Self {
        Self::New(None)
    }
}

impl Standing {
    /// Takes note of an outcome.
    pub fn note(&self, generation: u64, project: &str, verdict: Verdict) {
        let mut known = self.known();
        if known.generation > generation {
            return;
        }
        if known.generation < generation {
            known.generation = generation;
            known.record.forget_outcomes();
        }
        known.record.note(project, Outcome { at: Instant::now(), verdict });
    }

    /// Whether the service accepts this state of the credential; `None` while nothing is known.
    pub fn verdict(&self, generation: u64) -> Option<Verdict> {
        let known = self.known();
        if known.generation == generation { known.record.verdict() } else { None }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    /// Another state of the credential will serve the same projects, if any.
    fn forget_outcomes(&mut self) {
        match self {
            Self::New(refusal) => *refusal = None,
            Self::Serves(projects) => projects.values_mut().for_each(|outcome| *outcome = None),
        }
    }

    fn note(&mut self, project: &str, outcome: Outcome) {
        match (self, outcome.verdict) {
            (Self::New(refusal), Verdict::Refused) => *refusal = Some(outcome),
            (record @ Self::New(_), Verdict::Accepted) => {
                *record = Self::Serves(HashMap::from([(project.to_owned(), Some(outcome))]));
            }
            (Self::Serves(projects), verdict) => {
                if let Some(last) = projects.get_mut(project) {
                    *last = Some(outcome);
                } else if verdict == Verdict::Accepted {
                    if projects.len() >= MOST {
                        projects.retain(|_, outcome| outcome.is_some_and(Outcome::counts));
                    }
                    if projects.len() < MOST {
                        projects.insert(project.to_owned(), Some(outcome));
                    }
                }
            }
        }
    }

    fn verdict(&self) -> Option<Verdict> {
        match self {
            Self::New(refusal) => refusal.filter(|outcome| outcome.counts()).map(|outcome| outcome.verdict),
            Self::Serves(projects) => {
                let counting = projects.values().flatten().filter(|outcome| outcome.counts());
                let mut verdicts = counting.map(|outcome| outcome.verdict).peekable();
                let first = *verdicts.peek()?;
                // One that is served is enough.
                Some(verdicts.find(|verdict| *verdict == Verdict::Accepted).unwrap_or(first))
            }
        }
    }
}

impl Outcome {
    fn counts(self) -> bool {
        self.at.elapsed() < COUNTS_FOR
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::{Accepted, Refused};
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_accepting_project_is_enough_and_outcomes_age() {
        let standing = Standing::default();
        assert_eq!(standing.verdict(0), None);
        standing.note(0, "p", Refused);
        assert_eq!(standing.verdict(0), Some(Refused));
        for project in ["p", "q"] {
            standing.note(0, project, Accepted);
            assert_eq!(standing.verdict(0), Some(Accepted));
        }
        standing.note(0, "q", Refused);
        assert_eq!(standing.verdict(0), Some(Accepted));
        standing.note(0, "p", Refused);
        assert_eq!(standing.verdict(0), Some(Refused));
        tokio::time::advance(COUNTS_FOR).await;
        assert_eq!(standing.verdict(0), None);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_never_served_says_nothing_once_something_was() {
        let standing = Standing::default();
        standing.note(0, "foreign", Refused);
        standing.note(0, "p", Accepted);
        tokio::time::advance(COUNTS_FOR).await;
        standing.note(0, "foreign", Refused);
        assert_eq!(standing.verdict(0), None);
        standing.note(0, "p", Accepted);
        standing.note(1, "foreign", Refused);
        assert_eq!(standing.verdict(1), None, "another token is for the same project");
        standing.note(1, "p", Refused);
        assert_eq!(standing.verdict(1), Some(Refused));
    }

    #[tokio::test]
    async fn a_new_state_of_the_credential_begins_afresh() {
        let standing = Standing::default();
        standing.note(0, "p", Refused);
        assert_eq!(standing.verdict(1), None);
        standing.note(1, "p", Accepted);
        standing.note(0, "p", Refused);
        assert_eq!(standing.verdict(1), Some(Accepted));
    }

    #[tokio::test(start_paused = true)]
    async fn the_projects_remembered_are_bounded() {
        let standing = Standing::default();
        for project in 0..=MOST {
            standing.note(0, &project.to_string(), Accepted);
        }
        let remembered = || match &standing.known().record {
            Record::New(_) => 0,
            Record::Serves(projects) => projects.len(),
        };
        assert_eq!(remembered(), MOST);
        tokio::time::advance(COUNTS_FOR).await;
        standing.note(0, "another", Accepted);
        assert_eq!(remembered(), 1);
    }
}
