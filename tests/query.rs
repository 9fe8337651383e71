//! What is asked of the endpoint, and the address that asks it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by it"
)]

use bigkey_tasks::api::list_url;
use bigkey_tasks::model::TaskStatus;
use bigkey_tasks::query::{DEFAULT_LIMIT, Instance, LIMITS, MAX_LIMIT, MAX_OFFSET, Rejected, StatusFilter, TaskQuery};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use url::Url;

const PROJECT: &str = "a4d31cb6-3d72-4fdc-8ec9-6e3a41e47f71";
const INSTANCE: &str = "5560df16-cebf-4473-95c4-d1b573c16e79";

fn example() -> Instance {
    Instance::new(PROJECT, INSTANCE).unwrap()
}

/// The two IDs of a list address, as a server sees them. Panics if the path is any other than that of the list call.
fn ids(url: &str) -> (String, String) {
    let url = Url::parse(url).unwrap();
    let segments: Vec<_> = url.path_segments().unwrap().collect();
    let ["v2", project_id, "instances", instance_id, "bigkey-tasks"] = segments.as_slice() else {
        panic!("{segments:?}")
    };
    assert_eq!(url.fragment(), None);
    let decode = |segment: &str| percent_decode_str(segment).decode_utf8().unwrap().into_owned();
    (decode(project_id), decode(instance_id))
}

#[test]
fn the_documents_example_request_is_made_with_its_parameters_sorted() {
    assert_eq!(
        list_url("", &example(), TaskQuery::default()),
        format!("/v2/{PROJECT}/instances/{INSTANCE}/bigkey-tasks?limit=10&offset=0")
    );
    assert_eq!(
        list_url("", &example(), TaskQuery::new(20, 50, StatusFilter::Success)),
        format!("/v2/{PROJECT}/instances/{INSTANCE}/bigkey-tasks?limit=50&offset=20&status=success")
    );
}

#[test]
fn status_is_left_out_for_all_and_only_then() {
    for filter in StatusFilter::EACH {
        let url = list_url("https://example.com", &example(), TaskQuery::default().with_status(filter));
        let pairs: Vec<_> = Url::parse(&url).unwrap().query_pairs().into_owned().collect();
        let mut expected = vec![("limit".to_owned(), "10".to_owned()), ("offset".to_owned(), "0".to_owned())];
        if filter != StatusFilter::All {
            expected.push(("status".to_owned(), filter.as_str().to_owned()));
        }
        assert_eq!(pairs, expected);
        assert!(pairs.is_sorted());
    }
}

#[test]
fn the_base_may_have_a_path_and_end_in_a_slash() {
    for (base, start) in [
        ("", "/v2/"),
        ("/", "/v2/"),
        ("https://example.com", "https://example.com/v2/"),
        ("https://example.com//", "https://example.com/v2/"),
        ("/dcs/", "/dcs/v2/"),
    ] {
        assert!(list_url(base, &example(), TaskQuery::default()).starts_with(start), "{base}");
    }
}

#[test]
fn no_id_leaves_its_path_segment() {
    let long = "🔑/".repeat(2_500);
    for id in [
        "a/b",
        "/",
        "../..",
        "..%2f",
        "%2e",
        "%2e%2e",
        "%2E.",
        ".%2e",
        "...",
        "a b",
        "\"'<>`",
        "?limit=1",
        "#",
        "&status=failed",
        "\\",
        "..\\..",
        "emoji 🔑",
        "a\0b",
        "\0",
        "a\nb",
        "a\tb",
        "%",
        "%zz",
        "%00",
        "\u{202e}",
        ";x=1",
        "a:b@c",
        "+",
        long.as_str(),
    ] {
        let instance = Instance::new(id, id).unwrap();
        let url = list_url("https://example.com", &instance, TaskQuery::default());
        assert!(url.is_ascii());
        assert_eq!(ids(&url), (id.to_owned(), id.to_owned()), "{id:?}");
    }
}

#[test]
fn an_id_that_can_name_nothing_makes_no_instance() {
    for id in ["", " ", "\t\n", ".", "..", " .. ", "\u{a0}.", ".\n"] {
        assert_eq!(Instance::new(id, INSTANCE), None, "{id:?}");
        assert_eq!(Instance::new(PROJECT, id), None, "{id:?}");
    }
    let instance = Instance::new(" p ", "\ti\n").unwrap();
    assert_eq!((instance.project_id(), instance.instance_id()), ("p", "i"));
}

fn read(offset: &str, limit: &str, status: &str) -> (TaskQuery, Vec<Rejected>) {
    let mut rejected = Vec::new();
    let get = |name: &str| match name {
        "offset" => Some(offset.to_owned()),
        "limit" => Some(limit.to_owned()),
        "status" => Some(status.to_owned()),
        other => panic!("{other}"),
    };
    (TaskQuery::read(&get, &mut rejected), rejected)
}

