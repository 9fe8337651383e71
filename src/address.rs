//! What an address or a set of attributes asks to see: the instance, the query, and how to present it.
//!
//! Both hold the same values under names that differ only in `_` and `-`, so one total parse reads both.

use crate::digits::digits;
use crate::listing::Request;
use crate::messages::Locale;
use crate::query::{Instance, Reader, Rejected, TaskQuery, whole_number};

/// Every name, as in an address. An attribute has `-` in place of `_`.
pub const NAMES: [&str; 9] =
    ["project_id", "instance_id", "status", "offset", "limit", "locale", "time_zone", "theme", "refresh"];

/// The least interval of auto-refresh that can be asked for, in seconds.
const MIN_REFRESH: u64 = 5;

/// The greatest, in seconds: a day.
const MAX_REFRESH: u64 = 86_400;

/// When the list is asked for again by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Refresh {
    /// Often while a task on the page is waiting or running, else seldom.
    #[default]
    Automatic,
    /// Never.
    Off,
    /// Every so many seconds.
    Every(u32),
}

impl Refresh {
    /// Reads `auto`, `off`, or whole seconds from 5 to 86,400.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "auto" => Some(Self::Automatic),
            "off" => Some(Self::Off),
            _ => whole_number(text, MIN_REFRESH, MAX_REFRESH)
                .and_then(|seconds| seconds.try_into().ok())
                .map(Self::Every),
        }
    }

    /// The value that [`Self::parse`] reads as this.
    pub fn value(self) -> String {
        match self {
            Self::Automatic => "auto".to_owned(),
            Self::Off => "off".to_owned(),
            Self::Every(seconds) => digits(seconds),
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// As the page around it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "auto" => Self::Auto,
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => return None,
        })
    }
}

/// In which time zone instants are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum TimeZone {
    /// The reader's own.
    #[default]
    Local,
    /// UTC.
    Utc,
    /// One of the IANA time zone database, that the browser knows.
    Named(String),
}

impl TimeZone {
    /// The value that is read as this.
    pub fn value(&self) -> &str {
        match self {
            Self::Local => "local",
            Self::Utc => "UTC",
            Self::Named(name) => name,
        }
    }

    /// Reads `local`, `UTC`, or a name for which `known` holds.
    pub fn parse(text: &str, known: impl FnOnce(&str) -> bool) -> Option<Self> {
        if text.eq_ignore_ascii_case("local") {
            Some(Self::Local)
        } else if text.eq_ignore_ascii_case("utc") {
            Some(Self::Utc)
        } else {
            known(text).then(|| Self::Named(text.to_owned()))
        }
    }
}

/// What the browser has to say of a value.
pub trait Environment {
    /// Whether this is a time zone that instants can be shown in.
    fn knows_time_zone(&self, name: &str) -> bool;
    /// Whether this is a well-formed BCP 47 language tag.
    fn is_language_tag(&self, tag: &str) -> bool;
    /// The tags of the languages that the reader prefers, best first.
    fn languages(&self) -> Vec<String>;
}

/// How the list is presented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presentation {
    /// The language of the texts.
    pub locale: Locale,
    /// The language tag by which numbers and instants are formatted: a variant of `locale`.
    pub language_tag: String,
    /// The time zone of the instants.
    pub time_zone: TimeZone,
    /// Light or dark.
    pub theme: Theme,
    /// Auto-refresh.
    pub refresh: Refresh,
}

/// All that an address or a set of attributes asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The two IDs as they came, for the form that asks for them.
    pub ids: (String, String),
    /// The instance, where both IDs name one.
    pub instance: Option<Instance>,
    /// Before the path of the endpoint; empty for the page's own origin. No address can set it: whoever can make a
    /// reader follow a link must not choose where the page gets its data.
    pub api_base: String,
    /// Which of its tasks.
    pub query: TaskQuery,
    /// How they are presented.
    pub presentation: Presentation,
    /// The values that were not valid.
    pub rejected: Vec<Rejected>,
}

impl Address {
    /// Reads the values by name. Total: what is not valid is replaced by its default and named in `rejected`.
    pub fn read(get: &dyn Fn(&str) -> Option<String>, environment: &dyn Environment) -> Self {
        let mut rejected = Vec::new();
        let ids = (get("project_id").unwrap_or_default(), get("instance_id").unwrap_or_default());
        for (name, id) in [("project_id", &ids.0), ("instance_id", &ids.1)] {
            if matches!(id.trim(), "." | "..") {
                rejected.push(Rejected::new(name, id, ""));
            }
        }
        let query = TaskQuery::read(get, &mut rejected);
        let presentation = Presentation::read(get, environment, &mut rejected);
        let instance = Instance::new(&ids.0, &ids.1);
        Self { instance, ids, api_base: String::new(), query, presentation, rejected }
    }

    /// The same, with the endpoint elsewhere.
    #[must_use]
    pub fn with_api_base(self, api_base: String) -> Self {
        Self { api_base, ..self }
    }

    /// What is asked of the endpoint, once an instance is named.
    pub fn request(&self) -> Option<Request> {
        let instance = self.instance.clone()?;
        Some(Request { api_base: self.api_base.clone(), instance, query: self.query })
    }
}

impl Presentation {
    fn read(get: &dyn Fn(&str) -> Option<String>, environment: &dyn Environment, rejected: &mut Vec<Rejected>) -> Self {
        let mut read = Reader { get, rejected };
        let tag = read.value("locale", "", |tag| environment.is_language_tag(tag).then(|| tag.to_owned()));
        let preferred = tag.map_or_else(|| environment.languages(), |tag| vec![tag]);
        let (locale, language_tag) = Locale::nearest(&preferred);
        Self {
            locale,
            language_tag,
            time_zone: read
                .value("time_zone", "local", |name| TimeZone::parse(name, |name| environment.knows_time_zone(name)))
                .unwrap_or_default(),
            theme: read.value("theme", "auto", Theme::parse).unwrap_or_default(),
            refresh: read.value("refresh", "auto", Refresh::parse).unwrap_or_default(),
        }
    }
}
