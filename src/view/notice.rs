//! What went wrong, and what is not there.

use super::button::button;
use crate::api::ApiError;
use crate::app::App;
use crate::dom::{element, focus, has_focus, matches, set_attribute, set_hidden, set_text, text};
use crate::messages::{count, fill};
use crate::query::StatusFilter;
use std::cell::RefCell;
use web_sys::HtmlElement;

/// A notice that is filled by `text`, which is followed, and hidden while that is empty.
fn warning(app: App, text: fn(App) -> String) -> HtmlElement {
    let notice = element("div.notice.warning[part=notice][role=status][hidden]", &[]);
    let shown = notice.clone();
    let told = RefCell::new(String::new());
    app.follow(move || {
        let text = text(app);
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
    warning(app, |app| {
        let messages = app.messages();
        let mut text = String::new();
        for rejected in &app.address().rejected {
            let default = if rejected.name == "status" { messages.all() } else { &rejected.default };
            let template = if default.is_empty() { messages.rejected() } else { messages.rejected_default() };
            // Isolated: a value that is written from right to left must not turn the sentence round.
            let value = ["\u{2068}", &rejected.value, "\u{2069}"].concat();
            let line = fill(template, &[("name", rejected.name), ("value", &value), ("default", default)]);
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&line);
        }
        text
    })
}

/// What is loaded on demand and is not there.
pub fn lacking(app: App) -> HtmlElement {
    warning(app, |app| String::from(&*app.lacking()))
}

/// What of the page on show could not be shown.
pub fn missing(app: App) -> HtmlElement {
    warning(app, |app| {
        let (messages, formats, listing) = (app.messages(), app.formats(), app.listing());
        let (unreadable, surplus) =
            listing.rows().map_or((0, 0), |loaded| (loaded.page.unreadable, loaded.page.surplus));
        let told = |template, n: usize| if n > 0 { count(template, "n", n as u64, &*formats) } else { String::new() };
        [&told(messages.unreadable(), unreadable), "\n", &told(messages.surplus(), surplus)].concat().trim().to_owned()
    })
}

/// That this device's clock is wrong, where it is.
pub fn clock(app: App) -> HtmlElement {
    warning(app, |app| {
        let (messages, skew) = (app.messages(), app.skew());
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
    let (title, message) = (text("strong", ""), text("span", ""));
    let (advice, request) = (text("p", ""), text("p.request-id", ""));
    let retry = button(app, "retry", messages.retry(), |app| {
        if !app.listing().is_loading() {
            app.ask_again();
        }
    });
    let what = element("p.what", &[&title, &message]);
    let all = element("div.text", &[&what, &advice, &request]);
    let notice = element("div.notice.error[part=notice][role=alert][hidden]", &[&all, &retry]);
    let shown = notice.clone();
    app.follow(move || {
        let listing = app.listing();
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
    shown
}

/// Takes an error away when it is over. Whoever had the focus in it then has it on the table.
pub fn keep_focus(app: App, error: &HtmlElement, table: HtmlElement) {
    let error = error.clone();
    app.follow(move || {
        if app.listing().error().is_none() && !error.hidden() {
            let focused = matches(&error, ":focus-within");
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
    let headline = text("p.headline", "");
    let hint = text("p", messages.no_tasks_hint());
    let show_all =
        button(app, "show-all", messages.show_all(), |app| app.go(app.controls().with_status(StatusFilter::All)));
    let notice = element("div.empty[part=empty][hidden]", &[&headline, &hint, &show_all]);
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
