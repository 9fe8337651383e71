//! Tasks as one text, as they cross the border between WebAssembly and the browser: one call for all of them, where six
//! for each would cost more than what is read. The text has the members [`Member::OF_TASK`] of each task, with a NUL after
//! each; nothing stands for what is null or absent. `json.js` is the other side.

use crate::json::Member;
use crate::model::{ScanType, Task, TaskPage, TaskStatus};

/// Reads so many records into a page; false, and nothing, if a text has a NUL of its own.
pub fn read(joined: &str, count: usize, page: &mut TaskPage) -> bool {
    let texts = joined.bytes().filter(|byte| *byte == 0).count();
    if texts != count * Member::OF_TASK.len() {
        return false;
    }
    let mut texts = joined.split('\0');
    let mut next = || texts.next().filter(|text| !text.is_empty()).map(str::to_owned);
    for _ in 0..count {
        let id = next();
        let mut task = Task {
            id: String::new(),
            scan_type: next().map(ScanType::from),
            status: next().map(TaskStatus::from),
            created_at: next(),
            started_at: next(),
            finished_at: next(),
        };
        if let Some(id) = id {
            task.id = id;
            page.records.push(task);
        } else {
            page.unreadable += 1;
        }
    }
    true
}

/// Tasks as such a text; `None` where that cannot be: with an empty text, or a NUL in one.
pub fn write(tasks: &[Task]) -> Option<String> {
    let mut all = String::new();
    for task in tasks {
        for text in task.fields() {
            if text.is_some_and(|text| text.is_empty() || text.contains('\0')) {
                return None;
            }
            all.push_str(text.unwrap_or_default());
            all.push('\0');
        }
    }
    Some(all)
}
