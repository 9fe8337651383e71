//! Records with odd content, for the special instances that hold them.

use super::tasks::example;
use serde_json::{Value, json as value};

/// Records that try out what a reader of the list does with odd fields.
pub fn strange_records(id: &str) -> Value {
    let base = serde_json::to_value(example()).unwrap_or_default();
    let vary = |index: usize, fields: Value| {
        let mut record = base.clone();
        if let (Some(record), Value::Object(fields)) = (record.as_object_mut(), fields) {
            record.insert("id".to_owned(), value!(format!("{id}-{index}")));
            record.extend(fields);
        }
        record
    };
    let all = |fields: Vec<Value>| -> Vec<Value> {
        fields.into_iter().enumerate().map(|(index, fields)| vary(index, fields)).collect()
    };
    let list = |fields: Vec<Value>| Value::Array(all(fields));
    match id {
        "answer-nul" => list(vec![
            value!({"id": "nul\u{0}in\u{1}id\u{1b}[31m", "status": "suc\u{0}cess"}),
            value!({"scan_type": "\u{202e}launam", "created_at": "\u{0}"}),
        ]),
        "answer-unknown-values" => list(vec![
            value!({"status": "paused", "scan_type": "scheduled"}),
            value!({"status": "SUCCESS", "scan_type": "Manual"}),
            value!({"status": "", "scan_type": ""}),
            value!({"status": "x".repeat(300), "scan_type": "成功", "extra": {"a": [1]}}),
        ]),
        "answer-nulls" => {
            let nothing = value!({"status": null, "scan_type": null, "created_at": null, "started_at": null, "finished_at": null});
            let mut records = all(vec![nothing, value!({"started_at": null, "finished_at": null})]);
            records.push(value!({"id": "answer-nulls-absent"}));
            Value::Array(records)
        }
        "answer-strange-times" => list(
            [
                "2020-06-15T02:21:18Z",
                "2020-06-15T02:21:18.669123456Z",
                "2020-06-15T04:21:18.669+02:00",
                "2020-06-15 02:21:18",
                "2020-02-30T02:21:18.669Z",
                "2020-06-15T25:61:61.000Z",
                "2016-12-31T23:59:60Z",
                "9999-12-31T23:59:59.999Z",
                "0000-01-01T00:00:00.000Z",
                "+275760-09-13T00:00:00.001Z",
                "1592187678669",
                "yesterday",
                "",
            ]
            .into_iter()
            .map(|time| value!({"created_at": time, "started_at": time, "finished_at": "2020-06-15T02:20:00.000Z"}))
            .collect(),
        ),
        "answer-unreadable-record" => {
            let mut records = all(vec![value!({}), value!({})]);
            records.extend([
                value!(17),
                Value::Null,
                value!({"status": "success"}),
                value!({"id": null}),
                value!(["id"]),
            ]);
            Value::Array(records)
        }
        _ => {
            let hostile = "<img src=x onerror=alert(1)>";
            let script = "\"><script>alert(document.cookie)</script>";
            list(vec![
                value!({"id": hostile, "status": script, "scan_type": hostile, "created_at": hostile, "started_at": script, "finished_at": hostile}),
                value!({"id": "javascript:alert(1)", "status": "{{7*7}}", "scan_type": "' onmouseover='alert(1)"}),
                value!({"id": "=HYPERLINK(\"http://example.com\",\"x\")", "status": "+1+1", "scan_type": "@SUM(1)"}),
                value!({"id": "../../../etc/passwd", "status": "%3Cscript%3E", "scan_type": "</td></tr></table>"}),
            ])
        }
    }
}
