//! The rows as slots: elements are made once and refilled, and only what changed is written.
//!
//! This is not a keyed `<For>`: at 1,000 rows making and dropping elements is most of what a page switch costs, and a
//! slot that already shows a task in this state is left alone, so a refresh without a change touches nothing.

use super::batch::{Batch, Part, Write, near, resize};
use crate::app::App;
use crate::columns::{Column, Columns};
use crate::digits::digits;
use crate::dom::{Listener, append, closest, element, find, focus, set_attribute, set_hidden};
use crate::format::Formats;
use crate::listing::Loaded;
use crate::model::{Task, TaskStatus};
use crate::summary::Scale;
use crate::time::{Clock, Instant, TaskDuration};
use crate::timer::{self, Timer};
use js_sys::Array;
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

/// What a cell shows that has nothing to tell.
const NOTHING: &str = "—";

/// Up to how many rows are all filled at once.
const UNHURRIED: usize = 60;
/// In a longer list, what a reader sees comes before the others, with so many rows above and below; and so many at the beginning.
const MARGIN: usize = 6;
/// So many of the others are filled before one looks at the clock.
const AT_A_TIME: usize = 32;

/// Where there is nothing to wait for.
const AT_ONCE: Instant = Instant::from_millis(i64::MIN);
/// Where nothing changes as time passes.
const NEVER: Instant = Instant::from_millis(i64::MAX);

/// The rows of the table.
pub struct Rows {
    body: HtmlElement,
    template: Element,
    /// The columns of the template.
    order: Vec<Column>,
    slots: Vec<Slot>,
    /// The nodes of all slots.
    nodes: Array,
    /// What the slots show, for those who click on them.
    loaded: Rc<RefCell<Option<Rc<Loaded>>>>,
    formats: Option<Rc<Formats>>,
    scale: Scale,
    /// When the first of the instants has to be told in another way; at once where that is to be found out.
    due: Instant,
    unfinished: Option<Unfinished>,
    /// When that goes on.
    pub next: Option<Timer>,
    _clicks: Listener,
    _keys: Listener,
}

/// Rows that do not all show yet what they are to show.
struct Unfinished {
    /// What the others show; `None` where all is to be written anew.
    before: Option<Rc<Loaded>>,
    /// Whether that is told by the same scale.
    same_scale: bool,
    /// Those that come first.
    near: Range<usize>,
    /// Where the others go on.
    next: usize,
}

/// What one row shows, as far as its task does not say.
struct Slot {
    /// When each instant has to be told in another way.
    until: [Instant; 3],
    /// The duration.
    clock: Option<Clock>,
    /// The length of its bar, and whether the run is slow.
    bar: (u8, bool),
}

impl Rows {
    /// No rows yet, in `body`.
    pub fn new(body: HtmlElement, app: App, columns: &Columns) -> Self {
        let template = template(columns);
        let order: Vec<_> = columns.iter().map(|(column, _)| column).collect();
        let (slots, nodes) = (Vec::new(), Array::new());
        let loaded = Rc::new(RefCell::new(None));
        let clicks = open_on_click(&body, &nodes, order.len(), &loaded, app);
        let keys = move_by_key(&body);
        let scale = Scale::default();
        Self {
            body,
            template,
            order,
            slots,
            nodes,
            loaded,
            formats: None,
            scale,
            due: AT_ONCE,
            unfinished: None,
            next: None,
            _clicks: clicks,
            _keys: keys,
        }
    }

    /// Shows this page: the rows that a reader may see at once, the others with [`Self::go_on`].
    pub fn show(&mut self, loaded: Option<&Rc<Loaded>>, formats: &Rc<Formats>, now: Instant) {
        self.go_on(f64::INFINITY, now); // what is compared with is what is on show
        let same_formats = self.formats.as_ref().is_some_and(|old| Rc::ptr_eq(old, formats));
        let before = self.loaded.replace(loaded.cloned());
        if same_formats && before.as_ref().map(Rc::as_ptr) == loaded.map(Rc::as_ptr) {
            return;
        }
        self.formats = Some(formats.clone());
        let length = loaded.map_or(0, |loaded| loaded.page.records.len());
        let near = self.near(length);
        let focused = find(&self.body, ":focus").and_then(|button| row_of(&self.nodes, self.order.len(), &button));
        self.resize(length);
        let scale = loaded.map(|loaded| loaded.summary.scale).unwrap_or_default();
        let same_scale = std::mem::replace(&mut self.scale, scale) == scale;
        if let (Some(row), Some(before)) = (focused, &before) {
            self.keep_focus(row, before, loaded);
        }
        let unfinished = Unfinished { before: before.filter(|_| same_formats), same_scale, near, next: 0 };
        self.fill(&unfinished, 0..length, true, now);
        self.unfinished = (unfinished.near.len() < length).then_some(unfinished);
    }

