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
use bigkey_tasks::messages::{Extras, Locale, Messages, Numbers, count, fill, plural};
use bigkey_tasks::model::{ScanType, TaskStatus};
use bigkey_tasks::query::{StatusFilter, TaskQuery};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The names that the callers give values for, by text.
const GIVEN: [(&str, &[&str]); 35] = [
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
    ("unreadable", &["n"]),
    ("surplus", &["n"]),
    ("other_rows", &["asked", "shown"]),
    ("updated", &["ago"]),
    ("outdated", &["ago"]),
    ("finished_one", &["id", "status"]),
    ("finished_many", &["id", "status", "n"]),
    ("clock_behind", &["time"]),
    ("clock_ahead", &["time"]),
    ("http_status", &["status"]),
    ("advice_slow_down_for", &["seconds"]),
    ("id_missing", &["name"]),
    ("id_unusual", &["name"]),
    ("copy", &["name"]),
    ("export_progress", &["n", "total"]),
    ("export_progress_open", &["n"]),
    ("export_done", &["n"]),
    ("export_unreadable", &["n"]),
    ("move_up", &["name"]),
    ("move_down", &["name"]),
    ("chart_text", &["n", "from", "to", "min", "max"]),
    ("forget", &["name"]),
];

/// The texts that are asked for by a number's plural category.
const COUNTED: [&str; 6] =
    ["range_tasks", "range_open_tasks", "unreadable", "surplus", "advice_slow_down_for", "export_unreadable"];

/// The plural categories of CLDR, and a number of each in Arabic, which has them all.
const CATEGORIES: [(&str, u64); 6] = [("zero", 0), ("one", 1), ("two", 2), ("few", 3), ("many", 11), ("other", 100)];

/// The catalogue of a language, as it is in the sources.
fn source(locale: Locale) -> String {
    let file = format!("{}/src/messages/{}.json", env!("CARGO_MANIFEST_DIR"), locale.tag());
    std::fs::read_to_string(&file).expect(&file)
}

/// All names, in the order of a catalogue.
fn all_names() -> Vec<&'static str> {
    [Messages::NAMES, Extras::NAMES].concat()
}

/// The catalogue of a language, by place, as it is served.
fn catalogue(locale: Locale) -> Vec<String> {
    let by_name: BTreeMap<String, String> = serde_json::from_str(&source(locale)).unwrap();
    all_names().iter().map(|name| by_name[*name].clone()).collect()
}

/// Every language, with its catalogue read where it has one.
fn languages() -> [Locale; 4] {
    Locale::EACH.map(|locale| {
        if locale != Locale::English {
            let catalogue = catalogue(locale);
            let find = |place: usize| catalogue.get(place).cloned();
            Messages::learn(locale, &find);
            Extras::learn(locale, &find);
        }
        locale
    })
}

/// Every text of a language, by name.
fn texts(locale: Locale) -> BTreeMap<&'static str, &'static str> {
    let texts = [Messages::of(locale).texts(), Extras::of(locale).texts()].concat();
    all_names().into_iter().zip(texts).collect()
}

/// The names in a template.
fn names(template: &str) -> BTreeSet<&str> {
    template.split('{').skip(1).map(|rest| rest.split_once('}').expect(template).0).collect()
}

/// The forms of a text that are in it itself, by category; of a text without forms, the text.
fn forms(text: &str) -> Vec<(&str, &str)> {
    let categories = CATEGORIES.map(|(category, _)| category);
    let own = |category: &&str| text.contains(&format!(" {category} {{"));
    if !text.contains(", plural,") {
        return vec![("", text)];
    }
    categories.into_iter().filter(own).map(|category| (category, plural(text, category))).collect()
}

/// Numbers as Arabic speaks of them.
struct Arabic;

impl Numbers for Arabic {
    fn category(&self, n: u64) -> String {
        let category = match n {
            0 => "zero",
            1 => "one",
            2 => "two",
            _ => match n % 100 {
                3..=10 => "few",
                11..=99 => "many",
                _ => "other",
            },
        };
        category.to_owned()
    }
    fn text(&self, n: u64) -> String {
        n.to_string()
    }
}

/// Numbers as English speaks of them.
struct English;

impl Numbers for English {
    fn category(&self, n: u64) -> String {
        (if n == 1 { "one" } else { "other" }).to_owned()
    }
    fn text(&self, n: u64) -> String {
        n.to_string()
    }
}

#[test]
fn rows_that_stayed_are_told_apart_from_those_that_were_asked_for() {
    let messages = Locale::English.messages();
    let shown = TaskQuery::default().at(20);
    for (asked, expected) in [
        (shown, messages.stale_rows()),
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
        (shown.at(25), messages.stale_rows()),
    ] {
        assert_eq!(messages.stale(asked, shown), expected);
    }
}

