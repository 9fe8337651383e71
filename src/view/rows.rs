//! The rows as slots: elements are made once and refilled, and only what changed is written.
//!
//! This is not a keyed `<For>`: at 1,000 rows making and dropping elements is most of what a page switch costs, and a
//! slot that already shows a task in this state is left alone, so a refresh without a change touches nothing.

use crate::app::App;
use crate::columns::{Column, Columns};
use crate::dom::{Listener, element, focus, set_attribute, set_hidden};
use crate::format::Formats;
use crate::listing::Loaded;
use crate::model::{Task, TaskStatus};
use crate::summary::Scale;
use crate::time::{Distance, Instant, TaskDuration};
use js_sys::JsString;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, Node};

#[wasm_bindgen]
extern "C" {
    /// A text node, written with a string of the browser's own where one is at hand.
    #[wasm_bindgen(extends = Node)]
    #[derive(Clone)]
    type Text;
    #[wasm_bindgen(method, setter)]
    fn set_data(this: &Text, data: &str);
    #[wasm_bindgen(method, setter, js_name = data)]
    fn set_js_data(this: &Text, data: &JsString);

    /// A `<time>`.
    #[wasm_bindgen(extends = Node)]
    type Time;
    #[wasm_bindgen(method, setter, js_name = dateTime)]
    fn set_date_time(this: &Time, instant: &str);
}

/// What a cell shows that has nothing to tell.
const NOTHING: &str = "—";

/// The rows of the table.
pub struct Rows {
    body: HtmlElement,
    template: Element,
    /// The columns of the template.
    order: Vec<Column>,
    slots: Vec<Slot>,
    /// What the slots show, for those who click on them.
    loaded: Rc<RefCell<Option<Arc<Loaded>>>>,
    formats: Option<Rc<Formats>>,
    scale: Scale,
    _clicks: Listener,
    _keys: Listener,
}

/// One row's changing parts.
struct Slot {
    row: Element,
    id: Text,
    badge: Element,
    status: Text,
    method: Text,
    times: [TimeCell; 3],
    duration: DurationCell,
}

impl Rows {
    /// No rows yet, in `body`. `None` if the browser refuses to make elements.
    pub fn new(body: HtmlElement, app: App, columns: &Columns) -> Option<Self> {
        let template = template(columns);
        let order = columns.iter().map(|(column, _)| column).collect();
        let loaded = Rc::new(RefCell::new(None));
        let clicks = open_on_click(&body, &loaded, app)?;
        let keys = move_by_key(&body)?;
        let slots = Vec::new();
        let scale = Scale::default();
        Some(Self { body, template, order, slots, loaded, formats: None, scale, _clicks: clicks, _keys: keys })
    }

    /// Shows this page.
    pub fn show(&mut self, loaded: Option<&Arc<Loaded>>, formats: &Rc<Formats>, now: Instant) {
        let same_formats = self.formats.as_ref().is_some_and(|old| Rc::ptr_eq(old, formats));
        let before = self.loaded.replace(loaded.cloned());
        if same_formats && before.as_ref().map(Arc::as_ptr) == loaded.map(Arc::as_ptr) {
            return;
        }
        self.formats = Some(formats.clone());
        let tasks = loaded.map_or(&[][..], |loaded| &loaded.page.records);
        let before = before.as_ref().filter(|_| same_formats).map_or(&[][..], |before| &before.page.records);
        self.resize(tasks.len());
        let scale = loaded.map(|loaded| loaded.summary.scale).unwrap_or_default();
        let same_scale = std::mem::replace(&mut self.scale, scale) == scale;
        for (index, (slot, task)) in self.slots.iter().zip(tasks).enumerate() {
            slot.fill(task, before.get(index), formats, (scale, same_scale), now);
        }
    }

    /// Brings up to date what tells the time that has passed since: a running task's duration, and how long ago
    /// something was.
    pub fn count_on(&self, formats: &Formats, now: Instant) {
        let loaded = self.loaded.borrow();
        let tasks = loaded.as_ref().map_or(&[][..], |loaded| &loaded.page.records);
        for (slot, task) in self.slots.iter().zip(tasks) {
            for (cell, instant) in slot.times.iter().zip(times(task)) {
                cell.count_on(instant, formats, now);
            }
            if task.status == Some(TaskStatus::Running) {
                slot.duration.fill(task, formats, self.scale, now);
            }
        }
    }

    /// Makes or removes slots at the end until there are so many.
    fn resize(&mut self, length: usize) {
        for slot in self.slots.drain(length.min(self.slots.len())..) {
            slot.row.remove();
        }
        let Some(document) = self.body.owner_document() else { return };
        let batch = document.create_document_fragment();
        while self.slots.len() < length {
            let Some(slot) = Slot::from_template(&self.template, &self.order) else { break };
            let appended = batch.append_child(&slot.row);
            debug_assert!(appended.is_ok(), "a row can be appended");
            self.slots.push(slot);
        }
        let appended = self.body.append_child(&batch);
        debug_assert!(appended.is_ok(), "rows can be appended");
        // One of the task IDs is where Tab stops.
        if self.body.query_selector(TAB_STOP).ok().flatten().is_none()
            && let Some(button) = self.body.query_selector("button").ok().flatten()
        {
            stop_tab_at(&self.body, &button);
        }
    }
}

