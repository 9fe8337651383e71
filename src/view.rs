//! What a person sees. The markup of each part is declared once; what changes in it is written by one effect a part.
//! Events call the methods of [`App`], and nothing else.
//!
//! Parts that are not always there are hidden, not removed: the focus stays where it is, and nothing is made anew.

mod dialog;
mod form;
mod handlers;
mod notice;
mod pagination;
mod rows;
mod select;
mod table;
mod toolbar;

use crate::app::{App, effect};
use crate::listing::Listing;
use leptos::html::Div;
use leptos::prelude::*;
use web_sys::HtmlElement;

/// The whole component, in the reader's language.
pub fn view(app: App) -> impl IntoView {
    let messages = app.messages();
    let locale = app.address.with_untracked(|address| address.presentation.locale);
    let list = NodeRef::<Div>::new();
    let form = NodeRef::<Div>::new();
    let announcer = NodeRef::<Div>::new();
    effect(move || {
        let unasked = app.listing.with(|listing| matches!(listing, Listing::Unasked));
        let unasked = unasked && app.address.with(|address| address.instance.is_none());
        show(list, !unasked);
        show(form, unasked);
    });
    effect(move || {
        if let Some(announcer) = announcer.get() {
            announcer.set_text_content(Some(&app.announcement.get()));
        }
    });
    let dialog = dialog::TaskDialog::new(app);
    view! {
        <div class="app" part="app" lang=locale.tag() dir=locale.direction()>
            {app.host().has_attribute("url-sync").then(|| view! { <h1>{messages.title}</h1> })}
            {notice::rejected(app)}
            <div node_ref=list>
                {toolbar::toolbar(app)}
                {notice::error(app)}
                {notice::missing(app)}
                {table::table(app, dialog)}
                {notice::empty(app)}
                {pagination::pagination(app)}
            </div>
            <div node_ref=form hidden>
                {form::form(app)}
            </div>
            <div class="announcer" role="status" node_ref=announcer></div>
            {dialog.view(app)}
        </div>
    }
}

/// Shows or hides a part.
fn show(part: NodeRef<Div>, shown: bool) {
    if let Some(part) = part.get_untracked() {
        set_hidden(&part, !shown);
    }
}

/// Hides an element or shows it, if it is not so already.
fn set_hidden(element: &HtmlElement, hidden: bool) {
    if element.hidden() != hidden {
        element.set_hidden(hidden);
    }
}

/// Writes an element's text, if it is not that already.
fn set_text(element: &HtmlElement, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Sets or removes an attribute, if it is not so already.
fn set_attribute(element: &HtmlElement, name: &str, value: Option<&str>) {
    if element.get_attribute(name).as_deref() == value {
        return;
    }
    let done = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
    debug_assert!(done.is_ok(), "attribute names are valid");
}
