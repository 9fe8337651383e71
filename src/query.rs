//! What part of the list is looked at: instance, offset, limit, status.
//!
//! Parsing is total: whatever an address or an attribute holds becomes a valid query, and each value that had to be
//! replaced by its default is named in a [`Rejected`].

use crate::digits::digits;
use crate::model::TaskStatus;

/// The greatest offset that is accepted, in records: the service's `Integer` is 32 bits wide.
pub const MAX_OFFSET: u64 = 2_147_483_647;

/// The limits that the page offers, in records.
pub const LIMITS: [u64; 5] = [10, 20, 50, 100, 1000];

/// The limit where none is given, in records. The service's own default.
pub const DEFAULT_LIMIT: u64 = 10;

/// The greatest limit that the service accepts, in records.
pub const MAX_LIMIT: u64 = 1000;

/// Which tasks are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StatusFilter {
    /// All of them; the parameter is left out of the request.
    #[default]
    All,
    /// Those that wait.
    Waiting,
    /// Those that run.
    Running,
    /// Those that ended well.
    Success,
    /// Those that ended badly.
    Failed,
}

impl StatusFilter {
    /// Every filter, in the order in which they are offered.
    pub const EACH: [Self; 5] = [Self::All, Self::Waiting, Self::Running, Self::Success, Self::Failed];

    /// The value of the parameter; empty for all.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Success => "success",
            Self::Failed => "failed",
        }
    }

    /// The filter with this parameter value.
    pub fn parse(text: &str) -> Option<Self> {
        Self::EACH.into_iter().find(|filter| filter.as_str() == text)
    }

    /// The status that passes this filter; `None` where every one does.
    pub fn status(self) -> Option<TaskStatus> {
        (self != Self::All).then(|| TaskStatus::from(self.as_str()))
    }
}

/// The part of an instance's list that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TaskQuery {
    offset: u64,
    limit: u64,
    status: StatusFilter,
}

impl Default for TaskQuery {
    fn default() -> Self {
        Self { offset: 0, limit: DEFAULT_LIMIT, status: StatusFilter::All }
    }
}

impl TaskQuery {
    /// A query; offset and limit (both in records) are brought into their ranges.
    pub fn new(offset: u64, limit: u64, status: StatusFilter) -> Self {
        Self { offset: offset.min(MAX_OFFSET), limit: limit.clamp(1, MAX_LIMIT), status }
    }

    /// Records before the first one shown; 0 to [`MAX_OFFSET`].
    pub fn offset(self) -> u64 {
        self.offset
    }

    /// Records on a page; 1 to [`MAX_LIMIT`].
    pub fn limit(self) -> u64 {
        self.limit
    }

    /// Which tasks.
    pub fn status(self) -> StatusFilter {
        self.status
    }

    /// The same list from another offset.
    #[must_use]
    pub fn at(self, offset: u64) -> Self {
        Self::new(offset, self.limit, self.status)
    }

    /// The next page.
    #[must_use]
    pub fn next(self) -> Self {
        self.at(self.offset + self.limit)
    }

    /// The page before; the first one where less than a page lies before this one.
    #[must_use]
    pub fn previous(self) -> Self {
        self.at(self.offset.saturating_sub(self.limit))
    }

    /// Page `number`, counted from 1.
    #[must_use]
    pub fn page(self, number: u64) -> Self {
        self.at(number.saturating_sub(1).saturating_mul(self.limit))
    }

    /// The number of this page, counted from 1. An offset within a page counts as that page.
    pub fn page_number(self) -> u64 {
        self.offset / self.limit + 1
    }

    /// The first page under another filter.
    #[must_use]
    pub fn with_status(self, status: StatusFilter) -> Self {
        Self::new(0, self.limit, status)
    }

    /// The first page with another number of records.
    #[must_use]
    pub fn with_limit(self, limit: u64) -> Self {
        Self::new(0, limit, self.status)
    }

    /// Reads the three values by name (`offset`, `limit`, `status`). Empty is the same as absent.
    pub fn read(get: &dyn Fn(&str) -> Option<String>, rejected: &mut Vec<Rejected>) -> Self {
        let mut read = Reader { get, rejected };
        let offset = read.value("offset", "0", |text| whole_number(text, 0, MAX_OFFSET)).unwrap_or(0);
        let limit = read.value("limit", "10", |text| whole_number(text, 1, MAX_LIMIT)).unwrap_or(DEFAULT_LIMIT);
        let status = read.value("status", "", StatusFilter::parse).unwrap_or_default();
        Self::new(offset, limit, status)
    }

