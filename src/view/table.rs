//! The table of tasks.

use super::rows::Rows;
use crate::app::App;
use crate::messages::Messages;
use crate::time::Instant;
use crate::timer::Timer;
use leptos::html::Tbody;
use leptos::prelude::*;
use std::sync::Arc;

/// The columns, in the order of the document: class name and header.
const COLUMNS: [(&str, fn(&Messages) -> &'static str); 7] = [
    ("id", |messages| messages.task_id),
    ("status", |messages| messages.status),
    ("method", |messages| messages.analysis_method),
    ("created", |messages| messages.created),
    ("started", |messages| messages.started),
    ("completed", |messages| messages.completed),
    ("duration", |messages| messages.duration),
];

/// How often a running task's duration counts on, in milliseconds.
const TICK: u32 = 1000;

/// The table. Roles are given as well as elements, since the rows are laid out as grids, which costs elements theirs.
pub fn table(app: App) -> impl IntoView {
    let body = NodeRef::<Tbody>::new();
    let loading = Memo::new(move |_| app.listing.with(|listing| listing.is_loading()));
    let first = Memo::new(move |_| app.listing.with(|listing| listing.is_loading() && listing.rows().is_none()));
    let empty = Memo::new(move |_| {
        app.listing
            .with(|listing| !listing.is_loading() && listing.rows().is_none_or(|loaded| loaded.page.records.is_empty()))
    });
    fill_rows(app, body);
    view! {
        <div class="scroller" class:empty=empty>
            <table
                role="table"
                style=("--analysis-method", move || quoted(app.messages().analysis_method))
                style=("--created", move || quoted(app.messages().created))
                style=("--started", move || quoted(app.messages().started))
                style=("--completed", move || quoted(app.messages().completed))
                style=("--duration", move || quoted(app.messages().duration))
                part="table"
                aria-label=move || app.messages().title
                aria-busy=move || if loading.get() { "true" } else { "false" }
            >
                <thead role="rowgroup" part="head">
                    <tr role="row">
                        {COLUMNS.map(|(class, text)| {
                            view! { <th role="columnheader" scope="col" class=class>{move || text(app.messages())}</th> }
                        })
                        .into_iter()
                        .collect_view()}
                    </tr>
                </thead>
                <tbody role="rowgroup" node_ref=body></tbody>
            </table>
            {move || {
                loading.get().then(|| {
                    let class = if first.get() { "loading first" } else { "loading" };
                    view! { <p class=class>{app.messages().loading}</p> }
                })
            }}
        </div>
    }
}

/// A header's text as the stylesheet's `content` takes it: where a task is a block of its own, each cell is labelled.
fn quoted(text: &str) -> String {
    ["\"", text, "\""].concat()
}

/// Keeps the rows in step with the list, and the durations of running tasks with the clock.
fn fill_rows(app: App, body: NodeRef<Tbody>) {
    let rows = StoredValue::new_local(None::<Rows>);
    let tick = StoredValue::new_local(None::<Timer>);
    let loaded = Memo::new_with_compare(
        move |_| app.listing.with(|listing| listing.rows().cloned()),
        |before, now| match (before.and_then(Option::as_ref), now.and_then(Option::as_ref)) {
            (Some(before), Some(now)) => !Arc::ptr_eq(before, now),
            (before, now) => before.is_some() != now.is_some(),
        },
    );
    Effect::new(move |_| {
        let Some(body) = body.get() else { return };
        let formats = app.formats.get();
        rows.update_value(|rows| {
            if rows.is_none() {
                *rows = Rows::new(body.into(), app);
            }
            if let Some(rows) = rows {
                let loaded = loaded.get();
                rows.show(loaded.as_ref().map_or(&[], |loaded| &loaded.page.records), &formats, now());
            }
        });
        count_on(app, rows, tick);
    });
}

/// Updates the durations of running tasks every second, while there are any and somebody can see them.
fn count_on(app: App, rows: StoredValue<Option<Rows>, LocalStorage>, tick: StoredValue<Option<Timer>, LocalStorage>) {
    let running = rows.with_value(|rows| rows.as_ref().is_some_and(Rows::has_running));
    tick.set_value(running.then(|| {
        Timer::after(TICK, move || {
            let visible =
                web_sys::window().and_then(|window| window.document()).is_some_and(|document| !document.hidden());
            if visible {
                let formats = app.formats.get_untracked();
                rows.update_value(|rows| rows.iter_mut().for_each(|rows| rows.count_on(&formats, now())));
            }
            count_on(app, rows, tick);
        })
    }));
}

#[allow(clippy::cast_possible_truncation)] // milliseconds since 1970
fn now() -> Instant {
    Instant::from_millis(js_sys::Date::now() as i64)
}
