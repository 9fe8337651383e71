//! The controls above the table.

use super::select::select;
use crate::address::{Refresh, TimeZone};
use crate::app::{App, effect};
use crate::dom::{button, element, set_attribute, set_text, text};
use crate::messages::fill;
use crate::query::StatusFilter;
use leptos::prelude::*;
use web_sys::HtmlElement;

/// The intervals of auto-refresh that are offered.
const INTERVALS: [Refresh; 5] =
    [Refresh::Automatic, Refresh::Off, Refresh::Every(5), Refresh::Every(30), Refresh::Every(60)];

/// Status filter, time zone, auto-refresh, Refresh, Export, View options and the keyboard shortcuts.
pub fn toolbar(app: App) -> HtmlElement {
    let refresh = button("refresh", app.messages().refresh(), move || app.ask_again());
    let export = button("export", app.messages().export(), move || app.on_demand().open_export());
    let options = button("options", app.messages().options(), move || app.on_demand().open_options());
    let shortcuts = button("shortcuts", "?", move || app.on_demand().open_shortcuts());
    for name in ["aria-label", "title"] {
        set_attribute(&shortcuts, name, Some(app.messages().shortcuts()));
    }
    let controls =
        [status_filter(app), time_zone(app), zone(app), auto_refresh(app), refresh, export, options, shortcuts];
    element("div", &[("class", "toolbar"), ("part", "toolbar")], &controls.each_ref().map(AsRef::as_ref))
}

fn status_filter(app: App) -> HtmlElement {
    let messages = app.messages();
    let offer = move || {
        app.address.track();
        app.listing.track();
        let now = app.controls().status();
        let choice = |filter: StatusFilter| (filter.as_str().to_owned(), messages.filter(filter).to_owned());
        (StatusFilter::EACH.into_iter().map(choice).collect(), now.as_str().to_owned())
    };
    select(messages.status(), offer, move |value| {
        app.go(app.controls().with_status(StatusFilter::parse(&value).unwrap_or_default()));
    })
}

fn time_zone(app: App) -> HtmlElement {
    let messages = app.messages();
    let offer = move || {
        let now = app.address.with(|address| address.presentation.time_zone.clone());
        let mut zones = vec![TimeZone::Local, TimeZone::Utc];
        if !zones.contains(&now) {
            zones.push(now.clone());
        }
        let choice = |zone: TimeZone| {
            let text = match &zone {
                TimeZone::Local => messages.local(),
                TimeZone::Utc => messages.utc(),
                TimeZone::Named(name) => name,
            };
            (zone.value().to_owned(), text.to_owned())
        };
        (zones.into_iter().map(choice).collect(), now.value().to_owned())
    };
    select(messages.time_zone(), offer, move |value| {
        if let Some(zone) = TimeZone::parse(&value, |_| true) {
            app.set_time_zone(&zone);
        }
    })
}

/// Which zone that is, where the choice does not say it.
fn zone(app: App) -> HtmlElement {
    let name = text("span", "zone", "");
    let shown = name.clone();
    effect(move || {
        let local = app.address.with(|address| address.presentation.time_zone == TimeZone::Local);
        set_text(&name, &app.formats().zone().filter(|_| local).unwrap_or_default());
    });
    shown
}

fn auto_refresh(app: App) -> HtmlElement {
    let messages = app.messages();
    let offer = move || {
        let now = app.address.with(|address| address.presentation.refresh);
        let mut intervals = INTERVALS.to_vec();
        if !intervals.contains(&now) {
            intervals.push(now);
        }
        let choice = |interval: Refresh| {
            let text = match interval {
                Refresh::Automatic => messages.auto_refresh_automatic().to_owned(),
                Refresh::Off => messages.auto_refresh_off().to_owned(),
                Refresh::Every(seconds) if seconds % 60 == 0 => {
                    fill(messages.every_minutes(), &[("n", &(seconds / 60).to_string())])
                }
                Refresh::Every(seconds) => fill(messages.every_seconds(), &[("n", &seconds.to_string())]),
            };
            (interval.value(), text)
        };
        (intervals.into_iter().map(choice).collect(), now.value())
    };
    select(messages.auto_refresh(), offer, move |value| app.set_refresh(Refresh::parse(&value).unwrap_or_default()))
}
