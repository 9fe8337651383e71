//! A fault in this module is shown by the element in which it happened, and by no other.
//!
//! Rust here ends in a trap when it panics, and nothing says which element was at work. So whatever runs for an element
//! runs within [`on_behalf_of`] it, and the panic hook asks who that was.

use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    /// The element's JavaScript half.
    type Element;
    #[wasm_bindgen(method, catch)]
    fn crashed(this: &Element, message: &str) -> Result<(), JsValue>;
}

thread_local! {
    static AT_WORK: RefCell<Option<HtmlElement>> = const { RefCell::new(None) };
}

/// The element for which code runs now.
pub fn at_work() -> Option<HtmlElement> {
    AT_WORK.with(|at_work| at_work.borrow().clone())
}

/// Runs `work` for an element.
pub fn on_behalf_of<T>(host: Option<HtmlElement>, work: impl FnOnce() -> T) -> T {
    let before = AT_WORK.with(|at_work| at_work.replace(host));
    let done = work();
    AT_WORK.with(|at_work| at_work.replace(before));
    done
}

/// Makes panics known to the element in which they happen, and to the console.
pub fn install_hook() {
    std::panic::set_hook(Box::new(|panic| {
        let payload = panic.payload();
        let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref().map(String::as_str));
        let place = panic.location().map(|place| [" (line ", &place.line().to_string(), ")"].concat());
        let message = [text.unwrap_or("unknown"), place.as_deref().unwrap_or_default()].concat();
        web_sys::console::error_1(&JsValue::from_str(&message));
        let host = AT_WORK.with(|at_work| at_work.try_borrow_mut().ok().and_then(|mut at_work| at_work.take()));
        if let Some(host) = host {
            // Were the element none of ours, there would be nobody to tell.
            let _told = host.unchecked_ref::<Element>().crashed(&message);
        }
    }));
}
