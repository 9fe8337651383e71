//! A short run of the fuzz targets with what every machine has: the checks of `fuzz/checks/` on their seeds, and on
//! seeds that were changed at random. The long run is libFuzzer's: `fuzz/Cargo.toml`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by it"
)]

#[path = "../fuzz/checks/address.rs"]
mod address;
#[path = "../fuzz/checks/decode.rs"]
mod decode;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::fs;
use std::path::Path;

/// The seeds of a target, and nothing.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let files = fs::read_dir(folder).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
    files.chain([Vec::new()]).collect()
}

/// What means something to a reader of answers or addresses.
const WORDS: [&str; 32] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    "\\ud800",
    ",",
    ":",
    "null",
    "-1",
    "1e309",
    "9007199254740993",
    "0.5",
    "\n",
    " ",
    "&",
    "=",
    "%",
    "%00",
    "%2e",
    "%F0%9F",
    "+",
    "..",
    "/",
    "status=",
    "limit=",
    "\u{202e}",
    "🔑",
    "\"records\":[",
    "\"id\":",
    "2020-06-15T23:59:60+23:59",
];

/// A change of a text, at a place of it.
#[derive(Clone, Debug)]
enum Change {
    Byte(Index, u8),
    Word(Index, &'static str),
    Cut(Index, usize),
    Twice(Index, usize),
    /// From here on another seed, from a place of that.
    Cross(Index, Index, Index),
}

impl Change {
    fn make(&self, text: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        let place = |at: &Index, text: &[u8]| at.index(text.len() + 1);
        let part = |at: usize, length: usize, text: &[u8]| at..(at + length).min(text.len());
        match self {
            Self::Byte(at, byte) => {
                let at = place(at, text);
                text.splice(part(at, 1, text), [*byte]);
            }
            Self::Word(at, word) => {
                let at = place(at, text);
                text.splice(at..at, word.bytes());
            }
            Self::Cut(at, length) => {
                let at = place(at, text);
                text.drain(part(at, *length, text));
            }
            Self::Twice(at, length) => {
                let at = place(at, text);
                let again = text[part(at, *length, text)].to_vec();
                text.splice(at..at, again);
            }
            Self::Cross(at, other, from) => {
                let at = place(at, text);
                let other = other.get(seeds);
                text.truncate(at);
                text.extend_from_slice(&other[place(from, other)..]);
            }
        }
    }
}

fn any_change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        2 => (at(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        4 => (at(), select(WORDS.to_vec())).prop_map(|(at, word)| Change::Word(at, word)),
        2 => (at(), 1..40_usize).prop_map(|(at, length)| Change::Cut(at, length)),
        1 => (at(), 1..200_usize).prop_map(|(at, length)| Change::Twice(at, length)),
        1 => (at(), at(), at()).prop_map(|(at, other, from)| Change::Cross(at, other, from)),
    ]
}

/// A seed of a target with some changes, as text.
fn any_input(target: &str) -> impl Strategy<Value = String> + use<> {
    let seeds = seeds(target);
    (any::<Index>(), prop::collection::vec(any_change(), 0..12)).prop_map(move |(seed, changes)| {
        let mut text = seed.get(&seeds).clone();
        for change in changes {
            change.make(&mut text, &seeds);
        }
        String::from_utf8_lossy(&text).into_owned()
    })
}

#[test]
fn the_seeds_hold() {
    for (target, check) in [("decode", decode::check as fn(&str)), ("address", address::check)] {
        let seeds = seeds(target);
        assert!(seeds.len() > 5, "{target}");
        for seed in seeds {
            check(std::str::from_utf8(&seed).unwrap());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn any_answer_holds(text in any_input("decode")) {
        decode::check(&text);
    }

    #[test]
    fn any_address_holds(text in any_input("address")) {
        address::check(&text);
    }
}
