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

/// The members of a task in the wire format, in the order of the document; `None` for what is missing.
fn members(task: &Task) -> [(&'static str, Option<&str>); 6] {
    [
        ("id", Some(&task.id)),
        ("scan_type", task.scan_type.as_ref().map(ScanType::as_str)),
        ("status", task.status.as_ref().map(TaskStatus::as_str)),
        ("created_at", task.created_at.as_deref()),
        ("started_at", task.started_at.as_deref()),
        ("finished_at", task.finished_at.as_deref()),
    ]
}

/// The tasks as RFC 4180: a header, CRLF after each line, what is missing left empty.
pub fn csv(tasks: &[Task]) -> String {
    let mut text = String::from("id,scan_type,status,created_at,started_at,finished_at\r\n");
    for task in tasks {
        for (index, (_, cell)) in members(task).into_iter().enumerate() {
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

/// The tasks as a JSON array of the records as they came; what is missing is left out.
pub fn json(tasks: &[Task]) -> String {
    let mut text = String::with_capacity(2 + tasks.len() * 256);
    text.push('[');
    for (index, task) in tasks.iter().enumerate() {
        text.push_str(if index > 0 { ",{" } else { "{" });
        let mut first = true;
        for (name, value) in members(task).into_iter().filter_map(|(name, value)| Some((name, value?))) {
            text.push_str(if first { "\"" } else { ",\"" });
            first = false;
            text.push_str(name);
            text.push_str("\":");
            push_json(&mut text, value);
        }
        text.push('}');
    }
    text.push(']');
    text
}

/// Appends a JSON string.
fn push_json(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            '\0'..='\u{1f}' => {
                let digit = |value: u32| char::from_digit(value & 15, 16).unwrap_or('0');
                let code = u32::from(character);
                text.extend(['\\', 'u', '0', '0', digit(code >> 4), digit(code)]);
            }
            _ => text.push(character),
        }
    }
    text.push('"');
}
