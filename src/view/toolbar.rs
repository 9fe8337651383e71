//! The controls above the table.

use crate::address::{Refresh, TimeZone};
use crate::app::App;
use crate::messages::fill;
use crate::query::StatusFilter;
use leptos::prelude::*;

/// The intervals of auto-refresh that are offered.
const INTERVALS: [Refresh; 5] =
    [Refresh::Automatic, Refresh::Off, Refresh::Every(5), Refresh::Every(30), Refresh::Every(60)];

/// Status filter, time zone, auto-refresh, and Refresh.
pub fn toolbar(app: App) -> impl IntoView {
    view! {
        <div class="toolbar" part="toolbar">
            {status_filter(app)}
            {time_zone(app)}
            {auto_refresh(app)}
            <button type="button" class="refresh" part="button" on:click=move |_| app.ask_again()>
                {move || app.messages().refresh}
            </button>
        </div>
    }
}

/// A choice of a select: value, text, and whether it is the one in force.
pub type Choice = (String, String, bool);

/// A labelled select. Which choice is in force is told by `choices`, and only by it.
pub fn select(
    label: impl Fn() -> &'static str + Send + Copy + 'static,
    choices: impl Fn() -> Vec<Choice> + Send + Sync + Copy + 'static,
    chosen: impl Fn(String) + 'static,
) -> impl IntoView {
    let choices = Memo::new(move |_| choices());
    let value = move || {
        choices.with(|choices| choices.iter().find(|(.., on)| *on).map(|(value, ..)| value.clone()).unwrap_or_default())
    };
    view! {
        <label class="field">
            <span>{label}</span>
            <select part="select" prop:value=value on:change=move |event| chosen(event_target_value(&event))>
                {move || {
                    choices
                        .get()
                        .into_iter()
                        .map(|(value, text, on)| view! { <option value=value selected=on>{text}</option> })
                        .collect_view()
                }}
            </select>
        </label>
    }
}

fn status_filter(app: App) -> impl IntoView {
    let choices = move || {
        let (messages, now) = (app.messages(), app.query().status());
        StatusFilter::EACH
            .into_iter()
            .map(|filter| (filter.as_str().to_owned(), messages.filter(filter).to_owned(), filter == now))
            .collect()
    };
    select(
        move || app.messages().status,
        choices,
        move |value| {
            let query = app.address.with_untracked(|address| address.query);
            app.go(query.with_status(StatusFilter::parse(&value).unwrap_or_default()));
        },
    )
}

fn time_zone(app: App) -> impl IntoView {
    let choices = move || {
        let messages = app.messages();
        let now = app.address.with(|address| address.presentation.time_zone.clone());
        let mut zones = vec![TimeZone::Local, TimeZone::Utc];
        if !zones.contains(&now) {
            zones.push(now.clone());
        }
        zones
            .into_iter()
            .map(|zone| {
                let text = match &zone {
                    TimeZone::Local => messages.local,
                    TimeZone::Utc => messages.utc,
                    TimeZone::Named(name) => name,
                };
                (zone.value().to_owned(), text.to_owned(), zone == now)
            })
            .collect()
    };
    select(
        move || app.messages().time_zone,
        choices,
        move |value| {
            if let Some(zone) = TimeZone::parse(&value, |_| true) {
                app.set_time_zone(&zone);
            }
        },
    )
}

fn auto_refresh(app: App) -> impl IntoView {
    let choices = move || {
        let messages = app.messages();
        let now = app.address.with(|address| address.presentation.refresh);
        let mut intervals = INTERVALS.to_vec();
        if !intervals.contains(&now) {
            intervals.push(now);
        }
        intervals
            .into_iter()
            .map(|interval| {
                let text = match interval {
                    Refresh::Automatic => messages.auto_refresh_automatic.to_owned(),
                    Refresh::Off => messages.auto_refresh_off.to_owned(),
                    Refresh::Every(seconds) if seconds % 60 == 0 => {
                        fill(messages.every_minutes, &[("n", &(seconds / 60).to_string())])
                    }
                    Refresh::Every(seconds) => fill(messages.every_seconds, &[("n", &seconds.to_string())]),
                };
                (interval.value(), text, interval == now)
            })
            .collect()
    };
    select(
        move || app.messages().auto_refresh,
        choices,
        move |value| app.set_refresh(Refresh::parse(&value).unwrap_or_default()),
    )
}
