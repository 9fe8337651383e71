//! One clock for all that tells how much time has passed.

use crate::app::App;
use crate::timer::{self, Recurring};
use std::rc::{Rc, Weak};

/// How often it ticks, in milliseconds.
const TICK: u32 = 1000;

/// Calls `tick` every second while somebody can see the page, until the view ends.
pub fn every_second(app: App, tick: impl Fn() + 'static) {
    let clock = Rc::new_cyclic(|clock: &Weak<Recurring>| {
        let clock = clock.clone();
        Recurring::new(move || {
            let Some(clock) = clock.upgrade() else { return };
            let hidden = timer::is_hidden();
            if !hidden {
                tick();
            }
            wait(&clock, hidden);
        })
    });
    wait(&clock, timer::is_hidden());
    app.keep(clock);
}

fn wait(clock: &Recurring, hidden: bool) {
    if hidden {
        clock.once_seen();
    } else {
        clock.after(TICK);
    }
}
