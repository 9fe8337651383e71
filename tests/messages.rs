//! The texts: every template can be filled, and every value has a text.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by it"
)]

use bigkey_tasks::api::{Advice, ApiError, Refusal, Unreadable};
use bigkey_tasks::messages::{Locale, fill};
use bigkey_tasks::model::{ScanType, TaskStatus};
use bigkey_tasks::query::{StatusFilter, TaskQuery};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The names that the callers give values for, by text.
const GIVEN: [(&str, &[&str]); 20] = [
    ("days", &["n"]),
    ("hours", &["n"]),
    ("minutes", &["n"]),
    ("seconds", &["n"]),
    ("every_seconds", &["n"]),
    ("every_minutes", &["n"]),
    ("page", &["n"]),
    ("range", &["from", "to", "total"]),
    ("range_open", &["from", "to"]),
    ("range_tasks", &["from", "to", "total"]),
    ("range_open_tasks", &["from", "to"]),
    ("rejected", &["name", "value"]),
    ("rejected_default", &["name", "value", "default"]),
    ("unreadable_many", &["n"]),
    ("surplus", &["n"]),
    ("other_rows", &["asked", "shown"]),
    ("http_status", &["status"]),
    ("advice_slow_down_for", &["seconds"]),
    ("id_missing", &["name"]),
    ("copy", &["name"]),
];

/// Every text of a language, by name.
fn texts(locale: Locale) -> BTreeMap<String, String> {
    let debug = format!("{:#?}", locale.messages());
    let texts: BTreeMap<_, _> = debug
        .lines()
        .filter_map(|line| line.trim().strip_suffix(',')?.split_once(": "))
        .map(|(name, text)| (name.to_owned(), text.trim_matches('"').to_owned()))
        .collect();
    assert!(texts.len() > 80, "{debug}");
    texts
}

/// The names in a template.
fn names(template: &str) -> BTreeSet<&str> {
    template.split('{').skip(1).map(|rest| rest.split_once('}').expect(template).0).collect()
}

#[test]
fn every_template_asks_for_exactly_the_values_that_it_is_given() {
    for locale in Locale::EACH {
        let texts = texts(locale);
        for (name, text) in &texts {
            let given = GIVEN.iter().find(|(each, _)| each == name).map_or(&[][..], |(_, names)| names);
            assert_eq!(names(text), given.iter().copied().collect(), "{name}: {text}");
        }
        assert!(GIVEN.iter().all(|(name, _)| texts.contains_key(*name)));
    }
}

#[test]
fn rows_that_stayed_are_told_apart_from_those_that_were_asked_for() {
    let messages = Locale::English.messages();
    let shown = TaskQuery::default().at(20);
    for (asked, expected) in [
        (shown, messages.stale_rows),
        (shown.next(), "Not loaded: Page 4. The tasks below are those of: Page 3."),
        (
            shown.with_status(StatusFilter::Failed),
            "Not loaded: Status Failed, Page 1. The tasks below are those of: Status All, Page 3.",
        ),
        (
            shown.with_limit(50),
            "Not loaded: Rows per page 50, Page 1. The tasks below are those of: Rows per page 10, Page 3.",
        ),
        // Within the same page there is no telling.
        (shown.at(25), messages.stale_rows),
    ] {
        assert_eq!(messages.stale(asked, shown), expected);
    }
}

#[test]
fn no_text_is_empty_or_has_spaces_at_its_ends() {
    for (name, text) in Locale::EACH.into_iter().flat_map(texts) {
        assert!(!text.is_empty() && text.trim() == text, "{name}: {text:?}");
    }
}

#[test]
fn the_texts_that_others_look_for_are_the_agreed_ones() {
    let english = texts(Locale::English);
    for (name, text) in [
        ("title", "Big key analysis tasks"),
        ("task_id", "Task ID"),
        ("analysis_method", "Analysis method"),
        ("completed", "Completed"),
        ("duration", "Duration"),
        ("successful", "Successful"),
        ("rows_per_page", "Rows per page"),
        ("auto_refresh", "Auto-refresh"),
        ("range", "{from}–{to} of {total}"),
        ("range_tasks", "{from}–{to} of {total} tasks"),
        ("page", "Page {n}"),
        ("no_tasks", "No big key analysis tasks"),
        ("no_failed_tasks", "No failed tasks"),
        ("show_all", "Show all tasks"),
        ("show_tasks", "Show tasks"),
    ] {
        assert_eq!(english[name], text);
    }
    for (name, text) in english {
        for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
            assert!(!["scan", "scans", "job", "jobs", "finished"].contains(&word), "{name}: {text}");
        }
        assert!(!text.to_lowercase().contains("large key"), "{name}: {text}");
    }
}

#[test]
fn values_take_the_places_of_their_names() {
    for (template, values, expected) in [
        ("{a}–{b} of {a}", &[("a", "1"), ("b", "2")][..], "1–2 of 1"),
        ("nothing", &[("a", "1")], "nothing"),
        ("", &[("a", "1")], ""),
        ("{missing} {a}", &[("a", "1")], "{missing} 1"),
        ("{a", &[("a", "1")], "{a"),
        ("a}", &[("a", "1")], "a}"),
        ("{{a}}", &[("a", "1")], "{1}"),
        ("{x{a}", &[("a", "1")], "{x1"),
        ("{}", &[("a", "1")], "{}"),
        ("{a}{b}", &[("a", "{b}"), ("b", "{a}")], "{b}{a}"),
        ("{a}b}", &[("a", "{")], "{b}"),
        ("“{a}”", &[("a", "🔑}{")], "“🔑}{”"),
        ("{a}", &[("a", "first"), ("a", "second")], "first"),
        ("{a}", &[], "{a}"),
    ] {
        assert_eq!(fill(template, values), expected, "{template}");
    }
}

