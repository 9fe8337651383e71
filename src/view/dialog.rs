//! A task in full.

use crate::app::App;
use crate::dom::{button, element, focus, set_attribute, set_hidden, set_text, text};
use crate::messages::{Pick, fill};
use crate::model::Task;
use crate::time::{Instant, TaskDuration};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDialogElement, HtmlElement};

/// One line of the dialog: the value, its UTC form, and the button that copies it.
struct Line {
    value: HtmlElement,
    utc: HtmlElement,
    copy: HtmlElement,
}

/// The dialog that shows a task which a person opened, unless the host shows it.
pub struct TaskDialog {
    dialog: HtmlDialogElement,
    lines: [Line; 7],
    /// What a screen reader is told: what lies outside a modal dialog, it does not hear.
    status: HtmlElement,
    app: App,
}

/// The names of the lines.
const NAMES: [Pick; 7] = [
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
        let messages = app.messages();
        let list = element("dl", &[], &[]);
        let status = element("div", &[("class", "announcer"), ("role", "status")], &[]);
        let lines = NAMES.map(|name| {
            let (line, row) = Line::new(app, name(messages), &status);
            let appended = list.append_child(&row);
            debug_assert!(appended.is_ok(), "a line can be appended");
            line
        });
        let dialog = element("dialog", &[("part", "dialog"), ("aria-label", messages.task)], &[]);
        let dialog: HtmlDialogElement = dialog.unchecked_into();
        let close = button("close", messages.close, {
            let dialog = dialog.clone();
            move || dialog.close()
        });
        let header = element("header", &[], &[&text("h2", "", messages.task), &close]);
        let filled = dialog.append_with_node_3(&header, &list, &status);
        debug_assert!(filled.is_ok(), "a dialog can be filled");
        Self { dialog, lines, status, app }
    }

    /// The dialog's element.
    pub fn element(&self) -> &HtmlElement {
        &self.dialog
    }

    /// Shows a task: every field, instants in the reader's zone and in UTC.
    pub fn open(&self, task: &Task) {
        let (messages, formats) = (self.app.messages(), self.app.formats());
        let plain = |text: Option<&str>| (text.unwrap_or_default().to_owned(), String::new());
        let instant = |text: &Option<String>| match text.as_deref().map(|text| (text, Instant::parse(text))) {
            Some((_, Some(instant))) => (String::from(formats.instant(instant)), instant.to_iso()),
            Some((text, None)) => (text.to_owned(), String::new()),
            None => (String::new(), String::new()),
        };
        let duration = TaskDuration::of(task, self.app.now()).millis().map(|millis| formats.duration(millis));
        let values = [
            plain(Some(&task.id)),
            plain(task.status.as_ref().map(|status| messages.status_text(status))),
            plain(task.scan_type.as_ref().map(|scan_type| messages.scan_type_text(scan_type))),
            instant(&task.created_at),
            instant(&task.started_at),
            instant(&task.finished_at),
            plain(duration.as_deref()),
        ];
        for ((text, utc), line) in values.into_iter().zip(&self.lines) {
            set_text(&line.value, if text.is_empty() { "—" } else { &text });
            set_text(&line.utc, &utc);
            set_hidden(&line.copy, text.is_empty());
            set_attribute(&line.copy, "class", Some("copy"));
        }
        set_text(&self.status, "");
        let shown = self.dialog.show_modal();
        debug_assert!(shown.is_ok(), "the dialog is attached and was not open");
    }
}

impl Line {
    /// A line called `name`, and its element.
    fn new(app: App, name: &str, status: &HtmlElement) -> (Self, HtmlElement) {
        let (value, utc) = (text("span", "", ""), text("small", "", ""));
        let copy = button("copy", "", {
            let (value, utc, status) = (value.clone(), utc.clone(), status.clone());
            move || {
                let text = utc.text_content().filter(|utc| !utc.is_empty()).or_else(|| value.text_content());
                copy_beside(app, text.unwrap_or_default(), &value, &status);
            }
        });
        set_attribute(&copy, "aria-label", Some(&fill(app.messages().copy, &[("name", name)])));
        let values = element("span", &[], &[&value, &utc]);
        let row = element("div", &[], &[&text("dt", "", name), &element("dd", &[], &[&values, &copy])]);
        (Self { value, utc, copy }, row)
    }
}

/// Copies the text of a line; the button that did it is after `value`.
fn copy_beside(app: App, text: String, value: &HtmlElement, status: &HtmlElement) {
    let button = value.parent_element().and_then(|values| values.next_element_sibling());
    let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) else { return };
    set_text(status, "");
    let status = status.clone();
    leptos::task::spawn_local_scoped_with_cancellation(async move {
        if copy(&text, &button).await {
            set_attribute(&button, "class", Some("copy copied"));
            set_text(&status, app.messages().copied);
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
    focus(button);
    copied
}
