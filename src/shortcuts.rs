//! The keyboard shortcuts. They hold inside the component only, and a reader can switch them off.

use crate::messages::Pick;

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
    Shortcut { key: "r", control: ".refresh", label: |messages| messages.refresh },
    Shortcut { key: "n", control: ".next", label: |messages| messages.next_page },
    Shortcut { key: "p", control: ".previous", label: |messages| messages.previous_page },
    Shortcut { key: "f", control: "select", label: |messages| messages.shortcut_filter },
    Shortcut { key: "e", control: ".export", label: |messages| messages.export },
    Shortcut { key: "v", control: ".options", label: |messages| messages.options },
    Shortcut { key: "?", control: ".shortcuts", label: |messages| messages.shortcuts },
];

/// The control that a key stands for.
pub fn control(key: &str) -> Option<&'static str> {
    SHORTCUTS.iter().find(|shortcut| shortcut.key == key).map(|shortcut| shortcut.control)
}