#[test]
fn absent_and_empty_are_the_defaults_without_a_word() {
    let mut rejected = Vec::new();
    assert_eq!(TaskQuery::read(&|_| None, &mut rejected), TaskQuery::default());
    assert_eq!(rejected, []);
    assert_eq!(read("", "", ""), (TaskQuery::default(), Vec::new()));
    assert_eq!(TaskQuery::default(), TaskQuery::new(0, DEFAULT_LIMIT, StatusFilter::All));
}

#[test]
fn valid_values_are_taken() {
    for (offset, limit, status, expected) in [
        ("0", "1", "waiting", TaskQuery::new(0, 1, StatusFilter::Waiting)),
        ("5", "1000", "running", TaskQuery::new(5, 1000, StatusFilter::Running)),
        ("2147483647", "17", "success", TaskQuery::new(MAX_OFFSET, 17, StatusFilter::Success)),
        ("007", "010", "failed", TaskQuery::new(7, 10, StatusFilter::Failed)),
    ] {
        assert_eq!(read(offset, limit, status), (expected, Vec::new()));
    }
}

#[test]
fn invalid_values_are_replaced_and_named_with_their_defaults() {
    let rejected =
        |name, value: &str, default: &str| Rejected { name, value: value.to_owned(), default: default.to_owned() };
    for limit in ["0", "-1", "abc", "1001", "+5", "1.0", " 10", "1e2", "٣", "0x10", "99999999999999999999"] {
        assert_eq!(
            read("20", limit, ""),
            (TaskQuery::new(20, 10, StatusFilter::All), vec![rejected("limit", limit, "10")])
        );
    }
    for offset in ["-5", "abc", "+1", "2147483648", "99999999999999999999", "0.5"] {
        assert_eq!(
            read(offset, "20", ""),
            (TaskQuery::new(0, 20, StatusFilter::All), vec![rejected("offset", offset, "0")])
        );
    }
    for status in ["done", "Waiting", "success ", "all", "<img src=x>"] {
        assert_eq!(read("", "", status), (TaskQuery::default(), vec![rejected("status", status, "")]));
    }
    assert_eq!(read("x", "y", "z").1.iter().map(|each| each.name).collect::<Vec<_>>(), ["offset", "limit", "status"]);
}

#[test]
fn a_long_rejected_value_is_cut_at_a_character() {
    let rejected = Rejected::new("status", &"🔑".repeat(10_000), "");
    assert_eq!(rejected.value, format!("{}…", "🔑".repeat(40)));
    assert_eq!(Rejected::new("status", &"é".repeat(40), "").value, "é".repeat(40));
}

#[test]
fn what_a_rejected_value_hides_is_shown_as_a_gap() {
    let told = |value: &str| Rejected::new("status", value, "").value;
    for hidden in "\u{0}\u{1b}\n\r\t\u{7f}\u{85}\u{9b}\u{ad}\u{34f}\u{61c}\u{180e}\u{200b}\u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2060}\u{2066}\u{2069}\u{206f}\u{feff}".chars() {
        assert_eq!(told(&format!("a{hidden}b")), "a�b", "{hidden:?}");
    }
    for shown in ["<b>", "a b", "\u{a0}", "שלום", "成功", "🔑", "e\u{301}", "\u{2010}\u{2027}\u{202f}\u{205f}\u{2070}"]
    {
        assert_eq!(told(shown), shown);
    }
    assert_eq!(told(&"\n".repeat(41)), format!("{}…", "�".repeat(40)));
}

#[test]
fn a_query_is_brought_into_its_ranges() {
    let query = TaskQuery::new(u64::MAX, u64::MAX, StatusFilter::All);
    assert_eq!((query.offset(), query.limit()), (MAX_OFFSET, MAX_LIMIT));
    assert_eq!(TaskQuery::new(0, 0, StatusFilter::All).limit(), 1);
    for limit in LIMITS {
        assert_eq!(TaskQuery::default().with_limit(limit).limit(), limit);
    }
}

#[test]
fn steps_lead_where_they_say() {
    let query = TaskQuery::new(20, 10, StatusFilter::Failed);
    assert_eq!(query.next(), TaskQuery::new(30, 10, StatusFilter::Failed));
    assert_eq!(query.previous(), TaskQuery::new(10, 10, StatusFilter::Failed));
    assert_eq!(query.at(5).previous(), query.at(0));
    assert_eq!(query.at(0).previous(), query.at(0));
    assert_eq!((query.page(1), query.page(3), query.page(0)), (query.at(0), query, query.at(0)));
    assert_eq!((query.page_number(), query.at(29).page_number(), query.at(30).page_number()), (3, 3, 4));
    assert_eq!(query.at(MAX_OFFSET).next(), query.at(MAX_OFFSET));
}