impl Slot {
    /// A copy of the template, and the way to its parts.
    fn from_template(template: &Element, order: &[Column]) -> Option<Self> {
        let row: Element = template.clone_node_with_deep(true).ok()?.unchecked_into();
        let mut cells = [const { None }; Column::EACH.len()];
        let mut next = row.first_element_child();
        for column in order {
            let cell = next?;
            next = cell.next_element_sibling();
            *cells.get_mut(*column as usize)? = Some(cell);
        }
        let [Some(id), Some(status), Some(method), Some(created), Some(started), Some(completed), Some(cell)] = cells
        else {
            return None;
        };
        let id = inner_text(&id.first_element_child()?)?;
        let badge = status.first_element_child()?;
        let status = inner_text(&badge)?;
        let method = inner_text(&method)?;
        let time = |cell: &Element| {
            let time = cell.first_element_child()?;
            let text = inner_text(&time)?;
            let until = Cell::new(NEVER);
            Some(TimeCell { cell: cell.clone(), time: time.unchecked_into(), text, marked_up: Cell::new(true), until })
        };
        let duration = DurationCell { text: inner_text(&cell)?, cell, bar: Cell::new((0, false)) };
        let times = [time(&created)?, time(&started)?, time(&completed)?];
        Some(Self { row, id, badge, status, method, times, duration })
    }

    /// Shows a task, where `before` is on show; `None` if nothing is, or all has to be written anew.
    fn fill(&self, task: &Task, before: Option<&Task>, formats: &Formats, scale: (Scale, bool), now: Instant) {
        if before.is_none_or(|before| before.id != task.id) {
            self.id.set_data(&task.id);
        }
        if before.is_none_or(|before| before.status != task.status) {
            self.fill_status(task.status.as_ref(), formats);
        }
        if before.is_none_or(|before| before.scan_type != task.scan_type) {
            let text = task.scan_type.as_ref().map_or(NOTHING, |scan_type| formats.messages.scan_type_text(scan_type));
            self.method.set_data(text);
        }
        let old = before.map(times);
        let mut timing_changed = before.is_none_or(|before| before.status != task.status);
        for (index, (cell, instant)) in self.times.iter().zip(times(task)).enumerate() {
            if old.is_some_and(|old| old.get(index) == Some(&instant)) {
                continue;
            }
            timing_changed = true;
            cell.fill(instant, formats, now);
        }
        let (scale, same_scale) = scale;
        if timing_changed || !same_scale || task.status == Some(TaskStatus::Running) {
            self.duration.fill(task, formats, scale, now);
        }
    }

    fn fill_status(&self, status: Option<&TaskStatus>, formats: &Formats) {
        self.status.set_data(status.map_or(NOTHING, |status| formats.messages.status_text(status)));
        self.badge.set_class_name(match status {
            Some(TaskStatus::Waiting) => "badge waiting",
            Some(TaskStatus::Running) => "badge running",
            Some(TaskStatus::Success) => "badge success",
            Some(TaskStatus::Failed) => "badge failed",
            Some(TaskStatus::Other(_)) => "badge other",
            None => "",
        });
    }
}

/// A task's instants, in the order of their columns.
fn times(task: &Task) -> [Option<&str>; 3] {
    [&task.created_at, &task.started_at, &task.finished_at].map(Option::as_deref)
}

/// A cell for a duration, with a bar that makes a slow run stand out.
struct DurationCell {
    cell: Element,
    text: Text,
    /// The bar's length, and whether the run is slow.
    bar: Cell<(u8, bool)>,
}

impl DurationCell {
    fn fill(&self, task: &Task, formats: &Formats, scale: Scale, now: Instant) {
        let millis = TaskDuration::of(task, now).millis();
        match millis {
            Some(millis) => self.text.set_data(&formats.duration(millis)),
            None => self.text.set_data(NOTHING),
        }
        let bar = millis.map_or((0, false), |millis| (scale.bar(millis), scale.is_slow(millis)));
        let before = self.bar.replace(bar);
        if before == bar {
            return;
        }
        let (length, slow) = bar;
        let length = length.to_string();
        self.cell.set_class_name(&["duration bar-", &length, if slow { " slow" } else { "" }].concat());
        if before.1 != slow {
            set_attribute(self.cell.unchecked_ref(), "title", slow.then_some(formats.messages.slow));
        }
    }
}

/// When a text changes that does not change.
const NEVER: i64 = i64::MAX;