/// A text is taken by its place, so the order counts as much as the names.
#[test]
fn every_catalogue_has_all_texts_in_their_order_and_no_more() {
    assert_eq!((Messages::FIRST, Extras::FIRST), (0, Messages::NAMES.len()));
    for locale in [Locale::German, Locale::Chinese, Locale::Arabic] {
        let source = source(locale);
        let entries: BTreeMap<String, String> = serde_json::from_str(&source).unwrap();
        let mut found: Vec<_> = entries.keys().map(String::as_str).collect();
        found.sort_by_key(|name| source.find(&format!("\n  \"{name}\": ")).expect(name));
        assert_eq!(found, all_names(), "{}", locale.tag());
    }
}

#[test]
fn every_template_asks_for_exactly_the_values_that_it_is_given() {
    for locale in languages() {
        let texts = texts(locale);
        for (name, text) in &texts {
            let given = GIVEN.iter().find(|(each, _)| each == name).map_or(&[][..], |(_, names)| names);
            for (category, form) in forms(text) {
                assert_eq!(names(form), given.iter().copied().collect(), "{} {name} {category}: {text}", locale.tag());
            }
        }
        assert!(GIVEN.iter().all(|(name, _)| texts.contains_key(name)));
    }
}

#[test]
fn forms_are_there_where_a_number_is_asked_for_and_are_those_of_the_language() {
    for (locale, categories) in [
        (Locale::English, &["one", "other"][..]),
        (Locale::German, &["one", "other"]),
        (Locale::Chinese, &["other"]),
        (Locale::Arabic, &["zero", "one", "two", "few", "many", "other"]),
    ] {
        languages();
        for (name, text) in texts(locale) {
            let found: Vec<_> = forms(text).into_iter().map(|(category, _)| category).collect();
            if found != [""] {
                assert!(COUNTED.contains(&name), "{name}: no number is given to choose a form by");
                assert_eq!(found, categories, "{} {name}", locale.tag());
            }
        }
    }
}

#[test]
fn no_text_is_empty_or_has_spaces_at_its_ends_or_is_left_in_english() {
    let english = texts(Locale::English);
    let alike = ["status", "utc", "http_status", "hours", "minutes", "seconds", "every_seconds", "every_minutes"];
    for locale in languages() {
        for (name, text) in texts(locale) {
            for (_, form) in forms(text) {
                assert!(!form.is_empty() && form.trim() == form, "{name}: {form:?}");
            }
            let same = english[name] == text && locale != Locale::English;
            assert!(!same || alike.contains(&name), "{}: {name} is not translated", locale.tag());
        }
    }
}

#[test]
fn each_category_has_its_form_and_a_missing_one_that_of_other() {
    let all = "{n, plural, zero {no} one {a {n}} two {b{n}} few {c} many {d} other {e {n} {m}}}";
    for (template, expected) in [
        (all, ["no", "a {n}", "b{n}", "c", "d", "e {n} {m}"]),
        ("{n, plural, other {e}}", ["e"; 6]),
        ("{n, plural, one {a} other {e}}", ["e", "a", "e", "e", "e", "e"]),
        ("{n, plural,  one  {a}\n other{e}}", ["e", "a", "e", "e", "e", "e"]),
        ("{n, plural, one {} other {e}}", ["e", "", "e", "e", "e", "e"]),
        ("{n} tasks", ["{n} tasks"; 6]),
        ("", [""; 6]),
        (
            "{n, plural, one {a}}",
            [
                "{n, plural, one {a}}",
                "a",
                "{n, plural, one {a}}",
                "{n, plural, one {a}}",
                "{n, plural, one {a}}",
                "{n, plural, one {a}}",
            ],
        ),
        ("{n, plural, other {e", ["{n, plural, other {e"; 6]),
    ] {
        assert_eq!(CATEGORIES.map(|(category, _)| plural(template, category)), expected, "{template}");
    }
    for unknown in ["", "One", "several", "}", "{"] {
        assert_eq!(plural(all, unknown), "e {n} {m}");
    }
}

#[test]
fn arabic_speaks_of_each_number_in_its_form() {
    languages();
    let surplus = Locale::Arabic.messages().surplus();
    let told = CATEGORIES.map(|(category, n)| {
        assert_eq!(Arabic.category(n), category);
        let text = count(surplus, "n", n, &Arabic);
        assert!(text.contains(&n.to_string()) && !text.contains(['{', '}']), "{text}");
        text.replace(&n.to_string(), "#")
    });
    // Numbers from 11 on and round hundreds share their noun, as does none at all.
    assert_eq!(told.iter().collect::<BTreeSet<_>>().len(), 4, "{told:?}");
}

