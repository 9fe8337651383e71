//! The form for the two IDs, when none are given.

use crate::app::{App, effect};
use crate::dom::{element, focus, listen, set_hidden, set_text, text};
use crate::messages::fill;
use crate::query::Instance;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};

/// Project ID, instance ID, Show tasks.
pub fn form(app: App) -> HtmlElement {
    let messages = app.messages();
    let (project_field, project) = text_box(messages.project_id);
    let (instance_field, instance) = text_box(messages.instance_id);
    let error =
        element("div", &[("class", "notice error"), ("part", "notice"), ("role", "alert"), ("hidden", "")], &[]);
    let show = text("button", "primary", messages.show_tasks);
    let form = element(
        "form",
        &[("class", "ids"), ("part", "form"), ("novalidate", "")],
        &[
            &text("h2", "", messages.form_title),
            &text("p", "", messages.form_hint),
            &error,
            &project_field,
            &instance_field,
            &show,
        ],
    );
    effect({
        let (project, instance) = (project.clone(), instance.clone());
        move || {
            // One ID may have been given: the form begins with what is known.
            app.address.with(|address| {
                for (input, id) in [(&project, &address.ids.0), (&instance, &address.ids.1)] {
                    if input.value().is_empty() {
                        input.set_value(id);
                    }
                }
            });
        }
    });
    listen(&form, "submit", move |event| {
        event.prevent_default();
        let (project_id, instance_id) = (project.value(), instance.value());
        let complete = Instance::new(&project_id, &instance_id).is_some();
        set_hidden(&error, complete);
        if complete {
            return app.choose(&project_id, &instance_id);
        }
        let instance_missing = Instance::new(&project_id, "instance").is_some();
        let (name, input) =
            if instance_missing { (messages.instance_id, &instance) } else { (messages.project_id, &project) };
        set_text(&error, &fill(messages.id_missing, &[("name", name)]));
        focus(input);
    });
    form
}

/// A labelled text box: the whole, and the box.
fn text_box(label: &str) -> (HtmlElement, HtmlInputElement) {
    let input = element(
        "input",
        &[("type", "text"), ("autocomplete", "off"), ("spellcheck", "false"), ("autocapitalize", "off")],
        &[],
    );
    let field = element("label", &[("class", "field")], &[&text("span", "", label), &input]);
    (field, input.unchecked_into())
}
