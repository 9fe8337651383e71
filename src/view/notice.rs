//! What went wrong, and what is not there.

use super::handlers::click;
use super::{set_attribute, set_hidden, set_text};
use crate::api::ApiError;
use crate::app::{App, effect};
use crate::messages::fill;
use crate::query::{Rejected, StatusFilter};
use leptos::html::{Button, Div, P, Span};
use leptos::prelude::*;
use web_sys::HtmlElement;

/// A notice that is filled by `text`, which is followed, and hidden while that is empty.
fn warning(text: impl Fn() -> String + 'static) -> impl IntoView {
    let node = NodeRef::<Div>::new();
    effect(move || {
        let text = text();
        if let Some(notice) = node.get() {
            set_text(&notice, &text);
            set_hidden(&notice, text.is_empty());
        }
    });
    view! { <div class="notice warning" part="notice" role="status" node_ref=node hidden></div> }
}

/// The values of the address that were not valid.
pub fn rejected(app: App) -> impl IntoView {
    let messages = app.messages();
    let line = |rejected: &Rejected| {
        let template = if rejected.default.is_empty() { messages.rejected } else { messages.rejected_default };
        fill(template, &[("name", rejected.name), ("value", &rejected.value), ("default", &rejected.default)])
    };
    warning(move || app.address.with(|address| address.rejected.iter().map(line).collect::<Vec<_>>().join("\n")))
}

/// What of the page on show could not be shown.
pub fn missing(app: App) -> impl IntoView {
    let messages = app.messages();
    warning(move || {
        let (unreadable, surplus) = app
            .listing
            .with(|listing| listing.rows().map_or((0, 0), |loaded| (loaded.page.unreadable, loaded.page.surplus)));
        let count = |template, n: usize| fill(template, &[("n", &n.to_string())]);
        let unreadable = match unreadable {
            0 => String::new(),
            1 => messages.unreadable_one.to_owned(),
            n => count(messages.unreadable_many, n),
        };
        let surplus = if surplus > 0 { count(messages.surplus, surplus) } else { String::new() };
        [unreadable, surplus].join("\n").trim().to_owned()
    })
}

/// The error of the latest request: code, message, what to do, and Retry where that can help. An error that stays the
/// same is not written again, so it is announced once.
pub fn error(app: App) -> impl IntoView {
    let messages = app.messages();
    let notice = NodeRef::<Div>::new();
    let title = NodeRef::<Span>::new();
    let message = NodeRef::<Span>::new();
    let advice = NodeRef::<P>::new();
    let request = NodeRef::<P>::new();
    let retry = NodeRef::<Button>::new();
    effect(move || {
        let Some(notice) = notice.get() else { return };
        app.listing.with(|listing| {
            let Some(error) = listing.error() else {
                let focused = retry.get_untracked().is_some_and(|retry| has_focus(&retry));
                set_hidden(&notice, true);
                if focused {
                    focus_table(&notice);
                }
                return;
            };
            let write = |node: Option<HtmlElement>, text: &str| {
                if let Some(element) = node {
                    set_text(&element, text);
                }
            };
            let refusal = match error {
                ApiError::Refused(refusal) => Some(refusal),
                _ => None,
            };
            write(title.get_untracked().map(Into::into), &messages.error_title(error));
            let text = refusal.map(|refusal| refusal.message.as_deref().unwrap_or(messages.no_message));
            write(message.get_untracked().map(Into::into), text.unwrap_or_default());
            let stale = if listing.rows().is_some() { messages.stale_rows } else { "" };
            write(advice.get_untracked().map(Into::into), [&messages.advice(error), " ", stale].concat().trim_end());
            let id = refusal.and_then(|refusal| refusal.request_id.as_deref());
            let id = id.map(|id| [messages.request_id, ": ", id].concat()).unwrap_or_default();
            write(request.get_untracked().map(Into::into), &id);
            if let Some(retry) = retry.get_untracked() {
                set_hidden(&retry, !error.can_retry());
                set_attribute(&retry, "aria-disabled", listing.is_loading().then_some("true"));
            }
            set_hidden(&notice, false);
        });
    });
    let ask_again = click(move || {
        if !app.listing.with_untracked(crate::listing::Listing::is_loading) {
            app.ask_again();
        }
    });
    view! {
        <div class="notice error" part="notice" role="alert" node_ref=notice hidden>
            <div class="text">
                <p><strong><span node_ref=title></span></strong>" "<span node_ref=message></span></p>
                <p node_ref=advice></p>
                <p class="request-id" node_ref=request></p>
            </div>
            <button type="button" part="button" node_ref=retry on:click=ask_again>{messages.retry}</button>
        </div>
    }
}

fn has_focus(element: &HtmlElement) -> bool {
    element.matches(":focus").unwrap_or(false)
}

/// Moves the focus to the table, from something that is about to go.
fn focus_table(from: &HtmlElement) {
    let scroller = from.parent_element().and_then(|list| list.query_selector(".scroller").ok().flatten());
    if let Some(scroller) = scroller.and_then(|scroller| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(scroller).ok()) {
        let focused = scroller.focus();
        debug_assert!(focused.is_ok(), "focusing does not throw");
    }
}

/// What is said in place of rows, when there are none.
pub fn empty(app: App) -> impl IntoView {
    let messages = app.messages();
    let node = NodeRef::<Div>::new();
    let headline = NodeRef::<P>::new();
    let hint = NodeRef::<P>::new();
    let show_all = NodeRef::<Button>::new();
    effect(move || {
        let filter = app.listing.with(|listing| {
            listing.rows().filter(|loaded| loaded.is_empty()).map(|loaded| loaded.request.query.status())
        });
        let (Some(node), Some(headline), Some(hint), Some(show_all)) =
            (node.get(), headline.get(), hint.get(), show_all.get())
        else {
            return;
        };
        let focused = has_focus(&show_all);
        set_hidden(&node, filter.is_none());
        if let Some(filter) = filter {
            set_text(&headline, messages.empty(filter));
            set_hidden(&hint, filter != StatusFilter::All);
            set_hidden(&show_all, filter == StatusFilter::All);
        }
        if focused && filter.is_none_or(|filter| filter == StatusFilter::All) {
            focus_table(&node);
        }
    });
    view! {
        <div class="empty" part="empty" node_ref=node hidden>
            <p class="headline" node_ref=headline></p>
            <p node_ref=hint>{messages.no_tasks_hint}</p>
            <button
                type="button"
                part="button"
                node_ref=show_all
                on:click=click(move || app.go(app.query().with_status(StatusFilter::All)))
            >
                {messages.show_all}
            </button>
        </div>
    }
}