/// A cell for an instant. Only what is one is marked up as `<time>`.
struct TimeCell {
    cell: Element,
    time: Time,
    /// In the `<time>`.
    text: Text,
    /// The `<time>` is in the cell; else the cell has nothing but text.
    marked_up: Cell<bool>,
    /// When the text has to change, in milliseconds since 1970.
    until: Cell<i64>,
}

impl TimeCell {
    /// Says how long ago it was in another way, if it is time to.
    fn count_on(&self, instant: Option<&str>, formats: &Formats, now: Instant) {
        if now.millis() >= self.until.get()
            && let Some(instant) = instant.and_then(Instant::parse)
        {
            self.write(instant, formats, now);
        }
    }

    fn write(&self, instant: Instant, formats: &Formats, now: Instant) {
        let distance = Distance::of(instant, now);
        self.until.set(distance.until.millis());
        self.text.set_js_data(&formats.instant_and_distance(instant, distance));
    }

    /// Shows an instant; one that cannot be read as it came.
    fn fill(&self, instant: Option<&str>, formats: &Formats, now: Instant) {
        if let Some(parsed) = instant.and_then(Instant::parse) {
            self.write(parsed, formats, now);
            self.time.set_date_time(&parsed.to_iso());
            if !self.marked_up.replace(true) {
                self.cell.replace_children_with_node_1(&self.time);
            }
        } else {
            self.until.set(NEVER);
            self.marked_up.set(false);
            self.cell.set_text_content(Some(instant.filter(|text| !text.is_empty()).unwrap_or(NOTHING)));
        }
    }
}

/// The text node in an element that has nothing else.
fn inner_text(element: &Element) -> Option<Text> {
    element.first_child().map(JsCast::unchecked_into)
}

/// An empty row.
fn template(columns: &Columns) -> Element {
    let row = element("tr", &[("role", "row"), ("part", "row")], &[]);
    for (column, shown) in columns.iter() {
        let cell = element("td", &[("class", column.name()), ("role", "cell"), ("part", "cell")], &[]);
        set_hidden(&cell, !shown);
        let inner = match column {
            Column::Id => element("button", &[("type", "button"), ("tabindex", "-1")], &[]),
            Column::Status => element("span", &[("part", "badge")], &[]),
            Column::Method | Column::Duration => cell.clone(),
            Column::Created | Column::Started | Column::Completed => element("time", &[], &[]),
        };
        inner.set_text_content(Some("-"));
        let filled = inner == cell || cell.append_child(&inner).is_ok();
        let appended = row.append_child(&cell);
        debug_assert!(filled && appended.is_ok(), "a cell can be appended");
    }
    row.into()
}

/// The task ID where Tab stops; arrow keys lead to the others.
const TAB_STOP: &str = "[tabindex='0']";

/// Makes `button` the one where Tab stops.
fn stop_tab_at(body: &HtmlElement, button: &Element) {
    if let Some(before) = body.query_selector(TAB_STOP).ok().flatten() {
        set_attribute(before.unchecked_ref(), "tabindex", Some("-1"));
    }
    set_attribute(button.unchecked_ref(), "tabindex", Some("0"));
}

/// Up, Down, Home and End move the focus from task to task.
fn move_by_key(body: &HtmlElement) -> Option<Listener> {
    let rows = body.clone();
    let press = move |event: Event| {
        let event: KeyboardEvent = event.unchecked_into();
        let row = event.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest("tr").ok().flatten());
        let Some(row) = row.filter(|_| !(event.ctrl_key() || event.alt_key() || event.meta_key())) else { return };
        let to = match event.key().as_str() {
            "ArrowDown" => row.next_element_sibling(),
            "ArrowUp" => row.previous_element_sibling(),
            "Home" => rows.first_element_child(),
            "End" => rows.last_element_child(),
            _ => return,
        };
        event.prevent_default();
        if let Some(button) = to.and_then(|row| row.query_selector("button").ok().flatten()) {
            stop_tab_at(&rows, &button);
            focus(button.unchecked_ref());
        }
    };
    Listener::on(body.clone().into(), "keydown", Box::new(press))
}

/// One listener for all rows: a click on a task ID opens that task.
fn open_on_click(body: &HtmlElement, loaded: &Rc<RefCell<Option<Arc<Loaded>>>>, app: App) -> Option<Listener> {
    let (loaded, rows) = (loaded.clone(), body.clone());
    let click = move |event: Event| {
        let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let Some(button) = element.closest("button").ok().flatten() else { return };
        let Some(row) = button.closest("tr").ok().flatten() else { return };
        stop_tab_at(&rows, &button);
        let mut index = 0;
        let mut earlier = row.previous_element_sibling();
        while let Some(element) = earlier {
            index += 1;
            earlier = element.previous_element_sibling();
        }
        let loaded = loaded.borrow().clone();
        if let Some(task) = loaded.as_ref().and_then(|loaded| loaded.page.records.get(index)) {
            app.open(task);
        }
    };
    Listener::on(body.clone().into(), "click", Box::new(click))
}
