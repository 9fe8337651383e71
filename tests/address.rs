//! What an address or a set of attributes asks to see.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by it"
)]

use bigkey_tasks::address::{Address, Environment, NAMES, Refresh, Theme, TimeZone};
use bigkey_tasks::messages::Locale;
use bigkey_tasks::query::{Instance, MAX_LIMIT, MAX_OFFSET, StatusFilter, TaskQuery};
use proptest::prelude::*;

/// A browser that knows one time zone and two languages.
struct Reader;

impl Environment for Reader {
    fn knows_time_zone(&self, name: &str) -> bool {
        name == "Europe/Berlin"
    }
    fn is_language_tag(&self, tag: &str) -> bool {
        matches!(tag, "en-GB" | "fr")
    }
    fn languages(&self) -> Vec<String> {
        vec!["fr".to_owned(), "en-US".to_owned()]
    }
}

fn read(values: &[(&str, &str)]) -> Address {
    let get = |name: &str| {
        assert!(NAMES.contains(&name), "{name}");
        values.iter().find(|(each, _)| *each == name).map(|(_, value)| (*value).to_owned())
    };
    Address::read(&get, &Reader)
}

fn rejected(values: &[(&str, &str)]) -> Vec<(&'static str, String, String)> {
    read(values).rejected.into_iter().map(|rejected| (rejected.name, rejected.value, rejected.default)).collect()
}

#[test]
fn an_empty_address_asks_for_the_ids_and_nothing_else() {
    let address = read(&[]);
    assert_eq!(address.ids, (String::new(), String::new()));
    assert_eq!((address.instance, address.query), (None, TaskQuery::default()));
    assert_eq!(address.rejected, []);
    let presentation = address.presentation;
    assert_eq!((presentation.locale, presentation.language_tag.as_str()), (Locale::English, "en-US"));
    assert_eq!(presentation.time_zone, TimeZone::Local);
    assert_eq!((presentation.theme, presentation.refresh), (Theme::Auto, Refresh::Automatic));
}

#[test]
fn every_value_is_taken() {
    let address = read(&[
        ("project_id", "p"),
        ("instance_id", "i"),
        ("status", "failed"),
        ("offset", "20"),
        ("limit", "50"),
        ("locale", "en-GB"),
        ("time_zone", "Europe/Berlin"),
        ("theme", "dark"),
        ("refresh", "30"),
    ]);
    assert_eq!(address.instance, Instance::new("p", "i"));
    assert_eq!(address.query, TaskQuery::new(20, 50, StatusFilter::Failed));
    assert_eq!(address.rejected, []);
    let presentation = address.presentation;
    assert_eq!(presentation.language_tag, "en-GB");
    assert_eq!(presentation.time_zone, TimeZone::Named("Europe/Berlin".to_owned()));
    assert_eq!((presentation.theme, presentation.refresh), (Theme::Dark, Refresh::Every(30)));
}

#[test]
fn every_invalid_value_is_named_with_the_default_that_holds_instead() {
    let values = [
        ("status", "done", ""),
        ("offset", "-5", "0"),
        ("limit", "1001", "10"),
        ("locale", "!", ""),
        ("time_zone", "Nowhere", "local"),
        ("theme", "pink", "auto"),
        ("refresh", "4", "auto"),
    ];
    for (name, value, default) in values {
        let address = read(&[("project_id", "p"), ("instance_id", "i"), (name, value)]);
        let expected = read(&[("project_id", "p"), ("instance_id", "i")]);
        assert_eq!(rejected(&[(name, value)]), [(name, value.to_owned(), default.to_owned())]);
        assert_eq!(Address { rejected: Vec::new(), ..address }, expected, "{name}");
    }
    let all: Vec<_> = values.iter().map(|(name, value, _)| (*name, *value)).collect();
    assert_eq!(rejected(&all).len(), values.len());
}

#[test]
fn an_id_that_is_a_step_in_a_path_is_named() {
    for id in [".", "..", " .. "] {
        let address = read(&[("project_id", id), ("instance_id", "i")]);
        assert_eq!(address.instance, None);
        assert_eq!(address.ids.0, id);
        assert_eq!(rejected(&[("project_id", id)]), [("project_id", id.to_owned(), String::new())]);
        assert_eq!(rejected(&[("instance_id", id)]), [("instance_id", id.to_owned(), String::new())]);
    }
}

#[test]
fn a_missing_id_is_no_error_and_the_other_is_kept_for_the_form() {
    for (values, ids) in [
        ([("project_id", "p"), ("instance_id", "")], ("p", "")),
        ([("project_id", " "), ("instance_id", "i")], (" ", "i")),
    ] {
        let address = read(&values);
        assert_eq!(address.instance, None);
        assert_eq!(address.ids, (ids.0.to_owned(), ids.1.to_owned()));
        assert_eq!(address.rejected, []);
    }
}

#[test]
fn refresh_is_auto_off_or_seconds() {
    for (text, expected) in [
        ("auto", Some(Refresh::Automatic)),
        ("off", Some(Refresh::Off)),
        ("5", Some(Refresh::Every(5))),
        ("86400", Some(Refresh::Every(86_400))),
        ("4", None),
        ("0", None),
        ("86401", None),
        ("4294967297", None),
        ("-5", None),
        ("+5", None),
        ("5.5", None),
        ("5s", None),
        (" 5", None),
        ("Off", None),
        ("", None),
        ("٣٠", None),
    ] {
        assert_eq!(Refresh::parse(text), expected, "{text:?}");
        assert!(expected.is_none_or(|refresh| Refresh::parse(&refresh.value()) == expected));
    }
}

