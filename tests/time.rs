//! Instants and durations.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by it"
)]

mod common;

use bigkey_tasks::model::{Task, TaskStatus};
use bigkey_tasks::time::{Clock, Distance, Instant, TaskDuration, Unit, skew};
use proptest::prelude::*;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z.
const FIRST: i64 = -62_167_219_200_000;
const LAST: i64 = 253_402_300_799_999;

fn iso(text: &str) -> Option<String> {
    Instant::parse(text).map(Instant::to_iso)
}

#[test]
fn instants_are_read() {
    for (text, expected) in [
        ("2020-06-15T02:21:18.669Z", "2020-06-15T02:21:18.669Z"),
        ("2020-06-15T02:21:18Z", "2020-06-15T02:21:18.000Z"),
        ("2020-06-15t02:21:18.669z", "2020-06-15T02:21:18.669Z"),
        ("2020-06-15 02:21:18.669Z", "2020-06-15T02:21:18.669Z"),
        (" 2020-06-15T02:21:18.669Z\n", "2020-06-15T02:21:18.669Z"),
        ("2020-06-15T02:21:18.669", "2020-06-15T02:21:18.669Z"),
        ("2020-06-15T02:21:18", "2020-06-15T02:21:18.000Z"),
        ("2020-06-15T02:21:18.6Z", "2020-06-15T02:21:18.600Z"),
        ("2020-06-15T02:21:18,669Z", "2020-06-15T02:21:18.669Z"),
        ("2020-06-15T02:21:18.669999Z", "2020-06-15T02:21:18.669Z"),
        ("2020-06-15T02:21:18.000000001Z", "2020-06-15T02:21:18.000Z"),
        ("2020-06-15T02:21:18.669+00:00", "2020-06-15T02:21:18.669Z"),
        ("2020-06-15T02:21:18.669-00:00", "2020-06-15T02:21:18.669Z"),
        ("2020-06-15T10:21:18.669+08:00", "2020-06-15T02:21:18.669Z"),
        ("2020-06-15T10:21:18.669+0800", "2020-06-15T02:21:18.669Z"),
        ("2020-06-14T20:51:18.669-05:30", "2020-06-15T02:21:18.669Z"),
        ("2020-06-15T23:59:59+23:59", "2020-06-15T00:00:59.000Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
        ("2016-12-31T23:59:60.5Z", "2017-01-01T00:00:00.500Z"),
        ("2020-02-29T00:00:00Z", "2020-02-29T00:00:00.000Z"),
        ("2000-02-29T23:59:59.999Z", "2000-02-29T23:59:59.999Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"),
    ] {
        assert_eq!(iso(text).as_deref(), Some(expected), "{text}");
    }
    assert_eq!(Instant::parse("2020-06-15T02:21:18.669Z").unwrap().millis(), 1_592_187_678_669);
    assert_eq!(Instant::parse("1970-01-01T00:00:00.001Z").unwrap().millis(), 1);
}

#[test]
fn what_is_no_instant_is_none() {
    for text in [
        "",
        " ",
        "null",
        "garbage",
        "0",
        "1592187678669",
        "2020-06-15",
        "2020-06-15T02:21Z",
        "02:21:18Z",
        "2020-06-15T02:21:18.Z",
        "2020-06-15T02:21:18.669ZZ",
        "2020-06-15T02:21:18.669Z x",
        "2020-06-15T02:21:18.669 Z",
        "2020-06-15T02:21:18+",
        "2020-06-15T02:21:18+08",
        "2020-06-15T02:21:18+8:00",
        "2020-06-15T02:21:18+24:00",
        "2020-06-15T02:21:18+08:60",
        "2020-06-15T02:21:18 +08:00",
        "2020-06-15T02:21:18[UTC]",
        "2020-6-15T02:21:18Z",
        "20200615T022118Z",
        "2020/06/15T02:21:18Z",
        "2020-00-15T02:21:18Z",
        "2020-13-15T02:21:18Z",
        "2020-06-00T02:21:18Z",
        "2020-06-31T02:21:18Z",
        "2021-02-29T02:21:18Z",
        "1900-02-29T02:21:18Z",
        "2020-02-30T02:21:18Z",
        "2020-06-15T24:00:00Z",
        "2020-06-15T02:60:18Z",
        "2020-06-15T02:21:61Z",
        "-001-06-15T02:21:18Z",
        "+2020-06-15T02:21:18Z",
        "10000-01-01T00:00:00Z",
        "２０２０-06-15T02:21:18Z",
        "2020-06-15T02:21:18Ｚ",
        "2020-06-15T02:21:1\0Z",
        "Mon, 15 Jun 2020 02:21:18 GMT",
        "Invalid Date",
        "NaN",
    ] {
        assert_eq!(Instant::parse(text), None, "{text:?}");
    }
}

#[test]
fn an_instant_whose_utc_year_has_no_four_digits_is_none() {
    for text in ["0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z"] {
        assert_eq!(Instant::parse(text), None, "{text}");
    }
    assert_eq!(Instant::parse("0000-01-01T00:01:00+00:01").unwrap().millis(), FIRST);
    assert_eq!(Instant::parse("9999-12-31T23:58:59.999-00:01").unwrap().millis(), LAST);
}

fn timed(status: TaskStatus, started_at: Option<&str>, finished_at: Option<&str>) -> Task {
    Task {
        status: Some(status),
        started_at: started_at.map(str::to_owned),
        finished_at: finished_at.map(str::to_owned),
        ..common::task("a")
    }
}

#[test]
fn durations_are_told_only_where_they_are_known() {
    use TaskStatus::{Failed, Other, Running, Success, Waiting};
    const EARLY: Option<&str> = Some("2020-06-15T02:21:23.534Z");
    const LATE: Option<&str> = Some("2020-06-15T02:21:25.588Z");
    let now = Instant::parse("2020-06-15T02:22:23.534Z").unwrap();
    let paused = || Other("paused".to_owned());
    for (status, started, finished, expected) in [
        (Success, EARLY, LATE, TaskDuration::Took(2_054)),
        (Failed, EARLY, LATE, TaskDuration::Took(2_054)),
        (Running, EARLY, LATE, TaskDuration::Took(2_054)),
        (paused(), EARLY, LATE, TaskDuration::Took(2_054)),
        (Success, EARLY, EARLY, TaskDuration::Took(0)),
        (Success, LATE, EARLY, TaskDuration::Unknown),
        (Running, EARLY, None, TaskDuration::Running(60_000)),
        (Running, Some("2020-06-15T03:00:00Z"), None, TaskDuration::Running(0)),
        (Running, Some("garbage"), None, TaskDuration::Unknown),
        (Running, EARLY, Some("garbage"), TaskDuration::Unknown),
        (Running, None, None, TaskDuration::Unknown),
        (Waiting, None, None, TaskDuration::Unknown),
        (Waiting, EARLY, None, TaskDuration::Unknown),
        (Success, EARLY, None, TaskDuration::Unknown),
        (Failed, None, LATE, TaskDuration::Unknown),
        (Failed, None, None, TaskDuration::Unknown),
        (paused(), EARLY, None, TaskDuration::Unknown),
    ] {
        let task = timed(status, started, finished);
        assert_eq!(TaskDuration::of(&task, now), expected, "{task:?}");
    }
    assert_eq!(TaskDuration::of(&Task { status: None, ..timed(Running, EARLY, None) }, now), TaskDuration::Unknown);
}

#[test]
fn a_duration_is_told_in_milliseconds() {
    assert_eq!(TaskDuration::Unknown.millis(), None);
    assert_eq!(TaskDuration::Running(7).millis(), Some(7));
    assert_eq!(TaskDuration::Took(0).millis(), Some(0));
}

#[test]
fn a_clock_rounds_to_whole_seconds_and_carries() {
    for (millis, hours, minutes, seconds) in [
        (0, 0, 0, 0),
        (499, 0, 0, 0),
        (500, 0, 0, 1),
        (59_499, 0, 0, 59),
        (59_500, 0, 1, 0),
        (3_599_500, 1, 0, 0),
        (3_661_000, 1, 1, 1),
        (360_000_000, 100, 0, 0),
    ] {
        assert_eq!(Clock::of_millis(millis), Clock { hours, minutes, seconds }, "{millis}");
    }
}

proptest! {
    #[test]
    fn an_instant_survives_its_text(millis in FIRST..=LAST) {
        let instant = Instant::from_millis(millis);
        prop_assert_eq!(Instant::parse(&instant.to_iso()), Some(instant));
    }

    #[test]
    fn instants_are_written_as_another_library_writes_them(millis in FIRST..=LAST) {
        let other = OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).unwrap();
        let expected = format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            other.year(), u8::from(other.month()), other.day(), other.hour(), other.minute(), other.second(),
            other.millisecond()
        );
        prop_assert_eq!(Instant::from_millis(millis).to_iso(), expected);
    }

    #[test]
    fn instants_are_read_as_another_library_reads_them(
        text in "[0-9]{4}-(0[0-9]|1[0-3])-([0-2][0-9]|3[0-2])T([01][0-9]|2[0-4]):[0-6][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
    ) {
        let other = OffsetDateTime::parse(&text, &Rfc3339)
            .ok()
            .map(|instant| i64::try_from(instant.unix_timestamp_nanos().div_euclid(1_000_000)).unwrap())
            .filter(|millis| (FIRST..=LAST).contains(millis));
        prop_assert_eq!(Instant::parse(&text).map(Instant::millis), other);
    }

    #[test]
    fn reading_an_instant_is_total(text in ".*", like in "[0-9TtZz:+., -]{0,30}") {
        for text in [text, like] {
            if let Some(instant) = Instant::parse(&text) {
                prop_assert!((FIRST..=LAST).contains(&instant.millis()));
            }
        }
    }

    #[test]
    fn no_clock_and_no_pair_of_instants_makes_a_negative_duration(
        started in FIRST..=LAST,
        finished in prop::option::of(FIRST..=LAST),
        now in any::<i64>(),
        running in any::<bool>(),
    ) {
        let status = if running { TaskStatus::Running } else { TaskStatus::Success };
        let text = |millis| Instant::from_millis(millis).to_iso();
        let task = timed(status, Some(&text(started)), finished.map(text).as_deref());
        let expected = match finished {
            Some(finished) => u64::try_from(finished - started).map_or(TaskDuration::Unknown, TaskDuration::Took),
            None if running => TaskDuration::Running(u64::try_from(now.saturating_sub(started)).unwrap_or(0)),
            None => TaskDuration::Unknown,
        };
        prop_assert_eq!(TaskDuration::of(&task, Instant::from_millis(now)), expected);
    }

    #[test]
    fn a_clock_adds_up(millis in any::<u64>()) {
        let Clock { hours, minutes, seconds } = Clock::of_millis(millis);
        prop_assert!(minutes < 60 && seconds < 60);
        let told = u128::from(hours * 3600 + minutes * 60 + seconds) * 1000;
        prop_assert!(told.abs_diff(u128::from(millis)) <= 500);
    }
}

