//! Every text that a person reads, one file a language. A language that lacks a text does not compile.
//!
//! Terms are those of the service's own documents; values that come from outside (codes, messages, unknown statuses)
//! are never translated.

mod en;

use crate::api::{Advice, ApiError, Unreadable};
use crate::model::{ScanType, TaskStatus};
use crate::query::{StatusFilter, TaskQuery};

/// A language of the texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English.
    #[default]
    English,
}

impl Locale {
    /// Every language.
    pub const EACH: [Self; 1] = [Self::English];

    /// The language tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
        }
    }

    /// `ltr` or `rtl`.
    pub fn direction(self) -> &'static str {
        match self {
            Self::English => "ltr",
        }
    }

    /// The texts.
    pub fn messages(self) -> &'static Messages {
        match self {
            Self::English => &en::MESSAGES,
        }
    }

    /// The first language among `preferred` tags that there are texts in, with the tag to format by; English, if none.
    pub fn nearest(preferred: &[String]) -> (Self, String) {
        let language = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        preferred
            .iter()
            .find_map(|tag| {
                let locale = Self::EACH.into_iter().find(|locale| language(locale.tag()) == language(tag))?;
                Some((locale, tag.clone()))
            })
            .unwrap_or_else(|| (Self::English, Self::English.tag().to_owned()))
    }
}

/// The texts of a language. `{name}` stands for a value; see [`fill`].
#[allow(missing_docs, reason = "each is named after what it says; the English text is its documentation")]
#[derive(Debug)]
pub struct Messages {
    pub title: &'static str,
    // The table
    pub task_id: &'static str,
    pub status: &'static str,
    pub analysis_method: &'static str,
    pub created: &'static str,
    pub started: &'static str,
    pub completed: &'static str,
    pub duration: &'static str,
    pub waiting: &'static str,
    pub running: &'static str,
    pub successful: &'static str,
    pub failed: &'static str,
    pub manual: &'static str,
    pub automatic: &'static str,
    pub days: &'static str,
    pub hours: &'static str,
    pub minutes: &'static str,
    pub seconds: &'static str,
    // Controls
    pub all: &'static str,
    pub rows_per_page: &'static str,
    pub refresh: &'static str,
    pub auto_refresh: &'static str,
    pub auto_refresh_automatic: &'static str,
    pub auto_refresh_off: &'static str,
    pub every_seconds: &'static str,
    pub every_minutes: &'static str,
    pub time_zone: &'static str,
    pub local: &'static str,
    // Pagination
    pub pagination: &'static str,
    pub first_page: &'static str,
    pub previous_page: &'static str,
    pub next_page: &'static str,
    pub last_page: &'static str,
    pub page: &'static str,
    pub range: &'static str,
    pub range_open: &'static str,
    pub range_tasks: &'static str,
    pub range_open_tasks: &'static str,
    pub announce_none: &'static str,
    // States
    pub loading: &'static str,
    pub no_tasks: &'static str,
    pub no_tasks_hint: &'static str,
    pub no_waiting_tasks: &'static str,
    pub no_running_tasks: &'static str,
    pub no_successful_tasks: &'static str,
    pub no_failed_tasks: &'static str,
    pub show_all: &'static str,
    pub retry: &'static str,
    pub stale_rows: &'static str,
    pub other_rows: &'static str,
    // Notices
    pub rejected: &'static str,
    pub rejected_default: &'static str,
    pub unreadable_one: &'static str,
    pub unreadable_many: &'static str,
    pub surplus: &'static str,
    // Errors
    pub http_status: &'static str,
    pub request_id: &'static str,
    pub network: &'static str,
    pub timeout: &'static str,
    pub answer_empty: &'static str,
    pub answer_not_json: &'static str,
    pub answer_cut_off: &'static str,
    pub answer_not_a_list: &'static str,
    pub answer_too_large: &'static str,
    pub no_message: &'static str,
    pub advice_other_instance: &'static str,
    pub advice_ids: &'static str,
    pub advice_parameter: &'static str,
    pub advice_busy: &'static str,
    pub advice_credentials: &'static str,
    pub advice_permission: &'static str,
    pub advice_check_instance: &'static str,
    pub advice_slow_down: &'static str,
    pub advice_slow_down_for: &'static str,
    pub advice_try_again: &'static str,
    pub advice_proxy: &'static str,
    pub advice_connection: &'static str,
    // The form
    pub form_title: &'static str,
    pub form_hint: &'static str,
    pub project_id: &'static str,
    pub instance_id: &'static str,
    pub show_tasks: &'static str,
    pub id_missing: &'static str,
    // A task
    pub task: &'static str,
    // At a glance
    pub on_this_page: &'static str,
    pub all_tasks: &'static str,
    pub running_now: &'static str,
    pub waiting_now: &'static str,
    pub last_successful: &'static str,
    pub last_failed: &'static str,
    pub usual_duration: &'static str,
    pub none: &'static str,
    pub updated: &'static str,
    pub updated_now: &'static str,
    pub outdated: &'static str,
    pub finished_one: &'static str,
    pub finished_many: &'static str,
    pub times_in: &'static str,
    pub clock_behind: &'static str,
    pub clock_ahead: &'static str,
    pub slow: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub close: &'static str,
    pub utc: &'static str,
}

