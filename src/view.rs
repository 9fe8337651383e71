//! What a person sees. Each part makes its elements once; what changes in them is written by one follower a part. Events
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
use crate::dom::{append, before, element, set_attribute, set_hidden, set_text};
use crate::storage;
use summary::SummaryLine;
use web_sys::HtmlElement;

/// The component in the reader's language: the table, which is made first, and later what is around it.
pub struct View {
    app: App,
    element: HtmlElement,
    list: HtmlElement,
    table: HtmlElement,
    rows: table::Shown,
    announcer: HtmlElement,
}

impl View {
    /// The table, and nothing around it yet.
    pub fn new(app: App) -> Self {
        let locale = app.formats().locale;
        let (table, rows) = table::table(app);
        let list = element("div.list", &[&table]);
        let announcer = element("div.announcer[role=status]", &[]);
        let compact = storage::is_on(storage::COMPACT, false);
        let element =
            element(if compact { "div.app.compact[part=app]" } else { "div.app[part=app]" }, &[&list, &announcer]);
        set_attribute(&element, "lang", Some(locale.tag()));
        set_attribute(&element, "dir", Some(locale.direction()));
        Self { app, element, list, table, rows, announcer }
    }

    /// The component's element.
    pub fn element(&self) -> &HtmlElement {
        &self.element
    }

    /// Makes what is around the table.
    pub fn complete(self) {
        let Self { app, element: view, list, table, rows, announcer } = self;
        let error = notice::error(app, table.clone());
        let summary = SummaryLine::new(app);
        before(
            &table,
            &[
                &toolbar::toolbar(app),
                &error,
                &notice::missing(app),
                &notice::clock(app),
                summary.element(),
                &chart::chart(app),
            ],
        );
        append(&list, &notice::empty(app, table.clone()));
        append(&list, &pagination::pagination(app));
        notice::keep_focus(app, &error, table);
        if app.host().has_attribute("url-sync") {
            before(&list, &[&header::header(app)]);
        }
        before(&list, &[&notice::rejected(app), &notice::lacking(app)]);
        let form = element("div", &[]);
        before(&announcer, &[&form]);
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
        table::tell_busy(app, &view, rows.clone()); // last: whoever waits for that finds all of it
        clock::every_second(app, move || {
            let (formats, now) = (app.formats(), app.now());
            if let Ok(mut rows) = rows.try_borrow_mut() {
                rows.count_on(&formats, now);
            }
            summary.count_on(&formats, now);
        });
    }
}
