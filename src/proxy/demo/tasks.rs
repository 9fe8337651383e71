//! The tasks of the demo instance: nightly ones, and manual ones that move on while one looks.

use super::Millis;
use crate::model::{ScanType, Task, TaskStatus};
use std::time::{Duration, UNIX_EPOCH};

/// How many tasks the demo instance always holds.
pub const TOTAL: usize = 42;
/// How many manual tasks that have ended stay in the list.
const MANUAL_KEPT: usize = 6;

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// The schedule of the nightly task.
const NIGHTLY_AT: u64 = 21 * HOUR;
/// Manual tasks come in two lanes; each lane starts one task in this time.
const LANE_PERIOD: u64 = 90 * SECOND;

/// The record of the documented example, for ever the oldest.
pub fn example() -> Task {
    Task {
        id: "858ee14c-2271-4489-8b82-7bda7459ae3e".to_owned(),
        scan_type: Some(ScanType::Manual),
        status: Some(TaskStatus::Success),
        created_at: Some("2020-06-15T02:21:18.669Z".to_owned()),
        started_at: Some("2020-06-15T02:21:23.534Z".to_owned()),
        finished_at: Some("2020-06-15T02:21:25.588Z".to_owned()),
    }
}

/// The life of one task, of which `now` shows a part.
struct Life {
    id: String,
    scan_type: ScanType,
    created: Millis,
    started: Millis,
    finished: Millis,
    fails: Option<Failure>,
}

/// Which instants a failed task has.
#[derive(Clone, Copy)]
enum Failure {
    Complete,
    NeverStarted,
    NeverFinished,
}

impl Life {
    fn is_over(&self, now: Millis) -> bool {
        self.finished <= now
    }

    fn at(self, now: Millis) -> Task {
        let (status, started, finished) = match self.fails {
            _ if now < self.started => (TaskStatus::Waiting, None, None),
            _ if now < self.finished => (TaskStatus::Running, Some(self.started), None),
            None => (TaskStatus::Success, Some(self.started), Some(self.finished)),
            Some(Failure::Complete) => (TaskStatus::Failed, Some(self.started), Some(self.finished)),
            Some(Failure::NeverStarted) => (TaskStatus::Failed, None, Some(self.finished)),
            Some(Failure::NeverFinished) => (TaskStatus::Failed, Some(self.started), None),
        };
        Task {
            id: self.id,
            scan_type: Some(self.scan_type),
            status: Some(status),
            created_at: Some(instant(self.created)),
            started_at: started.map(instant),
            finished_at: finished.map(instant),
        }
    }
}

/// An instant in the service's format.
pub fn instant(millis: Millis) -> String {
    humantime::format_rfc3339_millis(UNIX_EPOCH + Duration::from_millis(millis)).to_string()
}

