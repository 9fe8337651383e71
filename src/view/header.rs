//! What stands above the list on a page that is nothing but the list.

use super::button::{button, idle_button};
use crate::app::App;
use crate::dom::{element, set_hidden, set_text, text};
use web_sys::HtmlElement;

/// The title; which instance it is, the way to another, and the address of this view to pass on.
pub fn header(app: App) -> HtmlElement {
    let messages = app.messages();
    let id = text("span.instance-id", "");
    let change = button(app, "", messages.change_instance(), |app| app.on_demand().open_instances());
    let link = idle_button("", messages.copy_link());
    app.listen(&link, "click", {
        let link = link.clone();
        move |_| app.on_demand().copy_link(&link)
    });
    let instance = element("div.instance", &[&id, &change, &link]);
    let header = element("header", &[&text("h1", messages.title()), &instance]);
    app.follow(move || {
        let address = app.address();
        set_hidden(&instance, address.instance.is_none());
        set_text(&id, &address.ids.1);
    });
    header
}
