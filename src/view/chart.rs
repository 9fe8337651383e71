//! The place of the chart of durations, which is drawn once a reader opens it.

use crate::app::{App, Seen};
use crate::dom::{element, set_attribute, set_hidden, text};
use crate::storage;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDetailsElement, HtmlElement};

/// A part that opens, and stays open for the next visit.
pub fn chart(app: App) -> HtmlElement {
    let place = element("div.chart", &[]);
    let summary = text("summary", app.messages().chart());
    let part = element("details[part=chart]", &[&summary, &place]);
    set_attribute(&part, "open", storage::is_on(storage::CHART, false).then_some(""));
    let details: HtmlDetailsElement = part.clone().unchecked_into();
    app.listen(&part, "toggle", {
        let (details, place) = (details.clone(), place.clone());
        move |_| {
            storage::switch(storage::CHART, details.open());
            if details.open() {
                app.on_demand().show_chart(&place);
            }
        }
    });
    let shown = part.clone();
    let (seen, told) = (Seen::default(), Seen::default());
    app.follow(move || {
        let (listing, formats) = (app.listing(), app.formats());
        let another = seen.is_another(&listing) | told.is_another(&formats);
        set_hidden(&shown, listing.rows().is_some_and(|loaded| loaded.is_empty()));
        if another && listing.rows().is_some() && !listing.is_loading() && details.open() {
            app.on_demand().show_chart(&place);
        }
    });
    part
}
