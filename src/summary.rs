//! What the tasks on show say together: what runs, what ended last, and how long it usually takes. Pure.

use crate::model::{Task, TaskStatus};
use crate::time::{Instant, TaskDuration};

/// How many tasks have to have ended before anything is called usual.
const ENOUGH: usize = 3;

/// How much longer than usual is slow.
const SLOW: u64 = 2;

/// What is never slow, in milliseconds: among short runs, twice as long means nothing.
const TRIFLE: u64 = 10_000;

/// The greatest number of steps that a bar has.
pub const STEPS: u8 = 10;

/// Of which tasks a summary speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// Of every task under the filter.
    All,
    /// Of those on this page; there are others.
    #[default]
    Page,
}

/// What the tasks on show say together. It speaks of no other task: the service promises no order, so even the newest
/// may be on another page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Of which tasks.
    pub scope: Scope,
    /// How many are running.
    pub running: usize,
    /// How many are waiting.
    pub waiting: usize,
    /// When the last successful one ended.
    pub last_success: Option<Instant>,
    /// When the last failed one ended.
    pub last_failed: Option<Instant>,
    /// How long they took.
    pub scale: Scale,
}

impl Summary {
    /// Of these tasks.
    pub fn of(tasks: &[Task], scope: Scope) -> Self {
        let mut summary = Self { scope, scale: Scale::of(tasks), ..Self::default() };
        for task in tasks {
            match task.status {
                Some(TaskStatus::Running) => summary.running += 1,
                Some(TaskStatus::Waiting) => summary.waiting += 1,
                Some(TaskStatus::Success) => summary.last_success = summary.last_success.max(ended(task)),
                Some(TaskStatus::Failed) => summary.last_failed = summary.last_failed.max(ended(task)),
                Some(TaskStatus::Other(_)) | None => {}
            }
        }
        summary
    }
}

/// When a task ended, or if it does not say, when it began.
fn ended(task: &Task) -> Option<Instant> {
    let times = [&task.finished_at, &task.started_at, &task.created_at];
    times.into_iter().find_map(|time| time.as_deref().and_then(Instant::parse))
}

/// By what the durations of a page are measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scale {
    /// The longest of those that have ended, in milliseconds.
    longest: u64,
    /// How long a successful one usually takes, in milliseconds: the median, where there are enough.
    pub usual: Option<u64>,
}

impl Scale {
    /// Of these tasks.
    pub fn of(tasks: &[Task]) -> Self {
        let mut longest = 0;
        // In order. Kept so by insertion: at most a page of them, and no sort has to be downloaded.
        let mut successful = Vec::new();
        for task in tasks {
            let TaskDuration::Took(millis) = TaskDuration::of(task, Instant::from_millis(0)) else { continue };
            longest = longest.max(millis);
            if task.status == Some(TaskStatus::Success) {
                successful.insert(successful.partition_point(|each| *each < millis), millis);
            }
        }
        let usual = successful.get(successful.len() / 2).filter(|_| successful.len() >= ENOUGH).copied();
        Self { longest, usual }
    }

    /// The length of a duration's bar, from 1 to [`STEPS`]; 0 if there is nothing to compare with.
    pub fn bar(self, millis: u64) -> u8 {
        if self.longest == 0 {
            return 0;
        }
        let steps = millis.saturating_mul(u64::from(STEPS)).div_ceil(self.longest);
        u8::try_from(steps).unwrap_or(STEPS).clamp(1, STEPS)
    }

    /// Whether a duration is much longer than usual.
    pub fn is_slow(self, millis: u64) -> bool {
        self.usual.is_some_and(|usual| millis > usual.saturating_mul(SLOW) && millis > usual + TRIFLE)
    }
}
