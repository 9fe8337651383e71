//! The list of keyboard shortcuts, and their switch.

use super::widgets::{check, listen};
use super::{Place, dialog};
use crate::dom::{append, element, text};
use crate::shortcuts::SHORTCUTS;
use crate::storage;
use web_sys::Node;

/// Shows them.
pub fn open(place: &Place) {
    let (messages, texts) = (place.messages(), place.texts());
    let list = element("dl", &[]);
    let keys = SHORTCUTS.iter().map(|shortcut| (shortcut.key, (shortcut.label)(messages)));
    for (key, label) in keys.chain([("↑ ↓ Home End", texts.shortcut_rows()), ("Enter", texts.shortcut_open())]) {
        let line = element("div", &[&element("dt", &[&text("kbd", key)]), &text("dd", label)]);
        append(&list, &line);
    }
    let (field, input) = check(texts.shortcuts_on(), storage::is_on(storage::SHORTCUTS, true));
    let switch = input.clone();
    listen(&input, "change", move |_| storage::switch(storage::SHORTCUTS, switch.checked()));
    dialog::show(place, messages.shortcuts(), &[&list as &Node, &field]);
}
