//! The columns of the table, in the order and number that a reader chose.

use crate::messages::{Messages, Pick};

/// A column. The numbers are places in [`Column::EACH`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The task's ID, which opens the task.
    Id,
    /// Its status.
    Status,
    /// Automatic or manual.
    Method,
    /// When it was created.
    Created,
    /// When it started.
    Started,
    /// When it ended.
    Completed,
    /// How long it took.
    Duration,
}

impl Column {
    /// All of them, in the order of the service's document.
    pub const EACH: [Self; 7] =
        [Self::Id, Self::Status, Self::Method, Self::Created, Self::Started, Self::Completed, Self::Duration];

    /// The name in the stylesheet and in storage.
    pub fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Status => "status",
            Self::Method => "method",
            Self::Created => "created",
            Self::Started => "started",
            Self::Completed => "completed",
            Self::Duration => "duration",
        }
    }

    /// The header.
    pub fn label(self) -> Pick {
        match self {
            Self::Id => Messages::task_id,
            Self::Status => Messages::status,
            Self::Method => Messages::analysis_method,
            Self::Created => Messages::created,
            Self::Started => Messages::started,
            Self::Completed => Messages::completed,
            Self::Duration => Messages::duration,
        }
    }
}

/// All columns in a reader's order, each with whether it is shown. Task ID always is: it opens the task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns(Vec<(Column, bool)>);

impl Default for Columns {
    fn default() -> Self {
        Self::parse("")
    }
}

impl Columns {
    /// Reads names with spaces between them, a `-` before those that are hidden. What is no name, or comes twice, is
    /// left out; what is missing follows at the end.
    pub fn parse(text: &str) -> Self {
        let mut columns = Self(Vec::with_capacity(Column::EACH.len()));
        for word in text.split(' ') {
            let name = word.strip_prefix('-').unwrap_or(word);
            if let Some(column) = Column::EACH.into_iter().find(|column| column.name() == name) {
                columns.add(column, name == word);
            }
        }
        for column in Column::EACH {
            columns.add(column, true);
        }
        columns
    }

    fn add(&mut self, column: Column, shown: bool) {
        if self.0.iter().all(|(there, _)| *there != column) {
            self.0.push((column, shown || column == Column::Id));
        }
    }

    /// What [`Self::parse`] reads.
    pub fn to_text(&self) -> String {
        let words = self.0.iter().map(|(column, shown)| [if *shown { "" } else { "-" }, column.name()].concat());
        words.collect::<Vec<_>>().join(" ")
    }

    /// The columns in order, each with whether it is shown.
    pub fn iter(&self) -> impl Iterator<Item = (Column, bool)> {
        self.0.iter().copied()
    }

    /// Shows or hides a column.
    pub fn show(&mut self, column: Column, shown: bool) {
        for (there, is_shown) in &mut self.0 {
            if *there == column {
                *is_shown = shown || column == Column::Id;
            }
        }
    }

    /// Moves a column one place towards the start, or towards the end. Whether there was a place.
    pub fn shift(&mut self, column: Column, towards_start: bool) -> bool {
        let Some(place) = self.0.iter().position(|(there, _)| *there == column) else { return false };
        let other = if towards_start { place.checked_sub(1) } else { Some(place + 1) };
        let Some(other) = other.filter(|other| *other < self.0.len()) else { return false };
        self.0.swap(place, other);
        true
    }
}
