//! Feeds `checks/decode.rs` with whatever libFuzzer comes up with.
#![no_main]

#[path = "../checks/decode.rs"]
mod decode;

libfuzzer_sys::fuzz_target!(|text: &str| decode::check(text));
