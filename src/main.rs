//! The wasm entry point. All there is to start is in the library; the custom element calls it.

use bigkey_tasks as _;

fn main() {}
