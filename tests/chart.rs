//! The chart of durations: every mark is inside it, and stands for its task.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a test fails by it; the places are exact")]

use bigkey_tasks::chart::Chart;
use bigkey_tasks::model::{Task, TaskStatus};
use bigkey_tasks::time::Instant;
use proptest::prelude::*;

fn task(started: Option<i64>, millis: i64) -> Task {
    let iso = |millis| Instant::from_millis(millis).to_iso();
    Task {
        id: "task".to_owned(),
        scan_type: None,
        status: Some(TaskStatus::Success),
        created_at: None,
        started_at: started.map(iso),
        finished_at: started.map(|started| iso(started + millis)),
    }
}

#[test]
fn marks_stand_by_start_and_duration() {
    let tasks =
        [task(Some(3_000_000), 2_000), task(Some(2_000_000), 1_000), task(None, 0), task(Some(1_000_000), 4_000)];
    let chart = Chart::of(&tasks, Instant::from_millis(9_000_000)).unwrap();
    let places: Vec<_> = chart.marks.iter().map(|mark| (mark.left, mark.height)).collect();
    assert_eq!(places, [(100.0, 50.0), (50.0, 25.0), (0.0, 100.0)]);
    assert_eq!(chart.range, (1_000, 4_000));
    assert_eq!((chart.span.0.millis(), chart.span.1.millis()), (1_000_000, 3_000_000));
    assert_eq!((chart.count(&TaskStatus::Success), chart.count(&TaskStatus::Failed)), (3, 0));
}

#[test]
fn there_is_no_chart_of_nothing_and_one_task_stands_in_the_middle() {
    let now = Instant::from_millis(9_000_000);
    assert_eq!(Chart::of(&[task(None, 0)], now), None);
    let one = [task(Some(0), 0)];
    let chart = Chart::of(&one, now).unwrap();
    assert_eq!(chart.marks.iter().map(|mark| (mark.left, mark.height)).collect::<Vec<_>>(), [(50.0, 0.0)]);
}

proptest! {
    #[test]
    fn every_mark_is_inside(times in prop::collection::vec((any::<i32>(), 0..i64::from(i32::MAX)), 1..20)) {
        let tasks: Vec<_> = times.iter().map(|(start, millis)| task(Some(i64::from(*start) * 1000), *millis)).collect();
        let chart = Chart::of(&tasks, Instant::from_millis(0)).unwrap();
        prop_assert_eq!(chart.marks.len(), tasks.len());
        for mark in &chart.marks {
            prop_assert!((0.0..=100.0).contains(&mark.left) && (0.0..=100.0).contains(&mark.height));
        }
    }
}
