//! Instants, numbers and durations as text, through the browser's `Intl`.

use crate::address::{Environment, Presentation, TimeZone};
use crate::digits::digits;
use crate::messages::{Catalogue, Locale, Messages, Numbers, fill};
use crate::model::Task;
use crate::plain::object;
use crate::time::{Clock, Distance, Instant};
use js_sys::{Array, JsString, Object};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// How instants are told.
    #[wasm_bindgen(js_namespace = Intl)]
    pub type DateTimeFormat;
    #[wasm_bindgen(constructor, js_class = "DateTimeFormat", js_namespace = Intl, catch)]
    fn new(locale: &str, options: &Object) -> Result<DateTimeFormat, JsValue>;
    /// Throws for an instant that a `Date` cannot hold.
    #[wasm_bindgen(method, catch)]
    fn format(this: &DateTimeFormat, millis: f64) -> Result<JsString, JsValue>;

    #[wasm_bindgen(method, js_name = resolvedOptions)]
    fn resolved_options(this: &DateTimeFormat) -> Resolved;
    type Resolved;
    #[wasm_bindgen(method, getter, js_name = timeZone)]
    fn time_zone(this: &Resolved) -> Option<String>;

    #[wasm_bindgen(js_namespace = Intl)]
    type RelativeTimeFormat;
    #[wasm_bindgen(constructor, js_class = "RelativeTimeFormat", js_namespace = Intl, catch)]
    fn new_relative(locale: &str, options: &Object) -> Result<RelativeTimeFormat, JsValue>;
    #[wasm_bindgen(method, js_name = format)]
    fn format_relative(this: &RelativeTimeFormat, value: f64, unit: &str) -> JsString;

    #[wasm_bindgen(js_namespace = Intl, js_name = getCanonicalLocales, catch)]
    fn canonical_locales(tag: &str) -> Result<Array, JsValue>;

    #[wasm_bindgen(js_namespace = Intl)]
    type PluralRules;
    #[wasm_bindgen(constructor, js_class = "PluralRules", js_namespace = Intl, catch)]
    fn new(locale: &str) -> Result<PluralRules, JsValue>;
    #[wasm_bindgen(method)]
    fn select(this: &PluralRules, n: f64) -> String;

    #[wasm_bindgen(js_namespace = Intl)]
    type NumberFormat;
    #[wasm_bindgen(constructor, js_class = "NumberFormat", js_namespace = Intl, catch)]
    fn new(locale: &str, options: &Object) -> Result<NumberFormat, JsValue>;
    #[wasm_bindgen(method)]
    fn format(this: &NumberFormat, n: f64) -> String;
}

/// Digits are those of the IDs, codes and offsets around them, whatever is usual in the language.
fn latin_digits() -> (&'static str, JsValue) {
    ("numberingSystem", "latn".into())
}

/// The texts of the language whose tag begins with `language`, for all of this module from now on: `learn` has them.
pub fn learn(language: &str, texts: &Array, learn: fn(Locale, Catalogue)) {
    if let Some(locale) = Locale::EACH.into_iter().find(|locale| locale.tag().starts_with(language)) {
        learn(locale, &|place| texts.get(u32::try_from(place).ok()?).as_string());
    }
}

/// The browser, as [`Environment`].
pub struct Browser;

impl Environment for Browser {
    fn knows_time_zone(&self, name: &str) -> bool {
        date_time_format("en", Some(name)).is_some()
    }
    fn is_language_tag(&self, tag: &str) -> bool {
        canonical_locales(tag).is_ok()
    }
    fn languages(&self) -> Vec<String> {
        let Some(window) = web_sys::window() else { return Vec::new() };
        window.navigator().languages().iter().filter_map(|tag| tag.as_string()).collect()
    }
}

fn date_time_format(language_tag: &str, time_zone: Option<&str>) -> Option<DateTimeFormat> {
    let style = || "medium".into();
    // An undefined zone is the device's.
    let zone = time_zone.map_or(JsValue::UNDEFINED, JsValue::from);
    let options = [("dateStyle", style()), ("timeStyle", style()), ("timeZone", zone), latin_digits()];
    DateTimeFormat::new(language_tag, &object(&options)).ok()
}

/// How a distance in time is told, in few letters: `12s ago`.
fn relative_time_format(language_tag: &str) -> Option<RelativeTimeFormat> {
    RelativeTimeFormat::new_relative(language_tag, &object(&[("style", "narrow".into()), latin_digits()])).ok()
}

