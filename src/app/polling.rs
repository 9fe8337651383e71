//! Asking again by itself.

use super::App;
use crate::address::Refresh;
use crate::listing::Listing;
use crate::poll;
use crate::timer::{self, Timer};

/// How often it is looked whether the network is back, in milliseconds.
const OFFLINE_CHECK: u32 = 1000;

impl App {
    /// Sets the timer of auto-refresh, unless a request is under way. One that is set already, for the same choice, runs
    /// on: whatever else changes, another time zone or theme, does not put it off.
    pub(super) fn schedule(self, refresh: Refresh) {
        let listing = self.listing();
        let failures = {
            let shared = self.shared();
            let state = shared.state.borrow();
            if state.next_poll.as_ref().is_some_and(|(set_for, _)| *set_for == refresh) {
                return;
            }
            state.failures
        };
        let active = listing.rows().is_some_and(|rows| rows.has_active());
        let failure = listing.error().map(|error| (error, failures));
        let settled = !matches!(*listing, Listing::Unasked | Listing::Loading { .. });
        let delay = settled.then(|| poll::delay(refresh, active, failure, js_sys::Math::random())).flatten();
        // What failed for want of a network is asked for as soon as there is one.
        let delay = delay.map(|millis| if listing.error().is_some() && timer::is_offline() { 0 } else { millis });
        self.set_next_poll(delay.map(|millis| {
            let millis = u32::try_from(millis).unwrap_or(u32::MAX >> 1);
            (refresh, Timer::after(millis, move || self.ask_when_seen(refresh)))
        }));
    }

    /// Another timer than before, or none. The one before ends while nothing is borrowed: what ends it is the host's to
    /// replace.
    pub(super) fn set_next_poll(self, next: Option<(Refresh, Timer)>) {
        let before = std::mem::replace(&mut self.shared().state.borrow_mut().next_poll, next);
        drop(before);
    }

    /// Asks again by itself: at once if somebody can see the page and it has a network, else once that is so.
    fn ask_when_seen(self, refresh: Refresh) {
        let wait = if timer::is_hidden() {
            Timer::once_seen(move || self.ask_when_seen(refresh))
        } else if timer::is_offline() {
            Timer::after(OFFLINE_CHECK, move || self.ask_when_seen(refresh))
        } else {
            return self.ask();
        };
        self.set_next_poll(Some((refresh, wait)));
    }
}
