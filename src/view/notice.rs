//! What went wrong, and what is not there.

use crate::api::ApiError;
use crate::app::{App, effect};
use crate::dom::{button, element, focus, has_focus, set_attribute, set_hidden, set_text, text};
use crate::listing::Listing;
use crate::messages::{count, fill};
use crate::query::{Rejected, StatusFilter};
use leptos::prelude::*;
use std::cell::RefCell;
use web_sys::HtmlElement;

/// A notice that is filled by `text`, which is followed, and hidden while that is empty.
fn warning(text: impl Fn() -> String + 'static) -> HtmlElement {
    warning_of(Box::new(text))
}

/// One function for all of them: that keeps the module small.
fn warning_of(text: Box<dyn Fn() -> String>) -> HtmlElement {
    let notice =
        element("div", &[("class", "notice warning"), ("part", "notice"), ("role", "status"), ("hidden", "")], &[]);
    let shown = notice.clone();
    let told = RefCell::new(String::new());
    effect(move || {
        let text = text();
        if text == *told.borrow() {
            return;
        }
        set_text(&notice, &text);
        set_hidden(&notice, text.is_empty());
        told.replace(text);
    });
    shown
}

/// The values of the address that were not valid.
pub fn rejected(app: App) -> HtmlElement {
    let messages = app.messages();
    let line = |rejected: &Rejected| {
        let default = if rejected.name == "status" { messages.all() } else { &rejected.default };
        let template = if default.is_empty() { messages.rejected() } else { messages.rejected_default() };
        // Isolated: a value that is written from right to left must not turn the sentence round.
        let value = ["\u{2068}", &rejected.value, "\u{2069}"].concat();
        fill(template, &[("name", rejected.name), ("value", &value), ("default", default)])
    };
    warning(move || app.address.with(|address| address.rejected.iter().map(line).collect::<Vec<_>>().join("\n")))
}

/// What is loaded on demand and is not there.
pub fn lacking(app: App) -> HtmlElement {
    warning(move || app.lacking.get())
}

/// What of the page on show could not be shown.
pub fn missing(app: App) -> HtmlElement {
    let messages = app.messages();
    warning(move || {
        let (unreadable, surplus) = app
            .listing
            .with(|listing| listing.rows().map_or((0, 0), |loaded| (loaded.page.unreadable, loaded.page.surplus)));
        let formats = app.formats();
        let told = |template, n: usize| if n > 0 { count(template, "n", n as u64, &*formats) } else { String::new() };
        [told(messages.unreadable(), unreadable), told(messages.surplus(), surplus)].join("\n").trim().to_owned()
    })
}

/// That this device's clock is wrong, where it is.
pub fn clock(app: App) -> HtmlElement {
    let messages = app.messages();
    warning(move || {
        app.listing.track();
        let skew = app.skew();
        if skew == 0 {
            return String::new();
        }
        let template = if skew > 0 { messages.clock_behind() } else { messages.clock_ahead() };
        let minutes = skew.unsigned_abs() / 60_000 * 60_000;
        fill(template, &[("time", app.formats().duration(minutes).as_str())])
    })
}

/// The error of the latest request: code, message, what to do, and Retry where that can help. An error that stays the
/// same is not written again, so it is announced once. Whoever had the focus on a Retry that cannot help any longer then
/// has it on the table.
pub fn error(app: App, table: HtmlElement) -> HtmlElement {
    let messages = app.messages();
    let (title, message) = (text("strong", "", ""), text("span", "", ""));
    let (advice, request) = (text("p", "", ""), text("p", "request-id", ""));
    let retry = button("retry", messages.retry(), move || {
        if !app.listing.with_untracked(Listing::is_loading) {
            app.ask_again();
        }
    });
    let what = element("p", &[("class", "what")], &[&title, &message]);
    let all = element("div", &[("class", "text")], &[&what, &advice, &request]);
    let attributes = [("class", "notice error"), ("part", "notice"), ("role", "alert"), ("hidden", "")];
    let notice = element("div", &attributes, &[&all, &retry]);
    let shown = notice.clone();
    effect(move || {
        app.listing.with(|listing| {
            let Some((asked, error)) = listing.failure() else { return };
            let refusal = match error {
                ApiError::Refused(refusal) => Some(refusal),
                _ => None,
            };
            set_text(&title, &messages.error_title(error));
            let text = refusal.map(|refusal| refusal.message.as_deref().unwrap_or(messages.no_message()));
            set_text(&message, text.unwrap_or_default());
            let stale = listing.rows().map(|rows| messages.stale(asked, rows.request.query)).unwrap_or_default();
            set_text(&advice, [&messages.advice(error, &*app.formats()), " ", &stale].concat().trim_end());
            let id = refusal.and_then(|refusal| refusal.request_id.as_deref());
            set_text(&request, &id.map(|id| [messages.request_id(), ": ", id].concat()).unwrap_or_default());
            if !error.can_retry() && has_focus(&retry) {
                focus(&table);
            }
            set_hidden(&retry, !error.can_retry());
            set_attribute(&retry, "aria-disabled", listing.is_loading().then_some("true"));
            set_hidden(&notice, false);
        });
    });
    shown
}

/// Takes an error away when it is over. Whoever had the focus in it then has it on the table.
pub fn keep_focus(app: App, error: &HtmlElement, table: HtmlElement) {
    let error = error.clone();
    effect(move || {
        if app.listing.with(|listing| listing.error().is_none()) && !error.hidden() {
            let focused = error.matches(":focus-within").unwrap_or(false);
            set_hidden(&error, true);
            if focused {
                focus(&table);
            }
        }
    });
}

/// What is said in place of rows, when there are none.
pub fn empty(app: App, table: HtmlElement) -> HtmlElement {
    let messages = app.messages();
    let headline = text("p", "headline", "");
    let hint = text("p", "", messages.no_tasks_hint());
    let show_all =
        button("show-all", messages.show_all(), move || app.go(app.controls().with_status(StatusFilter::All)));
    let notice =
        element("div", &[("class", "empty"), ("part", "empty"), ("hidden", "")], &[&headline, &hint, &show_all]);
    let shown = notice.clone();
    app.follow_rows(move |loaded| {
        let filter = loaded.filter(|loaded| loaded.is_empty()).map(|loaded| loaded.request.query.status());
        let focused = has_focus(&show_all);
        set_hidden(&notice, filter.is_none());
        if let Some(filter) = filter {
            set_text(&headline, messages.empty(filter));
            set_hidden(&hint, filter != StatusFilter::All);
            set_hidden(&show_all, filter == StatusFilter::All);
        }
        if focused && filter.is_none_or(|filter| filter == StatusFilter::All) {
            focus(&table);
        }
    });
    shown
}
