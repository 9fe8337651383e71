//! When to ask again by itself. Pure; the caller owns the timer and the dice.

use crate::address::Refresh;
use crate::api::ApiError;

/// Automatic, while a task on the page is waiting or running, in milliseconds.
pub const OFTEN: u64 = 5_000;

/// Automatic otherwise, in milliseconds.
pub const SELDOM: u64 = 60_000;

/// The longest wait after failures, in milliseconds.
pub const LONGEST: u64 = 300_000;

/// Whether rows of this age, in milliseconds, may be out of date: two refreshes that were due did not come, or nobody
/// asked for ten minutes.
pub fn is_stale(refresh: Refresh, has_active: bool, age: u64) -> bool {
    let interval = interval(refresh, has_active).unwrap_or(LONGEST);
    age > (2 * interval).max(SELDOM)
}

/// The time between two requests when all is well, in milliseconds.
fn interval(refresh: Refresh, has_active: bool) -> Option<u64> {
    match refresh {
        Refresh::Off => None,
        Refresh::Automatic if has_active => Some(OFTEN),
        Refresh::Automatic => Some(SELDOM),
        Refresh::Every(seconds) => Some(u64::from(seconds) * 1000),
    }
}

/// How long to wait before the next request, in milliseconds; `None` if there shall be none.
///
/// `failure` is the latest error and how many there were in a row; `dice` is a random number from 0 to 1 that spreads
/// the readers of a service in trouble. The wait doubles with every failure up to [`LONGEST`], and is never shorter
/// than the service asked for; it is longer than [`LONGEST`] only if the service, or the interval, asks for that. It
/// slows, but never stops by itself.
pub fn delay(refresh: Refresh, has_active: bool, failure: Option<(&ApiError, u32)>, dice: f64) -> Option<u64> {
    let interval = interval(refresh, has_active)?;
    let Some((error, failures)) = failure else { return Some(interval) };
    let longest = LONGEST.max(interval);
    let backed_off =
        if error.forbids_polling() { longest } else { interval.saturating_mul(1 << failures.min(10)).min(longest) };
    let spread = backed_off - share(backed_off / 4, 1.0 - dice);
    // Everybody is told the same, so up to a tenth comes on top.
    let asked = error.retry_after().unwrap_or(0).saturating_mul(1000);
    let asked = asked.saturating_add(share(asked / 10, dice)).min(if asked > longest { u64::MAX } else { longest });
    Some(spread.max(interval).max(asked))
}

/// The part of `whole` that `dice` says.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "within 2^53, or saturates"
)]
fn share(whole: u64, dice: f64) -> u64 {
    ((whole as f64 * dice.clamp(0.0, 1.0)) as u64).min(whole)
}
