//! The keyboard shortcuts. They hold inside the component only, and a reader can switch them off.

use crate::messages::{Messages, Pick};

/// A key, the control that it stands for as a selector within the view, and what it does.
pub struct Shortcut {
    /// As `KeyboardEvent.key` has it.
    pub key: &'static str,
    /// The control that is clicked; a select gets the focus instead.
    pub control: &'static str,
    /// What it does, in words.
    pub label: Pick,
}

/// All shortcuts.
pub const SHORTCUTS: [Shortcut; 7] = [
    Shortcut { key: "r", control: ".refresh", label: Messages::refresh },
    Shortcut { key: "n", control: ".next", label: Messages::next_page },
    Shortcut { key: "p", control: ".previous", label: Messages::previous_page },
    Shortcut { key: "f", control: "select", label: Messages::shortcut_filter },
    Shortcut { key: "e", control: ".export", label: Messages::export },
    Shortcut { key: "v", control: ".options", label: Messages::options },
    Shortcut { key: "?", control: ".shortcuts", label: Messages::shortcuts },
];

/// The control that a key stands for.
pub fn control(key: &str) -> Option<&'static str> {
    SHORTCUTS.iter().find(|shortcut| shortcut.key == key).map(|shortcut| shortcut.control)
}
