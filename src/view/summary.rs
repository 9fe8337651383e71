//! The answer at a glance, above the table.

use crate::app::{App, effect};
use crate::dom::{element, set_attribute, set_hidden, set_text, text};
use crate::format::Formats;
use crate::messages::{Pick, fill};
use crate::poll;
use crate::query::StatusFilter;
use crate::summary::Scope;
use crate::time::{Distance, Instant};
use leptos::prelude::*;
use std::rc::Rc;
use web_sys::HtmlElement;

/// The parts of the line that tell a number or an instant: class, label, and the filter that leaves nothing else.
const PARTS: [(&str, Pick, StatusFilter); 4] = [
    ("badge running", |messages| messages.running_now, StatusFilter::Running),
    ("badge waiting", |messages| messages.waiting_now, StatusFilter::Waiting),
    ("badge success", |messages| messages.last_successful, StatusFilter::Success),
    ("badge failed", |messages| messages.last_failed, StatusFilter::Failed),
];

/// A label and a value, which may be an instant.
struct Part {
    whole: HtmlElement,
    value: HtmlElement,
    /// In the value, while that is an instant.
    time: HtmlElement,
}

impl Part {
    fn new(class: &str, label: &str) -> Self {
        let value = text("span", "value", "");
        let whole = element("span", &[("class", "fact")], &[&text("span", class, label), &value]);
        Self { whole, value, time: text("time", "", "") }
    }

    /// Shows a text; that of an instant with the exact one.
    fn fill(&self, text: &str, exact: Option<Instant>, formats: &Formats) {
        let Some(exact) = exact else { return set_text(&self.value, text) };
        set_text(&self.time, text);
        set_attribute(&self.time, "datetime", Some(&exact.to_iso()));
        set_attribute(&self.time, "title", Some(&String::from(formats.instant(exact))));
        if self.value.first_element_child().is_none() {
            self.value.replace_children_with_node_1(&self.time);
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
}

impl SummaryLine {
    /// What runs, what ended last, how long it usually takes, and how old all of that is.
    pub fn new(app: App) -> Rc<Self> {
        let messages = app.messages();
        let scope = text("span", "scope", "");
        let parts = PARTS.map(|(class, label, _)| Part::new(class, label(messages)));
        let usual = Part::new("", messages.usual_duration);
        let updated = text("span", "updated", "");
        let facts = element("div", &[("class", "facts"), ("part", "summary")], &[&scope]);
        for Part { whole, .. } in parts.iter().chain([&usual]) {
            let appended = facts.append_child(whole);
            debug_assert!(appended.is_ok(), "a part can be appended");
        }
        let line = element("div", &[("class", "summary unknown")], &[&facts, &updated]);
        let shown = Rc::new(Self { app, line, facts, scope, parts, usual, updated });
        effect({
            let shown = shown.clone();
            move || {
                app.address.track();
                app.listing.track();
                shown.fill();
            }
        });
        shown
    }

    /// The line's element.
    pub fn element(&self) -> &HtmlElement {
        &self.line
    }

    /// Writes what has changed: since the latest answer, or just because time has passed.
    pub fn fill(&self) {
        let (messages, formats) = (self.app.messages(), self.app.formats());
        let loaded = self.app.listing.with_untracked(|listing| listing.rows().cloned());
        set_attribute(&self.line, "class", Some(if loaded.is_some() { "summary" } else { "summary unknown" }));
        let Some(loaded) = loaded else { return };
        set_hidden(&self.facts, loaded.is_empty());
        let summary = loaded.summary;
        let scope = if summary.scope == Scope::All { messages.all_tasks } else { messages.on_this_page };
        set_text(&self.scope, scope);
        let filter = loaded.request.query.status();
        let count = |n: usize| (if n == 0 { messages.none.to_owned() } else { n.to_string() }, None);
        let instant = |instant: Option<Instant>| match instant {
            Some(instant) => (self.ago(&formats, instant), Some(instant)),
            None => (messages.none.to_owned(), None),
        };
        let values = [
            count(summary.running),
            count(summary.waiting),
            instant(summary.last_success),
            instant(summary.last_failed),
        ];
        for ((part, (.., only)), (text, exact)) in self.parts.iter().zip(PARTS).zip(values) {
            set_hidden(&part.whole, filter != StatusFilter::All && filter != only);
            part.fill(&text, exact, &formats);
        }
        let usual = summary.scale.usual.map(|millis| formats.duration(millis));
        set_hidden(&self.usual.whole, usual.is_none());
        self.usual.fill(&usual.unwrap_or_default(), None, &formats);
        self.fill_age(&formats, loaded.has_active());
    }

    /// How old the rows are.
    fn fill_age(&self, formats: &Formats, has_active: bool) {
        let messages = formats.messages;
        let age = self.app.age();
        let refresh = self.app.address.with_untracked(|address| address.presentation.refresh);
        let stale = poll::is_stale(refresh, has_active, age);
        let now = self.app.now();
        let came = Instant::from_millis(now.millis().saturating_sub_unsigned(age));
        let template = match (stale, age < 5000) {
            (true, _) => messages.outdated,
            (false, true) => messages.updated_now,
            (false, false) => messages.updated,
        };
        set_text(&self.updated, &fill(template, &[("ago", self.ago(formats, came).as_str())]));
        set_attribute(&self.updated, "class", Some(if stale { "updated stale" } else { "updated" }));
    }

    fn ago(&self, formats: &Formats, instant: Instant) -> String {
        String::from(formats.distance(Distance::of(instant, self.app.now())))
    }
}
