//! The form for the two IDs, when none are given.

use crate::app::App;
use crate::messages::fill;
use crate::query::Instance;
use leptos::html::Input;
use leptos::prelude::*;

/// Project ID, instance ID, Show tasks.
pub fn form(app: App) -> impl IntoView {
    let (project, instance) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let missing = RwSignal::new(None::<bool>);
    let value = |input: NodeRef<Input>| input.get_untracked().map(|input| input.value()).unwrap_or_default();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (project_id, instance_id) = (value(project), value(instance));
        if Instance::new(&project_id, &instance_id).is_some() {
            missing.set(None);
            app.choose(&project_id, &instance_id);
            return;
        }
        let instance_missing = Instance::new(&project_id, "instance").is_some();
        missing.set(Some(instance_missing));
        let input = if instance_missing { instance } else { project };
        if let Some(input) = input.get_untracked() {
            let focused = input.focus();
            debug_assert!(focused.is_ok(), "focusing does not throw");
        }
    };
    let error = move || {
        let messages = app.messages();
        missing.get().map(|instance_missing| {
            let name = if instance_missing { messages.instance_id } else { messages.project_id };
            view! { <p class="notice error" part="notice" role="alert">{fill(messages.id_missing, &[("name", name)])}</p> }
        })
    };
    let ids = app.address.with_untracked(|address| address.ids.clone());
    view! {
        <form class="ids" part="form" novalidate on:submit=submit>
            <h2>{move || app.messages().form_title}</h2>
            <p>{move || app.messages().form_hint}</p>
            {error}
            {text_box(move || app.messages().project_id, project, ids.0)}
            {text_box(move || app.messages().instance_id, instance, ids.1)}
            <button type="submit" class="primary" part="button">{move || app.messages().show_tasks}</button>
        </form>
    }
}

fn text_box(label: impl Fn() -> &'static str + Send + 'static, node: NodeRef<Input>, value: String) -> impl IntoView {
    view! {
        <label class="field">
            <span>{label}</span>
            <input type="text" node_ref=node value=value autocomplete="off" spellcheck="false" autocapitalize="off" />
        </label>
    }
}
