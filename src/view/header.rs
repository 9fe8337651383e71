//! What stands above the list on a page that is nothing but the list.

use crate::app::{App, effect};
use crate::dom::{button, element, listen, set_hidden, set_text, text};
use leptos::prelude::*;
use web_sys::HtmlElement;

/// The title; which instance it is, the way to another, and the address of this view to pass on.
pub fn header(app: App) -> HtmlElement {
    let messages = app.messages();
    let id = text("span", "instance-id", "");
    let change = button("", messages.change_instance(), move || app.on_demand().open_instances());
    let link = button("", messages.copy_link(), || ());
    listen(&link, "click", {
        let link = link.clone();
        move |_| app.on_demand().copy_link(&link)
    });
    let instance = element("div", &[("class", "instance")], &[&id, &change, &link]);
    let header = element("header", &[], &[&text("h1", "", messages.title()), &instance]);
    effect(move || {
        app.address.with(|address| {
            set_hidden(&instance, address.instance.is_none());
            set_text(&id, &address.ids.1);
        });
    });
    header
}
