//! A labelled select.

use super::handlers::Change;
use crate::app::effect;
use leptos::html::Select;
use leptos::prelude::*;
use web_sys::HtmlSelectElement;

/// A choice: value, and text.
pub type Choice = (String, String);

/// A select labelled `label`. `offer` tells the choices and the value in force, and is followed; `choose` is called
/// with what a person chose.
pub fn select(
    label: &'static str,
    offer: impl Fn() -> (Vec<Choice>, String) + 'static,
    choose: impl Fn(String) + 'static,
) -> impl IntoView {
    boxed(label, Box::new(offer), Box::new(choose))
}

fn boxed(
    label: &'static str,
    offer: Box<dyn Fn() -> (Vec<Choice>, String)>,
    choose: Box<dyn Fn(String)>,
) -> impl IntoView {
    let node = NodeRef::<Select>::new();
    effect(move || {
        let (choices, value) = offer();
        if let Some(select) = node.get() {
            update(&select, &choices, &value);
        }
    });
    let change: Change = Box::new(move |_| {
        if let Some(select) = node.get_untracked() {
            choose(select.value());
        }
    });
    view! {
        <label class="field">
            <span>{label}</span>
            <select part="select" node_ref=node on:change=change></select>
        </label>
    }
}

/// Adds the choices that are missing, and selects the one in force. Those that are there stay, so that an open menu
/// does.
fn update(select: &HtmlSelectElement, choices: &[Choice], value: &str) {
    let options = select.options();
    for (index, (value, text)) in choices.iter().enumerate() {
        let Ok(index) = u32::try_from(index) else { break };
        let there = options.get_with_index(index);
        if there.as_ref().and_then(|option| option.get_attribute("value")).as_deref() == Some(value) {
            continue;
        }
        let Ok(option) = web_sys::HtmlOptionElement::new_with_text_and_value(text, value) else { continue };
        let inserted = select.insert_before(&option, there.as_deref().map(std::convert::AsRef::as_ref));
        debug_assert!(inserted.is_ok(), "an option can be inserted");
    }
    while let Ok(extra) = u32::try_from(choices.len()).map(|length| options.get_with_index(length)) {
        match extra {
            Some(extra) => extra.remove(),
            None => break,
        }
    }
    if select.value() != value {
        select.set_value(value);
    }
}
