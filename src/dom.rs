//! Elements, listeners with an end, and the shared stylesheet.
//!
//! Markup is made with [`element`] and not with Leptos' `view!`: measured here, the macro's code for this view is a
//! quarter of the whole module, and it goes through `innerHTML`, which a host that demands Trusted Types forbids.
//! What is reactive is Leptos'.

use wasm_bindgen::prelude::*;
use web_sys::{CssStyleSheet, Element, Event, EventTarget, HtmlElement, Node, ShadowRoot};

/// An element as a selector describes it, with children: `button.primary[type=button][hidden]`. Values stand without quotes
/// and have no brackets.
pub fn element(description: &str, children: &[&Node]) -> HtmlElement {
    let mut parts = description.split('[');
    let mut names = parts.next().unwrap_or_default().splitn(2, '.');
    let tag = names.next().unwrap_or_default();
    let element = create(tag);
    if let Some(classes) = names.next().filter(|classes| !classes.is_empty()) {
        set_attribute(&element, "class", Some(&classes.replace('.', " ")));
    }
    for part in parts {
        let attribute = part.trim_end_matches(']');
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        set_attribute(&element, name, Some(value));
    }
    for child in children {
        append(&element, child);
    }
    element
}

#[wasm_bindgen]
extern "C" {
    /// An element, and what is called of it most, as in [`web_sys`]; but for names and nodes for which these calls do not
    /// throw. Catching what is not thrown would be code on both sides.
    #[wasm_bindgen(extends = web_sys::Element)]
    type Sure;
    #[wasm_bindgen(js_namespace = document, js_name = createElement)]
    fn create(tag: &str) -> HtmlElement;
    #[wasm_bindgen(method, js_name = setAttribute)]
    fn set(this: &Sure, name: &str, value: &str);
    #[wasm_bindgen(method, js_name = removeAttribute)]
    fn unset(this: &Sure, name: &str);
    #[wasm_bindgen(method)]
    fn append(this: &Sure, child: &Node);
    #[wasm_bindgen(method)]
    fn before(this: &Sure, sibling: &Node);
    #[wasm_bindgen(method)]
    fn closest(this: &Sure, selector: &str) -> Option<HtmlElement>;
    #[wasm_bindgen(method, js_name = querySelector)]
    fn find(this: &Sure, selector: &str) -> Option<HtmlElement>;
    #[wasm_bindgen(method)]
    fn matches(this: &Sure, selector: &str) -> bool;
    #[wasm_bindgen(method)]
    fn focus(this: &Sure);
    #[wasm_bindgen(method, getter)]
    fn style(this: &Sure) -> Style;
    #[wasm_bindgen(method, js_name = dispatchEvent)]
    fn dispatch(this: &Sure, event: &Event) -> bool;
    type Style;
    #[wasm_bindgen(method, js_name = setProperty)]
    fn set(this: &Style, name: &str, value: &str);
    type Sheet;
    #[wasm_bindgen(method, js_name = replaceSync)]
    fn replace(this: &Sheet, rules: &str);
    #[wasm_bindgen(method, js_name = addEventListener)]
    fn listen(this: &Sure, name: &str, callback: &JsValue);
    #[wasm_bindgen(method, js_name = removeEventListener)]
    fn unlisten(this: &Sure, name: &str, callback: &JsValue);
}

/// Adds a node that is no ancestor, as the last child.
pub fn append(parent: &Node, child: &Node) {
    parent.unchecked_ref::<Sure>().append(child);
}

/// Puts nodes before one that has a parent.
pub fn before(node: &Node, others: &[&Node]) {
    for other in others {
        node.unchecked_ref::<Sure>().before(other);
    }
}

/// An element with nothing but text.
pub fn text(description: &str, text: &str) -> HtmlElement {
    let element = element(description, &[]);
    element.set_text_content(Some(text));
    element
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
    match value {
        Some(value) => element.unchecked_ref::<Sure>().set(name, value),
        None => element.unchecked_ref::<Sure>().unset(name),
    }
}

/// The nearest of an element and those around it that fits a selector.
pub fn closest(element: &Element, selector: &str) -> Option<HtmlElement> {
    element.unchecked_ref::<Sure>().closest(selector)
}

/// The first element inside another that fits a selector.
pub fn find(within: &Element, selector: &str) -> Option<HtmlElement> {
    within.unchecked_ref::<Sure>().find(selector)
}

/// Whether an element fits a selector.
pub fn matches(element: &Element, selector: &str) -> bool {
    element.unchecked_ref::<Sure>().matches(selector)
}

/// Sets a property of an element's own style.
pub fn set_style(element: &HtmlElement, property: &str, value: &str) {
    element.unchecked_ref::<Sure>().style().set(property, value);
}

/// Dispatches an event that was not yet; false if a listener called `preventDefault`.
pub fn dispatch(element: &HtmlElement, event: &Event) -> bool {
    element.unchecked_ref::<Sure>().dispatch(event)
}

/// Moves the focus to an element.
pub fn focus(element: &HtmlElement) {
    element.unchecked_ref::<Sure>().focus();
}

/// Whether an element has the focus.
pub fn has_focus(element: &HtmlElement) -> bool {
    matches(element, ":focus")
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
    pub fn on(target: EventTarget, name: &'static str, callback: Box<dyn Fn(Event)>) -> Self {
        let callback = Closure::wrap(callback);
        target.unchecked_ref::<Sure>().listen(name, callback.as_ref());
        Self { target, name, callback }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.target.unchecked_ref::<Sure>().unlisten(self.name, self.callback.as_ref());
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
    CssStyleSheet::new().ok().inspect(|sheet| sheet.unchecked_ref::<Sheet>().replace(rules))
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
