//! A task in full.

use crate::app::App;
use crate::messages::{Messages, fill};
use crate::model::Task;
use crate::time::{Instant, TaskDuration};
use leptos::html::Dialog;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// The task that a person opened, unless the host shows it.
pub fn dialog(app: App) -> impl IntoView {
    move || app.opened.get().map(|task| open(app, &task))
}

fn open(app: App, task: &Task) -> impl IntoView + use<> {
    let node = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = node.get() {
            let shown = dialog.show_modal();
            debug_assert!(shown.is_ok(), "the dialog is attached and was not open");
        }
    });
    let messages = app.messages();
    let close = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog node_ref=node part="dialog" aria-labelledby="task" on:close=move |_| app.opened.set(None)>
            <header>
                <h2 id="task">{messages.task}</h2>
                <button type="button" class="close" part="button" on:click=close>{messages.close}</button>
            </header>
            <dl>{facts(app, messages, task)}</dl>
        </dialog>
    }
}

/// Every field of a task: instants in the reader's zone and in UTC.
fn facts(app: App, messages: &'static Messages, task: &Task) -> impl IntoView + use<> {
    let formats = app.formats.get_untracked();
    let instant = |text: &Option<String>| {
        let text = text.clone()?;
        let Some(instant) = Instant::parse(&text) else { return Some((text, None)) };
        Some((String::from(formats.instant(instant)), Some(instant.to_iso())))
    };
    #[allow(clippy::cast_possible_truncation)] // milliseconds since 1970
    let now = Instant::from_millis(js_sys::Date::now() as i64);
    let plain = |text: Option<String>| text.map(|text| (text, None));
    let facts = [
        (messages.task_id, plain(Some(task.id.clone()))),
        (messages.status, plain(task.status.as_ref().map(|status| messages.status_text(status).to_owned()))),
        (
            messages.analysis_method,
            plain(task.scan_type.as_ref().map(|scan_type| messages.scan_type_text(scan_type).to_owned())),
        ),
        (messages.created, instant(&task.created_at)),
        (messages.started, instant(&task.started_at)),
        (messages.completed, instant(&task.finished_at)),
        (messages.duration, plain(TaskDuration::of(task, now).millis().map(|millis| formats.duration(millis)))),
    ];
    facts
        .into_iter()
        .map(|(name, value)| {
            let value = match value {
                None => "—".into_any(),
                Some((text, None)) => view! { <span>{text.clone()}</span>{copy_button(app, name, text)} }.into_any(),
                Some((text, Some(utc))) => {
                    let copied = utc.clone();
                    view! {
                        <span><time datetime=utc.clone()>{text}</time><small>{utc}</small></span>
                        {copy_button(app, name, copied)}
                    }
                    .into_any()
                }
            };
            view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
        })
        .collect_view()
}

fn copy_button(app: App, name: &'static str, text: String) -> impl IntoView {
    let messages = app.messages();
    let copied = RwSignal::new(false);
    let click = move |event: leptos::ev::MouseEvent| {
        let text = text.clone();
        let button = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        leptos::task::spawn_local_scoped_with_cancellation(async move {
            if copy(&text, button.as_ref()).await {
                copied.set(true);
                app.announcement.set(messages.copied.to_owned());
            }
        });
    };
    view! {
        <button type="button" class="copy" part="button" aria-label=fill(messages.copy, &[("name", name)]) on:click=click>
            {move || if copied.get() { "✓" } else { "⧉" }}
        </button>
    }
}

/// Puts text on the clipboard; whether that was done. On plain http a browser has no clipboard interface, so there the
/// text is selected in an invisible field beside the button and copied by command.
async fn copy(text: &str, beside: Option<&web_sys::Element>) -> bool {
    let Some(window) = web_sys::window() else { return false };
    if window.is_secure_context() && JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok() {
        return true;
    }
    let (Some(document), Some(parent)) = (window.document(), beside.and_then(|beside| beside.parent_element())) else {
        return false;
    };
    let Ok(field) = document.create_element("textarea") else { return false };
    let field: web_sys::HtmlTextAreaElement = field.unchecked_into();
    field.set_class_name("announcer");
    field.set_value(text);
    let copied = parent.append_child(&field).is_ok() && {
        field.select();
        let document: &web_sys::HtmlDocument = document.unchecked_ref();
        document.exec_command("copy").unwrap_or(false)
    };
    field.remove();
    if let Some(button) = beside.and_then(|beside| beside.dyn_ref::<web_sys::HtmlElement>()) {
        let focused = button.focus();
        debug_assert!(focused.is_ok(), "focusing does not throw");
    }
    copied
}