#[test]
fn english_speaks_of_one_and_of_more() {
    let messages = Locale::English.messages();
    for (template, n, expected) in [
        (messages.unreadable(), 1, "1 task of this page could not be read and is not shown."),
        (messages.unreadable(), 2, "2 tasks of this page could not be read and are not shown."),
        (messages.surplus(), 1, "The service sent 1 more task than asked for; it is not shown here."),
        (messages.surplus(), 5, "The service sent 5 more tasks than asked for; they are not shown here."),
    ] {
        assert_eq!(count(template, "n", n, &English), expected);
    }
}

#[test]
fn a_language_is_in_english_until_its_texts_are_here_and_then_keeps_them() {
    let state = |locale: Locale| (locale.is_here(), locale.messages().refresh(), locale.messages().retry());
    let refresh = Messages::NAMES.iter().position(|name| *name == "refresh").unwrap();
    assert_eq!(state(Locale::German), (false, "Refresh", "Retry"));
    // A text that a catalogue lacks is English.
    Messages::learn(Locale::German, &|place| (place == refresh).then(|| "Neu laden".to_owned()));
    assert_eq!(state(Locale::German), (true, "Neu laden", "Retry"));
    Messages::learn(Locale::German, &|_| None);
    assert_eq!(state(Locale::German), (true, "Neu laden", "Retry"));
    assert_eq!(state(Locale::Arabic), (false, "Refresh", "Retry"));
    Messages::learn(Locale::English, &|_| Some("?".to_owned()));
    assert_eq!(state(Locale::English), (true, "Refresh", "Retry"));
}

#[test]
fn what_is_loaded_on_demand_finds_its_texts_behind_those_of_the_list() {
    let catalogue = |place: usize| Some(format!("text {place}"));
    Messages::learn(Locale::German, &catalogue);
    Extras::learn(Locale::German, &catalogue);
    let (list, extras) = (Messages::of(Locale::German), Extras::of(Locale::German));
    assert_eq!(list.title(), "text 0");
    let behind: Vec<_> =
        (0..Extras::NAMES.len()).map(|place| format!("text {}", Messages::NAMES.len() + place)).collect();
    assert_eq!(extras.texts(), behind);
    assert_eq!(extras.form_title(), behind[0]);
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
    for (tags, locale, tag) in [
        (&["de"][..], Locale::German, "de"),
        (&["de-AT"], Locale::German, "de-AT"),
        (&["fr", "DE-ch", "en"], Locale::German, "DE-ch"),
        (&["en", "de"], Locale::English, "en"),
        (&["zh"], Locale::Chinese, "zh"),
        (&["zh-CN"], Locale::Chinese, "zh-CN"),
        (&["zh-Hans-SG"], Locale::Chinese, "zh-Hans-SG"),
        // There are no texts in traditional characters: the simplified ones are nearer than English.
        (&["zh-TW"], Locale::Chinese, "zh-TW"),
        (&["ar-EG"], Locale::Arabic, "ar-EG"),
        (&["fr"], Locale::English, "en"),
        (&["arn", "den", "zha"], Locale::English, "en"),
    ] {
        assert_eq!(nearest(tags), (locale, tag.to_owned()), "{tags:?}");
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
            messages.advice(error, &English)
        })
        .collect();
    assert_eq!(texts.len(), errors.len());
}

#[test]
fn how_long_to_wait_is_said_where_it_is_known() {
    let wait = ApiError::Refused(Refusal { status: 429, retry_after: Some(7), ..Refusal::default() });
    assert_eq!(Locale::English.messages().advice(&wait, &English), "Too many requests. Try again in 7 s.");
    languages();
    assert!(Locale::Arabic.messages().advice(&wait, &Arabic).contains("7 ثوانٍ"));
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

    #[test]
    fn choosing_a_form_is_total(template in "(\\{n, plural, )?(one|other|[{} ab🔑]){0,12}", category in "one|other|.*") {
        let form = plural(&template, &category);
        prop_assert!(template.contains(form));
    }

    /// Whatever a browser prefers, a language is chosen: that of the first tag that has one, kept to the letter.
    #[test]
    fn choosing_a_language_is_total(
        tags in prop::collection::vec(prop_oneof![".{0,8}", "(en|de|zh|ar|fr|EN|Ar)([-_][A-Za-z]{2,4})?"], 0..6),
    ) {
        let (locale, tag) = Locale::nearest(&tags);
        let language = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        let known = |tag: &&String| ["en", "de", "zh", "ar"].contains(&language(tag).as_str());
        let first = tags.iter().find(known).cloned().unwrap_or_else(|| "en".to_owned());
        prop_assert_eq!(language(&first), language(locale.tag()));
        prop_assert_eq!(tag, first);
    }
}
