//! Every text that a person reads. English is in the modules: what the list says in one file, and what is said by the parts
//! that are loaded on demand in another. These are the lists of all texts. Each other language has a JSON catalogue of the
//! same names in the same order, fetched for its readers alone. A test holds each of them to those lists, because a text is
//! taken by its place: the names would be a kilobyte of the first view.
//!
//! A text that speaks of a number can have a form for each of the language's plural categories; see [`plural`].
//!
//! Terms are those of the service's own documents; values that come from outside (codes, messages, unknown statuses)
//! are never translated.

/// Makes a type of texts with a method for each, from the English ones. In a catalogue theirs are from the place `$first` on.
macro_rules! texts {
    ($(#[$doc:meta])* $Texts:ident, from $first:expr; $($name:ident: $english:literal,)*) => {
        use super::{Catalogue, Locale};
        use std::cell::OnceCell;

        $(#[$doc])*
        ///
        /// `{name}` in a text stands for a value; see [`fill`](super::fill).
        #[derive(Debug)]
        pub struct $Texts([&'static str; Self::NAMES.len()]);

        static ENGLISH: $Texts = $Texts([$($english,)*]);

        thread_local! {
            /// Those that were fetched, by language.
            static FETCHED: [OnceCell<&'static $Texts>; Locale::EACH.len()] = const { [const { OnceCell::new() }; Locale::EACH.len()] };
        }

        #[allow(non_camel_case_types, reason = "each is called as its text is")]
        enum Place {
            $($name,)*
        }

        #[allow(missing_docs, reason = "each is named after what it says; the English text is its documentation")]
        impl $Texts {
            $(pub fn $name(&self) -> &'static str {
                self.at(Place::$name)
            })*
        }

        impl $Texts {
            /// What they are called, in the order of a catalogue.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name),)*];
            /// The place of the first one in a catalogue.
            pub const FIRST: usize = $first;

            fn at(&self, place: Place) -> &'static str {
                self.0.get(place as usize).copied().unwrap_or_default()
            }

            /// All of them, in the order of a catalogue.
            pub fn texts(&self) -> &[&'static str] {
                &self.0
            }

            /// Those of a language; in English, while its own are not here.
            pub fn of(locale: Locale) -> &'static Self {
                Self::fetched(locale).unwrap_or(&ENGLISH)
            }

            /// Those of a language, if they were fetched.
            pub(super) fn fetched(locale: Locale) -> Option<&'static Self> {
                FETCHED.with(|all| all.get(locale as usize)?.get().copied())
            }

            /// Those of a language are here. They stay for as long as the module does; another time nothing happens. One
            /// that the catalogue lacks is shown in English.
            pub fn learn(locale: Locale, catalogue: Catalogue) {
                let read = || -> &'static Self {
                    let mut texts = ENGLISH.0;
                    for (place, text) in texts.iter_mut().enumerate() {
                        if let Some(found) = catalogue(Self::FIRST + place) {
                            *text = Box::leak(found.into_boxed_str());
                        }
                    }
                    Box::leak(Box::new(Self(texts)))
                };
                FETCHED.with(|all| {
                    if let Some(fetched) = all.get(locale as usize).filter(|_| locale != Locale::English) {
                        fetched.get_or_init(read);
                    }
                });
            }
        }
    };
}

mod en;
mod en_extras;

use crate::api::{Advice, ApiError, Unreadable};
use crate::digits::digits;
use crate::model::{ScanType, TaskStatus};
use crate::query::{StatusFilter, TaskQuery};
pub use en::Messages;
pub use en_extras::Extras;

/// Has the texts of a language, by their places in its catalogue.
pub type Catalogue<'a> = &'a dyn Fn(usize) -> Option<String>;

/// A language of the texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English.
    #[default]
    English,
    /// German.
    German,
    /// Chinese, in simplified characters.
    Chinese,
    /// Arabic.
    Arabic,
}