    /// The focus goes with its task; where that is gone, to the task in its place; where none is left, to the table.
    fn keep_focus(&self, row: usize, before: &Loaded, now: Option<&Rc<Loaded>>) {
        let id = before.page.records.get(row).map(|task| &task.id);
        let same = now.and_then(|now| now.page.records.iter().position(|task| Some(&task.id) == id));
        let Some(last) = self.slots.len().checked_sub(1) else {
            return focus(&closest(&self.body, ".scroller").unwrap_or_else(|| self.body.clone()));
        };
        let to = same.unwrap_or(row).min(last);
        let button = find(&self.body, &["tr:nth-child(", &digits(to as u64 + 1), ") button"].concat());
        if let Some(button) = button.filter(|_| to != row) {
            stop_tab_at(&self.body, &button);
            focus(&button);
        }
    }

    /// Whether some rows do not yet show what they are to show.
    pub fn is_unfinished(&self) -> bool {
        self.unfinished.is_some()
    }

    /// Fills rows that could wait, for so many milliseconds; whether some are still left.
    pub fn go_on(&mut self, millis: f64, now: Instant) -> bool {
        let Some(mut unfinished) = self.unfinished.take() else { return false };
        let end = js_sys::Date::now() + millis;
        let length = self.slots.len();
        while unfinished.next < length {
            let rows = unfinished.next..length.min(unfinished.next + AT_A_TIME);
            unfinished.next = rows.end;
            self.fill(&unfinished, rows, false, now);
            if js_sys::Date::now() >= end {
                break;
            }
        }
        self.unfinished = (unfinished.next < length).then_some(unfinished);
        self.is_unfinished()
    }

    /// Fills those of these rows that are near, or the others.
    fn fill(&mut self, unfinished: &Unfinished, rows: Range<usize>, near: bool, now: Instant) {
        let (loaded, formats) = (self.loaded.borrow().clone(), self.formats.clone());
        let (Some(loaded), Some(formats)) = (loaded, formats) else { return };
        let before = unfinished.before.as_ref().map_or(&[][..], |before| &before.page.records);
        self.due = AT_ONCE;
        let mut batch = Batch::new(&self.nodes, &self.order, &formats, now);
        for index in rows.filter(|index| (*index < MARGIN || unfinished.near.contains(index)) == near) {
            if let (Some(slot), Some(task)) = (self.slots.get_mut(index), loaded.page.records.get(index)) {
                batch.go_to_row(index);
                slot.fill(&mut batch, task, before.get(index), (self.scale, unfinished.same_scale));
            }
        }
        batch.write(true);
    }

    /// Those rows of a list of so many that a reader may see; all, where that makes no difference.
    fn near(&self, length: usize) -> Range<usize> {
        if length <= UNHURRIED || timer::is_hidden() {
            return 0..length;
        }
        let mut range = [0.0; 2];
        near(&self.body, MARGIN, &mut range);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates; no list is so long")]
        let [first, end] = range.map(|place| (place as usize).min(length));
        first..end
    }

    /// Brings up to date what tells the time that has passed since: a running task's duration, and how long ago
    /// something was.
    pub fn count_on(&mut self, formats: &Formats, now: Instant) {
        if self.is_unfinished() {
            return;
        }
        let loaded = self.loaded.borrow();
        let tasks = loaded.as_ref().map_or(&[][..], |loaded| &loaded.page.records);
        let mut batch = Batch::new(&self.nodes, &self.order, formats, now);
        let is_due = now >= self.due;
        if is_due {
            self.due = NEVER;
        }
        for (index, (slot, task)) in self.slots.iter_mut().zip(tasks).enumerate() {
            if is_due || task.status == Some(TaskStatus::Running) {
                batch.go_to_row(index);
                slot.count_on(&mut batch, task, self.scale);
                self.due = slot.until.into_iter().fold(self.due, Ord::min);
            }
        }
        batch.write(false);
    }

