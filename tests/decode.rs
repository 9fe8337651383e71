//! What an answer means: every shape of success and error, as text in and typed value out.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by it"
)]

mod common;

use bigkey_tasks::api::{self, Advice, ApiError, Body, Head, Refusal, Unreadable};
use bigkey_tasks::joined;
use bigkey_tasks::json::{Json, Member};
use bigkey_tasks::model::{ScanType, TaskPage, TaskStatus};
use common::{EXAMPLE, EXAMPLE_ERROR, answer, decode};
use proptest::prelude::*;
use serde_json::{Value, json};

fn refusal(status: u16, text: &str) -> Refusal {
    match decode(status, text) {
        Err(ApiError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

fn ids(text: &str) -> Vec<String> {
    decode(200, text).unwrap().records.into_iter().map(|task| task.id).collect()
}

fn count(count: &str) -> Option<u64> {
    decode(200, &format!(r#"{{"count":{count},"records":[]}}"#)).unwrap().count
}

#[test]
fn a_task_that_was_handed_over_is_read_as_those_of_an_answer() {
    let answer: Value = serde_json::from_str(EXAMPLE).unwrap();
    let task = api::read_task(&&answer["records"][0]).unwrap();
    assert_eq!(vec![task], decode(200, EXAMPLE).unwrap().records);
    for none in [json!({}), json!({ "id": "" }), json!({ "id": "1", "status": {} }), json!([]), json!(null), json!("1")]
    {
        assert_eq!(api::read_task(&&none), None, "{none}");
    }
}

#[test]
fn the_documents_example_is_read_field_for_field() {
    let page = decode(200, EXAMPLE).unwrap();
    assert_eq!(page.instance_id.as_deref(), Some("5f9057b5-c330-4ee2-8138-7e69896eeec3"));
    assert_eq!((page.count, page.unreadable, page.surplus), (Some(1), 0, 0));
    let [task] = page.records.as_slice() else { panic!("{page:?}") };
    assert_eq!(task.id, "858ee14c-2271-4489-8b82-7bda7459ae3e");
    assert_eq!(task.scan_type, Some(ScanType::Manual));
    assert_eq!(task.status, Some(TaskStatus::Success));
    assert_eq!(task.created_at.as_deref(), Some("2020-06-15T02:21:18.669Z"));
    assert_eq!(task.started_at.as_deref(), Some("2020-06-15T02:21:23.534Z"));
    assert_eq!(task.finished_at.as_deref(), Some("2020-06-15T02:21:25.588Z"));
}

#[test]
fn serialising_gives_the_documents_example_back() {
    let page = decode(200, EXAMPLE).unwrap();
    assert_eq!(serde_json::to_value(page).unwrap(), serde_json::from_str::<Value>(EXAMPLE).unwrap());
}

#[test]
fn the_documents_error_is_read() {
    let refusal = refusal(400, EXAMPLE_ERROR);
    assert_eq!(refusal.status, 400);
    assert_eq!(refusal.code.as_deref(), Some("DCS.4919"));
    assert_eq!(refusal.message.as_deref(), Some("Does not support bigkey analyze."));
    assert_eq!(refusal.request_id, None);
}

#[test]
fn every_error_shape_is_read() {
    let shapes: [(u16, &str, [Option<&str>; 3]); 16] = [
        (404, r#"{"error_code":"DCS.3022","error_msg":"m","error_ext_msg":null}"#, [Some("DCS.3022"), Some("m"), None]),
        (
            401,
            r#"{"error_msg":"m","error_code":"APIGW.0301","request_id":"r"}"#,
            [Some("APIGW.0301"), Some("m"), Some("r")],
        ),
        (401, r#"{"error":{"code":401,"message":"m","title":"t"}}"#, [Some("401"), Some("m"), None]),
        (401, r#"{"error":{"code":401,"title":"t"}}"#, [Some("401"), Some("t"), None]),
        (401, r#"{"error":{"code":"IAM.0012","message":null,"title":"t"}}"#, [Some("IAM.0012"), Some("t"), None]),
        (400, r#"{"error_code":111400002,"error_msg":"m"}"#, [Some("111400002"), Some("m"), None]),
        (400, r#"{"error_code":"","error_msg":""}"#, [None, None, None]),
        (401, r#"{"error_code":"","error":{"code":"c","message":"m"}}"#, [Some("c"), Some("m"), None]),
        (500, r#"{"error_code":["x"],"error_msg":{"y":1}}"#, [None, None, None]),
        (500, r#"{"error":"boom"}"#, [None, None, None]),
        (500, "[]", [None, None, None]),
        (500, "null", [None, None, None]),
        (502, "<html><body>Bad Gateway</body></html>", [None, None, None]),
        (503, "try later", [None, None, None]),
        (504, "", [None, None, None]),
        (500, r#"{"error_code":"DCS.50"#, [None, None, None]),
    ];
    for (status, text, expected) in shapes {
        let refusal = refusal(status, text);
        let read = [&refusal.code, &refusal.message, &refusal.request_id].map(Option::as_deref);
        assert_eq!((refusal.status, read), (status, expected), "{text}");
    }
}

#[test]
fn the_head_gives_what_the_body_lacks() {
    let head = Head { status: 429, request_id: Some("of the head".to_owned()), retry_after: Some(7) };
    let error = answer(head.clone(), "", 10).unwrap_err();
    assert_eq!(error.retry_after(), Some(7));
    let ApiError::Refused(refusal) = error else { panic!() };
    assert_eq!(refusal.request_id.as_deref(), Some("of the head"));
    let Err(ApiError::Refused(refusal)) = answer(head, r#"{"request_id":"of the body"}"#, 10) else { panic!() };
    assert_eq!(refusal.request_id.as_deref(), Some("of the body"));
}

#[test]
fn only_2xx_is_a_page() {
    for status in [0, 199, 300, 302, 304, 400, 418, 500, 599, 999] {
        assert_eq!(refusal(status, EXAMPLE).status, status);
    }
    for status in [200, 203, 299] {
        assert!(decode(status, EXAMPLE).is_ok());
    }
}

#[test]
fn a_success_that_is_no_list_says_what_is_wrong() {
    for (text, reason) in [
        ("", Unreadable::Empty),
        (" \n\t", Unreadable::Empty),
        ("<html>", Unreadable::NotJson),
        ("OK", Unreadable::NotJson),
        ("\0", Unreadable::NotJson),
        (&EXAMPLE[..EXAMPLE.len() - 2], Unreadable::CutOff),
        (&EXAMPLE[..1], Unreadable::CutOff),
        (" [", Unreadable::CutOff),
        (r#"{"records":"}]"#, Unreadable::CutOff),
        (r#"{"records":"\"}"#, Unreadable::CutOff),
        (r#"{"records":["\\",{}"#, Unreadable::CutOff),
        (r#"{"records"=[]}"#, Unreadable::NotAList),
        (r#"{"records":[]},"#, Unreadable::NotAList),
        (r#"{"records":[]}{"#, Unreadable::NotAList),
        (r#"{"records":[{"id":"a",}]}"#, Unreadable::NotAList),
        (r#"{"records":[{"id":"a"}}"#, Unreadable::NotAList),
        ("{]", Unreadable::NotAList),
        ("}", Unreadable::NotJson),
        ("try later {", Unreadable::NotJson),
        ("[]", Unreadable::NotAList),
        (r#"[{"id":"a"}]"#, Unreadable::NotAList),
        ("{}", Unreadable::NotAList),
        ("null", Unreadable::NotAList),
        ("42", Unreadable::NotAList),
        (r#""text""#, Unreadable::NotAList),
        (r#"{"records":null}"#, Unreadable::NotAList),
        (r#"{"records":{}}"#, Unreadable::NotAList),
        (r#"{"records":"none"}"#, Unreadable::NotAList),
        (EXAMPLE_ERROR, Unreadable::NotAList),
    ] {
        assert_eq!(decode(200, text), Err(ApiError::Unreadable(reason)), "{text:?}");
    }
}

#[test]
fn an_answer_that_is_too_large_is_not_read() {
    let limit = usize::try_from(api::MAX_ANSWER).unwrap();
    let mut text = EXAMPLE.to_owned();
    text.push_str(&" ".repeat(limit - text.len()));
    assert!(decode(200, &text).is_ok());
    text.push(' ');
    assert_eq!(decode(200, &text), Err(ApiError::Unreadable(Unreadable::TooLarge)));
    assert!(matches!(Body::<&Value>::of(&text, || panic!("parsed")), Body::Unreadable(Unreadable::TooLarge)));
}

#[test]
fn every_cut_of_the_example_is_a_cut_off_answer() {
    for end in 1..EXAMPLE.len() {
        assert_eq!(decode(200, &EXAMPLE[..end]), Err(ApiError::Unreadable(Unreadable::CutOff)), "{end}");
    }
}

#[test]
fn every_field_but_the_id_may_be_null_or_absent() {
    let fields = ["scan_type", "status", "created_at", "started_at", "finished_at"];
    let whole = serde_json::from_str::<Value>(EXAMPLE).unwrap()["records"][0].clone();
    for field in fields {
        let mut absent = whole.clone();
        absent.as_object_mut().unwrap().remove(field);
        let mut null = whole.clone();
        null[field] = Value::Null;
        for record in [null, absent.clone()] {
            let page = decode(200, &json!({"records": [record]}).to_string()).unwrap();
            assert_eq!(page.unreadable, 0, "{field}");
            assert_eq!(serde_json::to_value(&page.records[0]).unwrap(), absent, "{field}");
        }
    }
    assert_eq!(ids(r#"{"records":[{"id":"a"}]}"#), ["a"]);
}

#[test]
fn unknown_values_are_kept_as_they_came() {
    for text in ["", "SUCCESS", "stopping", "<img src=x onerror=alert(1)>", "\0", "\u{202e}x", "🔑"] {
        let record = json!({"id": "a", "status": text, "scan_type": text});
        let task = decode(200, &json!({"records": [record]}).to_string()).unwrap().records.remove(0);
        assert_eq!(task.status, Some(TaskStatus::Other(text.to_owned())));
        assert_eq!(task.scan_type, Some(ScanType::Other(text.to_owned())));
        assert_eq!(serde_json::to_value(task).unwrap(), record);
    }
}

#[test]
fn unknown_fields_are_ignored() {
    assert_eq!(ids(r#"{"x":[],"records":[{"id":"a","num":3,"keys":[{}]}],"y":null}"#), ["a"]);
}

#[test]
fn duplicate_ids_are_all_kept() {
    assert_eq!(ids(r#"{"records":[{"id":"a"},{"id":"b"},{"id":"a"}]}"#), ["a", "b", "a"]);
}

#[test]
fn one_unreadable_record_takes_no_other_down_and_is_counted() {
    for bad in [
        "null",
        "7",
        r#""id""#,
        "[]",
        "{}",
        r#"{"id":null}"#,
        r#"{"id":""}"#,
        r#"{"id":true}"#,
        r#"{"id":{"id":"x"}}"#,
        r#"{"id":1.5}"#,
        r#"{"id":1e300}"#,
        r#"{"id":"x","status":{}}"#,
        r#"{"id":"x","scan_type":false}"#,
        r#"{"id":"x","created_at":[]}"#,
        r#"{"id":"x","started_at":{}}"#,
        r#"{"id":"x","finished_at":0.5}"#,
    ] {
        let page = decode(200, &format!(r#"{{"records":[{{"id":"a"}},{bad},{{"id":"b"}}]}}"#)).unwrap();
        let ids: Vec<_> = page.records.iter().map(|task| task.id.as_str()).collect();
        assert_eq!((ids.as_slice(), page.unreadable, page.surplus), (["a", "b"].as_slice(), 1, 0), "{bad}");
    }
}

#[test]
fn a_whole_number_where_text_was_due_is_its_digits() {
    let text = r#"{"records":[{"id":-42,"status":7,"created_at":1592187678669}]}"#;
    let task = decode(200, text).unwrap().records.remove(0);
    assert_eq!(task.id, "-42");
    assert_eq!(task.status, Some(TaskStatus::Other("7".to_owned())));
    assert_eq!(task.created_at.as_deref(), Some("1592187678669"));
    // Up to 15 digits: of a longer one, a browser may no longer know the last.
    let ids_of = |id: &str| ids(&format!(r#"{{"records":[{{"id":{id}}}]}}"#));
    assert_eq!(ids_of("999999999999999"), ["999999999999999"]);
    assert_eq!(ids_of("0"), ["0"]);
    for id in ["1000000000000000", "-1000000000000000", "1e300", "0.5"] {
        assert!(ids_of(id).is_empty(), "{id}");
    }
}

#[test]
fn records_beyond_the_limit_are_left_out_and_counted() {
    let list = |records: Vec<Value>| json!({ "records": records }).to_string();
    let good = |n: usize| (0..n).map(|id| json!({"id": id.to_string()}));
    let page = decode(200, &list(good(10_000).collect())).unwrap();
    assert_eq!((page.records.len(), page.surplus, page.unreadable), (10, 9_990, 0));
    assert_eq!(page.records[9].id, "9");
    let page = decode(200, &list(good(10).collect())).unwrap();
    assert_eq!((page.records.len(), page.surplus), (10, 0));
}

#[test]
fn unreadable_records_take_their_place_within_the_limit() {
    let mut records = vec![json!({}); 4];
    records.extend((0..11).map(|id| json!({"id": id.to_string()})));
    let page = decode(200, &json!({ "records": records }).to_string()).unwrap();
    assert_eq!((page.records.len(), page.unreadable, page.surplus), (6, 4, 5));
}

#[test]
fn a_count_is_a_whole_number_or_absent() {
    for (text, expected) in [
        ("0", Some(0)),
        ("1", Some(1)),
        ("1.0", Some(1)),
        ("-0.0", Some(0)),
        ("1e3", Some(1000)),
        ("9007199254740992", Some(1 << 53)),
        ("9007199254740994", None),
        ("18446744073709551615", None),
        ("1e300", None),
        ("-1", None),
        ("1.5", None),
        ("null", None),
        ("true", None),
        ("[1]", None),
        ("{}", None),
        (r#""42""#, Some(42)),
        (r#""9007199254740992""#, Some(1 << 53)),
        (r#""9007199254740993""#, None),
        (r#""18446744073709551615""#, None),
        (r#""99999999999999999999""#, None),
        (r#""""#, None),
        (r#""-1""#, None),
        (r#""+1""#, None),
        (r#"" 1""#, None),
        (r#""1.0""#, None),
        (r#""many""#, None),
    ] {
        assert_eq!(count(text), expected, "{text}");
    }
    assert_eq!(decode(200, r#"{"records":[]}"#).unwrap().count, None);
}

#[test]
fn the_answers_instance_is_kept_and_never_asserted() {
    for (text, expected) in
        [(r#""other""#, Some("other")), ("null", None), ("5", None), ("{}", None), (r#""""#, Some(""))]
    {
        let page = decode(200, &format!(r#"{{"instance_id":{text},"records":[]}}"#)).unwrap();
        assert_eq!(page.instance_id.as_deref(), expected, "{text}");
    }
}

#[test]
fn odd_characters_and_great_lengths_survive() {
    let long = "x".repeat(1 << 20);
    for id in ["\0", "a\0b", "\u{feff}", "\u{fffd}", "\"\\/\n", "🗝️", long.as_str()] {
        assert_eq!(ids(&json!({"records": [{"id": id}]}).to_string()), [id]);
    }
}

fn advice(status: u16, code: &str) -> ApiError {
    ApiError::Refused(Refusal { status, code: Some(code.to_owned()), ..Refusal::default() })
}

#[test]
fn every_documented_code_has_its_advice() {
    let table: [(Advice, u16, &[&str]); 10] = [
        (Advice::ChooseAnotherInstance, 400, &["DCS.4919"]),
        (Advice::CorrectIds, 400, &["DCS.4061", "111400002"]),
        (Advice::CorrectParameter, 400, &["DCS.4062", "DCS.4063", "DCS.4800"]),
        (
            Advice::WaitForInstance,
            400,
            &[
                "DCS.4026", "DCS.4049", "DCS.4096", "DCS.4097", "DCS.4111", "DCS.4113", "DCS.4114", "DCS.4115",
                "DCS.4116", "DCS.4117", "DCS.4118", "DCS.4120",
            ],
        ),
        (
            Advice::RenewCredentials,
            401,
            &["DCS.1001", "DCS.1002", "DCS.1003", "DCS.1004", "APIGW.0301", "APIG.0301", "APIGW.0307", "APIG.0307"],
        ),
        (Advice::AskAdministrator, 403, &["DCS.2003", "DCS.2007", "DCS.3002", "DCS.3003", "APIGW.0302", "APIG.0302"]),
        (Advice::CheckInstance, 404, &["DCS.3022"]),
        (Advice::SlowDown, 429, &["APIGW.0308", "APIG.0308", "IAM.0012"]),
        (Advice::TryAgain, 500, &["DCS.5000", "DCS.5024"]),
        (Advice::TryAgain, 502, &["APIGW.0201", "APIG.0201", "APIGW.0613", "APIG.0613"]),
    ];
    for (expected, status, codes) in table {
        for code in codes {
            assert_eq!(advice(status, code).advice(), expected, "{code}");
            assert_eq!(advice(418, code).advice(), expected, "the code goes before the status: {code}");
        }
    }
}

#[test]
fn a_known_code_counts_more_than_the_status() {
    for status in [200, 400, 401, 404, 429, 500] {
        for code in ["DCS.5000", "DCS.5024", "APIGW.0201", "APIG.0613", "PROXY.0502", "PROXY.0504", "PROXY.0522"] {
            assert_eq!(advice(status, code).advice(), Advice::TryAgain, "{status} {code}");
        }
        for code in ["PROXY.0403", "PROXY.0404", "PROXY.0405", "PROXY.0413", "PROXY.0512", "PROXY.0532"] {
            assert_eq!(advice(status, code).advice(), Advice::CheckProxy, "{status} {code}");
        }
        for code in ["PROXY.0401", "PROXY.0513", "PROXY.0542"] {
            assert_eq!(advice(status, code).advice(), Advice::RenewCredentials, "{status} {code}");
        }
        assert_eq!(advice(status, "PROXY.0503").advice(), Advice::SlowDown, "{status}");
    }
}

#[test]
fn a_backslash_hides_a_bracket_within_a_string_alone() {
    for (text, expected) in [
        (r"[\]", Unreadable::NotAList),
        (r"[\]]", Unreadable::NotAList),
        (r#"["\"]"#, Unreadable::CutOff),
        (r#"["\]"#, Unreadable::CutOff),
    ] {
        assert_eq!(decode(200, text), Err(ApiError::Unreadable(expected)), "{text}");
    }
}

#[test]
fn an_unknown_code_leaves_the_advice_to_the_status() {
    for code in ["DCS.9999", "DCS.", ".", "", "APIGW", "XYZ.4919", "DCS.4919.1", "DCS.-1", "401", "🔑.0301", "DCS.4112"]
    {
        for (status, expected) in [
            (400, Advice::CorrectParameter),
            (401, Advice::RenewCredentials),
            (403, Advice::AskAdministrator),
            (404, Advice::CheckInstance),
            (405, Advice::CheckProxy),
            (409, Advice::TryAgain),
            (413, Advice::CheckProxy),
            (429, Advice::SlowDown),
            (302, Advice::CheckProxy),
            (500, Advice::TryAgain),
            (502, Advice::TryAgain),
            (503, Advice::TryAgain),
            (504, Advice::TryAgain),
        ] {
            assert_eq!(advice(status, code).advice(), expected, "{status} {code}");
            assert_eq!(refusal_of(status).advice(), expected, "{status}");
        }
    }
}

fn refusal_of(status: u16) -> ApiError {
    ApiError::Refused(Refusal { status, ..Refusal::default() })
}

#[test]
fn errors_without_an_answer_have_advice_too() {
    for (error, advice, kind) in [
        (ApiError::Unreadable(Unreadable::Empty), Advice::CheckProxy, "unreadable"),
        (ApiError::Unreadable(Unreadable::NotJson), Advice::CheckProxy, "unreadable"),
        (ApiError::Unreadable(Unreadable::CutOff), Advice::TryAgain, "unreadable"),
        (ApiError::Unreadable(Unreadable::NotAList), Advice::CheckProxy, "unreadable"),
        (ApiError::Unreadable(Unreadable::TooLarge), Advice::CheckProxy, "unreadable"),
        (ApiError::Network, Advice::CheckConnection, "network"),
        (ApiError::Timeout, Advice::TryAgain, "timeout"),
        (ApiError::Aborted, Advice::CheckConnection, "aborted"),
        (refusal_of(500), Advice::TryAgain, "refused"),
    ] {
        assert_eq!((error.advice(), error.kind()), (advice, kind), "{error:?}");
        assert!(error.can_retry() && !error.forbids_polling(), "{error:?}");
        assert_eq!(error.retry_after(), None);
    }
}

#[test]
fn what_a_retry_cannot_help_offers_none_and_what_may_lock_the_key_is_not_polled() {
    for (status, code, can_retry, forbids_polling) in [
        (400, "DCS.4919", false, true),
        (400, "DCS.4061", false, true),
        (400, "DCS.4062", false, true),
        (400, "DCS.4026", true, false),
        (401, "APIGW.0301", true, true),
        (401, "", true, true),
        (403, "DCS.2003", true, true),
        (404, "DCS.3022", true, false),
        (429, "APIGW.0308", true, false),
        (500, "DCS.5000", true, false),
    ] {
        let error = advice(status, code);
        assert_eq!((error.can_retry(), error.forbids_polling()), (can_retry, forbids_polling), "{code}");
    }
}

#[test]
fn retry_after_is_seconds_or_a_date_and_a_day_at_the_most() {
    let none = |_: &str| None;
    for (header, expected) in [
        ("0", Some(0)),
        ("120", Some(120)),
        (" 120 ", Some(120)),
        ("86400", Some(86_400)),
        ("86401", Some(86_400)),
        ("18446744073709551615", Some(86_400)),
        ("99999999999999999999999", Some(86_400)),
        ("", None),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("٣", None),
    ] {
        assert_eq!(api::retry_after(header, none), expected, "{header:?}");
    }
    for (millis, expected) in
        [(0, 0), (1, 1), (1000, 1), (1001, 2), (-5000, 0), (i64::MIN, 0), (i64::MAX, 86_400), (90_000_000, 86_400)]
    {
        let date = "Fri, 31 Dec 1999 23:59:59 GMT";
        let until = |text: &str| (text == date).then_some(millis);
        assert_eq!(api::retry_after(&format!("  {date} "), until), Some(expected), "{millis}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    let name = prop_oneof![
        prop::sample::select(vec!["instance_id", "count", "records", "id", "scan_type", "status", "created_at"]),
        prop::sample::select(vec!["started_at", "finished_at", "error_code", "error_msg", "request_id", "error"]),
        prop::sample::select(vec!["code", "message", "title"]),
    ]
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::hash_map(name.clone(), inner, 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// JSON that is read member by member, for want of anything better.
struct OneByOne<'a>(&'a Value);

impl Json for OneByOne<'_> {
    fn member(&self, member: Member) -> Option<Self> {
        self.0.get(member.name()).map(Self)
    }
    fn items(&self) -> Option<impl ExactSizeIterator<Item = Self>> {
        self.0.as_array().map(|items| items.iter().map(Self))
    }
    fn joined(&self, _: usize) -> Option<String> {
        None
    }
    fn string(&self) -> Option<String> {
        (&self.0).string()
    }
    fn number(&self) -> Option<f64> {
        (&self.0).number()
    }
    fn is_null(&self) -> bool {
        self.0.is_null()
    }
}

/// A page by [`OneByOne`].
fn slowly(value: &Value, limit: u64) -> Result<TaskPage, ApiError> {
    api::decode(Head { status: 200, ..Head::default() }, &Body::Json(OneByOne(value)), limit)
}

#[test]
fn records_of_nothing_but_texts_are_read_at_once_and_others_one_by_one() {
    let joined = |records: &Value| (&records).joined(records.as_array().unwrap().len());
    let records = json!([{"id": "a", "status": "failed", "x": 1}, {"finished_at": "f", "created_at": null}, []]);
    assert_eq!(joined(&json!([])).as_deref(), Some(""));
    assert_eq!(joined(&records), None, "an array is no object");
    let records = json!([records[0], records[1]]);
    assert_eq!(joined(&records).as_deref(), Some("a\0\0failed\0\0\0\0\0\0\0\0\0f\0"));
    assert_eq!((&&records).joined(1).as_deref(), Some("a\0\0failed\0\0\0\0"));
    assert_eq!((&&records).joined(3), None);
    for odd in [json!([{"id": 7}]), json!([{"id": "a", "status": ""}]), json!([{"id": true}]), json!([null]), json!({})]
    {
        assert_eq!((&&odd).joined(1), None, "{odd}");
    }
    let nul = json!({"records": [{"id": "a\0", "status": "b"}, {"id": "c", "created_at": "\0"}]});
    assert_eq!(decode(200, &nul.to_string()).unwrap(), slowly(&nul, 10).unwrap());
}

/// What is not read in one go is read one by one, to the same end but not at the same cost.
#[test]
fn joined_records_are_read_in_one_go_unless_there_is_a_nul_of_their_own() {
    let mut page = TaskPage::default();
    assert!(joined::read("a\0auto\0\0\0\0f\0\0\0odd\0\0\0\0b\0\0\0c\0\0\0", 3, &mut page));
    assert_eq!(
        page.records,
        decode(
            200,
            &json!({"records": [
                {"id": "a", "scan_type": "auto", "finished_at": "f"}, {"id": "b", "created_at": "c"},
            ]})
            .to_string()
        )
        .unwrap()
        .records
    );
    assert_eq!(page.unreadable, 1);
    for (text, count) in [("a\0\0\0\0\0\0\0", 1), ("a\0\0\0\0\0", 1), ("a\0\0\0\0\0\0", 2)] {
        let mut page = TaskPage::default();
        assert!(!joined::read(text, count, &mut page), "{text:?}");
        assert_eq!(page, TaskPage::default());
    }
}

#[test]
fn tasks_are_joined_as_their_json_would_be() {
    let page = |records: Value| decode(200, &json!({ "records": records }).to_string()).unwrap().records;
    let tasks = page(json!([{"id": "a", "scan_type": "auto", "finished_at": "f"}, {"id": "b", "status": "odd"}]));
    assert_eq!(joined::write(&tasks).as_deref(), Some("a\0auto\0\0\0\0f\0b\0\0odd\0\0\0\0"));
    assert_eq!(joined::write(&[]).as_deref(), Some(""));
    for odd in [json!([{"id": "a", "status": ""}]), json!([{"id": "a\0b"}]), json!([{"id": "a", "created_at": "\0"}])] {
        assert_eq!(joined::write(&page(odd)), None);
    }
}

/// An array of records as they mostly are, now and then with something else.
fn any_records() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        8 => ".{1,8}".prop_map(Value::from),
        2 => Just(Value::Null),
        1 => prop::sample::select(vec![json!(""), json!("a\0b"), json!("\0"), json!(7), json!(0.5), json!(true), json!([]), json!({})]),
    ];
    let name = prop::sample::select(vec!["id", "scan_type", "status", "created_at", "started_at", "finished_at", "x"]);
    let record = prop::collection::hash_map(name.prop_map(str::to_owned), text, 0..8)
        .prop_map(|members| Value::Object(members.into_iter().collect()));
    let record = prop_oneof![30 => record, 1 => any_json()];
    prop::collection::vec(record, 0..8).prop_map(|records| json!({ "records": records }))
}

proptest! {
    #[test]
    fn all_at_once_or_one_by_one_is_the_same(value in prop_oneof![any_json(), any_records()], limit in 0..10_u64) {
        let page = api::decode(Head { status: 200, ..Head::default() }, &Body::Json(&value), limit);
        prop_assert_eq!(&page, &slowly(&value, limit));
        if let Ok(page) = page && let Some(joined) = joined::write(&page.records) {
            let again = serde_json::to_value(&page.records).unwrap();
            prop_assert_eq!(Some(joined), (&&again).joined(page.records.len()));
        }
    }

    #[test]
    fn any_text_decodes_to_a_page_or_an_error(status in any::<u16>(), text in ".*", limit in 0..2000_u64) {
        let _ = answer(Head { status, ..Head::default() }, &text, limit);
    }

    #[test]
    fn any_json_decodes_and_every_record_is_accounted_for(value in any_json(), limit in 1..5_u64) {
        let items = value.get("records").and_then(Value::as_array).map(Vec::len);
        let decoded = answer(Head { status: 200, ..Head::default() }, &value.to_string(), limit);
        match (items, decoded) {
            (None, Err(ApiError::Unreadable(Unreadable::NotAList))) => {}
            (Some(items), Ok(page)) => {
                prop_assert_eq!(page.records.len() + page.unreadable + page.surplus, items);
                prop_assert!((page.records.len() + page.unreadable) as u64 <= limit);
                prop_assert!(page.records.iter().all(|task| !task.id.is_empty()));
                prop_assert!(page.count.is_none_or(|count| count <= 1 << 53));
            }
            other => prop_assert!(false, "{:?}", other),
        }
        prop_assert!(matches!(decode(500, &value.to_string()), Err(ApiError::Refused(_))));
    }

    #[test]
    fn what_ends_early_is_cut_off_and_what_goes_on_is_no_list(value in any_json(), at in 0.0..1.0_f64, more in r"[^ \t\r\n].{0,8}") {
        let text = json!({ "records": [value] }).to_string();
        let ends: Vec<_> = text.char_indices().map(|(at, _)| at).skip(1).collect();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "an index")]
        let end = ends[(at * ends.len() as f64) as usize];
        prop_assert_eq!(decode(200, &text[..end]), Err(ApiError::Unreadable(Unreadable::CutOff)));
        prop_assert_eq!(decode(200, &format!("{text}{more}")), Err(ApiError::Unreadable(Unreadable::NotAList)));
    }

    #[test]
    fn what_was_read_is_read_again_from_its_own_json(ids in prop::collection::vec(".+", 0..8), word in ".*") {
        let records: Vec<_> = ids.iter().map(|id| json!({"id": id, "status": word, "created_at": word})).collect();
        let page = decode(200, &json!({"count": 3, "records": records}).to_string()).unwrap();
        prop_assert_eq!(decode(200, &serde_json::to_string(&page).unwrap()).unwrap(), page);
    }

    #[test]
    fn retry_after_is_total(header in ".*", millis in any::<Option<i64>>()) {
        prop_assert!(api::retry_after(&header, |_| millis).is_none_or(|seconds| seconds <= 86_400));
    }
}