impl Locale {
    /// Every language.
    pub const EACH: [Self; 4] = [Self::English, Self::German, Self::Chinese, Self::Arabic];

    /// The language tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Chinese => "zh-Hans",
            Self::Arabic => "ar",
        }
    }

    /// `ltr` or `rtl`.
    pub fn direction(self) -> &'static str {
        match self {
            Self::English | Self::German | Self::Chinese => "ltr",
            Self::Arabic => "rtl",
        }
    }

    /// What the list says in it; in English, while those texts are not here.
    pub fn messages(self) -> &'static Messages {
        Messages::of(self)
    }

    /// Whether what the list says in it is here.
    pub fn is_here(self) -> bool {
        self == Self::English || Messages::fetched(self).is_some()
    }

    /// The first language among `preferred` tags that there are texts in, with the tag to format by; English, if none.
    pub fn nearest(preferred: &[String]) -> (Self, String) {
        let language = |tag: &'static str| tag.split('-').next().unwrap_or_default();
        let is_in = |locale: &Self, tag: &str| {
            tag.split(['-', '_']).next().unwrap_or_default().eq_ignore_ascii_case(language(locale.tag()))
        };
        preferred
            .iter()
            .find_map(|tag| Some((Self::EACH.into_iter().find(|locale| is_in(locale, tag))?, tag.clone())))
            .unwrap_or_else(|| (Self::English, Self::English.tag().to_owned()))
    }
}

impl Messages {
    /// The text of a status; of an unknown one, what came.
    pub fn status_text<'a>(&self, status: &'a TaskStatus) -> &'a str {
        match status {
            TaskStatus::Waiting => self.waiting(),
            TaskStatus::Running => self.running(),
            TaskStatus::Success => self.successful(),
            TaskStatus::Failed => self.failed(),
            TaskStatus::Other(text) => text,
        }
    }

    /// The text of an analysis method; of an unknown one, what came.
    pub fn scan_type_text<'a>(&self, scan_type: &'a ScanType) -> &'a str {
        match scan_type {
            ScanType::Manual => self.manual(),
            ScanType::Auto => self.automatic(),
            ScanType::Other(text) => text,
        }
    }

    /// The text of a choice in the status filter.
    pub fn filter(&self, filter: StatusFilter) -> &'static str {
        match filter {
            StatusFilter::All => self.all(),
            StatusFilter::Waiting => self.waiting(),
            StatusFilter::Running => self.running(),
            StatusFilter::Success => self.successful(),
            StatusFilter::Failed => self.failed(),
        }
    }

    /// What an empty list says.
    pub fn empty(&self, filter: StatusFilter) -> &'static str {
        match filter {
            StatusFilter::All => self.no_tasks(),
            StatusFilter::Waiting => self.no_waiting_tasks(),
            StatusFilter::Running => self.no_running_tasks(),
            StatusFilter::Success => self.no_successful_tasks(),
            StatusFilter::Failed => self.no_failed_tasks(),
        }
    }

    /// The headline of an error: the code, else the HTTP status, else what happened.
    pub fn error_title(&self, error: &ApiError) -> String {
        match error {
            ApiError::Refused(refusal) => {
                refusal.code.clone().unwrap_or_else(|| fill(self.http_status(), &[("status", &digits(refusal.status))]))
            }
            ApiError::Unreadable(reason) => match reason {
                Unreadable::Empty => self.answer_empty(),
                Unreadable::NotJson => self.answer_not_json(),
                Unreadable::CutOff => self.answer_cut_off(),
                Unreadable::NotAList => self.answer_not_a_list(),
                Unreadable::TooLarge => self.answer_too_large(),
            }
            .to_owned(),
            ApiError::Network | ApiError::Aborted => self.network().to_owned(),
            ApiError::Timeout => self.timeout().to_owned(),
        }
    }

    /// What the reader can do about an error.
    pub fn advice(&self, error: &ApiError, numbers: &dyn Numbers) -> String {
        let text = match error.advice() {
            Advice::ChooseAnotherInstance => self.advice_other_instance(),
            Advice::CorrectIds => self.advice_ids(),
            Advice::CorrectParameter => self.advice_parameter(),
            Advice::WaitForInstance => self.advice_busy(),
            Advice::RenewCredentials => self.advice_credentials(),
            Advice::AskAdministrator => self.advice_permission(),
            Advice::CheckInstance => self.advice_check_instance(),
            Advice::SlowDown => {
                return match error.retry_after() {
                    Some(seconds) => count(self.advice_slow_down_for(), "seconds", seconds, numbers),
                    None => self.advice_slow_down().to_owned(),
                };
            }
            Advice::TryAgain => self.advice_try_again(),
            Advice::CheckProxy => self.advice_proxy(),
            Advice::CheckConnection => self.advice_connection(),
        };
        text.to_owned()
    }

    /// What is said of rows that stayed when `asked` failed: where they are those of another view, which.
    pub fn stale(&self, asked: TaskQuery, shown: TaskQuery) -> String {
        let (asked, shown) = (self.difference(asked, shown), self.difference(shown, asked));
        if asked == shown {
            return self.stale_rows().to_owned();
        }
        fill(self.other_rows(), &[("asked", &asked), ("shown", &shown)])
    }

    /// What tells a view from another, in the words of the controls; at least its page.
    fn difference(&self, view: TaskQuery, other: TaskQuery) -> String {
        let mut text = String::new();
        if view.status() != other.status() {
            text = [self.status(), " ", self.filter(view.status()), ", "].concat();
        }
        if view.limit() != other.limit() {
            text = [&text, self.rows_per_page(), " ", &digits(view.limit()), ", "].concat();
        }
        text + &fill(self.page(), &[("n", &digits(view.page_number()))])
    }
}