/// A generator for one task: the same for the same seed and key.
pub fn random(seed: u64, kind: u64, key: u64) -> fastrand::Rng {
    let mut first = fastrand::Rng::with_seed(seed ^ kind.rotate_left(32));
    fastrand::Rng::with_seed(first.u64(..) ^ key.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// A task ID in the form of a UUID.
pub fn uuid(random: &mut fastrand::Rng) -> String {
    let bits = random.u128(..);
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        (bits >> 96) & 0xffff_ffff,
        (bits >> 80) & 0xffff,
        (bits >> 64) & 0xfff,
        ((bits >> 48) & 0x3fff) | 0x8000,
        bits & 0xffff_ffff_ffff,
    )
}

/// The nightly task of a day, counted from 1970.
fn nightly(seed: u64, day: u64) -> Life {
    let mut random = random(seed, 1, day);
    let id = uuid(&mut random);
    let created = day * DAY + NIGHTLY_AT + random.u64(200..4 * SECOND);
    let started = created + random.u64(2 * SECOND..40 * SECOND);
    let lasts = if day % 29 == 3 { random.u64(3 * HOUR..4 * HOUR) } else { random.u64(2 * MINUTE..40 * MINUTE) };
    let fails = match day % 21 {
        5 => Some(Failure::Complete),
        11 => Some(Failure::NeverStarted),
        17 => Some(Failure::NeverFinished),
        _ => None,
    };
    Life { id, scan_type: ScanType::Auto, created, started, finished: started + lasts, fails }
}

/// A manual task: the `turn`th of its lane. The lanes are half a period apart, so that nearly always one task runs
/// and one waits. Turn 1000 starts 20 s after the demo does.
fn manual(seed: u64, start: Millis, lane: u64, turn: u64) -> Life {
    let mut random = random(seed, 2 + lane, turn);
    let id = uuid(&mut random);
    let started =
        (start + 20 * SECOND + lane * LANE_PERIOD / 2 + turn * LANE_PERIOD).saturating_sub(1000 * LANE_PERIOD);
    let created = started - random.u64(60 * SECOND..85 * SECOND);
    let lasts = random.u64(72 * SECOND..88 * SECOND);
    let fails = (turn % 5 == 3).then_some(Failure::Complete);
    Life { id, scan_type: ScanType::Manual, created, started, finished: started + lasts, fails }
}

/// All tasks of the demo instance at this time, the newest first: exactly [`TOTAL`].
pub fn tasks(seed: u64, start: Millis, now: Millis) -> Vec<Task> {
    let turns = 1000 + now.saturating_sub(start) / LANE_PERIOD;
    let mut lives: Vec<Life> = (turns.saturating_sub(6)..=turns + 2)
        .flat_map(|turn| [manual(seed, start, 0, turn), manual(seed, start, 1, turn)])
        .filter(|life| life.created <= now)
        .collect();
    lives.sort_by_key(|life| std::cmp::Reverse(life.created));
    let mut over = 0;
    lives.retain(|life| {
        over += usize::from(life.is_over(now));
        !life.is_over(now) || over <= MANUAL_KEPT
    });
    let nights = (TOTAL - 1).saturating_sub(lives.len());
    let today = now / DAY;
    lives.extend((0..=today).rev().map(|day| nightly(seed, day)).filter(|life| life.created <= now).take(nights));
    lives.sort_by_key(|life| std::cmp::Reverse(life.created));
    lives.into_iter().map(|life| life.at(now)).chain([example()]).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by it")]
mod tests {
    use super::*;
    use std::collections::{HashMap, HashSet};

    const START: Millis = 1_764_000_000_000;

    #[test]
    fn same_seed_same_data() {
        assert_eq!(tasks(7, START, START + 5000), tasks(7, START, START + 5000));
        assert_ne!(tasks(7, START, START), tasks(8, START, START));
    }

    #[test]
    fn every_second_of_three_hours_holds_what_the_demo_promises() {
        let (mut waiting, mut running) = (0, 0);
        for second in 0..3 * 3600 {
            let tasks = tasks(1, START, START + second * SECOND);
            assert_eq!(tasks.len(), TOTAL);
            assert_eq!(tasks.last(), Some(&example()));
            assert!(tasks.is_sorted_by(|newer, older| newer.created_at >= older.created_at), "newest first");
            assert_eq!(tasks.iter().map(|task| &task.id).collect::<HashSet<_>>().len(), TOTAL, "IDs are unique");
            let has = |status: &TaskStatus| tasks.iter().any(|task| task.status.as_ref() == Some(status));
            assert!(has(&TaskStatus::Success) && has(&TaskStatus::Failed));
            waiting += u64::from(has(&TaskStatus::Waiting));
            running += u64::from(has(&TaskStatus::Running));
            for task in &tasks {
                let (created, started, finished) = (&task.created_at, &task.started_at, &task.finished_at);
                assert!(started.is_none() || created <= started, "{task:?}");
                assert!(finished.is_none() || started <= finished, "{task:?}");
            }
        }
        assert!(waiting > 3 * 3600 * 9 / 10, "a task nearly always waits: {waiting}");
        assert!(running > 3 * 3600 * 9 / 10, "a task nearly always runs: {running}");
    }

    #[test]
    fn tasks_only_move_forward() {
        let rank = |task: &Task| match task.status.as_ref().unwrap() {
            TaskStatus::Waiting => 0,
            TaskStatus::Running => 1,
            _ => 2,
        };
        let mut last: HashMap<String, (i32, Task)> = HashMap::new();
        let mut ended = 0;
        for second in 0..1200 {
            for task in tasks(1, START, START + second * SECOND) {
                let now = rank(&task);
                if let Some((before, old)) = last.insert(task.id.clone(), (now, task.clone())) {
                    assert!(now >= before, "{old:?} became {task:?}");
                    assert_eq!(old.created_at, task.created_at);
                    assert!(old.started_at.is_none() || old.started_at == task.started_at);
                    ended += i32::from(now == 2 && before == 1);
                }
            }
        }
        assert!(ended > 10, "{ended} tasks ended before our eyes");
    }

    #[test]
    fn failed_tasks_lack_one_instant_or_the_other() {
        let tasks = tasks(1, START, START);
        let failed: Vec<_> = tasks.iter().filter(|task| task.status == Some(TaskStatus::Failed)).collect();
        assert!(failed.iter().any(|task| task.started_at.is_none()));
        assert!(failed.iter().any(|task| task.finished_at.is_none() && task.started_at.is_some()));
    }
}