    /// Makes or removes slots at the end until there are so many.
    fn resize(&mut self, length: usize) {
        if length == self.slots.len() {
            return;
        }
        self.slots.resize_with(length, Slot::new);
        resize(&self.body, &self.template, length, &self.nodes);
        // One of the task IDs is where Tab stops.
        if find(&self.body, TAB_STOP).is_none()
            && let Some(button) = find(&self.body, "button")
        {
            stop_tab_at(&self.body, &button);
        }
    }
}

impl Slot {
    /// Nothing yet.
    fn new() -> Self {
        Self { until: [NEVER; 3], clock: None, bar: (0, false) }
    }

    /// Shows a task, where `before` is on show; `None` if nothing is, or all has to be written anew.
    fn fill<'a>(&mut self, batch: &mut Batch<'a>, task: &'a Task, before: Option<&Task>, scale: (Scale, bool)) {
        let messages = batch.formats.messages;
        if before.is_none_or(|before| before.id != task.id) {
            batch.text(Column::Id, Part::Text, Write::Text, &task.id);
        }
        let mut timing_changed = before.is_none_or(|before| before.status != task.status);
        if timing_changed {
            let status = task.status.as_ref();
            let text = status.map_or(NOTHING, |status| messages.status_text(status));
            batch.word(Column::Status, Part::Text, Write::Text, text);
            batch.word(Column::Status, Part::Inner, Write::Class, badge(status));
        }
        if before.is_none_or(|before| before.scan_type != task.scan_type) {
            let scan_type = task.scan_type.as_ref();
            let text = scan_type.map_or(NOTHING, |scan_type| messages.scan_type_text(scan_type));
            batch.word(Column::Method, Part::Text, Write::Text, text);
        }
        let old = before.map(times);
        for (index, (until, (column, instant))) in self.until.iter_mut().zip(times(task)).enumerate() {
            if old.is_none_or(|old| old.get(index) != Some(&(column, instant))) {
                timing_changed = true;
                *until = fill_instant(batch, column, instant);
            }
        }
        let (scale, same_scale) = scale;
        if timing_changed || !same_scale || task.status == Some(TaskStatus::Running) {
            self.fill_duration(batch, task, scale, before.is_none());
        }
    }

    /// Says in another way how long ago something was, if it is time to; and for how long the task has been running.
    fn count_on(&mut self, batch: &mut Batch, task: &Task, scale: Scale) {
        for (until, (column, instant)) in self.until.iter_mut().zip(times(task)) {
            if batch.now >= *until {
                *until = fill_instant(batch, column, instant);
            }
        }
        if task.status == Some(TaskStatus::Running) {
            self.fill_duration(batch, task, scale, false);
        }
    }

    /// A duration, with a bar that makes a slow run stand out. Its text is written where it is another, or `anew`.
    fn fill_duration(&mut self, batch: &mut Batch, task: &Task, scale: Scale, anew: bool) {
        let formats = batch.formats;
        let millis = TaskDuration::of(task, batch.now).millis();
        let clock = millis.map(|millis| Clock::of_millis(millis).told());
        if std::mem::replace(&mut self.clock, clock) != clock || anew {
            match millis {
                Some(millis) => batch.text(Column::Duration, Part::Text, Write::Text, &formats.duration(millis)),
                None => batch.word(Column::Duration, Part::Text, Write::Text, NOTHING),
            }
        }
        let bar = millis.map_or((0, false), |millis| (scale.bar(millis), scale.is_slow(millis)));
        let before = std::mem::replace(&mut self.bar, bar);
        if before == bar {
            return;
        }
        let (length, slow) = bar;
        let class = ["duration bar-", &digits(length), if slow { " slow" } else { "" }].concat();
        batch.text(Column::Duration, Part::Cell, Write::Class, &class);
        if before.1 != slow {
            let title = slow.then_some(formats.messages.slow());
            set_attribute(batch.node(Column::Duration, Part::Cell).unchecked_ref(), "title", title);
        }
    }
}

