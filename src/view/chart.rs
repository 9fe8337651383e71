//! The place of the chart of durations, which is drawn once a reader opens it.

use crate::app::{App, effect};
use crate::dom::{element, listen, set_attribute, set_hidden, text};
use crate::storage;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDetailsElement, HtmlElement};

/// A part that opens, and stays open for the next visit.
pub fn chart(app: App) -> HtmlElement {
    let place = element("div", &[("class", "chart")], &[]);
    let summary = text("summary", "", app.messages().chart());
    let part = element("details", &[("part", "chart")], &[&summary, &place]);
    set_attribute(&part, "open", storage::is_on(storage::CHART, false).then_some(""));
    let details: HtmlDetailsElement = part.clone().unchecked_into();
    listen(&part, "toggle", {
        let (details, place) = (details.clone(), place.clone());
        move |_| {
            storage::switch(storage::CHART, details.open());
            if details.open() {
                app.on_demand().show_chart(&place);
            }
        }
    });
    let shown = part.clone();
    effect(move || {
        app.address.track(); // its presentation: how values are formatted
        set_hidden(&shown, app.listing.with(|listing| listing.rows().is_some_and(|loaded| loaded.is_empty())));
        if app.listing.with(|listing| listing.rows().is_some() && !listing.is_loading()) && details.open() {
            app.on_demand().show_chart(&place);
        }
    });
    part
}
