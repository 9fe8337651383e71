//! What the first view does not need, as this module sees it: the loader fetches the other module ([`crate::extras`]) when
//! one of these is called for the first time, and says so in [`crate::app::App::lacking`] if that fails.

use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    /// Does what another module can.
    #[derive(Clone)]
    pub type OnDemand;
    /// Shows a task in full.
    #[wasm_bindgen(method, js_name = openTask)]
    pub fn open_task(this: &OnDemand, task: &JsValue);
    /// Offers the tasks as a file.
    #[wasm_bindgen(method, js_name = openExport)]
    pub fn open_export(this: &OnDemand);
    /// Shows the form for the two IDs in a place for it, or brings it up to date.
    #[wasm_bindgen(method, js_name = showForm)]
    pub fn show_form(this: &OnDemand, into: &HtmlElement);
}
