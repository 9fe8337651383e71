//! The form for the two IDs, when none are given.

use super::{set_hidden, set_text};
use crate::app::{App, effect};
use crate::messages::fill;
use crate::query::Instance;
use leptos::html::{Div, Input};
use leptos::prelude::*;

/// Project ID, instance ID, Show tasks.
pub fn form(app: App) -> impl IntoView {
    let messages = app.messages();
    let (project, instance) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let error = NodeRef::<Div>::new();
    effect(move || {
        // One ID may have been given: the form begins with what is known.
        let ids = app.address.with(|address| address.ids.clone());
        for (node, id) in [(project, &ids.0), (instance, &ids.1)] {
            if let Some(input) = node.get().filter(|input| input.value().is_empty()) {
                input.set_value(id);
            }
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (Some(project), Some(instance)) = (project.get_untracked(), instance.get_untracked()) else { return };
        let (project_id, instance_id) = (project.value(), instance.value());
        let complete = Instance::new(&project_id, &instance_id).is_some();
        if let Some(error) = error.get_untracked() {
            set_hidden(&error, complete);
        }
        if complete {
            return app.choose(&project_id, &instance_id);
        }
        let instance_missing = Instance::new(&project_id, "instance").is_some();
        let (name, input) =
            if instance_missing { (messages.instance_id, instance) } else { (messages.project_id, project) };
        if let Some(error) = error.get_untracked() {
            set_text(&error, &fill(messages.id_missing, &[("name", name)]));
        }
        let focused = input.focus();
        debug_assert!(focused.is_ok(), "focusing does not throw");
    };
    let text_box = |label: &'static str, node: NodeRef<Input>| {
        view! {
            <label class="field">
                <span>{label}</span>
                <input type="text" node_ref=node autocomplete="off" spellcheck="false" autocapitalize="off" />
            </label>
        }
    };
    view! {
        <form class="ids" part="form" novalidate on:submit=submit>
            <h2>{messages.form_title}</h2>
            <p>{messages.form_hint}</p>
            <div class="notice error" part="notice" role="alert" node_ref=error hidden></div>
            {text_box(messages.project_id, project)}
            {text_box(messages.instance_id, instance)}
            <button type="submit" class="primary" part="button">{messages.show_tasks}</button>
        </form>
    }
}
