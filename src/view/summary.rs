//! The answer at a glance, above the table.

use crate::app::App;
use crate::digits::digits;
use crate::dom::{append, element, set_attribute, set_hidden, set_text, text};
use crate::format::{Formats, iso};
use crate::listing::Loaded;
use crate::messages::{Messages, Pick, fill};
use crate::poll;
use crate::query::StatusFilter;
use crate::summary::Scope;
use crate::time::{Distance, Instant};
use std::cell::Cell;
use std::rc::Rc;
use web_sys::HtmlElement;

/// The parts of the line that tell a number or an instant: classes, label, and the filter that leaves nothing else.
const PARTS: [(&str, Pick, StatusFilter); 4] = [
    ("badge.running", Messages::running_now, StatusFilter::Running),
    ("badge.waiting", Messages::waiting_now, StatusFilter::Waiting),
    ("badge.success", Messages::last_successful, StatusFilter::Success),
    ("badge.failed", Messages::last_failed, StatusFilter::Failed),
];

/// How exactly the age of the rows is told, in milliseconds: a text that changes makes the browser draw.
const AGE_STEP: u64 = 5000;

/// A label and a value, which may be an instant.
struct Part {
    whole: HtmlElement,
    value: HtmlElement,
    /// In the value, while that is an instant.
    time: HtmlElement,
    /// The instant, and when it has to be told in another way.
    instant: Cell<Option<(Instant, Instant)>>,
}

impl Part {
    fn new(class: &str, label: &str) -> Self {
        let value = text("span.value", "");
        let label = text(&["span.", class].concat(), label);
        let whole = element("span.fact", &[&label, &value]);
        Self { whole, value, time: text("time", ""), instant: Cell::new(None) }
    }

    /// Shows a text.
    fn fill(&self, text: &str) {
        self.instant.set(None);
        set_text(&self.value, text);
    }

    /// Shows how long ago an instant was, with the exact one.
    fn fill_instant(&self, instant: Instant, formats: &Formats, now: Instant) {
        self.tell(instant, formats, now);
        set_attribute(&self.time, "datetime", Some(&String::from(iso(instant))));
        set_attribute(&self.time, "title", Some(&String::from(formats.instant(instant))));
        if self.value.first_element_child().is_none() {
            self.value.replace_children_with_node_1(&self.time);
        }
    }

    fn tell(&self, instant: Instant, formats: &Formats, now: Instant) {
        let distance = Distance::of(instant, now);
        self.instant.set(Some((instant, distance.until)));
        set_text(&self.time, &String::from(formats.distance(distance)));
    }

    /// Says how long ago the instant was in another way, if it is time to.
    fn count_on(&self, formats: &Formats, now: Instant) {
        if let Some((instant, until)) = self.instant.get()
            && now >= until
        {
            self.tell(instant, formats, now);
        }
    }
}

/// The line, and what a clock has to call.
pub struct SummaryLine {
    app: App,
    line: HtmlElement,
    facts: HtmlElement,
    scope: HtmlElement,
    parts: [Part; 4],
    usual: Part,
    updated: HtmlElement,
    /// Whether the rows were called out of date, and the age that was told, in milliseconds.
    told: Cell<Option<(bool, u64)>>,
}

impl SummaryLine {
    /// What runs, what ended last, how long it usually takes, and how old all of that is.
    pub fn new(app: App) -> Rc<Self> {
        let messages = app.messages();
        let scope = text("span.scope", "");
        let parts = PARTS.map(|(class, label, _)| Part::new(class, label(messages)));
        let usual = Part::new("", messages.usual_duration());
        let updated = text("span.updated", "");
        let facts = element("div.facts[part=summary]", &[&scope]);
        for Part { whole, .. } in parts.iter().chain([&usual]) {
            append(&facts, whole);
        }
        let line = element("div.summary.unknown", &[&facts, &updated]);
        let shown = Rc::new(Self { app, line, facts, scope, parts, usual, updated, told: Cell::new(None) });
        app.follow_rows({
            let shown = shown.clone();
            move |loaded| shown.fill(loaded.map(AsRef::as_ref))
        });
        app.follow({
            let shown = shown.clone();
            move || {
                shown.fill_age();
            }
        });
        shown
    }

    /// The line's element.
    pub fn element(&self) -> &HtmlElement {
        &self.line
    }

    /// Writes what the rows say.
    fn fill(&self, loaded: Option<&Loaded>) {
        let (messages, formats) = (self.app.messages(), self.app.formats());
        set_attribute(&self.line, "class", Some(if loaded.is_some() { "summary" } else { "summary unknown" }));
        let Some(loaded) = loaded else { return };
        set_hidden(&self.facts, loaded.is_empty());
        let summary = loaded.summary;
        let scope = if summary.scope == Scope::All { messages.all_tasks() } else { messages.on_this_page() };
        set_text(&self.scope, scope);
        let filter = loaded.request.query.status();
        for (part, (.., only)) in self.parts.iter().zip(PARTS) {
            set_hidden(&part.whole, filter != StatusFilter::All && filter != only);
        }
        let [running, waiting, successful, failed] = &self.parts;
        for (part, count) in [(running, summary.running), (waiting, summary.waiting)] {
            part.fill(&if count == 0 { messages.none().to_owned() } else { digits(count as u64) });
        }
        let now = self.app.now();
        for (part, last) in [(successful, summary.last_success), (failed, summary.last_failed)] {
            match last {
                Some(instant) => part.fill_instant(instant, &formats, now),
                None => part.fill(messages.none()),
            }
        }
        let usual = summary.scale.usual.map(|millis| formats.duration(millis));
        set_hidden(&self.usual.whole, usual.is_none());
        self.usual.fill(&usual.unwrap_or_default());
        self.told.set(None); // it may have been told in another language
        self.fill_age();
    }

    /// Brings up to date what changes by itself as time passes.
    pub fn count_on(&self, formats: &Formats, now: Instant) {
        for part in &self.parts {
            part.count_on(formats, now);
        }
        self.fill_age();
    }

    /// How old the rows are.
    fn fill_age(&self) {
        let Some(has_active) = self.app.listing().rows().map(|rows| rows.has_active()) else { return };
        let (messages, formats) = (self.app.messages(), self.app.formats());
        let age = self.app.age();
        let refresh = self.app.address().presentation.refresh;
        let stale = poll::is_stale(refresh, has_active, age);
        let age = age / AGE_STEP * AGE_STEP;
        if self.told.replace(Some((stale, age))) == Some((stale, age)) {
            return;
        }
        let template = match (stale, age == 0) {
            (true, _) => messages.outdated(),
            (false, true) => messages.updated_now(),
            (false, false) => messages.updated(),
        };
        let now = self.app.now();
        let came = Instant::from_millis(now.millis().saturating_sub_unsigned(age));
        let ago = String::from(formats.distance(Distance::of(came, now)));
        set_text(&self.updated, &fill(template, &[("ago", ago.as_str())]));
        set_attribute(&self.updated, "class", Some(if stale { "updated stale" } else { "updated" }));
    }
}
