//! The controls above the table.

use super::button::button;
use super::select::{Offer, select};
use crate::address::{Refresh, TimeZone};
use crate::app::{App, Seen};
use crate::digits::digits;
use crate::dom::{element, set_attribute, set_text, text};
use crate::messages::fill;
use crate::query::StatusFilter;
use web_sys::HtmlElement;

/// The intervals of auto-refresh that are offered.
const INTERVALS: [Refresh; 5] =
    [Refresh::Automatic, Refresh::Off, Refresh::Every(5), Refresh::Every(30), Refresh::Every(60)];

/// Status filter, time zone, auto-refresh, Refresh, Export, View options and the keyboard shortcuts.
pub fn toolbar(app: App) -> HtmlElement {
    let messages = app.messages();
    let shortcuts = button(app, "shortcuts", "?", |app| app.on_demand().open_shortcuts());
    for name in ["aria-label", "title"] {
        set_attribute(&shortcuts, name, Some(messages.shortcuts()));
    }
    let buttons = [
        button(app, "refresh", messages.refresh(), App::ask_again),
        button(app, "export", messages.export(), |app| app.on_demand().open_export()),
        button(app, "options", messages.options(), |app| app.on_demand().open_options()),
        shortcuts,
    ];
    let controls = [
        select(app, messages.status(), offered_filters, choose_filter),
        select(app, messages.time_zone(), offered_zones, choose_zone),
        zone(app),
        select(app, messages.auto_refresh(), offered_intervals, choose_interval),
        element("div.actions", &buttons.each_ref().map(AsRef::as_ref)),
    ];
    element("div.toolbar[part=toolbar]", &controls.each_ref().map(AsRef::as_ref))
}

fn offered_filters(app: App) -> Offer {
    let messages = app.messages();
    let choice = |filter: StatusFilter| (filter.as_str().to_owned(), messages.filter(filter).to_owned());
    (StatusFilter::EACH.into_iter().map(choice).collect(), app.controls().status().as_str().to_owned())
}

fn choose_filter(app: App, value: &str) {
    app.go(app.controls().with_status(StatusFilter::parse(value).unwrap_or_default()));
}

fn offered_zones(app: App) -> Offer {
    let (messages, address) = (app.messages(), app.address());
    let now = &address.presentation.time_zone;
    let choice = |zone: &TimeZone| {
        let text = match zone {
            TimeZone::Local => messages.local(),
            TimeZone::Utc => messages.utc(),
            TimeZone::Named(name) => name,
        };
        (zone.value().to_owned(), text.to_owned())
    };
    let mut zones = vec![choice(&TimeZone::Local), choice(&TimeZone::Utc)];
    if let TimeZone::Named(_) = now {
        zones.push(choice(now));
    }
    (zones, now.value().to_owned())
}

fn choose_zone(app: App, value: &str) {
    if let Some(zone) = TimeZone::parse(value, |_| true) {
        app.set_time_zone(&zone);
    }
}

/// Which zone that is, where the choice does not say it.
fn zone(app: App) -> HtmlElement {
    let name = text("span.zone", "");
    let shown = name.clone();
    let seen = Seen::default();
    app.follow(move || {
        let formats = app.formats();
        if seen.is_another(&formats) {
            let local = app.address().presentation.time_zone == TimeZone::Local;
            set_text(&name, &formats.zone().filter(|_| local).unwrap_or_default());
        }
    });
    shown
}

fn offered_intervals(app: App) -> Offer {
    let messages = app.messages();
    let now = app.address().presentation.refresh;
    let mut intervals = INTERVALS.to_vec();
    if !intervals.contains(&now) {
        intervals.push(now);
    }
    let choice = |interval: Refresh| {
        let text = match interval {
            Refresh::Automatic => messages.auto_refresh_automatic().to_owned(),
            Refresh::Off => messages.auto_refresh_off().to_owned(),
            Refresh::Every(seconds) if seconds % 60 == 0 => {
                fill(messages.every_minutes(), &[("n", &digits(seconds / 60))])
            }
            Refresh::Every(seconds) => fill(messages.every_seconds(), &[("n", &digits(seconds))]),
        };
        (interval.value(), text)
    };
    (intervals.into_iter().map(choice).collect(), now.value())
}

fn choose_interval(app: App, value: &str) {
    app.set_refresh(Refresh::parse(value).unwrap_or_default());
}
