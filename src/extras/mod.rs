//! What the first view does not need, as a wasm module of its own (`src/bin/bigkey-extras.rs`), loaded when a person asks
//! for it.
//!
//! There is no Leptos in it, and what it knows of the list are the element's attributes, which are the truth about what is
//! looked at. Listeners live as long as the elements that they are on are shown.

mod dialog;
mod widgets;

pub mod chart;
pub mod clipboard;
pub mod export;
pub mod form;
pub mod notify;
pub mod options;
pub mod shortcuts;
pub mod task;

use crate::address::Address;
use crate::api;
use crate::dom;
use crate::format::Formats;
use crate::json::Json;
use crate::location;
use crate::messages::{Extras, Messages};
use crate::model::Task;
use crate::time::Instant;
use crate::timer::device_now;
use wasm_bindgen::prelude::*;
use web_sys::{CssStyleSheet, HtmlElement};

#[wasm_bindgen]
extern "C" {
    /// The list that something is asked for in.
    #[derive(Clone)]
    pub type List;
    /// What is on show. Fails where the element has been taken away meanwhile.
    #[wasm_bindgen(method, catch, js_name = onShow)]
    fn on_show(this: &List) -> Result<OnShow, JsValue>;
    /// How far this device's clock is behind the service's, in milliseconds. Fails alike.
    #[wasm_bindgen(method, catch)]
    fn skew(this: &List) -> Result<i64, JsValue>;
    /// Another instance.
    #[wasm_bindgen(method)]
    fn choose(this: &List, project_id: &str, instance_id: &str);
    /// Makes the view anew, as it is to be now.
    #[wasm_bindgen(method)]
    fn rearrange(this: &List);

    /// What is on show in it.
    type OnShow;
    /// The tasks; null while there are none.
    #[wasm_bindgen(method, getter)]
    fn records(this: &OnShow) -> JsValue;
    /// How many records of that page could not be read.
    #[wasm_bindgen(method, getter)]
    fn unreadable(this: &OnShow) -> u32;
    /// The filter that the controls stand at, as the service spells it; empty for all.
    #[wasm_bindgen(method, getter)]
    fn status(this: &OnShow) -> String;
}

impl OnShow {
    /// The tasks; `None` while there are none.
    fn tasks(&self) -> Option<Vec<Task>> {
        let records = self.records();
        let items = records.items()?;
        Some(items.filter_map(|item| api::read_task(&item)).collect())
    }
}

/// Where something is asked for, and how it is presented there.
pub struct Place {
    host: HtmlElement,
    /// The component's outermost element, which has its language and direction.
    view: HtmlElement,
    list: List,
    formats: Formats,
    address: Address,
}

/// The rules of what is shown from here: `style/`, joined by `build.rs`.
const STYLES: &str = include_str!(concat!(env!("OUT_DIR"), "/extras.css"));

thread_local! {
    static SHEET: Option<CssStyleSheet> = dom::sheet(STYLES);
}

impl Place {
    /// In the component that is `view`, for the element `host`.
    pub fn new(host: HtmlElement, view: HtmlElement, list: List) -> Self {
        widgets::forget_what_is_gone();
        if let Some(root) = host.shadow_root() {
            SHEET.with(|sheet| dom::adopt(&root, sheet.as_ref()));
        }
        let address = location::read_address(&host);
        Self { formats: Formats::new(&address.presentation), host, view, list, address }
    }

    /// What the list says, in the reader's language.
    fn messages(&self) -> &'static Messages {
        self.formats.messages
    }

    /// What is said here, in the reader's language.
    fn texts(&self) -> &'static Extras {
        Extras::of(self.formats.locale)
    }

    /// What time it is, by the service's clock where this device's is wrong.
    fn now(&self) -> Instant {
        Instant::from_millis(device_now().saturating_add(self.list.skew().unwrap_or_default()))
    }
}
