//! Keyboard shortcuts, for keys that are pressed inside the component and are not text.

use crate::app::App;
use crate::dom::{closest, find, focus};
use crate::shortcuts;
use crate::storage;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

/// Has keys do what their controls do.
pub fn listen_to(app: App, view: &HtmlElement) {
    let within = view.clone();
    app.listen(view, "keydown", move |event| press(&within, event));
}

fn press(view: &HtmlElement, event: Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    // A select goes to its choices by letters; in a dialog the list is out of reach.
    if target.is_none_or(|target| closest(&target, "input, select, dialog").is_some()) {
        return;
    }
    let event: KeyboardEvent = event.unchecked_into();
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.repeat() || event.default_prevented() {
        return;
    }
    let control = shortcuts::control(&event.key()).filter(|_| storage::is_on(storage::SHORTCUTS, true));
    let control = control.and_then(|selector| find(view, selector));
    let Some(control) = control else { return };
    event.prevent_default();
    if control.tag_name() == "SELECT" { focus(&control) } else { control.click() }
}