/// How this reader's texts are formatted.
pub struct Formats {
    /// The language of the texts.
    pub locale: Locale,
    /// The texts.
    pub messages: &'static Messages,
    language_tag: String,
    instants: Option<DateTimeFormat>,
    distances: Option<RelativeTimeFormat>,
}

impl Formats {
    /// For a presentation; in English while the texts of its language are not here. Language tag and zone were checked
    /// when they were read; were one refused all the same, values are shown plainly.
    pub fn new(presentation: &Presentation) -> Self {
        let zone = match &presentation.time_zone {
            TimeZone::Local => None,
            other => Some(other.value()),
        };
        let (locale, language_tag) = if presentation.locale.is_here() {
            (presentation.locale, presentation.language_tag.clone())
        } else {
            (Locale::English, Locale::English.tag().to_owned())
        };
        let instants = date_time_format(&language_tag, zone);
        let distances = relative_time_format(&language_tag);
        Self { locale, messages: locale.messages(), language_tag, instants, distances }
    }

    /// The name of the time zone that instants are shown in, as the browser knows it.
    pub fn zone(&self) -> Option<String> {
        self.instants.as_ref()?.resolved_options().time_zone()
    }

    /// How far an instant is from now, such as `3h ago`.
    pub fn distance(&self, distance: Distance) -> JsString {
        #[allow(clippy::cast_precision_loss, reason = "units within 10,000 years are far below 2^53")]
        let value = if distance.value == 0 { -0.0 } else { distance.value as f64 };
        let format = |format: &RelativeTimeFormat| format.format_relative(value, distance.unit.name());
        self.distances.as_ref().map_or_else(|| JsString::from(""), format)
    }

    /// What is said when a task was seen to end, and `others` with it.
    pub fn finished(&self, task: &Task, others: usize) -> String {
        let messages = self.messages;
        let status = task.status.as_ref().map_or("", |status| messages.status_text(status));
        let template = if others == 0 { messages.finished_one() } else { messages.finished_many() };
        fill(template, &[("id", task.id.as_str()), ("status", status), ("n", digits(others as u64).as_str())])
    }

    /// An instant in the reader's language and zone.
    pub fn instant(&self, instant: Instant) -> JsString {
        self.instants.as_ref().and_then(|format| format.format(float_of(instant)).ok()).unwrap_or_else(|| iso(instant))
    }

    /// The browser's own format of instants, unless it refused to make one.
    pub fn instants(&self) -> Option<&DateTimeFormat> {
        self.instants.as_ref()
    }

    /// A duration: the two greatest units that it has, so that it always has a place in its column.
    pub fn duration(&self, millis: u64) -> String {
        let Clock { hours, minutes, seconds } = Clock::of_millis(millis).told();
        let (days, hours) = if hours < 48 { (0, hours) } else { (hours / 24, hours % 24) };
        let messages = self.messages;
        let units = [
            (messages.days(), days),
            (messages.hours(), hours),
            (messages.minutes(), minutes),
            (messages.seconds(), seconds),
        ];
        let greatest = units.iter().position(|(_, value)| *value > 0).unwrap_or(units.len() - 1);
        let mut text = String::new();
        for (unit, value) in units.iter().skip(greatest).take(2) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&fill(unit, &[("n", &digits(*value))]));
        }
        text
    }
}

impl Numbers for Formats {
    fn category(&self, n: u64) -> String {
        PluralRules::new(&self.language_tag).map(|rules| rules.select(float(n))).unwrap_or_default()
    }
    fn text(&self, n: u64) -> String {
        let format = NumberFormat::new(&self.language_tag, &object(&[latin_digits()]));
        format.map_or_else(|_| digits(n), |format| format.format(float(n)))
    }
}

/// An instant as machines read it, in UTC: the value of a `datetime` attribute.
pub fn iso(instant: Instant) -> JsString {
    js_sys::Date::new(&float_of(instant).into()).to_iso_string()
}

/// An instant as the browser takes it: milliseconds since 1970.
#[allow(clippy::cast_precision_loss, reason = "years 0000 to 9999 are far below 2^53 milliseconds")]
pub fn float_of(instant: Instant) -> f64 {
    instant.millis() as f64
}

#[allow(clippy::cast_precision_loss, reason = "counts of tasks and seconds are far below 2^53")]
fn float(n: u64) -> f64 {
    n as f64
}
