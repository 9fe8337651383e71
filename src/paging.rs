//! Where the list ends, and which pages it has.
//!
//! The service does not document whether `count` is the number of all tasks or of those that match the filter, and
//! tasks come and go between two calls. So what was seen goes before what was claimed: a page that is not full is the
//! last one; a page that holds more than `count` allows makes `count` worthless; an end that was found stays found for
//! as long as `count` stays the same and no record beyond it is seen. Where the last page is full, nothing in it tells
//! whether the list has grown since: once it is asked for again, whether there is more is not known any longer.

use crate::query::{MAX_OFFSET, TaskQuery};

/// How many records can be reached: the service takes no greater offset.
const REACHABLE: u64 = MAX_OFFSET + 1;

/// How many tasks the list has, in records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// So many.
    Exactly(u64),
    /// At least so many; where it ends is not known.
    AtLeast(u64),
}

/// An end that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// Nothing at or after this offset, in records.
    pub offset: u64,
    /// How it was found.
    pub found: Found,
    /// What `count` was then. Another value voids the finding.
    pub count: Option<u64>,
}

/// How an end was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// By a page without records: the list may end earlier.
    Empty,
    /// With a record right before it: this is the total.
    Exact,
    /// It was exact, and the full page before it was asked for again since: there may be more by now.
    Lapsed,
}

impl End {
    /// What is known of the end after a page of `length` records for `query` with `count`, and an end found before.
    /// `again`: this page was on show before.
    pub fn after(query: TaskQuery, length: u64, count: Option<u64>, before: Option<Self>, again: bool) -> Option<Self> {
        let seen = query.offset() + length;
        if length < query.limit() {
            return Some(Self { offset: seen, found: Found::Exact, count });
        }
        // A record at or after an end that was found shows that the list has grown.
        let before = before.filter(|end| end.count == count && end.offset >= seen)?;
        let found = match before.found {
            found if before.offset > seen => found,
            Found::Empty => Found::Exact,
            Found::Exact if !again => Found::Exact,
            Found::Exact | Found::Lapsed => Found::Lapsed,
        };
        Some(Self { found, ..before })
    }

    /// Whether this shows that `count` is no total.
    fn denies(self, count: u64) -> bool {
        match self.found {
            Found::Empty => count > self.offset,
            Found::Exact | Found::Lapsed => count != self.offset,
        }
    }
}

impl Total {
    /// The total, from a page of `length` records that came for `query` with `count`, and the end as [`End::after`] that
    /// page tells it.
    pub fn of(query: TaskQuery, length: u64, count: Option<u64>, end: Option<End>) -> Self {
        let seen = query.offset() + length;
        if length == 0 && query.offset() > 0 {
            return Self::Exactly(count.map_or(0, |count| count.min(query.offset())));
        }
        if length < query.limit() {
            return Self::Exactly(seen);
        }
        match (end, count) {
            (Some(end), _) if end.found == Found::Exact => Self::Exactly(end.offset),
            (Some(end), Some(count)) if end.denies(count) => Self::AtLeast(seen),
            (_, Some(count)) if count >= seen => Self::Exactly(count),
            _ => Self::AtLeast(seen),
        }
    }

    /// Whether there is, or may be, a page after this one.
    pub fn has_next(self, query: TaskQuery) -> bool {
        let next = query.offset() + query.limit();
        next <= MAX_OFFSET
            && match self {
                Self::Exactly(total) => next < total,
                Self::AtLeast(_) => true,
            }
    }

    /// The last page, where the end is known.
    pub fn last(self, query: TaskQuery) -> Option<TaskQuery> {
        match self {
            Self::Exactly(total) => Some(query.at(last_offset(total.min(REACHABLE), query.limit()))),
            Self::AtLeast(_) => None,
        }
    }

    /// The page buttons to offer: the first, the last, and those around the current one.
    pub fn pages(self, query: TaskQuery) -> Vec<PageLink> {
        let current = query.page_number();
        let last = match self {
            Self::Exactly(total) => total.min(REACHABLE).div_ceil(query.limit()).max(1),
            Self::AtLeast(_) => current + u64::from(self.has_next(query)),
        };
        let current = current.min(last);
        let (low, high) = match (current, last) {
            (_, last) if last <= 7 => (1, last),
            (current, _) if current <= 4 => (1, 5),
            (current, last) if current + 3 >= last => (last - 4, last),
            (current, _) => (current - 1, current + 1),
        };
        let mut links = Vec::with_capacity(9);
        if low > 1 {
            links.extend([PageLink::Page(1), PageLink::Gap]);
        }
        links.extend((low..=high).map(PageLink::Page));
        if high < last {
            links.extend([PageLink::Gap, PageLink::Page(last)]);
        }
        links
    }
}

/// One place in the row of page buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PageLink {
    /// Page number, counted from 1.
    Page(u64),
    /// Pages left out.
    Gap,
}

/// The offset of the last page of `total` records, `limit` on a page.
pub fn last_offset(total: u64, limit: u64) -> u64 {
    total.saturating_sub(1) / limit * limit
}

/// Where to look instead, when nothing came for `query`: the page that `count` calls the last; where `count` cannot be
/// right, because it denies the page asked for or rows just seen on the page before (`shown`), that page before if it
/// was seen, else the first. Always before `query`, so that going there ends. `None` on the first page: the list is empty.
pub fn instead_of_empty(query: TaskQuery, count: Option<u64>, shown: Option<TaskQuery>) -> Option<TaskQuery> {
    if query.offset() == 0 {
        return None;
    }
    let before = shown.filter(|shown| *shown == query.previous());
    let least = before.map_or(1, |before| before.offset() + 1);
    match count {
        Some(count) if (least..=query.offset()).contains(&count) => Some(query.at(last_offset(count, query.limit()))),
        _ => Some(before.unwrap_or_else(|| query.at(0))),
    }
}
