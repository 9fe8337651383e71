//! The table of tasks.

use super::rows::Rows;
use crate::app::{App, Seen};
use crate::columns::Columns;
use crate::dom::{append, element, find, set_attribute, set_hidden, set_style, text};
use crate::storage;
use crate::timer::Timer;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::HtmlElement;

/// After how many milliseconds a request is called slow: the reader is told that it is under way.
const SLOW: u32 = 300;

/// After how many milliseconds rows out of sight are written: what is in sight takes two frames to be drawn.
const PAUSE: u32 = 30;

/// For how many milliseconds at a time.
const SLICE: f64 = 6.0;

/// From how many rows on a list that is out of sight is not laid out.
const LONG: usize = 31;

/// The table, and its rows. Roles are given as well as elements, since the rows are laid out as grids, which costs
/// elements theirs.
pub fn table(app: App) -> (HtmlElement, Shown) {
    let messages = app.messages();
    let columns = Columns::parse(&storage::read(storage::COLUMNS).unwrap_or_default());
    let row = element("tr[role=row]", &[]);
    for (column, shown) in columns.iter() {
        let description = ["th.", column.name(), "[role=columnheader][scope=col]"].concat();
        let header = text(&description, column.label()(messages));
        set_hidden(&header, !shown);
        append(&row, &header);
    }
    let head = element("thead[role=rowgroup][part=head]", &[&row]);
    let body = element("tbody[role=rowgroup]", &[]);
    let table = element("table[role=table][part=table][aria-busy=true]", &[&head, &body]);
    set_attribute(&table, "aria-label", Some(messages.title()));
    let mut order = String::new();
    for (column, shown) in columns.iter() {
        set_style(&table, &["--label-", column.name()].concat(), &quoted(column.label()(messages)));
        if shown {
            order.push_str(&["var(--", column.name(), "-track) "].concat());
        }
    }
    set_style(&table, "--order", &order);
    let loading = text("p.loading-text", messages.loading());
    let scroller = element("div.scroller.loading.first[tabindex=-1]", &[&table, &loading]);
    let rows = Rc::new(RefCell::new(Rows::new(body, app, &columns)));
    fill_rows(app, rows.clone());
    let shown = scroller.clone();
    let kept: Rc<RefCell<Option<Timer>>> = Rc::default();
    let slow = Rc::downgrade(&kept);
    app.keep(kept);
    let seen = Seen::default();
    app.follow(move || {
        let listing = app.listing();
        if !seen.is_another(&listing) {
            return;
        }
        let rows = listing.rows().map(|loaded| loaded.page.records.len());
        let class = match (listing.is_loading(), rows) {
            (true, None) => "scroller loading first",
            (true, Some(LONG..)) => "scroller long loading",
            (true, Some(_)) => "scroller loading",
            (false, None | Some(0)) => "scroller empty",
            (false, Some(LONG..)) => "scroller long",
            (false, Some(_)) => "scroller",
        };
        let set_class = {
            let scroller = scroller.clone();
            move || set_attribute(&scroller, "class", Some(class))
        };
        // Over rows, only what takes long is worth a word: an answer that comes at once changes nothing twice.
        let wait = listing.is_loading() && rows.is_some();
        let timer = if wait {
            Some(Timer::after(SLOW, set_class))
        } else {
            set_class();
            None
        };
        if let Some(slow) = slow.upgrade() {
            slow.replace(timer);
        }
    });
    (shown, rows)
}

/// From now on tells whether rows are yet to come or to be written. Before, a table is busy.
pub fn tell_busy(app: App, view: &HtmlElement, rows: Shown) {
    let Some(table) = find(view, "table") else { return };
    app.follow(move || {
        let busy = app.listing().is_loading() || rows.try_borrow().is_ok_and(|rows| rows.is_unfinished());
        set_attribute(&table, "aria-busy", Some(if busy { "true" } else { "false" }));
    });
}

/// A header's text as the stylesheet's `content` takes it: where a task is a block of its own, each cell is labelled.
fn quoted(text: &str) -> String {
    ["\"", text, "\""].concat()
}

/// The rows, for the clock to count on.
pub type Shown = Rc<RefCell<Rows>>;

/// Keeps the rows in step with the list.
fn fill_rows(app: App, shown: Shown) {
    app.follow_rows(move |loaded| {
        if let Ok(mut rows) = shown.try_borrow_mut() {
            rows.show(loaded, &app.formats(), app.now());
        }
        go_on_later(app, &shown, PAUSE);
    });
}

/// Rows out of sight are written after what a reader sees was drawn, a little at a time, so that whatever a reader does
/// then does not have to wait either.
fn go_on_later(app: App, shown: &Shown, millis: u32) {
    let later = Rc::downgrade(shown);
    if let Ok(mut rows) = shown.try_borrow_mut() {
        rows.next = rows.is_unfinished().then(|| {
            Timer::after(millis, move || {
                let Some(shown) = later.upgrade() else { return };
                if shown.try_borrow_mut().is_ok_and(|mut rows| rows.go_on(SLICE, app.now())) {
                    go_on_later(app, &shown, 0);
                } else {
                    app.has_changed(); // the table is no longer busy
                }
            })
        });
    }
}