    /// The values by name, as far as they differ from their defaults: what an address needs to reproduce this query.
    pub fn write(self) -> [(&'static str, Option<String>); 3] {
        let text = |value: u64, default| (value != default).then(|| digits(value));
        [
            ("status", (self.status != StatusFilter::All).then(|| self.status.as_str().to_owned())),
            ("offset", text(self.offset, 0)),
            ("limit", text(self.limit, DEFAULT_LIMIT)),
        ]
    }
}

/// Reads values by name and notes those that are not valid.
pub(crate) struct Reader<'a> {
    /// Where the values come from.
    pub(crate) get: &'a dyn Fn(&str) -> Option<String>,
    /// Where those that are not valid go.
    pub(crate) rejected: &'a mut Vec<Rejected>,
}

impl Reader<'_> {
    /// The value called `name`; `None` where it is absent, empty, or not valid and noted.
    pub(crate) fn value<T>(
        &mut self,
        name: &'static str,
        default: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let mut parsed = None;
        self.check(name, default, &mut |text| {
            parsed = parse(text);
            parsed.is_some()
        });
        parsed
    }

    /// Notes the value called `name` if it is there and `is_valid` does not hold. (Apart from [`Self::value`], which is made
    /// for each type of value anew.)
    fn check(&mut self, name: &'static str, default: &str, is_valid: &mut dyn FnMut(&str) -> bool) {
        let text = (self.get)(name).unwrap_or_default();
        if !text.is_empty() && !is_valid(&text) {
            self.rejected.push(Rejected::new(name, &text, default));
        }
    }
}

/// A whole number within bounds, in digits only.
pub(crate) fn whole_number(text: &str, min: u64, max: u64) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().filter(|value| (min..=max).contains(value))
}

/// A value that was not valid and was replaced by its default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The name as in the address, for example `time_zone`.
    pub name: &'static str,
    /// What it was, cut to a length that can be shown, and with `�` for what has no shape of its own.
    pub value: String,
    /// What holds instead; empty where there is nothing, or all, to name.
    pub default: String,
}

impl Rejected {
    /// Characters of the value that are kept.
    const SHOWN: usize = 40;

    /// A rejected value.
    pub fn new(name: &'static str, value: &str, default: &str) -> Self {
        let shape = |character| if is_shapeless(character) { '\u{fffd}' } else { character };
        let mut shown: String = value.chars().take(Self::SHOWN).map(shape).collect();
        if value.chars().nth(Self::SHOWN).is_some() {
            shown.push('…');
        }
        Self { name, value: shown, default: default.to_owned() }
    }
}

/// Whether a character would not be seen, but change how the sentence that quotes it reads: it breaks the line, hides,
/// or turns the direction of what follows. Whoever writes an address must not write our sentences.
fn is_shapeless(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

/// The instance whose tasks are listed. Neither ID is checked for its form: the service decides.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Instance {
    project_id: String,
    instance_id: String,
}

impl Instance {
    /// The instance with these IDs, surrounding white space removed. `None` where one is empty, or is `.` or `..`:
    /// a browser resolves those as steps in a path, encoded or not, so they can name nothing.
    pub fn new(project_id: &str, instance_id: &str) -> Option<Self> {
        let usable = |id: &str| !matches!(id, "" | "." | "..");
        let (project_id, instance_id) = (project_id.trim(), instance_id.trim());
        (usable(project_id) && usable(instance_id))
            .then(|| Self { project_id: project_id.to_owned(), instance_id: instance_id.to_owned() })
    }

    /// Whether a project or instance ID has the usual form: 32 hexadecimal digits, perhaps grouped as a UUID.
    pub fn looks_like_id(id: &str) -> bool {
        let mut groups = id.trim().split('-').map(|group| {
            let hex = !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_hexdigit());
            if hex { group.len() } else { 0 }
        });
        matches!(
            [groups.next(), groups.next(), groups.next(), groups.next(), groups.next(), groups.next()],
            [Some(32), None, ..] | [Some(8), Some(4), Some(4), Some(4), Some(12), None]
        )
    }

    /// The project ID.
    pub fn project_id(&self) -> &str {
        &self.project_id
    }

    /// The instance ID.
    pub fn instance_id(&self) -> &str {
        &self.instance_id
    }
}
