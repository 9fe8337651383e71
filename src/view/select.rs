//! A labelled select.

use crate::app::App;
use crate::dom::{append, before, element, set_attribute, text};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlSelectElement};

/// A choice: value, and text.
pub type Choice = (String, String);

/// What a select offers, and the value in force.
pub type Offer = (Vec<Choice>, String);

/// A select labelled `label`. `offer` tells the choices and the value in force, and is followed; `choose` is called
/// with what a person chose.
pub fn select(app: App, label: &str, offer: fn(App) -> Offer, choose: fn(App, &str)) -> HtmlElement {
    let node = element("select[part=select]", &[]);
    let field = element("label.field", &[&text("span", label), &node]);
    let select: HtmlSelectElement = node.unchecked_into();
    // What it stands at, as far as nobody has changed that since.
    let offered: Rc<RefCell<Option<Offer>>> = Rc::default();
    app.listen(&select, "change", {
        let (select, offered) = (select.clone(), offered.clone());
        move |_| {
            offered.replace(None);
            choose(app, &select.value());
        }
    });
    app.follow(move || {
        let now = offer(app);
        if offered.borrow().as_ref() != Some(&now) {
            update(&select, &now.0, &now.1);
            offered.replace(Some(now));
        }
    });
    field
}

/// Adds the choices that are missing, and selects the one in force. Those that are there stay, so that an open menu
/// does.
fn update(select: &HtmlSelectElement, choices: &[Choice], value: &str) {
    let options = select.options();
    let mut place = 0;
    for (value, text) in choices {
        let there = options.get_with_index(place);
        place += 1;
        if there.as_ref().and_then(|option| option.get_attribute("value")).as_deref() == Some(value) {
            continue;
        }
        let option = self::text("option", text);
        set_attribute(&option, "value", Some(value));
        match there {
            Some(there) => before(&there, &[&option]),
            None => append(select, &option),
        }
    }
    while let Some(extra) = options.get_with_index(place) {
        extra.remove();
    }
    if select.value() != value {
        select.set_value(value);
    }
}
