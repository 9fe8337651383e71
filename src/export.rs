//! Tasks as a file. The columns are the members of the wire format, so that a file can be read by what reads those.

use crate::model::{ScanType, Task, TaskStatus};

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
        let cells = [
            Some(task.id.as_str()),
            task.scan_type.as_ref().map(ScanType::as_str),
            task.status.as_ref().map(TaskStatus::as_str),
            task.created_at.as_deref(),
            task.started_at.as_deref(),
            task.finished_at.as_deref(),
        ];
        for (index, cell) in cells.into_iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            push_cell(&mut text, cell.unwrap_or_default());
        }
        text.push_str("\r\n");
    }
    text
}

/// Appends a cell. One that a spreadsheet would take for a formula gets an apostrophe in front, which makes it text.
fn push_cell(text: &mut String, cell: &str) {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
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
