//! Elements, listeners with an end, and the shared stylesheet.
//!
//! Markup is made with [`element`] and not with Leptos' `view!`: measured here, the macro's code for this view is a
//! quarter of the whole module, and it goes through `innerHTML`, which a host that demands Trusted Types forbids.
//! Signals, effects and owners are Leptos'.

use leptos::prelude::{LocalStorage, StoredValue};
use std::any::Any;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{CssStyleSheet, Event, EventTarget, HtmlElement, Node, ShadowRoot};

/// An element with attributes and children.
pub fn element(tag: &str, attributes: &[(&str, &str)], children: &[&Node]) -> HtmlElement {
    let made =
        web_sys::window().and_then(|window| window.document()).and_then(|document| document.create_element(tag).ok());
    let element: HtmlElement = made.map_or_else(|| wasm_bindgen::throw_str("no document"), JsCast::unchecked_into);
    for (name, value) in attributes {
        let set = element.set_attribute(name, value);
        debug_assert!(set.is_ok(), "attribute names are valid");
    }
    for child in children {
        let appended = element.append_child(child);
        debug_assert!(appended.is_ok(), "children are no ancestors");
    }
    element
}

/// An element with nothing but text.
pub fn text(tag: &str, class: &str, text: &str) -> HtmlElement {
    let element = element(tag, &[("class", class)], &[]);
    element.set_text_content(Some(text));
    element
}

/// A button that calls `click`.
pub fn button(class: &str, label: &str, click: impl Fn() + 'static) -> HtmlElement {
    fn boxed(class: &str, label: &str, click: Box<dyn Fn(Event)>) -> HtmlElement {
        let button = element("button", &[("type", "button"), ("class", class), ("part", "button")], &[]);
        button.set_text_content(Some(label));
        listen_boxed(&button, "click", click);
        button
    }
    boxed(class, label, Box::new(move |_| click()))
}

/// Calls `callback` for events of an element of the view, until the current reactive owner ends.
pub fn listen(target: &EventTarget, name: &'static str, callback: impl Fn(Event) + 'static) {
    listen_boxed(target, name, Box::new(callback));
}

// Not for each closure anew: that keeps the module small.
fn listen_boxed(target: &EventTarget, name: &'static str, callback: Box<dyn Fn(Event)>) {
    if let Some(listener) = Listener::on(target.clone(), name, callback) {
        keep(Rc::new(listener));
    }
}

/// Keeps something until the current reactive owner ends. One type for whatever it is: each type of stored value is code
/// that every reader downloads.
pub fn keep(what: Rc<dyn Any>) {
    let _kept_by_the_owner: StoredValue<Rc<dyn Any>, LocalStorage> = StoredValue::new_local(what);
}

/// Hides an element or shows it, if it is not so already.
pub fn set_hidden(element: &HtmlElement, hidden: bool) {
    if element.hidden() != hidden {
        element.set_hidden(hidden);
    }
}

/// Writes an element's text, if it is not that already.
pub fn set_text(element: &HtmlElement, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Sets or removes an attribute, if it is not so already.
pub fn set_attribute(element: &HtmlElement, name: &str, value: Option<&str>) {
    if element.get_attribute(name).as_deref() == value {
        return;
    }
    let done = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
    debug_assert!(done.is_ok(), "attribute names are valid");
}

/// Moves the focus to an element.
pub fn focus(element: &HtmlElement) {
    let focused = element.focus();
    debug_assert!(focused.is_ok(), "focusing does not throw");
}

/// Whether an element has the focus.
pub fn has_focus(element: &HtmlElement) -> bool {
    element.matches(":focus").unwrap_or(false)
}

/// A listener; removed when this is dropped.
#[must_use = "a dropped listener hears nothing"]
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    callback: Closure<dyn Fn(Event)>,
}

impl Listener {
    /// Listens on `target`.
    pub fn on(target: EventTarget, name: &'static str, callback: Box<dyn Fn(Event)>) -> Option<Self> {
        let callback = Closure::wrap(callback);
        target.add_event_listener_with_callback(name, callback.as_ref().unchecked_ref()).ok()?;
        Some(Self { target, name, callback })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let removed =
            self.target.remove_event_listener_with_callback(self.name, self.callback.as_ref().unchecked_ref());
        debug_assert!(removed.is_ok(), "removing a listener does not throw");
    }
}

/// The component's own rules: `style/`, joined by `build.rs`.
const STYLES: &str = include_str!(concat!(env!("OUT_DIR"), "/style.css"));

#[wasm_bindgen]
extern "C" {
    type Adopting;
    #[wasm_bindgen(method, getter, js_name = adoptedStyleSheets)]
    fn adopted_style_sheets(this: &Adopting) -> js_sys::Array;
    #[wasm_bindgen(method, setter, js_name = adoptedStyleSheets)]
    fn set_adopted_style_sheets(this: &Adopting, sheets: &js_sys::Array);
}

thread_local! {
    static SHEET: Option<CssStyleSheet> = sheet(STYLES);
}

/// A stylesheet of these rules, for any number of shadow roots.
pub fn sheet(rules: &str) -> Option<CssStyleSheet> {
    CssStyleSheet::new().ok().inspect(|sheet| sheet.replace_sync(rules).unwrap_or_default())
}

/// Adds a stylesheet to those of a shadow root, if it is not there.
pub fn adopt(root: &ShadowRoot, sheet: Option<&CssStyleSheet>) {
    let root: &Adopting = root.unchecked_ref();
    let sheets = root.adopted_style_sheets().slice(0, u32::MAX);
    if let Some(sheet) = sheet.filter(|sheet| !sheets.includes(sheet, 0)) {
        sheets.push(sheet);
        root.set_adopted_style_sheets(&sheets);
    }
}

/// Gives a shadow root the component's stylesheet: one constructed sheet for all instances, so that no content
/// security policy for styles stands in the way.
pub fn adopt_styles(root: &ShadowRoot) {
    SHEET.with(|sheet| {
        if let Some(sheet) = sheet {
            root.unchecked_ref::<Adopting>().set_adopted_style_sheets(&js_sys::Array::of1(sheet));
        }
    });
}
