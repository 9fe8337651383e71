//! A task in full.

use super::clipboard::copy;
use super::widgets::{announcer, button, listen};
use super::{Place, dialog};
use crate::api;
use crate::dom::{Listener, append, element, set_attribute, set_hidden, set_text, text};
use crate::messages::{Messages, Pick, fill};
use crate::model::Task;
use crate::time::{Instant, TaskDuration};
use std::cell::RefCell;
use std::rc::Rc;
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

/// Shows a task: every field, instants in the reader's zone and in UTC. While it is open it follows the list.
pub fn open(place: Place, task: &JsValue) {
    let Some(task) = api::read_task(task) else { return };
    let announcer = announcer();
    let list = element("dl", &[]);
    let lines = NAMES.map(|name| Line::new(&place, name(place.messages()), &list, &announcer));
    fill_lines(&lines, &place, &task);
    let dialog = dialog::show(&place, place.texts().task(), &[&list as &Node, &announcer]);
    let host = place.host.clone();
    let following = Listener::on(host.into(), "bigkey-load", {
        let id = task.id;
        Box::new(move |_| {
            let tasks = place.list.on_show().ok().and_then(|on_show| on_show.tasks()).unwrap_or_default();
            // One that has left the page stays as it was seen last.
            if let Some(task) = tasks.iter().find(|task| task.id == id) {
                fill_lines(&lines, &place, task);
            }
        })
    });
    let following = RefCell::new(Some(following));
    listen(&dialog, "close", move |_| drop(following.take()));
}

fn fill_lines(lines: &[Line; 7], place: &Place, task: &Task) {
    for (line, (value, utc)) in lines.iter().zip(values(place, task)) {
        line.fill(value, utc);
    }
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

/// A name and its value, with a button that copies it: an instant in its UTC form.
struct Line {
    value: HtmlElement,
    utc: HtmlElement,
    copy: HtmlElement,
    copied: Rc<RefCell<String>>,
}

impl Line {
    /// A line called `name`, without a value yet, at the end of `list`.
    fn new(place: &Place, name: &str, list: &HtmlElement, announcer: &HtmlElement) -> Self {
        let texts = place.texts();
        let (value, utc) = (text("span", ""), text("small", ""));
        let copied = Rc::<RefCell<String>>::default();
        let (wanted, announcer) = (copied.clone(), announcer.clone());
        let button = button("copy", "", move |button| {
            let (text, announcer) = (wanted.borrow().clone(), announcer.clone());
            spawn_local(async move {
                if copy(&text, &button).await {
                    set_attribute(&button, "class", Some("copy copied"));
                    announcer.set_text_content(Some(texts.copied()));
                }
            });
        });
        set_attribute(&button, "aria-label", Some(&fill(texts.copy(), &[("name", name)])));
        let content = element("dd", &[&element("span", &[&value, &utc]), &button]);
        append(list, &element("div", &[&text("dt", name), &content]));
        Self { value, utc, copy: button, copied }
    }

    /// Shows a value. One that is another is not what was copied.
    fn fill(&self, value: String, utc: String) {
        set_text(&self.value, if value.is_empty() { "—" } else { &value });
        set_text(&self.utc, &utc);
        set_hidden(&self.copy, value.is_empty());
        let wanted = if utc.is_empty() { value } else { utc };
        if self.copied.replace(wanted.clone()) != wanted {
            set_attribute(&self.copy, "class", Some("copy"));
        }
    }
}