/// One text of a language.
pub type Pick = fn(&Messages) -> &'static str;

/// How a language speaks of numbers: in a browser through `Intl`.
pub trait Numbers {
    /// The plural category of a number: `zero`, `one`, `two`, `few`, `many` or `other`.
    fn category(&self, n: u64) -> String;
    /// A number, as it is written in a sentence.
    fn text(&self, n: u64) -> String;
}

/// A text that speaks of `n`, which it calls `name`.
pub fn count(template: &str, name: &str, n: u64, numbers: &dyn Numbers) -> String {
    fill(plural(template, &numbers.category(n)), &[(name, &numbers.text(n))])
}

/// The form of a text for a plural category, where the text has forms: as in ICU's message format,
/// `{n, plural, one {a task} other {{n} tasks}}`. A form that is missing is that of `other`. A text without forms is the
/// same for all.
pub fn plural<'a>(template: &'a str, category: &str) -> &'a str {
    form(template, category).or_else(|| form(template, "other")).unwrap_or(template)
}

fn form<'a>(template: &'a str, category: &str) -> Option<&'a str> {
    let (_, forms) = template.strip_prefix('{')?.split_once(',')?;
    let mut rest = forms.strip_prefix(" plural,")?;
    loop {
        let (name, after) = rest.split_once('{')?;
        let mut depth = 1;
        let end = after.find(|c| {
            depth += match c {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            depth == 0
        })?;
        if name.trim() == category {
            return after.get(..end);
        }
        rest = after.get(end + 1..)?;
    }
}

/// Puts values in the place of `{name}` in a template. A name without a value stays as it is; braces in values are
/// left alone.
pub fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let value = after.split_once('}').and_then(|(name, tail)| {
            let (_, value) = values.iter().find(|(each, _)| *each == name)?;
            Some((*value, tail))
        });
        rest = if let Some((value, tail)) = value {
            text.push_str(value);
            tail
        } else {
            text.push('{');
            after
        };
    }
    text.push_str(rest);
    text
}
