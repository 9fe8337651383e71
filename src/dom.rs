//! Browser objects with an end: listeners that are removed when they are dropped, and the shared stylesheet.

use wasm_bindgen::prelude::*;
use web_sys::{CssStyleSheet, Event, EventTarget, ShadowRoot};

/// A listener; removed when this is dropped.
#[must_use = "a dropped listener hears nothing"]
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    callback: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Listens on `target`.
    pub fn on(target: EventTarget, name: &'static str, callback: impl FnMut(Event) + 'static) -> Option<Self> {
        let callback = Closure::new(callback);
        target.add_event_listener_with_callback(name, callback.as_ref().unchecked_ref()).ok()?;
        Some(Self { target, name, callback })
    }

    /// Listens on the window.
    pub fn on_window(name: &'static str, callback: impl FnMut(Event) + 'static) -> Option<Self> {
        Self::on(web_sys::window()?.into(), name, callback)
    }

    /// Listens on the document.
    pub fn on_document(name: &'static str, callback: impl FnMut(Event) + 'static) -> Option<Self> {
        Self::on(web_sys::window()?.document()?.into(), name, callback)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let removed =
            self.target.remove_event_listener_with_callback(self.name, self.callback.as_ref().unchecked_ref());
        debug_assert!(removed.is_ok(), "removing a listener does not throw");
    }
}

/// The component's own rules, one file a part of the view.
const STYLES: &str = concat!(
    include_str!("../style/tokens.css"),
    include_str!("../style/layout.css"),
    include_str!("../style/controls.css"),
    include_str!("../style/table.css"),
    include_str!("../style/pagination.css"),
    include_str!("../style/notice.css"),
    include_str!("../style/dialog.css"),
);

#[wasm_bindgen]
extern "C" {
    type Adopting;
    #[wasm_bindgen(method, setter, js_name = adoptedStyleSheets)]
    fn set_adopted_style_sheets(this: &Adopting, sheets: &js_sys::Array);
}

thread_local! {
    static SHEET: Option<CssStyleSheet> = {
        let sheet = CssStyleSheet::new().ok();
        sheet.inspect(|sheet| sheet.replace_sync(STYLES).unwrap_or_default())
    };
}

/// Gives a shadow root the component's stylesheet: one constructed sheet for all instances, so that no content
/// security policy for styles stands in the way.
pub fn adopt_styles(root: &ShadowRoot) {
    SHEET.with(|sheet| {
        if let Some(sheet) = sheet {
            root.unchecked_ref::<Adopting>().set_adopted_style_sheets(&js_sys::Array::of1(sheet));
        }
    });
}
