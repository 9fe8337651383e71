//! Feeds `checks/address.rs` with whatever libFuzzer comes up with.
#![no_main]

#[path = "../checks/address.rs"]
mod address;

libfuzzer_sys::fuzz_target!(|text: &str| address::check(text));
