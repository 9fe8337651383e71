//! The wasm module of what the first view does not need: see [`bigkey_tasks::extras`].

fn main() {
    #[cfg(target_arch = "wasm32")]
    bigkey_tasks::start();
}

#[cfg(target_arch = "wasm32")]
mod exports {
    use bigkey_tasks::extras::export::OnShow;
    use bigkey_tasks::extras::{self, Place};
    use bigkey_tasks::format;
    use wasm_bindgen::prelude::*;
    use web_sys::HtmlElement;

    /// What can be asked for. Each call names the element and its view.
    #[wasm_bindgen]
    pub struct Extras;

    #[wasm_bindgen]
    impl Extras {
        /// The texts of the language whose tag begins with `language`, by name.
        pub fn learn(language: &str, texts: &JsValue) {
            format::learn(language, texts);
        }

        #[wasm_bindgen(js_name = openTask)]
        pub fn open_task(host: &HtmlElement, view: HtmlElement, skew: f64, task: &JsValue) {
            extras::task::open(&Place::new(host, view, skew), task);
        }

        #[wasm_bindgen(js_name = openExport)]
        pub fn open_export(host: &HtmlElement, view: HtmlElement, skew: f64, on_show: OnShow) {
            extras::export::open(Place::new(host, view, skew), on_show);
        }

        /// The method of the element.
        #[wasm_bindgen(js_name = exportTasks)]
        pub fn export_tasks(host: &HtmlElement, format: &str, scope: &str, on_show: OnShow) -> js_sys::Promise {
            extras::export::promise(host, format, scope, on_show)
        }

        #[wasm_bindgen(js_name = showForm)]
        pub fn show_form(
            host: &HtmlElement,
            view: HtmlElement,
            skew: f64,
            into: &HtmlElement,
            choose: js_sys::Function,
        ) {
            extras::form::show(&Place::new(host, view, skew), into, choose);
        }
    }
}
