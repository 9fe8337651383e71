//! The typed model of the list call's answer, shared by the page, the proxy and the tests.
//!
//! The service's document names the fields; its own clients keep status and scan type values that they do not know,
//! and so does this model: what cannot be interpreted is kept as it came, never dropped and never an error.

use serde::{Serialize, Serializer};
use std::borrow::Cow;

/// One record of the list: a big key analysis task.
///
/// Every field but `id` may be null or absent in an answer. Instants stay the text that came (documented as UTC,
/// `2020-06-15T02:21:18.669Z`), so that an instant that cannot be read can still be shown; [`crate::time::Instant`]
/// reads them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Task {
    /// The task ID, which the detail calls take as well. Never empty.
    pub id: String,
    /// How the task was started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scan_type: Option<ScanType>,
    /// Where the task stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<TaskStatus>,
    /// When the task was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// When the task began to run. Missing while it waits; a failed task may lack it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When the task ended, well or not. Missing while it waits or runs; a failed task may lack it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
}

impl Task {
    /// The fields as they came, in the order in which they are declared.
    pub fn fields(&self) -> [Option<&str>; 6] {
        [
            Some(&self.id),
            self.scan_type.as_ref().map(ScanType::as_str),
            self.status.as_ref().map(TaskStatus::as_str),
            self.created_at.as_deref(),
            self.started_at.as_deref(),
            self.finished_at.as_deref(),
        ]
    }
}

/// Where a task stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TaskStatus {
    /// `waiting`: created, not yet started.
    Waiting,
    /// `running`: walking the keys.
    Running,
    /// `success`: ended well.
    Success,
    /// `failed`: ended badly.
    Failed,
    /// A value that the document does not list, as it came.
    Other(String),
}

impl TaskStatus {
    /// The value in the wire format.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Other(text) => text,
        }
    }

    /// Whether a later answer can be expected to show this task in another state.
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Waiting | Self::Running)
    }
}

impl<'a, T: Into<Cow<'a, str>>> From<T> for TaskStatus {
    fn from(text: T) -> Self {
        let text = text.into();
        match text.as_ref() {
            "waiting" => Self::Waiting,
            "running" => Self::Running,
            "success" => Self::Success,
            "failed" => Self::Failed,
            _ => Self::Other(text.into_owned()),
        }
    }
}

impl Serialize for TaskStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// How a task was started: the analysis method.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ScanType {
    /// `manual`: somebody started it.
    Manual,
    /// `auto`: the schedule started it.
    Auto,
    /// A value that the document does not list, as it came.
    Other(String),
}

impl ScanType {
    /// The value in the wire format.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Manual => "manual",
            Self::Auto => "auto",
            Self::Other(text) => text,
        }
    }
}

impl<'a, T: Into<Cow<'a, str>>> From<T> for ScanType {
    fn from(text: T) -> Self {
        let text = text.into();
        match text.as_ref() {
            "manual" => Self::Manual,
            "auto" => Self::Auto,
            _ => Self::Other(text.into_owned()),
        }
    }
}

impl Serialize for ScanType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One page of the list, as the endpoint answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TaskPage {
    /// The instance that the answer speaks of. Need not equal the one that was asked for: the document's own example
    /// differs, so it is never compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<String>,
    /// Tasks in total, in records. Whether that counts all tasks or those that match the filter is not documented;
    /// [`crate::paging`] survives both. `None` when it was missing or no count (negative, null, a text other than digits).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// The tasks, in the order in which they came.
    pub records: Vec<Task>,
    /// Records of the answer that could not be read and are not among `records`.
    #[serde(skip)]
    pub unreadable: usize,
    /// Records beyond the requested limit, which were left out.
    #[serde(skip)]
    pub surplus: usize,
}
