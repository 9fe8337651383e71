//! The form for the two IDs, when none are given.

use super::Place;
use super::widgets::listen;
use crate::dom::{element, focus, set_attribute, set_hidden, set_text, text};
use crate::messages::{Messages, fill};
use crate::query::Instance;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// One ID: the labelled text box.
#[derive(Clone)]
struct Field {
    name: &'static str,
    all: HtmlElement,
    input: HtmlInputElement,
}

/// Shows Project ID, Instance ID and Show tasks in `into`, or adds to a form that is there what is known by now. `choose`
/// is called with the two IDs.
pub fn show(place: &Place, into: &HtmlElement, choose: js_sys::Function) {
    let (project_id, instance_id) = &place.address.ids;
    if !into.has_child_nodes() {
        let appended = into.append_child(&form(place.messages(), choose));
        debug_assert!(appended.is_ok(), "a form can be appended");
    }
    let mut input = into.query_selector("label").ok().flatten();
    for id in [project_id, instance_id] {
        let Some(field) = input else { return };
        if let Some(box_) = field.last_element_child().map(Element::unchecked_into::<HtmlInputElement>)
            && box_.value().is_empty()
        {
            box_.set_value(id);
        }
        input = field.next_element_sibling().and_then(|note| note.next_element_sibling());
    }
}

fn form(messages: &'static Messages, choose: js_sys::Function) -> HtmlElement {
    let (project, instance) = (Field::new(messages.project_id), Field::new(messages.instance_id));
    let (project_note, instance_note) = (project.note(messages), instance.note(messages));
    let error =
        element("div", &[("class", "notice error"), ("part", "notice"), ("role", "alert"), ("hidden", "")], &[]);
    let form = element(
        "form",
        &[("class", "ids"), ("part", "form"), ("novalidate", "")],
        &[
            &text("h2", "", messages.form_title),
            &text("p", "", messages.form_hint),
            &error,
            &project.all,
            &project_note,
            &instance.all,
            &instance_note,
            &text("button", "primary", messages.show_tasks),
        ],
    );
    listen(&form, "submit", move |event| {
        event.prevent_default();
        let (project_id, instance_id) = (project.input.value(), instance.input.value());
        let complete = Instance::new(&project_id, &instance_id).is_some();
        set_hidden(&error, complete);
        if complete {
            let chosen = choose.call2(&JsValue::NULL, &project_id.into(), &instance_id.into());
            debug_assert!(chosen.is_ok(), "choosing does not throw");
            return;
        }
        let missing = if Instance::new(&project_id, "instance").is_some() { &instance } else { &project };
        set_text(&error, &fill(messages.id_missing, &[("name", missing.name)]));
        focus(&missing.input);
    });
    form
}

impl Field {
    fn new(name: &'static str) -> Self {
        let attributes =
            [("type", "text"), ("autocomplete", "off"), ("spellcheck", "false"), ("autocapitalize", "off")];
        let input = element("input", &attributes, &[]);
        let all = element("label", &[("class", "field")], &[&text("span", "", name), &input]);
        Self { name, all, input: input.unchecked_into() }
    }

    /// What is said of an ID that looks odd, once a person has left it. It is not refused: the service decides.
    fn note(&self, messages: &'static Messages) -> HtmlElement {
        let note = text("p", "", "");
        set_attribute(&note, "role", Some("status"));
        let (name, shown) = (self.name, note.clone());
        listen(&self.input, "input", move |event| {
            let input = event.current_target().map(JsCast::unchecked_into::<HtmlInputElement>);
            let id = input.map(|input| input.value()).unwrap_or_default();
            let odd = !id.trim().is_empty() && !Instance::looks_like_id(&id);
            set_text(&shown, &if odd { fill(messages.id_unusual, &[("name", name)]) } else { String::new() });
        });
        note
    }
}