#[test]
fn a_distance_is_told_in_the_unit_that_fits() {
    const SECOND: i64 = 1000;
    const HOUR: i64 = 3_600 * SECOND;
    const DAY: i64 = 24 * HOUR;
    for (millis, value, unit) in [
        (0, 0, Unit::Second),
        (-999, 0, Unit::Second),
        (-12 * SECOND, -12, Unit::Second),
        (-59_999, -59, Unit::Second),
        (-60_000, -1, Unit::Minute),
        (-HOUR + 1, -59, Unit::Minute),
        (-HOUR, -1, Unit::Hour),
        (1 - 2 * DAY, -47, Unit::Hour),
        (-2 * DAY, -2, Unit::Day),
        (1 - 61 * DAY, -60, Unit::Day),
        (-61 * DAY, -2, Unit::Month),
        // A month is 30.4 days, a year 365.25.
        (1 - 912 * DAY / 10, -2, Unit::Month),
        (-912 * DAY / 10, -3, Unit::Month),
        (1 - 731 * DAY, -24, Unit::Month),
        (-731 * DAY, -2, Unit::Year),
        (1 - 3 * 1461 * DAY / 4, -2, Unit::Year),
        (-3 * 1461 * DAY / 4, -3, Unit::Year),
        (90 * SECOND, 1, Unit::Minute),
        (3 * DAY, 3, Unit::Day),
    ] {
        let distance = Distance::of(Instant::from_millis(millis), Instant::from_millis(0));
        assert_eq!((distance.value, distance.unit), (value, unit), "{millis}");
    }
}

