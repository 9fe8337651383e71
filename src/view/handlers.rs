//! Event handlers of one type for each event, so that attaching them is compiled once and not once for each closure.

use web_sys::{Event, MouseEvent};

/// A handler of clicks.
pub type Click = Box<dyn FnMut(MouseEvent)>;

/// A handler of `change`.
pub type Change = Box<dyn FnMut(Event)>;

/// Calls `run` for each click.
pub fn click(mut run: impl FnMut() + 'static) -> Click {
    Box::new(move |_| run())
}
