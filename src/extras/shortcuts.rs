//! The list of keyboard shortcuts, and their switch.

use super::widgets::{check, listen};
use super::{Place, dialog};
use crate::dom::{element, text};
use crate::shortcuts::SHORTCUTS;
use crate::storage;
use web_sys::Node;

/// Shows them.
pub fn open(place: &Place) {
    let (messages, texts) = (place.messages(), place.texts());
    let list = element("dl", &[], &[]);
    let keys = SHORTCUTS.iter().map(|shortcut| (shortcut.key, (shortcut.label)(messages)));
    for (key, label) in keys.chain([("↑ ↓ Home End", texts.shortcut_rows()), ("Enter", texts.shortcut_open())]) {
        let line = element("div", &[], &[&element("dt", &[], &[&text("kbd", "", key)]), &text("dd", "", label)]);
        let appended = list.append_child(&line);
        debug_assert!(appended.is_ok(), "a line can be appended");
    }
    let (field, input) = check(texts.shortcuts_on(), storage::is_on(storage::SHORTCUTS, true));
    let switch = input.clone();
    listen(&input, "change", move |_| storage::switch(storage::SHORTCUTS, switch.checked()));
    dialog::show(place, messages.shortcuts(), &[&list as &Node, &field]);
}
