//! What the custom element's JavaScript half calls: one [`App`] for each attached element.

use crate::app;
use crate::dom::{Listener, adopt_styles};
use crate::http::EarlyRequest;
use crate::view;
use leptos::mount::mount_to;
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, HtmlElement, ShadowRoot};

/// The component, mounted in one element. [`App::unmount`] ends it, with all its timers, listeners and requests.
#[wasm_bindgen]
pub struct App {
    state: app::App,
    _popstate: Option<Listener>,
    // Unmounts when it is dropped.
    _mounted: Box<dyn Any>,
}

#[wasm_bindgen]
impl App {
    /// Mounts into `into`, which is in the shadow root `root` of `host`, and takes over a request that was sent before
    /// this module was there.
    #[wasm_bindgen(constructor)]
    pub fn new(
        host: HtmlElement,
        root: &ShadowRoot,
        into: HtmlElement,
        early_url: Option<String>,
        early_response: Option<js_sys::Promise>,
        early_controller: Option<AbortController>,
    ) -> Self {
        adopt_styles(root);
        let early = early_url
            .zip(early_response)
            .zip(early_controller)
            .map(|((url, response), controller)| EarlyRequest { url, response, controller });
        let standalone = host.has_attribute("url-sync");
        let made = Rc::new(RefCell::new(None));
        let mounted = mount_to(into, {
            let made = made.clone();
            move || {
                let state = app::App::new(host, early);
                made.replace(Some(state));
                view::view(state)
            }
        });
        let state = made.take().unwrap_or_else(|| wasm_bindgen::throw_str("mounting runs the view at once"));
        let popstate = standalone.then(|| Listener::on_window("popstate", move |_| state.read_again(true))).flatten();
        Self { state, _popstate: popstate, _mounted: Box::new(mounted) }
    }

    /// An attribute changed.
    pub fn changed(&self) {
        self.state.read_again(false);
    }

    /// Asks for the page on show again. Fulfilled when it is there, rejected when it failed.
    pub fn refresh(&self) -> js_sys::Promise {
        self.state.refresh()
    }

    /// Ends the component.
    pub fn unmount(self) {
        drop(self);
    }
}
