//! What the custom element's JavaScript half calls, by way of the binary: one [`App`] for each attached element.

use crate::app;
use crate::dom::adopt_styles;
pub use crate::http::EarlyRequest;
use crate::messages::Messages;
pub use crate::on_demand::OnDemand;
use crate::view::View;
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
    /// The view, while only its table is there.
    table: Cell<Option<View>>,
    // What the state lives under.
    owner: Owner,
}

impl App {
    /// Fills `into`, which is for the shadow root of `host`, with the table; [`App::complete`] makes what is around it. A request
    /// that was sent before this module was there is taken over with [`App::start`].
    pub fn new(host: HtmlElement, into: HtmlElement, early: Option<EarlyRequest>, on_demand: OnDemand) -> Self {
        // Effects want an executor, which Leptos starts with the first mount; nothing is mounted here. That another element
        // has started it already is no error.
        let _ = Executor::init_wasm_bindgen();
        let owner = Owner::new();
        let state = owner.with(|| app::App::new(host, early, on_demand));
        let app = Self { state, into, messages: Cell::new(state.messages()), table: Cell::default(), owner };
        app.show();
        app
    }

    /// Makes what is around the table, if that is not there.
    pub fn complete(&self) {
        if let Some(view) = self.table.take() {
            view.complete();
        }
    }

    /// The view is in `root` from now on, and asks for its tasks. Apart from [`App::new`], which takes its time: that can be
    /// spent while their answer is on its way.
    pub fn start(&self, root: &ShadowRoot) {
        adopt_styles(root);
        self.owner.with(|| self.state.start());
    }

    /// An attribute changed, or with `from_address` the page's address did, or texts are here. Another language makes
    /// the view anew, over the same state; so does a reader's choice of how it is to be (`rearranged`).
    pub fn changed(&self, from_address: bool, rearranged: bool) {
        self.state.read_again(from_address);
        let messages = self.state.messages();
        if rearranged || !std::ptr::eq(self.messages.replace(messages), messages) {
            self.show();
            self.complete();
        }
    }

    /// Asks for the page on show again. Fulfilled when it is there, rejected when it failed. Without both IDs it waits for them.
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

    /// Makes the view anew, for now its table.
    fn show(&self) {
        self.state.end_view();
        let view = View::new(self.state);
        self.into.replace_children_with_node_1(view.element());
        self.table.set(Some(view));
    }
}
