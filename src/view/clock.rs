//! One clock for all that tells how much time has passed.

use crate::app::App;
use crate::timer::{self, Timer};
use std::cell::RefCell;
use std::rc::Rc;

/// How often it ticks, in milliseconds.
const TICK: u32 = 1000;

/// Calls `tick` every second while somebody can see the page, until the view ends.
pub fn every_second(app: App, tick: impl Fn() + 'static) {
    let clock = Rc::new(Clock { tick: Box::new(tick), next: RefCell::new(None) });
    clock.wait(timer::is_hidden());
    app.keep(clock);
}

struct Clock {
    tick: Box<dyn Fn()>,
    /// Does not keep the clock.
    next: RefCell<Option<Timer>>,
}

impl Clock {
    fn wait(self: &Rc<Self>, hidden: bool) {
        let clock = Rc::downgrade(self);
        let then = move || {
            let Some(clock) = clock.upgrade() else { return };
            let hidden = timer::is_hidden();
            if !hidden {
                (clock.tick)();
            }
            clock.wait(hidden);
        };
        let next = if hidden { Timer::once_seen(then) } else { Timer::after(TICK, then) };
        self.next.replace(Some(next));
    }
}
