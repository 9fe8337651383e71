//! The table of tasks.

use super::dialog::TaskDialog;
use super::rows::Rows;
use super::set_attribute;
use crate::app::{App, effect};
use crate::messages::Messages;
use crate::time::Instant;
use crate::timer::Timer;
use leptos::html::{Div, Table, Tbody};
use leptos::prelude::*;

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
pub fn table(app: App, dialog: TaskDialog) -> impl IntoView {
    let messages = app.messages();
    let body = NodeRef::<Tbody>::new();
    let table = NodeRef::<Table>::new();
    let scroller = NodeRef::<Div>::new();
    fill_rows(app, dialog, body);
    effect(move || {
        let (Some(scroller), Some(table)) = (scroller.get(), table.get()) else { return };
        app.listing.with(|listing| {
            let rows = listing.rows().map(|loaded| loaded.page.records.len());
            let class = match (listing.is_loading(), rows) {
                (true, None) => "scroller loading first",
                (true, Some(_)) => "scroller loading",
                (false, None | Some(0)) => "scroller empty",
                (false, Some(_)) => "scroller",
            };
            set_attribute(&scroller, "class", Some(class));
            set_attribute(&table, "aria-busy", Some(if listing.is_loading() { "true" } else { "false" }));
        });
    });
    let header = |(class, text): (&'static str, fn(&Messages) -> &'static str)| {
        view! { <th role="columnheader" scope="col" class=class>{text(messages)}</th> }
    };
    view! {
        <div class="scroller loading first" tabindex="-1" node_ref=scroller>
            <table
                role="table"
                part="table"
                aria-label=messages.title
                aria-busy="true"
                node_ref=table
                style=("--analysis-method", quoted(messages.analysis_method))
                style=("--created", quoted(messages.created))
                style=("--started", quoted(messages.started))
                style=("--completed", quoted(messages.completed))
                style=("--duration", quoted(messages.duration))
            >
                <thead role="rowgroup" part="head">
                    <tr role="row">{COLUMNS.into_iter().map(header).collect::<Vec<_>>()}</tr>
                </thead>
                <tbody role="rowgroup" node_ref=body></tbody>
            </table>
            <p class="loading-text">{messages.loading}</p>
        </div>
    }
}

/// A header's text as the stylesheet's `content` takes it: where a task is a block of its own, each cell is labelled.
fn quoted(text: &str) -> String {
    ["\"", text, "\""].concat()
}

/// Keeps the rows in step with the list, and the durations of running tasks with the clock.
fn fill_rows(app: App, dialog: TaskDialog, body: NodeRef<Tbody>) {
    let shown = StoredValue::new_local(Shown { rows: None, tick: None });
    effect(move || {
        let Some(body) = body.get() else { return };
        app.address.track(); // its presentation: how values are formatted
        let loaded = app.listing.with(|listing| listing.rows().cloned());
        shown.update_value(|shown| {
            if shown.rows.is_none() {
                shown.rows = Rows::new(body.into(), app, dialog);
            }
            if let Some(rows) = &mut shown.rows {
                rows.show(loaded.as_ref(), &app.formats(), now());
            }
        });
        count_on(app, shown);
    });
}

/// The rows, and the timer that counts running durations.
struct Shown {
    rows: Option<Rows>,
    tick: Option<Timer>,
}

/// Updates the durations of running tasks every second, while there are any and somebody can see them.
fn count_on(app: App, shown: StoredValue<Shown, LocalStorage>) {
    shown.update_value(|shown_now| {
        let running = shown_now.rows.as_ref().is_some_and(Rows::has_running);
        shown_now.tick = running.then(|| {
            Timer::after(TICK, move || {
                let document = web_sys::window().and_then(|window| window.document());
                if document.is_some_and(|document| !document.hidden()) {
                    shown.update_value(|shown| shown.rows.iter().for_each(|rows| rows.count_on(&app.formats(), now())));
                }
                count_on(app, shown);
            })
        });
    });
}

#[allow(clippy::cast_possible_truncation)] // milliseconds since 1970
fn now() -> Instant {
    Instant::from_millis(js_sys::Date::now() as i64)
}
