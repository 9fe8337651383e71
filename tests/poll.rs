//! When to ask again.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by it"
)]

use bigkey_tasks::address::Refresh;
use bigkey_tasks::api::{ApiError, Refusal, Unreadable};
use bigkey_tasks::poll::{LONGEST, OFTEN, SELDOM, delay, is_stale};
use proptest::prelude::*;

fn refused(status: u16, retry_after: Option<u64>) -> ApiError {
    ApiError::Refused(Refusal { status, retry_after, ..Refusal::default() })
}

/// The longest wait that the dice allow.
fn after(refresh: Refresh, error: &ApiError, failures: u32) -> u64 {
    delay(refresh, true, Some((error, failures)), 1.0).unwrap()
}

#[test]
fn without_failures_the_interval_is_the_one_asked_for() {
    for dice in [0.0, 0.5, 1.0] {
        assert_eq!(delay(Refresh::Automatic, true, None, dice), Some(OFTEN));
        assert_eq!(delay(Refresh::Automatic, false, None, dice), Some(SELDOM));
        assert_eq!(delay(Refresh::Every(30), true, None, dice), Some(30_000));
        assert_eq!(delay(Refresh::Every(86_400), false, None, dice), Some(86_400_000));
    }
}

#[test]
fn off_is_off_whatever_happens() {
    assert_eq!(delay(Refresh::Off, true, None, 0.5), None);
    assert_eq!(delay(Refresh::Off, true, Some((&refused(429, Some(9)), 3)), 0.5), None);
}

#[test]
fn the_wait_doubles_with_every_failure_up_to_five_minutes() {
    let waits: Vec<_> = (0..12).map(|failures| after(Refresh::Automatic, &ApiError::Network, failures)).collect();
    assert_eq!(
        waits,
        [5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000, 300_000, 300_000, 300_000, 300_000]
    );
    assert_eq!(LONGEST, 300_000);
    assert_eq!(after(Refresh::Every(86_400), &ApiError::Network, 5), 86_400_000);
    assert_eq!(after(Refresh::Automatic, &ApiError::Timeout, u32::MAX), LONGEST);
}

#[test]
fn what_may_do_harm_is_asked_for_as_seldom_as_can_be_from_the_first_failure() {
    for status in [400, 401, 403] {
        assert_eq!(after(Refresh::Automatic, &refused(status, None), 1), LONGEST);
        assert_eq!(after(Refresh::Every(5), &refused(status, None), 1), LONGEST);
    }
    for status in [404, 429, 500, 503] {
        assert_eq!(after(Refresh::Automatic, &refused(status, None), 1), 2 * OFTEN);
    }
}

#[test]
fn retry_after_is_obeyed() {
    let wait = |seconds, dice| delay(Refresh::Automatic, true, Some((&refused(429, Some(seconds)), 1)), dice).unwrap();
    for (seconds, expected) in [(0, 7_500), (7, 7_500), (11, 11_000), (600, 600_000), (u64::MAX, u64::MAX)] {
        assert_eq!(wait(seconds, 0.0), expected, "{seconds}");
    }
}

#[test]
fn the_dice_spread_those_who_were_told_the_same_over_a_tenth_on_top() {
    let wait = |seconds, dice| delay(Refresh::Automatic, true, Some((&refused(503, Some(seconds)), 1)), dice).unwrap();
    assert_eq!((wait(20, 0.0), wait(20, 0.5), wait(20, 1.0)), (20_000, 21_000, 22_000));
    assert_eq!((wait(600, 0.0), wait(600, 1.0)), (600_000, 660_000));
    // Not beyond the longest wait, unless that was asked for.
    assert_eq!((wait(280, 0.5), wait(280, 1.0), wait(300, 1.0)), (294_000, LONGEST, LONGEST));
}

#[test]
fn the_dice_spread_the_wait_over_its_last_quarter() {
    let wait = |dice| delay(Refresh::Automatic, true, Some((&ApiError::Network, 3)), dice).unwrap();
    assert_eq!((wait(0.0), wait(0.5), wait(1.0)), (30_000, 35_000, 40_000));
    assert_eq!((wait(-1.0), wait(7.0)), (30_000, 40_000));
}

fn any_error() -> impl Strategy<Value = ApiError> {
    prop_oneof![
        Just(ApiError::Network),
        Just(ApiError::Timeout),
        Just(ApiError::Unreadable(Unreadable::CutOff)),
        (any::<u16>(), any::<Option<u64>>()).prop_map(|(status, retry_after)| refused(status, retry_after)),
    ]
}

proptest! {
    /// Rows do not get younger, and nobody who is refreshed in time is told that they are old.
    #[test]
    fn rows_out_of_date_stay_so(seconds in prop::option::of(5..=86_400_u32), active in any::<bool>(), a: u32, b: u32) {
        let refresh = seconds.map_or(Refresh::Automatic, Refresh::Every);
        let (young, old) = (u64::from(a.min(b)), u64::from(a.max(b)));
        prop_assert!(is_stale(refresh, active, old) || !is_stale(refresh, active, young));
        prop_assert!(!is_stale(refresh, active, delay(refresh, active, None, 1.0).unwrap()));
    }

    #[test]
    fn it_never_stops_and_never_hurries(
        seconds in prop::option::of(5..=86_400_u32),
        active in any::<bool>(),
        error in any_error(),
        failures in any::<u32>(),
        dice in any::<f64>(),
    ) {
        let refresh = seconds.map_or(Refresh::Automatic, Refresh::Every);
        let interval = delay(refresh, active, None, dice).unwrap();
        let wait = delay(refresh, active, Some((&error, failures)), dice).unwrap();
        let asked = error.retry_after().unwrap_or(0).saturating_mul(1000);
        prop_assert!(wait >= interval && wait >= asked);
        let longest = LONGEST.max(interval);
        let most = if asked > longest { asked.saturating_add(asked / 10) } else { longest };
        prop_assert!(wait <= most);
    }

    #[test]
    fn more_failures_never_shorten_the_wait(error in any_error(), failures in 0..100_u32, dice in 0.0..=1.0_f64) {
        let wait = |failures| delay(Refresh::Automatic, true, Some((&error, failures)), dice);
        prop_assert!(wait(failures) <= wait(failures + 1));
    }
}

#[test]
fn rows_are_out_of_date_when_two_refreshes_did_not_come() {
    assert!(!is_stale(Refresh::Every(60), false, 120_000));
    assert!(is_stale(Refresh::Every(60), false, 120_001));
    assert!(!is_stale(Refresh::Automatic, true, 60_000), "not for every short pause");
    assert!(is_stale(Refresh::Automatic, true, 60_001));
    assert!(!is_stale(Refresh::Off, true, 600_000));
    assert!(is_stale(Refresh::Off, true, 600_001));
}
