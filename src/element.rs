//! What the custom element's JavaScript half calls: one [`App`] for each attached element.

use crate::app;
use crate::crash;
use crate::dom::adopt_styles;
use crate::export::{Format, Scope};
pub use crate::http::EarlyRequest;
use crate::messages::{Locale, Messages};
use crate::view;
use leptos::mount::mount_to;
use leptos::prelude::*;
use std::any::Any;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ShadowRoot};

/// Called once, before anything else.
pub fn start() {
    crash::install_hook();
}

/// The component, attached to the document. [`App::unmount`] ends it, with all its timers, listeners and requests.
#[wasm_bindgen]
pub struct App {
    state: app::App,
    into: HtmlElement,
    view: RefCell<View>,
    // What the state lives under; dropped last.
    owner: Owner,
}

/// The view in one language.
struct View {
    messages: &'static Messages,
    // Unmounts when it is dropped.
    _mounted: Box<dyn Any>,
}

#[wasm_bindgen]
impl App {
    /// Mounts into `into`, which is in the shadow root `root` of `host`, and takes over a request that was sent before
    /// this module was there.
    #[wasm_bindgen(constructor)]
    pub fn new(host: HtmlElement, root: &ShadowRoot, into: HtmlElement, early: Option<EarlyRequest>) -> Self {
        adopt_styles(root);
        // Leptos starts its executor with the first mount, and effects want it: an empty one goes first.
        drop(mount_to(into.clone(), || ()));
        let owner = Owner::new();
        let state = owner.with(|| app::App::new(host, early));
        let view = RefCell::new(View::new(state, &into));
        Self { state, into, view, owner }
    }

    /// The texts of the language whose tag begins with `language`, by name, for every component of this module. One that
    /// is up changes to them with the next [`Self::changed`].
    pub fn learn(language: &str, texts: &JsValue) {
        if let Some(locale) = Locale::EACH.into_iter().find(|locale| locale.tag().starts_with(language)) {
            locale.learn(&|name| js_sys::Reflect::get(texts, &name.into()).ok()?.as_string());
        }
    }

    /// An attribute changed, or with `from_address` the page's address did, or texts are here. Another language makes
    /// the view anew, over the same state.
    pub fn changed(&self, from_address: bool) {
        self.state.read_again(from_address);
        if let Ok(mut view) = self.view.try_borrow_mut()
            && !std::ptr::eq(view.messages, self.state.messages())
        {
            *view = View::new(self.state, &self.into);
        }
    }

    /// Asks for the page on show again. Fulfilled when it is there, rejected when it failed.
    pub fn refresh(&self) -> js_sys::Promise {
        self.state.refresh()
    }

    /// The tasks as a file: `format` is `csv` or `json`, `scope` is `page` or `all`.
    #[wasm_bindgen(js_name = exportTasks)]
    pub fn export_tasks(&self, format: &str, scope: &str) -> js_sys::Promise {
        let state = self.state;
        match (Format::parse(format), Scope::parse(scope)) {
            (Some(format), Some(scope)) => {
                wasm_bindgen_futures::future_to_promise(
                    async move { state.export(format, scope).await.map(JsValue::from) },
                )
            }
            _ => js_sys::Promise::reject(&js_sys::TypeError::new("format: csv or json; scope: page or all")),
        }
    }

    /// Ends the component.
    pub fn unmount(self) {
        drop(self.view);
        self.owner.cleanup();
    }
}

impl View {
    fn new(state: app::App, into: &HtmlElement) -> Self {
        let messages = state.messages();
        let into = into.clone();
        let mounted = mount_to(into.clone(), move || into.replace_children_with_node_1(&view::view(state)));
        Self { messages, _mounted: Box::new(mounted) }
    }
}
