//! Tasks as a file. The columns are the members of the wire format, so that a file can be read by what reads those.

use crate::model::{Task, TaskPage};
use crate::query::{MAX_LIMIT, StatusFilter, TaskQuery};
use crate::time::Instant;
use std::collections::HashSet;

/// How many tasks of one page are asked for again with the next. Where none of them comes back, the list has moved, and
/// something may lie between the two pages.
const OVERLAP: u64 = 10;

/// How often a place is read again where the list has moved, before what is there is taken as it is.
const PATIENCE: u32 = 20;

/// The kinds of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values as RFC 4180 has them.
    Csv,
    /// An array of the records as they came.
    Json,
}

impl Format {
    /// Reads `csv` or `json`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv;charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// Which tasks go into the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those on show.
    Page,
    /// All that pass the filter.
    All,
}

impl Scope {
    /// Reads `page` or `all`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "page" => Some(Self::Page),
            "all" => Some(Self::All),
            _ => None,
        }
    }
}

/// The tasks as RFC 4180: a header, CRLF after each line, what is missing left empty.
pub fn csv(tasks: &[Task]) -> String {
    let mut text = String::from("id,scan_type,status,created_at,started_at,finished_at\r\n");
    for task in tasks {
        for (index, cell) in task.fields().into_iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            push_cell(&mut text, cell.unwrap_or_default());
        }
        text.push_str("\r\n");
    }
    text
}

/// What a file of this instance's tasks is called.
pub fn file_name(instance_id: &str, now: Instant, format: Format) -> String {
    let instance: String = instance_id
        .trim()
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() || character == '-' { character } else { '_' })
        .collect();
    let minute: String = now.to_iso().chars().take("2020-06-15T02:21".len()).filter(|each| *each != ':').collect();
    let ending = match format {
        Format::Csv => ".csv",
        Format::Json => ".json",
    };
    ["bigkey-tasks-", &instance, "-", &minute, "Z", ending].concat()
}

/// All tasks under a filter, gathered page by page from a list that may move meanwhile. Each task is there once, as it was
/// when it was first read.
#[derive(Debug)]
pub struct Gathering {
    /// The tasks so far.
    pub tasks: Vec<Task>,
    /// Records that could not be read.
    pub unreadable: usize,
    /// The list changed while it was read.
    pub has_moved: bool,
    filter: StatusFilter,
    known: HashSet<String>,
    /// Where the next page begins; `None` at the end.
    offset: Option<u64>,
    /// The first task of the latest page.
    first: Option<String>,
    /// The last task of the latest page, and its place in the list.
    last: Option<(String, u64)>,
    patience: u32,
}

impl Gathering {
    /// Nothing yet.
    pub fn new(filter: StatusFilter) -> Self {
        Self {
            tasks: Vec::new(),
            unreadable: 0,
            has_moved: false,
            filter,
            known: HashSet::new(),
            offset: Some(0),
            first: None,
            last: None,
            patience: PATIENCE,
        }
    }

    /// What has to be asked for next; `None` when all is there.
    pub fn next(&self) -> Option<TaskQuery> {
        self.offset.map(|offset| TaskQuery::new(offset, MAX_LIMIT, self.filter))
    }

    /// Takes in the answer to [`Self::next`].
    pub fn add(&mut self, page: TaskPage) {
        let Some(offset) = self.offset else { return };
        let (length, is_first) = ((page.records.len() + page.unreadable) as u64, self.last.is_none());
        let place =
            |id: &str| page.records.iter().zip(offset..).find(|(task, _)| task.id == id).map(|(_, place)| place);
        let found = self.last.as_ref().map(|(id, was)| (place(id), *was));
        self.has_moved |= found.is_some_and(|(now, was)| page.unreadable == 0 && now != Some(was));
        // Of what could not be read nobody can tell whether it was seen before.
        let connected =
            is_first || page.unreadable > 0 || page.records.iter().any(|task| self.known.contains(&task.id));
        if !connected && offset > 0 && self.patience > 0 {
            // Nothing here was seen before, so what lies between may have slipped past: half a page back.
            self.has_moved = true;
            self.patience -= 1;
            self.offset = Some(offset.saturating_sub(MAX_LIMIT / 2));
            return;
        }
        self.unreadable += page.unreadable;
        if let Some(task) = page.records.last() {
            self.last = Some((task.id.clone(), offset + page.records.len() as u64 - 1));
        }
        let has_news = page.records.is_empty() || page.records.iter().any(|task| !self.known.contains(&task.id));
        if !has_news {
            // The list has grown by a page in front; or this service gives the same page for any offset, for ever. That
            // can be told when it begins alike once more.
            let first = page.records.first().map(|task| &task.id);
            let left = if first == self.first.as_ref() { self.patience.min(2) } else { self.patience };
            self.patience = left.saturating_sub(1);
        }
        self.first = page.records.first().map(|task| task.id.clone());
        let known = &mut self.known;
        self.tasks.extend(page.records.into_iter().filter(|task| known.insert(task.id.clone())));
        let next = TaskQuery::new(offset + length.saturating_sub(OVERLAP), MAX_LIMIT, self.filter).offset();
        let goes_on = length >= MAX_LIMIT && next > offset && (has_news || self.patience > 0);
        self.offset = Some(next).filter(|_| goes_on);
    }
}

/// What a spreadsheet may begin a formula with, in full width as well, or skip before one.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'];

/// Appends a cell. One that a spreadsheet would take for a formula gets an apostrophe in front, which makes it text.
fn push_cell(text: &mut String, cell: &str) {
    let formula = cell.starts_with(FORMULA);
    let quoted = cell.contains(['"', ',', '\r', '\n']);
    if quoted {
        text.push('"');
    }
    if formula {
        text.push('\'');
    }
    for character in cell.chars() {
        if character == '"' {
            text.push('"');
        }
        text.push(character);
    }
    if quoted {
        text.push('"');
    }
}
