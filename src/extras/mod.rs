//! What the first view does not need, as a wasm module of its own (`src/bin/bigkey-extras.rs`), loaded when a person asks
//! for it.
//!
//! There is no Leptos in it, and what it knows of the list are the element's attributes, which are the truth about what is
//! looked at. Listeners live as long as the elements that they are on.

mod dialog;
mod widgets;

pub mod export;
pub mod form;
pub mod task;

use crate::address::Address;
use crate::format::Formats;
use crate::location;
use crate::messages::Messages;
use crate::time::Instant;
use web_sys::HtmlElement;

/// Where something is asked for, and how it is presented there.
pub struct Place {
    /// The component's outermost element, which has its language and direction.
    view: HtmlElement,
    formats: Formats,
    address: Address,
    /// How far this device's clock is behind the service's, in milliseconds.
    skew: f64,
}

impl Place {
    /// In the component that is `view`, for the element `host`; `skew` milliseconds are to be added to what this device
    /// takes for the time.
    pub fn new(host: &HtmlElement, view: HtmlElement, skew: f64) -> Self {
        let address = location::read_address(host);
        Self { view, formats: Formats::new(&address.presentation), address, skew }
    }

    /// What time it is, by the service's clock where this device's is wrong.
    fn now(&self) -> Instant {
        #[allow(clippy::cast_possible_truncation, reason = "milliseconds since 1970")]
        let now = (js_sys::Date::now() + self.skew) as i64;
        Instant::from_millis(now)
    }

    fn messages(&self) -> &'static Messages {
        self.formats.messages
    }
}