#[test]
fn the_nearest_language_is_taken_and_its_variant_kept() {
    let nearest = |tags: &[&str]| Locale::nearest(&tags.iter().map(ToString::to_string).collect::<Vec<_>>());
    for (tags, tag) in [
        (&[][..], "en"),
        (&["en"], "en"),
        (&["en-GB"], "en-GB"),
        (&["EN-us"], "EN-us"),
        (&["en_US"], "en_US"),
        (&["xx", "en-IN", "en-GB"], "en-IN"),
        (&["xx", "yy-ZZ"], "en"),
        (&["", "-", "_"], "en"),
        (&["english"], "en"),
        (&["🔑"], "en"),
    ] {
        assert_eq!(nearest(tags), (Locale::English, tag.to_owned()), "{tags:?}");
    }
    for locale in Locale::EACH {
        assert_eq!(nearest(&[locale.tag()]), (locale, locale.tag().to_owned()));
        assert!(matches!(locale.direction(), "ltr" | "rtl"));
    }
}

#[test]
fn values_that_are_not_known_are_shown_as_they_came() {
    let messages = Locale::English.messages();
    let known = ["waiting", "running", "success", "failed"].map(TaskStatus::from);
    assert_eq!(
        known.each_ref().map(|status| messages.status_text(status)),
        ["Waiting", "Running", "Successful", "Failed"]
    );
    assert_eq!(
        ["manual", "auto"].map(ScanType::from).each_ref().map(|way| messages.scan_type_text(way)),
        ["Manual", "Automatic"]
    );
    for text in ["", "Waiting", "<b>", "{n}"] {
        assert_eq!(messages.status_text(&TaskStatus::from(text)), text);
        assert_eq!(messages.scan_type_text(&ScanType::from(text)), text);
    }
}

#[test]
fn every_filter_has_its_name_and_its_emptiness() {
    let messages = Locale::English.messages();
    assert_eq!(
        StatusFilter::EACH.map(|filter| messages.filter(filter)),
        ["All", "Waiting", "Running", "Successful", "Failed"]
    );
    assert_eq!(
        StatusFilter::EACH.map(|filter| messages.empty(filter)),
        ["No big key analysis tasks", "No waiting tasks", "No running tasks", "No successful tasks", "No failed tasks"]
    );
}

fn refused(status: u16, code: Option<&str>) -> ApiError {
    ApiError::Refused(Refusal { status, code: code.map(str::to_owned), ..Refusal::default() })
}

#[test]
fn an_error_is_headed_by_its_code_or_else_by_what_happened() {
    let messages = Locale::English.messages();
    for (error, title) in [
        (refused(400, Some("DCS.4919")), "DCS.4919"),
        (refused(502, None), "HTTP 502"),
        (refused(500, Some("{status}")), "{status}"),
        (ApiError::Network, "No connection"),
        (ApiError::Timeout, "No answer for 30 seconds"),
        (ApiError::Unreadable(Unreadable::Empty), "Empty answer"),
        (ApiError::Unreadable(Unreadable::NotJson), "The answer is not from the service"),
        (ApiError::Unreadable(Unreadable::CutOff), "The answer was cut off"),
        (ApiError::Unreadable(Unreadable::NotAList), "The answer is not a list of tasks"),
        (ApiError::Unreadable(Unreadable::TooLarge), "The answer is too large"),
    ] {
        assert_eq!(messages.error_title(&error), title);
    }
}

#[test]
fn each_advice_has_a_text_of_its_own() {
    let messages = Locale::English.messages();
    let errors = [
        (refused(400, Some("DCS.4919")), Advice::ChooseAnotherInstance),
        (refused(400, Some("DCS.4061")), Advice::CorrectIds),
        (refused(400, Some("DCS.4062")), Advice::CorrectParameter),
        (refused(400, Some("DCS.4026")), Advice::WaitForInstance),
        (refused(401, None), Advice::RenewCredentials),
        (refused(403, None), Advice::AskAdministrator),
        (refused(404, None), Advice::CheckInstance),
        (refused(429, None), Advice::SlowDown),
        (refused(500, None), Advice::TryAgain),
        (refused(302, None), Advice::CheckProxy),
        (ApiError::Network, Advice::CheckConnection),
    ];
    let texts: BTreeSet<_> = errors
        .iter()
        .map(|(error, advice)| {
            assert_eq!(error.advice(), *advice);
            messages.advice(error)
        })
        .collect();
    assert_eq!(texts.len(), errors.len());
}

#[test]
fn how_long_to_wait_is_said_where_it_is_known() {
    let wait = ApiError::Refused(Refusal { status: 429, retry_after: Some(7), ..Refusal::default() });
    assert_eq!(Locale::English.messages().advice(&wait), "Too many requests. Try again in 7 s.");
}

proptest! {
    #[test]
    fn filling_is_total_and_leaves_no_given_name(template in "[a-c{}]{0,20}", value in "[{}a-c]{0,5}") {
        let filled = fill(&template, &[("a", &value)]);
        prop_assert_eq!(filled, template.replace("{a}", &value));
    }

    #[test]
    fn filling_any_text_is_total(template in ".*", name in ".*", value in ".*") {
        let _ = fill(&template, &[(&name, &value)]);
    }
}
