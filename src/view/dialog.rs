//! A task in full.

use super::handlers::click;
use super::{set_attribute, set_hidden, set_text};
use crate::app::App;
use crate::messages::{Messages, fill};
use crate::model::Task;
use crate::time::{Instant, TaskDuration};
use leptos::html::{Button, Dialog, Small, Span};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

/// One line of the dialog: the value, its UTC form, and the button that copies it.
#[derive(Clone, Copy)]
struct Line {
    value: NodeRef<Span>,
    utc: NodeRef<Small>,
    copy: NodeRef<Button>,
}

/// The dialog that shows a task which a person opened, unless the host shows it.
#[derive(Clone, Copy)]
pub struct TaskDialog {
    node: NodeRef<Dialog>,
    lines: [Line; 7],
    app: App,
}

/// The names of the lines.
const NAMES: [fn(&Messages) -> &'static str; 7] = [
    |messages| messages.task_id,
    |messages| messages.status,
    |messages| messages.analysis_method,
    |messages| messages.created,
    |messages| messages.started,
    |messages| messages.completed,
    |messages| messages.duration,
];

impl TaskDialog {
    /// A dialog that is closed.
    pub fn new(app: App) -> Self {
        let line = |()| Line { value: NodeRef::new(), utc: NodeRef::new(), copy: NodeRef::new() };
        Self { node: NodeRef::new(), lines: [(); 7].map(line), app }
    }

    /// Its markup.
    pub fn view(self, app: App) -> impl IntoView {
        let messages = app.messages();
        let line = |(name, line): (fn(&Messages) -> &'static str, Line)| {
            let name = name(messages);
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>
                        <span><span node_ref=line.value></span><small node_ref=line.utc></small></span>
                        <button
                            type="button"
                            class="copy"
                            part="button"
                            aria-label=fill(messages.copy, &[("name", name)])
                            node_ref=line.copy
                            on:click=click(move || copy_line(app, line))
                        ></button>
                    </dd>
                </div>
            }
        };
        let close = click(move || {
            if let Some(dialog) = self.node.get_untracked() {
                dialog.close();
            }
        });
        view! {
            <dialog node_ref=self.node part="dialog" aria-label=messages.task>
                <header>
                    <h2>{messages.task}</h2>
                    <button type="button" part="button" on:click=close>{messages.close}</button>
                </header>
                <dl>{NAMES.into_iter().zip(self.lines).map(line).collect::<Vec<_>>()}</dl>
            </dialog>
        }
    }

    /// Shows a task: every field, instants in the reader's zone and in UTC.
    pub fn open(self, task: &Task) {
        let (messages, formats) = (self.app.messages(), self.app.formats());
        let plain = |text: Option<&str>| (text.unwrap_or_default().to_owned(), String::new());
        let instant = |text: &Option<String>| match text.as_deref().map(|text| (text, Instant::parse(text))) {
            Some((_, Some(instant))) => (String::from(formats.instant(instant)), instant.to_iso()),
            Some((text, None)) => (text.to_owned(), String::new()),
            None => (String::new(), String::new()),
        };
        #[allow(clippy::cast_possible_truncation)] // milliseconds since 1970
        let now = Instant::from_millis(js_sys::Date::now() as i64);
        let duration = TaskDuration::of(task, now).millis().map(|millis| formats.duration(millis));
        let values = [
            plain(Some(&task.id)),
            plain(task.status.as_ref().map(|status| messages.status_text(status))),
            plain(task.scan_type.as_ref().map(|scan_type| messages.scan_type_text(scan_type))),
            instant(&task.created_at),
            instant(&task.started_at),
            instant(&task.finished_at),
            plain(duration.as_deref()),
        ];
        for ((text, utc), line) in values.into_iter().zip(self.lines) {
            if let (Some(value), Some(small), Some(copy)) =
                (line.value.get_untracked(), line.utc.get_untracked(), line.copy.get_untracked())
            {
                set_text(&value, if text.is_empty() { "—" } else { &text });
                set_text(&small, &utc);
                set_hidden(&copy, text.is_empty());
                set_attribute(&copy, "class", Some("copy"));
            }
        }
        if let Some(dialog) = self.node.get_untracked() {
            let shown = dialog.show_modal();
            debug_assert!(shown.is_ok(), "the dialog is attached and was not open");
        }
    }
}

/// Copies a line's value; of an instant, the exact one in UTC.
fn copy_line(app: App, line: Line) {
    let (Some(value), Some(utc), Some(button)) =
        (line.value.get_untracked(), line.utc.get_untracked(), line.copy.get_untracked())
    else {
        return;
    };
    let text = utc.text_content().filter(|utc| !utc.is_empty()).or_else(|| value.text_content()).unwrap_or_default();
    leptos::task::spawn_local_scoped_with_cancellation(async move {
        if copy(&text, &button).await {
            set_attribute(&button, "class", Some("copy copied"));
            app.announcement.set(app.messages().copied.to_owned());
        }
    });
}

/// Puts text on the clipboard; whether that was done. On plain http a browser has no clipboard interface, so there the
/// text is selected in an invisible field beside the button and copied by command.
async fn copy(text: &str, button: &HtmlElement) -> bool {
    let Some(window) = web_sys::window() else { return false };
    if window.is_secure_context() && JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok() {
        return true;
    }
    let (Some(document), Some(parent)) = (window.document(), button.parent_element()) else { return false };
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
    let focused = button.focus();
    debug_assert!(focused.is_ok(), "focusing does not throw");
    copied
}
