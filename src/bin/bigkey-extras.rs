//! The wasm module of what the first view does not need: see [`bigkey_tasks::extras`].

// As in src/main.rs.
#![cfg_attr(target_arch = "wasm32", no_main)]

#[cfg(not(target_arch = "wasm32"))]
fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {
    use bigkey_tasks::extras::{self, List, Place};
    use bigkey_tasks::format;
    use bigkey_tasks::messages::{self, Messages};
    use js_sys::Array;
    use wasm_bindgen::prelude::*;
    use web_sys::HtmlElement;

    #[wasm_bindgen(start)]
    fn start() {
        bigkey_tasks::start();
    }

    /// What can be asked for. Each call names the element, its view, and its list: see
    /// [`bigkey_tasks::on_demand::OnDemand`].
    #[wasm_bindgen]
    pub struct Extras;

    #[wasm_bindgen]
    impl Extras {
        /// The texts of the language whose tag begins with `language`, in the order of its catalogue.
        pub fn learn(language: &str, texts: &Array) {
            format::learn(language, texts, |locale, catalogue| {
                Messages::learn(locale, catalogue);
                messages::Extras::learn(locale, catalogue);
            });
        }

        #[wasm_bindgen(js_name = openTask)]
        pub fn open_task(host: HtmlElement, view: HtmlElement, list: List, task: &JsValue) {
            extras::task::open(Place::new(host, view, list), task);
        }

        #[wasm_bindgen(js_name = openExport)]
        pub fn open_export(host: HtmlElement, view: HtmlElement, list: List) {
            extras::export::open(Place::new(host, view, list));
        }

        #[wasm_bindgen(js_name = openOptions)]
        pub fn open_options(host: HtmlElement, view: HtmlElement, list: List) {
            extras::options::open(Place::new(host, view, list));
        }

        #[wasm_bindgen(js_name = openShortcuts)]
        pub fn open_shortcuts(host: HtmlElement, view: HtmlElement, list: List) {
            extras::shortcuts::open(&Place::new(host, view, list));
        }

        #[wasm_bindgen(js_name = openInstances)]
        pub fn open_instances(host: HtmlElement, view: HtmlElement, list: List) {
            extras::form::open(Place::new(host, view, list));
        }

        #[wasm_bindgen(js_name = showForm)]
        pub fn show_form(host: HtmlElement, view: HtmlElement, list: List, into: &HtmlElement) {
            extras::form::show(Place::new(host, view, list), into);
        }

        #[wasm_bindgen(js_name = drawChart)]
        pub fn draw_chart(host: HtmlElement, view: HtmlElement, list: List, into: &HtmlElement) {
            extras::chart::draw(&Place::new(host, view, list), into);
        }

        #[wasm_bindgen(js_name = copyLink)]
        pub fn copy_link(host: HtmlElement, view: HtmlElement, list: List, button: HtmlElement) {
            extras::clipboard::copy_link(&Place::new(host, view, list), button);
        }

        #[wasm_bindgen(js_name = tellFinished)]
        pub fn tell_finished(host: HtmlElement, view: HtmlElement, list: List, text: &str) {
            extras::notify::finished(&Place::new(host, view, list), text);
        }

        /// The method of the element.
        #[wasm_bindgen(js_name = exportTasks)]
        pub fn export_tasks(host: &HtmlElement, list: &List, format: &str, scope: &str) -> js_sys::Promise {
            extras::export::promise(host, list, format, scope)
        }
    }
}
