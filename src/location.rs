//! What the element's attributes ask for; and the standalone page's address, which is the only use of `History`.

use crate::address::{Address, NAMES, Refresh};
use crate::dom::set_attribute;
use crate::format::Browser;
use crate::storage;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, UrlSearchParams};

/// The attribute that holds the value called `name` in an address.
pub fn attribute(name: &str) -> String {
    name.replace('_', "-")
}

/// What the attributes of an element ask for. When to refresh is remembered, where no attribute says it.
pub fn read_address(host: &HtmlElement) -> Address {
    let api_base = host.get_attribute("api-base").unwrap_or_default();
    let value = |name: &str| {
        let remembered =
            || (name == "refresh").then(|| storage::read(name).filter(|value| is_refresh(value))).flatten();
        host.get_attribute(&attribute(name)).or_else(remembered)
    };
    Address::read(&value, &Browser).with_api_base(api_base)
}

fn is_refresh(value: &str) -> bool {
    Refresh::parse(value).is_some()
}

/// Whether a navigation is one that Back undoes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A new entry of the history.
    Push,
    /// In place of the present one.
    Replace,
}

/// Brings the element's attributes in step with the address.
pub fn read_into(host: &HtmlElement) {
    let search = web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    let Ok(parameters) = UrlSearchParams::new_with_str(&search) else { return };
    for name in NAMES {
        let attribute = attribute(name);
        let value = parameters.get(name).filter(|value| !value.is_empty());
        set_attribute(host, &attribute, value.as_deref());
    }
}

/// Brings the address in step with the element's attributes.
pub fn write_from(host: &HtmlElement, step: Step) {
    let Some(window) = web_sys::window() else { return };
    let (Ok(parameters), Ok(history)) = (UrlSearchParams::new(), window.history()) else { return };
    for name in NAMES {
        if let Some(value) = host.get_attribute(&attribute(name)) {
            parameters.append(name, &value);
        }
    }
    let search = format_search(&String::from(parameters.to_string()));
    let written = match step {
        Step::Push => history.push_state_with_url(&JsValue::NULL, "", Some(&search)),
        Step::Replace => history.replace_state_with_url(&JsValue::NULL, "", Some(&search)),
    };
    if written.is_err() {
        // Browsers limit how often a page may do this. The view is right all the same; the address catches up with
        // the next step.
        web_sys::console::info_1(&"The browser did not let the address follow this step.".into());
    }
}

fn format_search(parameters: &str) -> String {
    let path = web_sys::window().and_then(|window| window.location().pathname().ok()).unwrap_or_default();
    if parameters.is_empty() { path } else { ["?", parameters].concat() }
}
