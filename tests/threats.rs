//! The threat model in the README names the tests that hold each threat off: they exist, and they run.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by it"
)]

use std::fs;
use std::path::Path;

/// The rows of the table under "Security": threat, what holds it off, by which tests.
fn rows() -> Vec<[String; 3]> {
    let readme = read("README.md");
    let (_, section) = readme.split_once("\n## Security\n").expect("there is a section on security");
    let section = section.split("\n## ").next().unwrap();
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    section
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1)
        .map(|line| cells(line).try_into().unwrap_or_else(|cells| panic!("not three cells: {cells:?}")))
        .collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The tests in a cell: each stands as `file: name`.
fn tests(cell: &str) -> Vec<(&str, &str)> {
    cell.split('`').skip(1).step_by(2).map(|test| test.split_once(": ").expect(test)).collect()
}

/// Whether a file has this test, and runs it.
fn has(file: &str, name: &str) -> bool {
    let text = read(file);
    if Path::new(file).extension().is_none_or(|extension| extension != "rs") {
        return [format!("test('{name}'"), format!("each('{name}'")].iter().any(|call| text.contains(call.as_str()));
    }
    let Some((before, _)) = text.split_once(&format!("fn {name}(")) else { return false };
    // The attributes are the lines right above.
    let before = before.rsplit_once('\n').map_or("", |(above, _)| above);
    let above: Vec<_> = before.lines().rev().take_while(|line| line.trim().starts_with("#[")).collect();
    above.iter().any(|line| line.contains("test")) && !above.iter().any(|line| line.contains("#[ignore"))
}

#[test]
fn every_threat_names_what_holds_it_off_and_tests_that_exist() {
    let rows = rows();
    assert!(rows.len() >= 15, "{} rows", rows.len());
    for [threat, answer, proof] in &rows {
        assert!(!threat.is_empty() && !answer.is_empty(), "{threat}");
        let tests = tests(proof);
        assert!(!tests.is_empty(), "{threat}: no test");
        for (file, name) in tests {
            assert!(has(file, name), "{threat}: {file} has no test {name}");
        }
    }
}

#[test]
fn a_test_that_is_not_there_is_missed() {
    assert!(has("tests/threats.rs", "a_test_that_is_not_there_is_missed"));
    for name in ["a_test_that_is_not_there", "rows", "has"] {
        assert!(!has("tests/threats.rs", name), "{name}");
    }
    assert!(!has("tests/proxy/sharing.rs", "a_hundred_readers_for_a_real_minute"), "it is left out of the usual run");
    assert!(!has("tests/e2e/hostile.test.mjs", "in every field"));
}
