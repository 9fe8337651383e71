//! The wasm module of the list. What it exports is here and not in the library: whatever the library exported would be in
//! the other module too.

// A module that others call into needs none of what runs before and after a program's `main`.
#![cfg_attr(target_arch = "wasm32", no_main)]

#[cfg(not(target_arch = "wasm32"))]
fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {
    use bigkey_tasks::element::{self, EarlyRequest, OnDemand};
    use bigkey_tasks::format;
    use bigkey_tasks::messages::Messages;
    use js_sys::Array;
    use wasm_bindgen::prelude::*;
    use web_sys::{HtmlElement, ShadowRoot};

    #[wasm_bindgen(start)]
    fn start() {
        bigkey_tasks::start();
    }

    /// One attached element: see [`element::App`].
    #[wasm_bindgen]
    pub struct App(element::App);

    #[wasm_bindgen]
    impl App {
        #[wasm_bindgen(constructor)]
        pub fn new(host: HtmlElement, into: HtmlElement, early: Option<EarlyRequest>, on_demand: OnDemand) -> Self {
            Self(element::App::new(host, into, early, on_demand))
        }

        pub fn complete(&self) {
            self.0.complete();
        }

        pub fn start(&self, root: &ShadowRoot) {
            self.0.start(root);
        }

        /// The texts of the language whose tag begins with `language`, in the order of its catalogue.
        pub fn learn(language: &str, texts: &Array) {
            format::learn(language, texts, Messages::learn);
        }

        pub fn changed(&self, from_address: bool, rearranged: bool) {
            self.0.changed(from_address, rearranged);
        }

        pub fn refresh(&self) -> js_sys::Promise {
            self.0.refresh()
        }

        #[wasm_bindgen(js_name = onShow)]
        pub fn on_show(&self) -> JsValue {
            self.0.on_show()
        }

        pub fn skew(&self) -> i64 {
            self.0.skew()
        }

        pub fn choose(&self, project_id: &str, instance_id: &str) {
            self.0.choose(project_id, instance_id);
        }

        pub fn lacks(&self, why: &str) {
            self.0.lacks(why);
        }

        pub fn unmount(self) {
            self.0.unmount();
        }
    }
}
