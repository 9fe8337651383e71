//! A labelled select.

use crate::app::effect;
use crate::dom::{element, listen, text};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlOptionElement, HtmlSelectElement};

/// A choice: value, and text.
pub type Choice = (String, String);

/// What a select offers, and the value in force.
pub type Offer = (Vec<Choice>, String);

/// A select labelled `label`. `offer` tells the choices and the value in force, and is followed; `choose` is called
/// with what a person chose.
pub fn select(label: &str, offer: impl Fn() -> Offer + 'static, choose: impl Fn(String) + 'static) -> HtmlElement {
    let node = element("select", &[("part", "select")], &[]);
    let field = element("label", &[("class", "field")], &[&text("span", "", label), &node]);
    connect(node.unchecked_into(), Box::new(offer), Box::new(choose));
    field
}

/// One function for all selects, not one for each: that keeps the module small.
fn connect(select: HtmlSelectElement, offer: Box<dyn Fn() -> Offer>, choose: Box<dyn Fn(String)>) {
    // What it stands at, as far as nobody has changed that since.
    let offered: Rc<RefCell<Option<Offer>>> = Rc::default();
    listen(&select, "change", {
        let (select, offered) = (select.clone(), offered.clone());
        move |_| {
            offered.replace(None);
            choose(select.value());
        }
    });
    effect(move || {
        let now = offer();
        if offered.borrow().as_ref() != Some(&now) {
            update(&select, &now.0, &now.1);
            offered.replace(Some(now));
        }
    });
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
        let Ok(option) = HtmlOptionElement::new_with_text_and_value(text, value) else { continue };
        let inserted = select.insert_before(&option, there.as_deref().map(AsRef::as_ref));
        debug_assert!(inserted.is_ok(), "an option can be inserted");
    }
    while let Some(extra) = options.get_with_index(place) {
        extra.remove();
    }
    if select.value() != value {
        select.set_value(value);
    }
}
