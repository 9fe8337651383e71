//! What the custom element's JavaScript half calls, by way of the binary: one [`App`] for each attached element.

use crate::app;
use crate::dom::adopt_styles;
pub use crate::http::EarlyRequest;
use crate::messages::Messages;
pub use crate::on_demand::OnDemand;
use crate::view;
use any_spawner::Executor;
use leptos::prelude::*;
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ShadowRoot};

/// The component, attached to the document. [`App::unmount`] ends it, with all its timers, listeners and requests.
pub struct App {
    state: app::App,
    into: HtmlElement,
    /// The language of the view.
    messages: Cell<&'static Messages>,
    // What the state lives under.
    owner: Owner,
}

impl App {
    /// Fills `into`, which is for the shadow root of `host`. A request that was sent before this module was there is taken
    /// over with [`App::place`].
    pub fn new(host: HtmlElement, into: HtmlElement, early: Option<EarlyRequest>, on_demand: OnDemand) -> Self {
        // Effects want an executor, which Leptos starts with the first mount; nothing is mounted here. That another element
        // has started it already is no error.
        let _ = Executor::init_wasm_bindgen();
        let owner = Owner::new();
        let state = owner.with(|| app::App::new(host, early, on_demand));
        let app = Self { state, into, messages: Cell::new(state.messages()), owner };
        app.show();
        app
    }

    /// Puts the view in the place of what `root` holds, and asks for its tasks. Apart from [`App::new`], which takes its time:
    /// that can be spent while their answer is on its way.
    pub fn place(&self, root: &ShadowRoot) {
        adopt_styles(root);
        root.replace_children_with_node_1(&self.into);
        self.owner.with(|| self.state.start());
    }

    /// An attribute changed, or with `from_address` the page's address did, or texts are here. Another language makes
    /// the view anew, over the same state; so does a reader's choice of how it is to be (`rearranged`).
    pub fn changed(&self, from_address: bool, rearranged: bool) {
        self.state.read_again(from_address);
        let messages = self.state.messages();
        if rearranged || !std::ptr::eq(self.messages.replace(messages), messages) {
            self.show();
        }
    }

    /// Asks for the page on show again. Fulfilled when it is there, rejected when it failed.
    pub fn refresh(&self) -> js_sys::Promise {
        self.state.refresh()
    }

    /// What is on show, as what is loaded on demand gets it: the tasks, undefined while there are none, and the filter
    /// that they passed.
    pub fn on_show(&self) -> JsValue {
        self.state.on_show()
    }

    /// How far this device's clock is behind the service's, in milliseconds.
    pub fn skew(&self) -> i64 {
        self.state.skew()
    }

    /// A person chose an instance.
    pub fn choose(&self, project_id: &str, instance_id: &str) {
        self.state.choose(project_id, instance_id);
    }

    /// Something that is loaded on demand is not there, for this reason; empty once it is.
    pub fn lacks(&self, why: &str) {
        self.state.lacks(why);
    }

    /// Ends the component.
    pub fn unmount(self) {
        self.state.end_view();
        self.owner.cleanup();
    }

    /// Makes the view anew.
    fn show(&self) {
        self.state.end_view();
        self.into.replace_children_with_node_1(&view::view(self.state));
    }
}
