//! Listeners, and elements with one.

use crate::dom::{Listener, append, element, set_attribute, text};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::{Event, HtmlElement, HtmlInputElement, HtmlSelectElement, Node};

thread_local! {
    /// Every listener, with the element that it is on.
    static LISTENERS: RefCell<Vec<(Node, Listener)>> = const { RefCell::new(Vec::new()) };
}

/// Calls `callback` for events of an element, until [`forget_what_is_gone`] finds that it is gone.
pub fn listen(target: &Node, name: &'static str, callback: impl Fn(Event) + 'static) {
    fn boxed(target: &Node, name: &'static str, callback: Box<dyn Fn(Event)>) {
        let listener = Listener::on(target.clone().into(), name, callback);
        LISTENERS.with_borrow_mut(|all| all.push((target.clone(), listener)));
    }
    boxed(target, name, Box::new(callback));
}

/// Ends the listeners on elements that are not in the document any more. What they hold on to, often each other's
/// elements, no browser could tell to be of no use. Not to be called while something is being put together.
pub fn forget_what_is_gone() {
    LISTENERS.with_borrow_mut(|all| all.retain(|(target, _)| target.is_connected()));
}

/// A button that calls `click` with itself.
pub fn button(class: &str, label: &str, click: impl Fn(HtmlElement) + 'static) -> HtmlElement {
    let button = element(&["button.", class, "[type=button][part=button]"].concat(), &[]);
    button.set_text_content(Some(label));
    listen(&button, "click", move |event| {
        if let Some(button) = event.current_target() {
            click(button.unchecked_into());
        }
    });
    button
}

/// What a screen reader is told, politely; empty at first. A dialog needs one of its own: what is outside it is inert.
pub fn announcer() -> HtmlElement {
    let announcer = text("div.announcer", "");
    set_attribute(&announcer, "role", Some("status"));
    announcer
}

/// A labelled choice, of values and texts: the whole, and the select.
pub fn select(label: &str, choices: &[(&str, &str)]) -> (HtmlElement, HtmlSelectElement) {
    let select = element("select[part=select]", &[]);
    for (value, label) in choices {
        let option = text("option", label);
        set_attribute(&option, "value", Some(value));
        append(&select, &option);
    }
    let field = element("label.field", &[&text("span", label), &select]);
    (field, select.unchecked_into())
}

/// A labelled check box: the whole, and the box.
pub fn check(label: &str, checked: bool) -> (HtmlElement, HtmlInputElement) {
    let input: HtmlInputElement = element("input[type=checkbox]", &[]).unchecked_into();
    input.set_checked(checked);
    (element("label.check", &[&input, &text("span", label)]), input)
}
