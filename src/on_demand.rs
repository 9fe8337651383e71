//! What the first view does not need, as this module sees it: the loader fetches the other module ([`crate::extras`]) when
//! one of these is called for the first time, and says so in [`crate::app::App::lacking`] if that fails.

use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    /// Has another module do what this one cannot.
    #[derive(Clone)]
    pub type OnDemand;
    /// Calls what that module exports as `name`.
    #[wasm_bindgen(method)]
    fn call(this: &OnDemand, name: &str, argument: &JsValue);
}

impl OnDemand {
    /// Shows a task in full.
    pub fn open_task(&self, task: &JsValue) {
        self.call("openTask", task);
    }

    /// Offers the tasks as a file.
    pub fn open_export(&self) {
        self.call("openExport", &JsValue::UNDEFINED);
    }

    /// Offers what a reader can choose of the view.
    pub fn open_options(&self) {
        self.call("openOptions", &JsValue::UNDEFINED);
    }

    /// Lists the keyboard shortcuts.
    pub fn open_shortcuts(&self) {
        self.call("openShortcuts", &JsValue::UNDEFINED);
    }

    /// Offers other instances.
    pub fn open_instances(&self) {
        self.call("openInstances", &JsValue::UNDEFINED);
    }

    /// Shows the form for the two IDs in a place for it, or brings it up to date.
    pub fn show_form(&self, into: &HtmlElement) {
        self.call("showForm", into);
    }

    /// Draws the durations on this page, in a place for it.
    pub fn show_chart(&self, into: &HtmlElement) {
        self.call("drawChart", into);
    }

    /// Puts the address of this view on the clipboard; `button` asked for it.
    pub fn copy_link(&self, button: &HtmlElement) {
        self.call("copyLink", button);
    }

    /// Tells a reader who may be looking elsewhere that a task has ended.
    pub fn finished(&self, text: &str) {
        self.call("tellFinished", &text.into());
    }
}
