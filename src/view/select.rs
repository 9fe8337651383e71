//! A labelled select.

use crate::app::effect;
use crate::dom::{element, listen, text};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlOptionElement, HtmlSelectElement};

/// A choice: value, and text.
pub type Choice = (String, String);

/// A select labelled `label`. `offer` tells the choices and the value in force, and is followed; `choose` is called
/// with what a person chose.
pub fn select(
    label: &str,
    offer: impl Fn() -> (Vec<Choice>, String) + 'static,
    choose: impl Fn(String) + 'static,
) -> HtmlElement {
    let node = element("select", &[("part", "select")], &[]);
    let field = element("label", &[("class", "field")], &[&text("span", "", label), &node]);
    let select: HtmlSelectElement = node.unchecked_into();
    listen(&select, "change", {
        let select = select.clone();
        move |_| choose(select.value())
    });
    effect(move || {
        let (choices, value) = offer();
        update(&select, &choices, &value);
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
