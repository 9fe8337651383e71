//! The table of tasks.

use super::rows::Rows;
use crate::app::{App, effect};
use crate::dom::{element, set_attribute, text};
use crate::messages::Pick;
use leptos::prelude::*;
use web_sys::HtmlElement;

/// The columns, in the order of the document: class name and header.
const COLUMNS: [(&str, Pick); 7] = [
    ("id", |messages| messages.task_id),
    ("status", |messages| messages.status),
    ("method", |messages| messages.analysis_method),
    ("created", |messages| messages.created),
    ("started", |messages| messages.started),
    ("completed", |messages| messages.completed),
    ("duration", |messages| messages.duration),
];

/// The table, and its rows. Roles are given as well as elements, since the rows are laid out as grids, which costs
/// elements theirs.
pub fn table(app: App) -> (HtmlElement, Shown) {
    let messages = app.messages();
    let headers = COLUMNS.map(|(class, label)| {
        let header = text("th", class, label(messages));
        set_attribute(&header, "role", Some("columnheader"));
        set_attribute(&header, "scope", Some("col"));
        header
    });
    let row = element("tr", &[("role", "row")], &headers.each_ref().map(AsRef::as_ref));
    let head = element("thead", &[("role", "rowgroup"), ("part", "head")], &[&row]);
    let body = element("tbody", &[("role", "rowgroup")], &[]);
    let attributes = [("role", "table"), ("part", "table"), ("aria-label", messages.title), ("aria-busy", "true")];
    let table = element("table", &attributes, &[&head, &body]);
    for (class, label) in COLUMNS {
        let name = ["--label-", class].concat();
        let set = table.style().set_property(&name, &quoted(label(messages)));
        debug_assert!(set.is_ok(), "the property's name is valid");
    }
    let loading = text("p", "loading-text", messages.loading);
    let scroller = element("div", &[("class", "scroller loading first"), ("tabindex", "-1")], &[&table, &loading]);
    let rows = StoredValue::new_local(Rows::new(body, app));
    fill_rows(app, rows);
    let shown = scroller.clone();
    effect(move || {
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
    (shown, rows)
}

/// A header's text as the stylesheet's `content` takes it: where a task is a block of its own, each cell is labelled.
fn quoted(text: &str) -> String {
    ["\"", text, "\""].concat()
}

/// The rows, for the clock to count on.
pub type Shown = StoredValue<Option<Rows>, LocalStorage>;

/// Keeps the rows in step with the list.
fn fill_rows(app: App, shown: Shown) {
    effect(move || {
        app.address.track(); // its presentation: how values are formatted
        let loaded = app.listing.with(|listing| listing.rows().cloned());
        shown.update_value(|rows| {
            if let Some(rows) = rows {
                rows.show(loaded.as_ref(), &app.formats(), app.now());
            }
        });
    });
}
