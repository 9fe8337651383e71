//! Listeners, and elements with one.

use crate::dom::{element, set_attribute, text};
use wasm_bindgen::prelude::*;
use web_sys::{Event, EventTarget, HtmlElement, HtmlInputElement, HtmlSelectElement};

/// Calls `callback` for events of an element, as long as the browser keeps that element.
pub fn listen(target: &EventTarget, name: &str, callback: impl Fn(Event) + 'static) {
    fn boxed(target: &EventTarget, name: &str, callback: Box<dyn Fn(Event)>) {
        let callback = Closure::wrap(callback).into_js_value();
        let listening = target.add_event_listener_with_callback(name, callback.unchecked_ref());
        debug_assert!(listening.is_ok(), "adding a listener does not throw");
    }
    boxed(target, name, Box::new(callback));
}

/// A button that calls `click` with itself.
pub fn button(class: &str, label: &str, click: impl Fn(HtmlElement) + 'static) -> HtmlElement {
    let button = element("button", &[("type", "button"), ("class", class), ("part", "button")], &[]);
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
    let announcer = text("div", "announcer", "");
    set_attribute(&announcer, "role", Some("status"));
    announcer
}

/// A labelled choice, of values and texts: the whole, and the select.
pub fn select(label: &str, choices: &[(&str, &str)]) -> (HtmlElement, HtmlSelectElement) {
    let select = element("select", &[("part", "select")], &[]);
    for (value, label) in choices {
        let option = text("option", "", label);
        set_attribute(&option, "value", Some(value));
        let appended = select.append_child(&option);
        debug_assert!(appended.is_ok(), "an option can be appended");
    }
    let field = element("label", &[("class", "field")], &[&text("span", "", label), &select]);
    (field, select.unchecked_into())
}

/// A labelled check box: the whole, and the box.
pub fn check(label: &str, checked: bool) -> (HtmlElement, HtmlInputElement) {
    let input: HtmlInputElement = element("input", &[("type", "checkbox")], &[]).unchecked_into();
    input.set_checked(checked);
    (element("label", &[("class", "check")], &[&input, &text("span", "", label)]), input)
}