/// Shows an instant, marked up as `<time>`; one that cannot be read as it came, as mere text. When it has to be told in
/// another way.
fn fill_instant(batch: &mut Batch, column: Column, instant: Option<&str>) -> Instant {
    if let Some(instant) = instant.and_then(Instant::parse) {
        return batch.instant(column, instant);
    }
    let text = instant.filter(|text| !text.is_empty()).unwrap_or(NOTHING);
    batch.text(column, Part::Cell, Write::Text, text);
    NEVER
}

/// The classes of a status.
fn badge(status: Option<&TaskStatus>) -> &'static str {
    match status {
        Some(TaskStatus::Waiting) => "badge waiting",
        Some(TaskStatus::Running) => "badge running",
        Some(TaskStatus::Success) => "badge success",
        Some(TaskStatus::Failed) => "badge failed",
        Some(TaskStatus::Other(_)) => "badge other",
        None => "",
    }
}

/// A task's instants, each with its column.
fn times(task: &Task) -> [(Column, Option<&str>); 3] {
    [
        (Column::Created, task.created_at.as_deref()),
        (Column::Started, task.started_at.as_deref()),
        (Column::Completed, task.finished_at.as_deref()),
    ]
}

/// An empty row.
fn template(columns: &Columns) -> Element {
    let row = element("tr[role=row][part=row]", &[]);
    for (column, shown) in columns.iter() {
        let cell = element(&["td.", column.name(), "[role=cell][part=cell]"].concat(), &[]);
        set_hidden(&cell, !shown);
        let inner = match column {
            Column::Id => element("button[type=button][tabindex=-1]", &[]),
            Column::Status => element("span[part=badge]", &[]),
            Column::Method | Column::Duration => cell.clone(),
            Column::Created | Column::Started | Column::Completed => element("time", &[]),
        };
        inner.set_text_content(Some("-"));
        if inner != cell {
            append(&cell, &inner);
        }
        append(&row, &cell);
    }
    row.into()
}

/// The task ID where Tab stops; arrow keys lead to the others.
const TAB_STOP: &str = "[tabindex='0']";

/// Makes `button` the one where Tab stops.
fn stop_tab_at(body: &HtmlElement, button: &HtmlElement) {
    if let Some(before) = find(body, TAB_STOP) {
        set_attribute(&before, "tabindex", Some("-1"));
    }
    set_attribute(button, "tabindex", Some("0"));
}

/// The row of a task ID, by the nodes of all rows, each of so many columns.
fn row_of(nodes: &Array, columns: usize, button: &Element) -> Option<usize> {
    Some(usize::try_from(nodes.index_of(button, 0)).ok()? / (columns * Part::COUNT))
}

/// Up, Down, Home and End move the focus from task to task.
fn move_by_key(body: &HtmlElement) -> Listener {
    let rows = body.clone();
    let press = move |event: Event| {
        let event: KeyboardEvent = event.unchecked_into();
        let row = event.target().and_then(|target| closest(&target.dyn_into::<Element>().ok()?, "tr"));
        let Some(row) = row.filter(|_| !(event.ctrl_key() || event.alt_key() || event.meta_key())) else { return };
        let to = match event.key().as_str() {
            "ArrowDown" => row.next_element_sibling(),
            "ArrowUp" => row.previous_element_sibling(),
            "Home" => rows.first_element_child(),
            "End" => rows.last_element_child(),
            _ => return,
        };
        event.prevent_default();
        if let Some(button) = to.and_then(|row| find(&row, "button")) {
            stop_tab_at(&rows, &button);
            focus(&button);
        }
    };
    Listener::on(body.clone().into(), "keydown", Box::new(press))
}

/// One listener for all rows: a click on a task ID opens that task.
fn open_on_click(
    body: &HtmlElement,
    nodes: &Array,
    columns: usize,
    loaded: &Rc<RefCell<Option<Rc<Loaded>>>>,
    app: App,
) -> Listener {
    let (loaded, rows, nodes) = (loaded.clone(), body.clone(), nodes.clone());
    let click = move |event: Event| {
        let Some(element) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        let Some(button) = closest(&element, "button") else { return };
        stop_tab_at(&rows, &button);
        let row = row_of(&nodes, columns, &button);
        let loaded = loaded.borrow().clone();
        if let Some(task) = loaded.as_ref().and_then(|loaded| loaded.page.records.get(row?)) {
            app.open(task);
        }
    };
    Listener::on(body.clone().into(), "click", Box::new(click))
}
