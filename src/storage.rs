//! What a reader chose, kept by the browser for the next visit. Where that is forbidden, or full, it is not kept, and
//! nothing else changes.

use web_sys::Storage;

/// In front of every name, since the host's own data lie beside ours.
const PREFIX: &str = "bigkey-tasks.";

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What was kept under a name. It may come from anybody who can write there: read it as one reads an address.
pub fn read(name: &str) -> Option<String> {
    storage()?.get_item(&[PREFIX, name].concat()).ok().flatten()
}

/// Keeps a value under a name.
pub fn write(name: &str, value: &str) {
    // A browser that keeps nothing is a choice of the reader's, too.
    let _ = storage().map(|storage| storage.set_item(&[PREFIX, name].concat(), value));
}

/// The columns, as [`crate::columns::Columns`] reads them.
pub const COLUMNS: &str = "columns";
/// `on` for rows that are as low as they can be.
pub const COMPACT: &str = "compact";
/// `on` where the end of a task is told to who looks elsewhere.
pub const NOTIFY: &str = "notify";
/// `off` for no keyboard shortcuts.
pub const SHORTCUTS: &str = "shortcuts";
/// `on` while the chart of durations is open.
pub const CHART: &str = "chart";
/// The instances that were looked at, as [`crate::recent::Recents`] reads them.
pub const RECENT: &str = "recent";

/// Whether something is switched on; `otherwise`, where a reader has not chosen.
pub fn is_on(name: &str, otherwise: bool) -> bool {
    match read(name).as_deref() {
        Some("on") => true,
        Some("off") => false,
        _ => otherwise,
    }
}

/// Switches something on or off.
pub fn switch(name: &str, on: bool) {
    write(name, if on { "on" } else { "off" });
}
