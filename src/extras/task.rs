//! A task in full.

use super::clipboard::copy;
use super::widgets::{announcer, button};
use super::{Place, dialog};
use crate::api;
use crate::dom::{append, element, set_attribute, text};
use crate::messages::{Messages, Pick, fill};
use crate::model::Task;
use crate::time::{Instant, TaskDuration};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, Node};

/// The names of the lines.
const NAMES: [Pick; 7] = [
    Messages::task_id,
    Messages::status,
    Messages::analysis_method,
    Messages::created,
    Messages::started,
    Messages::completed,
    Messages::duration,
];

/// Shows a task: every field, instants in the reader's zone and in UTC.
pub fn open(place: &Place, task: &JsValue) {
    let Some(task) = api::read_task(task) else { return };
    let announcer = announcer();
    let list = element("dl", &[]);
    for (name, (text, utc)) in NAMES.iter().zip(values(place, &task)) {
        append(&list, &line(place, name(place.messages()), &text, &utc, &announcer));
    }
    dialog::show(place, place.texts().task(), &[&list as &Node, &announcer]);
}

/// What the lines say: the value, and its UTC form where it is an instant.
fn values(place: &Place, task: &Task) -> [(String, String); 7] {
    let (messages, formats) = (place.messages(), &place.formats);
    let plain = |text: Option<&str>| (text.unwrap_or_default().to_owned(), String::new());
    let instant = |text: &Option<String>| match text.as_deref().map(|text| (text, Instant::parse(text))) {
        Some((_, Some(instant))) => (String::from(formats.instant(instant)), instant.to_iso()),
        Some((text, None)) => (text.to_owned(), String::new()),
        None => (String::new(), String::new()),
    };
    let duration = TaskDuration::of(task, place.now()).millis().map(|millis| formats.duration(millis));
    [
        plain(Some(&task.id)),
        plain(task.status.as_ref().map(|status| messages.status_text(status))),
        plain(task.scan_type.as_ref().map(|scan_type| messages.scan_type_text(scan_type))),
        instant(&task.created_at),
        instant(&task.started_at),
        instant(&task.finished_at),
        plain(duration.as_deref()),
    ]
}

/// A line called `name`, with a button that copies it: an instant in its UTC form.
fn line(place: &Place, name: &str, value: &str, utc: &str, announcer: &HtmlElement) -> HtmlElement {
    let texts = place.texts();
    let shown = text("span", if value.is_empty() { "—" } else { value });
    let content = element("dd", &[&element("span", &[&shown, &text("small", utc)])]);
    if !value.is_empty() {
        let (copied, announcer) = (if utc.is_empty() { value } else { utc }.to_owned(), announcer.clone());
        let button = button("copy", "", move |button| {
            let (text, announcer) = (copied.clone(), announcer.clone());
            spawn_local(async move {
                if copy(&text, &button).await {
                    set_attribute(&button, "class", Some("copy copied"));
                    announcer.set_text_content(Some(texts.copied()));
                }
            });
        });
        set_attribute(&button, "aria-label", Some(&fill(texts.copy(), &[("name", name)])));
        append(&content, &button);
    }
    element("div", &[&text("dt", name), &content])
}
