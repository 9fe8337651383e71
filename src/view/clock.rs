//! One clock for all that tells how much time has passed.

use crate::timer::{self, Timer};
use leptos::prelude::*;
use std::rc::Rc;

/// How often it ticks, in milliseconds.
const TICK: u32 = 1000;

/// Calls `tick` every second while somebody can see the page, until the current reactive owner ends.
pub fn every_second(tick: impl Fn() + 'static) {
    wait(StoredValue::new_local(None), Rc::new(tick));
}

fn wait(timer: StoredValue<Option<Timer>, LocalStorage>, tick: Rc<dyn Fn()>) {
    let then = move || {
        if !timer::is_hidden() {
            tick();
        }
        wait(timer, tick);
    };
    let next = if timer::is_hidden() { Timer::once_seen(then) } else { Timer::after(TICK, then) };
    timer.set_value(Some(next));
}