#[test]
fn now_is_now_for_a_second() {
    let until = |millis| Distance::of(Instant::from_millis(millis), Instant::from_millis(0)).until.millis();
    assert_eq!([-1_000, -999, -1, 0, 1, 999].map(until), [1_000, 1, 999, 1_000, 1_001, 1_999]);
}

#[test]
fn units_have_the_names_that_a_browser_knows_them_by() {
    let units = [Unit::Second, Unit::Minute, Unit::Hour, Unit::Day, Unit::Month, Unit::Year];
    assert_eq!(units.map(Unit::name), ["second", "minute", "hour", "day", "month", "year"]);
}

#[test]
fn clocks_are_told_to_differ_from_a_minute_on() {
    let served = Some(Instant::from_millis(1_000_000));
    assert_eq!(skew(served, 1_000_000), 0);
    assert_eq!(skew(served, 1_059_999), 0, "an answer may be half a minute on its way");
    assert_eq!(skew(served, 1_060_000), -60_000);
    assert_eq!(skew(served, 0), 1_000_000);
    assert_eq!(skew(None, 5), 0);
}

proptest! {
    /// The text stays right until the moment that is given, and is another one then.
    #[test]
    fn a_distance_holds_until_the_moment_it_names(then in FIRST..=LAST, now in FIRST..=LAST, near in -3_000..=3_000_i64) {
        let now = if near % 2 == 0 { now } else { then + near / 2 };
        let told = |now: i64| {
            let distance = Distance::of(Instant::from_millis(then), Instant::from_millis(now));
            (distance.value, distance.unit, distance.until.millis())
        };
        let (value, unit, until) = told(now);
        prop_assert!(until > now);
        let (value_before, unit_before, _) = told(until - 1);
        prop_assert!((value_before, unit_before) == (value, unit) || unit_before != unit);
        let (value_then, unit_then, _) = told(until);
        prop_assert!((value_then, unit_then) != (value, unit));
    }

    /// Two clocks that agree within a minute are one; else the difference is the whole of it, and never overflows.
    #[test]
    fn a_wrong_clock_is_off_by_what_it_is(served in prop_oneof![any::<i64>(), FIRST..=LAST], now in prop_oneof![any::<i64>(), FIRST..=LAST]) {
        let difference = i128::from(served) - i128::from(now);
        let told = i128::from(skew(Some(Instant::from_millis(served)), now));
        let most = difference.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
        prop_assert_eq!(told, if difference.abs() < 60_000 { 0 } else { most });
    }
}

#[test]
fn seconds_are_told_up_to_an_hour() {
    let told = |millis| Clock::of_millis(millis).told();
    assert_eq!(told(3_599_000), Clock { hours: 0, minutes: 59, seconds: 59 });
    assert_eq!(told(3_791_000), Clock { hours: 1, minutes: 3, seconds: 0 });
}
