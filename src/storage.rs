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