impl Messages {
    /// The text of a status; of an unknown one, what came.
    pub fn status_text<'a>(&self, status: &'a TaskStatus) -> &'a str {
        match status {
            TaskStatus::Waiting => self.waiting,
            TaskStatus::Running => self.running,
            TaskStatus::Success => self.successful,
            TaskStatus::Failed => self.failed,
            TaskStatus::Other(text) => text,
        }
    }

    /// The text of an analysis method; of an unknown one, what came.
    pub fn scan_type_text<'a>(&self, scan_type: &'a ScanType) -> &'a str {
        match scan_type {
            ScanType::Manual => self.manual,
            ScanType::Auto => self.automatic,
            ScanType::Other(text) => text,
        }
    }

    /// The text of a choice in the status filter.
    pub fn filter(&self, filter: StatusFilter) -> &'static str {
        match filter {
            StatusFilter::All => self.all,
            StatusFilter::Waiting => self.waiting,
            StatusFilter::Running => self.running,
            StatusFilter::Success => self.successful,
            StatusFilter::Failed => self.failed,
        }
    }

    /// What an empty list says.
    pub fn empty(&self, filter: StatusFilter) -> &'static str {
        match filter {
            StatusFilter::All => self.no_tasks,
            StatusFilter::Waiting => self.no_waiting_tasks,
            StatusFilter::Running => self.no_running_tasks,
            StatusFilter::Success => self.no_successful_tasks,
            StatusFilter::Failed => self.no_failed_tasks,
        }
    }

    /// The headline of an error: the code, else the HTTP status, else what happened.
    pub fn error_title(&self, error: &ApiError) -> String {
        match error {
            ApiError::Refused(refusal) => refusal
                .code
                .clone()
                .unwrap_or_else(|| fill(self.http_status, &[("status", &refusal.status.to_string())])),
            ApiError::Unreadable(reason) => match reason {
                Unreadable::Empty => self.answer_empty,
                Unreadable::NotJson => self.answer_not_json,
                Unreadable::CutOff => self.answer_cut_off,
                Unreadable::NotAList => self.answer_not_a_list,
                Unreadable::TooLarge => self.answer_too_large,
            }
            .to_owned(),
            ApiError::Network | ApiError::Aborted => self.network.to_owned(),
            ApiError::Timeout => self.timeout.to_owned(),
        }
    }

    /// What the reader can do about an error.
    pub fn advice(&self, error: &ApiError) -> String {
        let text = match error.advice() {
            Advice::ChooseAnotherInstance => self.advice_other_instance,
            Advice::CorrectIds => self.advice_ids,
            Advice::CorrectParameter => self.advice_parameter,
            Advice::WaitForInstance => self.advice_busy,
            Advice::RenewCredentials => self.advice_credentials,
            Advice::AskAdministrator => self.advice_permission,
            Advice::CheckInstance => self.advice_check_instance,
            Advice::SlowDown => {
                return match error.retry_after() {
                    Some(seconds) => fill(self.advice_slow_down_for, &[("seconds", &seconds.to_string())]),
                    None => self.advice_slow_down.to_owned(),
                };
            }
            Advice::TryAgain => self.advice_try_again,
            Advice::CheckProxy => self.advice_proxy,
            Advice::CheckConnection => self.advice_connection,
        };
        text.to_owned()
    }

    /// What is said of rows that stayed when `asked` failed: where they are those of another view, which.
    pub fn stale(&self, asked: TaskQuery, shown: TaskQuery) -> String {
        let (asked, shown) = (self.difference(asked, shown), self.difference(shown, asked));
        if asked == shown {
            return self.stale_rows.to_owned();
        }
        fill(self.other_rows, &[("asked", &asked), ("shown", &shown)])
    }

    /// What tells a view from another, in the words of the controls; at least its page.
    fn difference(&self, view: TaskQuery, other: TaskQuery) -> String {
        let mut parts = Vec::new();
        if view.status() != other.status() {
            parts.push([self.status, " ", self.filter(view.status())].concat());
        }
        if view.limit() != other.limit() {
            parts.push([self.rows_per_page, " ", &view.limit().to_string()].concat());
        }
        parts.push(fill(self.page, &[("n", &view.page_number().to_string())]));
        parts.join(", ")
    }
}

/// One text of a language.
pub type Pick = fn(&Messages) -> &'static str;

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
