//! What is on show: the rows, and what became of the latest request.

use crate::api::ApiError;
use crate::model::{TaskPage, TaskStatus};
use crate::paging::{self, End, Found, Total};
use crate::query::{Instance, TaskQuery};
use crate::summary::{Scope, Summary};
use std::rc::Rc;

/// What is asked of the endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Before the path; empty for the page's own origin.
    pub api_base: String,
    /// Whose tasks.
    pub instance: Instance,
    /// Which of them.
    pub query: TaskQuery,
}

/// A page that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// What was asked.
    pub request: Request,
    /// What came.
    pub page: Rc<TaskPage>,
    /// How many tasks there are, as far as can be told.
    pub total: Total,
    /// What the tasks say together.
    pub summary: Summary,
    end: Option<End>,
}

impl Loaded {
    /// Whether the list has no tasks at all under this filter.
    pub fn is_empty(&self) -> bool {
        self.page.records.is_empty() && self.page.unreadable == 0
    }

    /// Records on this page, those that could not be read included: they take their place in the list.
    fn length(&self) -> u64 {
        (self.page.records.len() + self.page.unreadable) as u64
    }

    /// The numbers of the first and the last record shown, counted from 1; `None` where there are none.
    pub fn range(&self) -> Option<(u64, u64)> {
        let offset = self.request.query.offset();
        (!self.is_empty()).then(|| (offset + 1, offset + self.length()))
    }

    /// Whether a task shown can be expected to change soon.
    pub fn has_active(&self) -> bool {
        self.page.records.iter().any(|task| task.status.as_ref().is_some_and(TaskStatus::is_active))
    }
}

/// The state of the list. Rows that were there stay, whatever becomes of the next request.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Listing {
    /// No instance was named.
    #[default]
    Unasked,
    /// A request is under way.
    Loading {
        /// The rows from before.
        stale: Option<Rc<Loaded>>,
        /// What failed before, and why, if the same is asked for again: that stands until the new answer is here.
        retrying: Option<(Request, ApiError)>,
    },
    /// The latest request was answered.
    Loaded(Rc<Loaded>),
    /// The latest request failed.
    Failed {
        /// Why.
        error: ApiError,
        /// The rows from before.
        stale: Option<Rc<Loaded>>,
        /// What was asked.
        request: Request,
    },
}

/// What has to be done after an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Show this.
    Show(Listing),
    /// Nothing was there; ask for this instead, in place of the query that was asked.
    Instead(TaskQuery, Listing),
}

impl Listing {
    /// The rows to show.
    pub fn rows(&self) -> Option<&Rc<Loaded>> {
        match self {
            Self::Unasked => None,
            Self::Loaded(loaded) => Some(loaded),
            Self::Loading { stale, .. } | Self::Failed { stale, .. } => stale.as_ref(),
        }
    }

    /// Whether a request is under way.
    pub fn is_loading(&self) -> bool {
        matches!(self, Self::Loading { .. })
    }

    /// The error of the latest request that was answered, unless what is asked now is something else.
    pub fn error(&self) -> Option<&ApiError> {
        self.failure().map(|(_, error)| error)
    }

    /// The same, with what was asked.
    pub fn failure(&self) -> Option<(TaskQuery, &ApiError)> {
        match self {
            Self::Failed { error, request, .. } => Some((request.query, error)),
            Self::Loading { retrying, .. } => retrying.as_ref().map(|(request, error)| (request.query, error)),
            Self::Unasked | Self::Loaded(_) => None,
        }
    }

    /// The query that the controls stand at and lead on from: what is asked, but after a failure that of the rows which
    /// stayed. So rows are never shown under the controls of another query, but for the time of a request.
    pub fn controls(&self, asked: TaskQuery) -> TaskQuery {
        match self {
            Self::Failed { stale: Some(rows), .. } => rows.request.query,
            _ => asked,
        }
    }

    /// `request` goes out. Rows of another instance do not stay.
    #[must_use]
    pub fn requested(&self, request: &Request) -> Self {
        let same = |loaded: &&Rc<Loaded>| {
            loaded.request.instance == request.instance && loaded.request.api_base == request.api_base
        };
        let retrying = match self {
            Self::Failed { error, request: failed, .. } if failed == request => Some((request.clone(), error.clone())),
            Self::Loading { retrying: Some(before), .. } if before.0 == *request => Some(before.clone()),
            _ => None,
        };
        Self::Loading { stale: self.rows().filter(same).cloned(), retrying }
    }

    /// The answer to `request` is here.
    pub fn answered(&self, request: &Request, answer: Result<Rc<TaskPage>, ApiError>) -> Outcome {
        let before = self.rows();
        let page = match answer {
            Ok(page) => page,
            Err(error) => {
                return Outcome::Show(Self::Failed { error, stale: before.cloned(), request: request.clone() });
            }
        };
        let (query, count) = (request.query, page.count);
        let same_list = before.filter(|before| before.request.query.status() == query.status());
        let end = same_list.and_then(|before| before.end);
        if page.records.is_empty() && page.unreadable == 0 {
            let shown = same_list.filter(|before| !before.is_empty()).map(|before| before.request.query);
            if let Some(instead) = paging::instead_of_empty(query, count, shown) {
                return Outcome::Instead(instead, self.with_end(query, count));
            }
        }
        let mut loaded =
            Loaded { request: request.clone(), page, total: Total::AtLeast(0), summary: Summary::default(), end: None };
        let again = before.is_some_and(|before| before.request.query == query);
        loaded.end = End::after(query, loaded.length(), count, end, again);
        loaded.total = Total::of(query, loaded.length(), count, loaded.end);
        let tasks = &loaded.page.records;
        let whole = loaded.total == Total::Exactly(tasks.len() as u64) && query.offset() == 0;
        loaded.summary = Summary::of(tasks, if whole { Scope::All } else { Scope::Page });
        // What was told before stays the same, so that whoever shows it need not compare.
        let same = before.filter(|before| {
            Rc::ptr_eq(&before.page, &loaded.page)
                && before.total == loaded.total
                && before.end == loaded.end
                && before.request == loaded.request
        });
        Outcome::Show(Self::Loaded(same.cloned().unwrap_or_else(|| Rc::new(loaded))))
    }

    /// The same, with an end noted in the rows from before, where those are of the list that `query` is of: an answer
    /// for `query` had no records. An end that is known to come earlier stays.
    fn with_end(&self, query: TaskQuery, count: Option<u64>) -> Self {
        let end = End { offset: query.offset(), found: Found::Empty, count };
        let stale = self.rows().map(|rows| {
            let same_list = rows.request.query.status() == query.status();
            let holds =
                |known: &End| known.found != Found::Lapsed && known.count == count && known.offset <= end.offset;
            let known = rows.end.filter(holds);
            let end = if same_list { known.or(Some(end)) } else { rows.end };
            Rc::new(Loaded { end, ..Loaded::clone(rows) })
        });
        Self::Loading { stale, retrying: None }
    }
}
