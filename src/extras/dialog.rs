//! Modal dialogs: a title, a button that closes, and content.

use super::Place;
use super::widgets::{button, forget_what_is_gone, listen};
use crate::dom::{append, element, set_attribute, text};
use crate::timer::Timer;
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, Node};

thread_local! {
    /// Tidies up after a dialog.
    static LATER: RefCell<Option<Timer>> = const { RefCell::new(None) };
}

/// Shows a dialog in place of one that is open. It is gone once it is closed, and the focus back where it was.
pub fn show(place: &Place, title: &str, content: &[&Node]) -> HtmlDialogElement {
    if let Ok(Some(open)) = place.view.query_selector("dialog") {
        open.unchecked_ref::<HtmlDialogElement>().close();
    }
    let dialog: HtmlDialogElement = element("dialog[part=dialog]", &[]).unchecked_into();
    set_attribute(&dialog, "aria-label", Some(title));
    let close = button("close", place.texts().close(), {
        let dialog = dialog.clone();
        move |_| dialog.close()
    });
    let header = element("header", &[&text("h2", title), &close]);
    for child in [&header as &Node].iter().chain(content) {
        append(&dialog, child);
    }
    listen(&dialog, "close", |event| {
        if let Some(dialog) = event.current_target() {
            dialog.unchecked_ref::<Element>().remove();
        }
        // Not at once: others listen for this as well.
        LATER.replace(Some(Timer::after(0, forget_what_is_gone)));
    });
    let shown = place.view.append_child(&dialog).and_then(|_| dialog.show_modal());
    debug_assert!(shown.is_ok(), "the view is attached");
    dialog
}
