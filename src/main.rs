//! The wasm entry point.

use bigkey_tasks as _;

fn main() {}