#[test]
fn another_filter_or_page_size_begins_at_the_first_page() {
    let query = TaskQuery::new(40, 20, StatusFilter::All);
    assert_eq!(query.with_status(StatusFilter::Failed), TaskQuery::new(0, 20, StatusFilter::Failed));
    assert_eq!(query.with_limit(50), TaskQuery::new(0, 50, StatusFilter::All));
}

#[test]
fn filters_and_their_texts_belong_together() {
    for filter in StatusFilter::EACH {
        assert_eq!(StatusFilter::parse(filter.as_str()), Some(filter));
        let status = filter.status();
        assert_eq!(status.as_ref().map_or("", TaskStatus::as_str), filter.as_str());
        assert!(!matches!(status, Some(TaskStatus::Other(_))));
    }
}

fn any_query() -> impl Strategy<Value = TaskQuery> {
    let offset = prop_oneof![0..2_000_u64, MAX_OFFSET - 2_000..=MAX_OFFSET, 0..=MAX_OFFSET];
    (offset, 1..=MAX_LIMIT, prop::sample::select(StatusFilter::EACH.to_vec()))
        .prop_map(|(offset, limit, status)| TaskQuery::new(offset, limit, status))
}

fn read_written(query: TaskQuery) -> (TaskQuery, Vec<Rejected>) {
    let written = query.write();
    let mut rejected = Vec::new();
    let get = |name: &str| written.iter().find(|(each, _)| *each == name).and_then(|(_, value)| value.clone());
    (TaskQuery::read(&get, &mut rejected), rejected)
}

proptest! {
    #[test]
    fn a_query_survives_its_address(query in any_query()) {
        prop_assert_eq!(read_written(query), (query, Vec::new()));
    }

    #[test]
    fn defaults_are_left_out_of_the_address(query in any_query()) {
        for (name, value) in query.write().into_iter().filter_map(|(name, value)| Some((name, value?))) {
            prop_assert!(!value.is_empty());
            prop_assert!((name, value.as_str()) != ("offset", "0") && (name, value.as_str()) != ("limit", "10"));
        }
    }

    #[test]
    fn every_query_that_a_step_produces_is_accepted(query in any_query(), number in any::<u64>()) {
        for step in [
            query.next(),
            query.previous(),
            query.at(number),
            query.page(number),
            query.with_limit(number),
            query.with_status(StatusFilter::Failed),
        ] {
            prop_assert_eq!(read_written(step), (step, Vec::new()));
        }
    }

    #[test]
    fn previous_undoes_next_and_page_undoes_page_number(query in any_query()) {
        if query.next().offset() < MAX_OFFSET {
            prop_assert_eq!(query.next().previous(), query);
        }
        let aligned = query.page(query.page_number());
        prop_assert!(aligned.offset() <= query.offset() && query.offset() - aligned.offset() < query.limit());
        prop_assert_eq!(aligned.page_number(), query.page_number());
    }

    #[test]
    fn reading_is_total(offset in ".*", limit in ".*", status in ".*") {
        let (query, rejected) = read(&offset, &limit, &status);
        prop_assert!(query.offset() <= MAX_OFFSET && (1..=MAX_LIMIT).contains(&query.limit()));
        for value in rejected {
            prop_assert!(value.value.chars().count() <= 41);
        }
    }

    #[test]
    fn every_id_is_one_path_segment_that_decodes_to_it(project_id in ".+", instance_id in "\\PC*|[./%\\\\?#]{1,9}") {
        if let Some(instance) = Instance::new(&project_id, &instance_id) {
            let url = list_url("https://example.com", &instance, TaskQuery::default());
            let (project_id, instance_id) = ids(&url);
            prop_assert_eq!((project_id.as_str(), instance_id.as_str()), (instance.project_id(), instance.instance_id()));
        }
    }
}

#[test]
fn the_usual_form_of_an_id_is_32_hexadecimal_digits() {
    for usual in [
        "a4d31cb63d724fdc8ec96e3a41e47f71",
        " A4D31CB63D724FDC8EC96E3A41E47F71 ",
        "5560df16-cebf-4473-95c4-d1b573c16e79",
    ] {
        assert!(Instance::looks_like_id(usual), "{usual}");
    }
    for odd in [
        "",
        "empty",
        "a4d31cb63d724fdc8ec96e3a41e47f7",
        "g4d31cb63d724fdc8ec96e3a41e47f71",
        "5560df16-cebf-4473-95c4-d1b573c16e79-",
        "5560df16cebf-4473-95c4-d1b573c16e79",
    ] {
        assert!(!Instance::looks_like_id(odd), "{odd}");
    }
}
