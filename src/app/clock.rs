//! What time it is, and how old the rows are.

use super::App;
use crate::time::{self, Instant};
use crate::timer::device_now;

impl App {
    /// What time it is, by the service's clock where this device's is wrong.
    pub fn now(self) -> Instant {
        Instant::from_millis(device_now().saturating_add(self.shared().state.borrow().skew))
    }

    /// How far this device's clock is behind the service's, in milliseconds; 0 where that is not worth a word.
    pub fn skew(self) -> i64 {
        self.shared().state.borrow().skew
    }

    /// How long ago the rows on show were given by the service, in milliseconds.
    pub fn age(self) -> u64 {
        let updated = self.shared().state.borrow().updated;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates, which is meant")]
        let age = (js_sys::Date::now() - updated) as u64;
        age
    }

    /// The rows on show came now, from one whose clock said `served` and who had kept them for `age` seconds.
    pub(super) fn note_arrival(self, served: Option<Instant>, age: u64) {
        #[allow(clippy::cast_precision_loss, reason = "nobody keeps an answer for 2^53 seconds")]
        let (updated, skew) = (js_sys::Date::now() - age as f64 * 1000.0, time::skew(served, device_now()));
        let shared = self.shared();
        let mut state = shared.state.borrow_mut();
        (state.updated, state.skew) = (updated, skew);
    }
}
