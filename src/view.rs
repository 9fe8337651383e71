//! What a person sees. Each part makes its elements once; what changes in them is written by one effect a part. Events
//! call the methods of [`App`], and nothing else.
//!
//! Parts that are not always there are hidden, not removed: the focus stays where it is, and nothing is made anew.

mod batch;
mod button;
mod chart;
mod clock;
mod header;
mod keys;
mod notice;
mod pagination;
mod rows;
mod select;
mod summary;
mod table;
mod toolbar;

use crate::app::{App, Seen};
use crate::dom::{element, set_attribute, set_hidden, set_text};
use crate::storage;
use summary::SummaryLine;
use web_sys::HtmlElement;

/// The whole component, in the reader's language.
pub fn view(app: App) -> HtmlElement {
    let locale = app.formats().locale;
    let (table, rows) = table::table(app);
    let error = notice::error(app, table.clone());
    let summary = SummaryLine::new(app);
    let list = element(
        "div",
        &[
            &toolbar::toolbar(app),
            &error,
            &notice::missing(app),
            &notice::clock(app),
            summary.element(),
            &chart::chart(app),
            &table,
            &notice::empty(app, table.clone()),
            &pagination::pagination(app),
        ],
    );
    notice::keep_focus(app, &error, table);
    let form = element("div", &[]);
    let compact = storage::is_on(storage::COMPACT, false);
    let announcer = element("div.announcer[role=status]", &[]);
    let view = element(
        if compact { "div.app.compact[part=app]" } else { "div.app[part=app]" },
        &[&notice::rejected(app), &notice::lacking(app), &list, &form, &announcer],
    );
    set_attribute(&view, "lang", Some(locale.tag()));
    set_attribute(&view, "dir", Some(locale.direction()));
    if app.host().has_attribute("url-sync") {
        let placed = view.prepend_with_node_1(&header::header(app));
        debug_assert!(placed.is_ok(), "a header can be prepended");
    }
    let seen = Seen::default();
    app.follow(move || {
        let address = app.address();
        let unasked = address.instance.is_none();
        set_hidden(&list, unasked);
        set_hidden(&form, !unasked);
        if seen.is_another(&address) && unasked {
            app.on_demand().show_form(&form);
        }
    });
    keys::listen_to(app, &view);
    app.follow(move || set_text(&announcer, &app.announcement()));
    clock::every_second(app, move || {
        let (formats, now) = (app.formats(), app.now());
        if let Ok(mut rows) = rows.try_borrow_mut() {
            rows.count_on(&formats, now);
        }
        summary.count_on(&formats, now);
    });
    view
}
