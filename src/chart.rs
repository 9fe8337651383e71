//! Where the marks of the chart of durations are: each task by when it began and how long it took.

use crate::model::{Task, TaskStatus};
use crate::time::{Instant, TaskDuration};

/// A task in the chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark<'a> {
    /// The task.
    pub task: &'a Task,
    /// How long it took, or runs by now, in milliseconds.
    pub millis: u64,
    /// The place from the left, in percent of the chart.
    pub left: f64,
    /// The height, in percent of the chart.
    pub height: f64,
}

/// The marks, and what the edges of the chart stand for.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart<'a> {
    /// The tasks that have a duration, in their order on the page.
    pub marks: Vec<Mark<'a>>,
    /// When the first and the last began.
    pub span: (Instant, Instant),
    /// The shortest and the longest duration, in milliseconds.
    pub range: (u64, u64),
}

impl<'a> Chart<'a> {
    /// The chart of these tasks; `None` if none of them has begun.
    pub fn of(tasks: &'a [Task], now: Instant) -> Option<Self> {
        let timed: Vec<_> = tasks
            .iter()
            .filter_map(|task| {
                let began = Instant::parse(task.started_at.as_deref()?)?;
                Some((task, began, TaskDuration::of(task, now).millis()?))
            })
            .collect();
        let span = (timed.iter().map(|(_, began, _)| *began).min()?, timed.iter().map(|(_, began, _)| *began).max()?);
        let range = (timed.iter().map(|(.., millis)| *millis).min()?, timed.iter().map(|(.., millis)| *millis).max()?);
        let since_first = |instant: Instant| instant.millis().abs_diff(span.0.millis());
        let wide = since_first(span.1);
        let mark = |(task, began, millis): (&'a Task, Instant, u64)| Mark {
            task,
            millis,
            left: share(since_first(began), wide).unwrap_or(50.0),
            height: share(millis, range.1).unwrap_or(0.0),
        };
        Some(Self { marks: timed.into_iter().map(mark).collect(), span, range })
    }

    /// How many of the marks have a status.
    pub fn count(&self, status: &TaskStatus) -> usize {
        self.marks.iter().filter(|mark| mark.task.status.as_ref() == Some(status)).count()
    }
}

/// Percent; `None` of nothing.
fn share(part: u64, whole: u64) -> Option<f64> {
    #[allow(clippy::cast_precision_loss, reason = "the years 0000 to 9999 are 3.2e14 ms, below 2^53")]
    let share = part as f64 / whole as f64 * 100.0;
    (whole > 0).then_some(share.clamp(0.0, 100.0))
}
