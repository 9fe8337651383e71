//! What the tasks on show say together.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by it"
)]

mod common;

use bigkey_tasks::listing::{Listing, Loaded, Outcome};
use bigkey_tasks::model::{Task, TaskPage, TaskStatus};
use bigkey_tasks::query::TaskQuery;
use bigkey_tasks::summary::{STEPS, Scale, Scope, Summary};
use bigkey_tasks::time::{Instant, TaskDuration};
use common::{request, task};
use proptest::prelude::*;
use std::rc::Rc;

fn loaded(query: TaskQuery, page: TaskPage) -> Rc<Loaded> {
    match Listing::default().answered(&request(query), Ok(Rc::new(page))) {
        Outcome::Show(Listing::Loaded(loaded)) => loaded,
        other => panic!("{other:?}"),
    }
}

fn summary(records: Vec<Task>, count: u64) -> Summary {
    loaded(TaskQuery::default(), TaskPage { count: Some(count), records, ..TaskPage::default() }).summary
}

/// A task that ended at this second of an hour, after so many.
fn took(status: TaskStatus, at: u64, seconds: u64) -> Task {
    let instant = |second: u64| Some(format!("2026-01-01T00:{:02}:{:02}.000Z", second / 60, second % 60));
    Task { status: Some(status), started_at: instant(at - seconds), finished_at: instant(at), ..task(&at.to_string()) }
}

#[test]
fn it_counts_what_runs_and_finds_what_ended_last_in_whatever_order() {
    let summary = summary(
        vec![
            took(TaskStatus::Success, 100, 10),
            took(TaskStatus::Failed, 300, 10),
            Task { status: Some(TaskStatus::Running), ..task("r") },
            took(TaskStatus::Success, 200, 20),
            Task { status: Some(TaskStatus::Waiting), ..task("w") },
            Task { status: None, ..task("?") },
        ],
        6,
    );
    assert_eq!((summary.running, summary.waiting), (1, 1));
    assert_eq!(summary.last_success, Instant::parse("2026-01-01T00:03:20Z"));
    assert_eq!(summary.last_failed, Instant::parse("2026-01-01T00:05:00Z"));
    assert_eq!(summary.scale.usual, None, "two are not enough to call anything usual");
}

#[test]
fn it_has_the_scale_of_its_tasks() {
    let tasks: Vec<_> = [20, 10, 90].map(|seconds| took(TaskStatus::Success, 100 + seconds, seconds)).into();
    let summary = summary(tasks.clone(), 3);
    assert_eq!(summary.scale, Scale::of(&tasks));
    assert_eq!(summary.scale.usual, Some(20_000), "milliseconds");
}

#[test]
fn it_says_all_only_of_all() {
    let three = || (1..=3).map(|at| took(TaskStatus::Success, at * 100, 10)).collect::<Vec<_>>();
    assert_eq!(summary(three(), 3).scope, Scope::All);
    let full = (1..=10).map(|at| took(TaskStatus::Success, at * 100, 10)).collect::<Vec<_>>();
    assert_eq!(summary(full, 11).scope, Scope::Page);
    let second = TaskQuery::default().at(10);
    let page = TaskPage { count: Some(13), records: three(), ..TaskPage::default() };
    assert_eq!(loaded(second, page).summary.scope, Scope::Page);
}

#[test]
fn a_failed_task_that_never_started_still_counts_as_failed_then() {
    let failed = Task {
        status: Some(TaskStatus::Failed),
        created_at: Some("2026-01-01T00:00:00Z".to_owned()),
        finished_at: Some("garbage".to_owned()),
        ..task("f")
    };
    assert_eq!(summary(vec![failed], 1).last_failed, Instant::parse("2026-01-01T00:00:00Z"));
}