#[test]
fn themes_are_auto_light_or_dark() {
    for (text, theme) in [("auto", Theme::Auto), ("light", Theme::Light), ("dark", Theme::Dark)] {
        let address = read(&[("theme", text)]);
        assert_eq!((address.presentation.theme, address.rejected), (theme, Vec::new()));
    }
    for text in ["Light", " dark", "none"] {
        assert_eq!(rejected(&[("theme", text)]), [("theme", text.to_owned(), "auto".to_owned())]);
    }
}

#[test]
fn time_zones_are_local_utc_or_known_names() {
    let known = |name: &str| name == "Europe/Berlin";
    for (text, expected) in [
        ("local", Some(TimeZone::Local)),
        ("Local", Some(TimeZone::Local)),
        ("UTC", Some(TimeZone::Utc)),
        ("utc", Some(TimeZone::Utc)),
        ("Europe/Berlin", Some(TimeZone::Named("Europe/Berlin".to_owned()))),
        ("Nowhere", None),
        ("", None),
    ] {
        assert_eq!(TimeZone::parse(text, known), expected, "{text:?}");
        assert!(expected.is_none_or(|zone| TimeZone::parse(zone.value(), known).as_ref() == Some(&zone)));
    }
}

#[test]
fn no_address_chooses_where_the_data_comes_from() {
    let address =
        read(&[("project_id", "p"), ("instance_id", "i"), ("offset", "10"), ("api_base", "https://example.com")]);
    assert_eq!(address.api_base, "");
    let request = address.with_api_base("/dcs".to_owned()).request().unwrap();
    assert_eq!((request.api_base.as_str(), request.query.offset()), ("/dcs", 10));
    assert_eq!(Some(request.instance), Instance::new("p", "i"));
    assert_eq!(read(&[("project_id", "p")]).request(), None);
}

#[test]
fn an_attribute_and_an_address_differ_only_in_the_hyphen() {
    for name in NAMES {
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{name}");
    }
}

/// A browser that takes anything, or nothing.
struct Anything(bool);

impl Environment for Anything {
    fn knows_time_zone(&self, _: &str) -> bool {
        self.0
    }
    fn is_language_tag(&self, _: &str) -> bool {
        self.0
    }
    fn languages(&self) -> Vec<String> {
        Vec::new()
    }
}

fn any_value() -> impl Strategy<Value = Option<String>> {
    let likely = ["", "0", "10", "1001", "-1", "failed", "off", "30", "UTC", "dark", "en", "..", "%2e", "a/b"];
    prop::option::of(prop_oneof![".*", prop::sample::select(likely.to_vec()).prop_map(str::to_owned)])
}

proptest! {
    #[test]
    fn reading_is_total_and_names_what_it_replaces(
        values in prop::collection::vec(any_value(), NAMES.len()),
        anything in any::<bool>(),
    ) {
        let get = |name: &str| values[NAMES.iter().position(|each| *each == name).unwrap()].clone();
        let address = Address::read(&get, &Anything(anything));
        prop_assert!(address.query.offset() <= MAX_OFFSET && (1..=MAX_LIMIT).contains(&address.query.limit()));
        prop_assert_eq!(address.instance, Instance::new(&address.ids.0, &address.ids.1));
        let mut names: Vec<_> = address.rejected.iter().map(|rejected| rejected.name).collect();
        for rejected in &address.rejected {
            let value = get(rejected.name).unwrap();
            let shown = rejected.value.strip_suffix('…').unwrap_or(&rejected.value);
            let same = |(was, shown): (char, char)| was == shown || shown == '�';
            prop_assert!(!value.is_empty() && value.chars().zip(shown.chars()).all(same));
        }
        names.sort_unstable();
        names.dedup();
        prop_assert_eq!(names.len(), address.rejected.len(), "each name once");
        // With the rejected values left out, the same is asked for and nothing is rejected.
        let valid = |name: &str| get(name).filter(|_| !names.contains(&name));
        let again = Address::read(&valid, &Anything(anything));
        prop_assert_eq!((again.query, again.presentation), (address.query, address.presentation));
        prop_assert_eq!(again.rejected, Vec::new());
    }

    #[test]
    fn every_interval_survives_its_text(seconds in 5..=86_400_u32) {
        prop_assert_eq!(Refresh::parse(&Refresh::Every(seconds).value()), Some(Refresh::Every(seconds)));
    }

    #[test]
    fn parsing_an_interval_is_total(text in ".*") {
        if let Some(Refresh::Every(seconds)) = Refresh::parse(&text) {
            prop_assert!((5..=86_400).contains(&seconds));
        }
    }

    #[test]
    fn every_time_zone_survives_its_text(text in ".*|[Uu][Tt][Cc]|[Ll]ocal|[A-Z][a-z]{2,9}/[A-Z][a-z]{2,9}", known in any::<bool>()) {
        if let Some(zone) = TimeZone::parse(&text, |_| known) {
            prop_assert_eq!(TimeZone::parse(zone.value(), |name| known && name == text), Some(zone));
        } else {
            prop_assert!(!known);
        }
    }
}