#[test]
fn a_run_is_slow_by_the_usual_one_and_not_by_a_trifle() {
    let tasks: Vec<_> = [60, 60, 70, 300].map(|seconds| took(TaskStatus::Success, 1000, seconds)).into();
    let scale = Scale::of(&tasks);
    assert!(scale.is_slow(300_000));
    assert!(!scale.is_slow(140_000), "exactly twice the usual");
    assert!(scale.is_slow(140_001));
    let short: Vec<_> = [1, 1, 1, 9].map(|seconds| took(TaskStatus::Success, 1000, seconds)).into();
    assert!(!Scale::of(&short).is_slow(9_000));
    assert!(!Scale::of(&short).is_slow(11_000), "ten seconds more than usual are a trifle");
    assert!(Scale::of(&short).is_slow(11_001));
    assert!(!Scale::of(&tasks[..2]).is_slow(u64::MAX), "nothing is usual yet");
    assert_eq!(Scale::default().bar(5), 0);
}

proptest! {
    #[test]
    fn a_bar_has_at_least_one_step_and_grows_with_the_duration(
        durations in proptest::collection::vec(0_u64..3000, 1..20), a: u64, b: u64,
    ) {
        let tasks: Vec<_> = durations.iter().map(|seconds| took(TaskStatus::Success, 3000, *seconds)).collect();
        let scale = Scale::of(&tasks);
        let longest = durations.iter().max().unwrap() * 1000;
        let (low, high) = (a.min(b), a.max(b));
        prop_assert!(scale.bar(low) <= scale.bar(high));
        if longest > 0 {
            prop_assert!((1..=STEPS).contains(&scale.bar(a)));
            prop_assert_eq!(scale.bar(longest), STEPS);
        }
    }

    /// Whatever the tasks are: what is counted is there, the usual duration is the median of three or more, and a run
    /// that is slow stays slow when it takes longer.
    #[test]
    fn a_summary_is_true_of_any_tasks(
        tasks in proptest::collection::vec(any_task(), 0..30), count in any::<Option<u16>>(), a: u64, b: u64,
    ) {
        let counted = |status: TaskStatus| tasks.iter().filter(|task| task.status.as_ref() == Some(&status)).count();
        let (running, waiting) = (counted(TaskStatus::Running), counted(TaskStatus::Waiting));
        let page = TaskPage { count: count.map(u64::from), records: tasks.clone(), ..TaskPage::default() };
        let summary = loaded(TaskQuery::default().with_limit(30), page).summary;
        prop_assert_eq!((summary.running, summary.waiting), (running, waiting));
        for (last, status) in [(summary.last_success, TaskStatus::Success), (summary.last_failed, TaskStatus::Failed)] {
            let has_time = |task: &&Task| [&task.created_at, &task.started_at, &task.finished_at].into_iter().flatten().any(|time| Instant::parse(time).is_some());
            prop_assert_eq!(last.is_some(), tasks.iter().filter(|task| task.status == Some(status.clone())).any(|task| has_time(&task)));
        }
        let took = |task: &Task| match TaskDuration::of(task, Instant::from_millis(0)) {
            TaskDuration::Took(millis) if task.status == Some(TaskStatus::Success) => Some(millis),
            _ => None,
        };
        let all: Vec<_> = tasks.iter().filter_map(took).collect();
        prop_assert_eq!(summary.scale.usual.is_some(), all.len() >= 3);
        if let Some(usual) = summary.scale.usual {
            prop_assert!(all.contains(&usual));
            prop_assert!(all.iter().filter(|millis| **millis < usual).count() <= all.len() / 2);
            prop_assert!(all.iter().filter(|millis| **millis > usual).count() <= all.len() / 2);
        }
        let scale = Scale::of(&tasks);
        prop_assert!(scale.is_slow(a.max(b)) || !scale.is_slow(a.min(b)));
    }
}

fn any_task() -> impl Strategy<Value = Task> {
    let time = || {
        proptest::option::of(prop_oneof![
            8 => (0..100_000_i64).prop_map(|seconds| Instant::from_millis(seconds * 1000).to_iso()),
            1 => "[0-9:TZ-]{0,24}",
        ])
    };
    let status = proptest::option::of(proptest::sample::select(vec![
        "waiting", "running", "success", "success", "success", "failed", "paused",
    ]));
    (status, time(), time(), time()).prop_map(|(status, created_at, started_at, finished_at)| Task {
        status: status.map(TaskStatus::from),
        created_at,
        started_at,
        finished_at,
        ..task("t")
    })
}
