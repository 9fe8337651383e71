//! Tasks as a file.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by it")]

use bigkey_tasks::export::{Format, Gathering, Scope, csv, file_name};
use bigkey_tasks::model::{ScanType, Task, TaskPage, TaskStatus};
use bigkey_tasks::query::{StatusFilter, TaskQuery};
use bigkey_tasks::time::Instant;
use proptest::prelude::*;

fn task(id: &str) -> Task {
    Task { id: id.to_owned(), scan_type: None, status: None, created_at: None, started_at: None, finished_at: None }
}

#[test]
fn a_task_is_a_line_with_the_members_of_the_wire_format() {
    let task = Task {
        scan_type: Some(ScanType::Manual),
        status: Some(TaskStatus::Success),
        created_at: Some("2020-06-15T02:21:18.669Z".to_owned()),
        finished_at: Some("2020-06-15T02:21:25.588Z".to_owned()),
        ..task("858ee14c")
    };
    assert_eq!(
        csv(&[task]),
        "id,scan_type,status,created_at,started_at,finished_at\r\n\
         858ee14c,manual,success,2020-06-15T02:21:18.669Z,,2020-06-15T02:21:25.588Z\r\n"
    );
}

#[test]
fn what_a_spreadsheet_would_run_is_text() {
    for id in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"] {
        assert!(csv(&[task(id)]).contains(&format!("\r\n'{id},")), "{id}");
    }
    assert!(csv(&[task("=\"a\",b")]).contains("\r\n\"'=\"\"a\"\",b\","));
    assert!(csv(&[task("\n=a")]).contains("\r\n\"'\n=a\","));
    assert!(csv(&[task("＝a")]).contains("\r\n'＝a,"));
}

#[test]
fn quotes_commas_and_line_breaks_stay_in_their_cell() {
    assert!(csv(&[task("a\"b")]).contains("\r\n\"a\"\"b\",,,,,\r\n"));
    assert!(csv(&[task("a,b")]).contains("\r\n\"a,b\",,,,,\r\n"));
    assert!(csv(&[task("a\r\nb")]).contains("\r\n\"a\r\nb\",,,,,\r\n"));
}

#[test]
fn formats_and_scopes_are_read_by_name_only() {
    assert_eq!(Format::parse("csv"), Some(Format::Csv));
    assert_eq!(Format::parse("json"), Some(Format::Json));
    assert_eq!(Format::parse("CSV"), None);
    assert_eq!(Scope::parse("page"), Some(Scope::Page));
    assert_eq!(Scope::parse("all"), Some(Scope::All));
    assert_eq!(Scope::parse(""), None);
}

#[test]
fn a_file_is_called_after_instance_and_minute() {
    let now = Instant::parse("2026-11-24T03:12:45.678Z").unwrap_or(Instant::from_millis(0));
    assert_eq!(file_name(" 5560df16-cebf ", now, Format::Csv), "bigkey-tasks-5560df16-cebf-2026-11-24T0312Z.csv");
    assert_eq!(file_name("../a b", now, Format::Json), "bigkey-tasks-___a_b-2026-11-24T0312Z.json");
}

/// Gathers from a list of which `change` makes another before each page but the first; the IDs, and whether it moved.
fn gather(mut list: Vec<u32>, mut change: impl FnMut(u32, &mut Vec<u32>)) -> (Vec<u32>, bool) {
    let mut gathering = Gathering::new(StatusFilter::All);
    let mut pages = 0u32;
    while let Some(query) = gathering.next() {
        if pages > 0 {
            change(pages, &mut list);
        }
        pages += 1;
        assert!(pages < 100, "it does not end");
        let place = |n: u64| usize::try_from(n).unwrap();
        let (from, limit) = (place(query.offset()), place(query.limit()));
        let records = list.iter().skip(from).take(limit).map(|id| task(&id.to_string())).collect();
        gathering.add(TaskPage { records, ..TaskPage::default() });
    }
    let ids: Vec<u32> = gathering.tasks.iter().filter_map(|task| task.id.parse().ok()).collect();
    (ids, gathering.has_moved)
}

#[test]
fn a_list_that_stands_still_is_gathered_in_its_order() {
    for length in [0, 1, 10, 999, 1000, 1001, 1990, 1991, 3500] {
        let list: Vec<u32> = (0..length).collect();
        assert_eq!(gather(list.clone(), |_, _| {}), (list, false), "{length}");
    }
}

#[test]
fn what_comes_in_front_is_no_reason_to_have_a_task_twice() {
    let (mut ids, moved) = gather((0..2500).collect(), |page, list| list.insert(0, 10_000 + page));
    assert!(moved);
    ids.sort_unstable();
    assert_eq!(ids, (0..2500).collect::<Vec<_>>());
}

#[test]
fn what_goes_in_front_makes_none_of_the_others_slip_past() {
    for gone in [1, 9, 10, 11, 400, 1000] {
        let (ids, moved) =
            gather((0..3500).collect(), |page, list| drop(list.drain(..if page == 1 { gone } else { 0 })));
        assert!(moved, "{gone}");
        let missing: Vec<_> = (0..3500).filter(|id| !ids.contains(id)).collect();
        assert!(missing.is_empty(), "{gone}: {missing:?}");
    }
}

#[test]
fn a_service_that_gives_the_same_page_for_any_offset_is_asked_three_times() {
    let page = || TaskPage { records: (0..1000).map(|id| task(&id.to_string())).collect(), ..TaskPage::default() };
    let mut gathering = Gathering::new(StatusFilter::All);
    for _ in 0..3 {
        assert!(gathering.next().is_some());
        gathering.add(page());
    }
    assert_eq!(gathering.next(), None);
    assert_eq!(gathering.tasks.len(), 1000);
    assert!(gathering.has_moved, "nobody could tell that from a list that moved");
}

#[test]
fn pages_without_news_are_passed_over() {
    for grown in [990, 1000, 1500, 2500] {
        let grow = |page, list: &mut Vec<u32>| {
            if page == 1 {
                list.splice(0..0, (0..grown).map(|id| 10_000 + id));
            }
        };
        let (ids, moved) = gather((0..3000).collect(), grow);
        assert!(moved, "{grown}");
        let missing: Vec<_> = (0..3000).filter(|id| !ids.contains(id)).collect();
        assert_eq!(missing.len(), 0, "{grown}");
    }
    let mut gathering = Gathering::new(StatusFilter::All);
    gathering.add(TaskPage { records: (0..1000).map(|id| task(&id.to_string())).collect(), ..TaskPage::default() });
    for page in 1..30 {
        gathering.add(TaskPage { unreadable: 1000, ..TaskPage::default() });
        assert!(gathering.next().is_some(), "{page}");
    }
}

#[test]
fn a_list_that_grows_shorter_than_where_the_next_page_begins_is_read_from_further_in_front() {
    let (ids, moved) = gather((0..1500).collect(), |page, list| drop(list.drain(..if page == 1 { 600 } else { 0 })));
    assert!(moved);
    assert_eq!(ids, (0..1500).collect::<Vec<_>>());
    assert_eq!(gather((0..1500).collect(), |_, list| list.clear()), ((0..1000).collect(), true));
}

#[test]
fn a_list_that_became_another_is_read_half_a_page_further_in_front_each_time_and_at_last_from_its_beginning() {
    let mut gathering = Gathering::new(StatusFilter::All);
    let page = |ids: std::ops::Range<u32>| TaskPage {
        records: ids.map(|id| task(&id.to_string())).collect(),
        ..TaskPage::default()
    };
    let mut asked = Vec::new();
    for ids in [0..1000, 10_990..11_990, 20_490..21_490, 30_000..31_000, 30_990..31_500] {
        asked.push(gathering.next().map(TaskQuery::offset));
        gathering.add(page(ids));
    }
    assert_eq!(asked, [0, 990, 490, 0, 990].map(Some));
    assert_eq!(gathering.next(), None);
    assert_eq!(gathering.tasks.len(), 2500);
    assert!(gathering.has_moved);
}

fn records(ids: std::ops::Range<u32>) -> Vec<Task> {
    ids.map(|id| task(&id.to_string())).collect()
}

#[test]
fn a_page_whose_known_tasks_cannot_be_read_goes_on_from_the_one_before() {
    let mut gathering = Gathering::new(StatusFilter::All);
    gathering.add(TaskPage { records: records(0..1000), ..TaskPage::default() });
    // The overlap is what cannot be read, so that nothing here was seen before.
    let overlap = 1000 - usize::try_from(gathering.next().unwrap().offset()).unwrap();
    gathering.add(TaskPage { records: records(1000..1500), unreadable: overlap, ..TaskPage::default() });
    assert_eq!((gathering.tasks.len(), gathering.unreadable, gathering.has_moved), (1500, overlap, false));
    assert_eq!(gathering.next(), None);
}

#[test]
fn what_cannot_be_read_is_counted_and_no_sign_that_the_list_has_moved() {
    let pages = [
        TaskPage { unreadable: 1000, ..TaskPage::default() },
        TaskPage { records: records(1000..1990), unreadable: 10, ..TaskPage::default() },
        TaskPage { records: records(1980..2400), unreadable: 3, ..TaskPage::default() },
    ];
    let mut gathering = Gathering::new(StatusFilter::All);
    for (page, offset) in pages.into_iter().zip([0, 990, 1980]) {
        assert_eq!(gathering.next().map(TaskQuery::offset), Some(offset));
        gathering.add(page);
    }
    assert_eq!(gathering.next(), None);
    assert_eq!((gathering.tasks.len(), gathering.unreadable, gathering.has_moved), (1400, 1013, false));
}

#[test]
fn a_service_that_gives_the_same_tasks_in_another_order_each_time_is_left_at_last() {
    let mut gathering = Gathering::new(StatusFilter::All);
    let mut asked = 0;
    while gathering.next().is_some() {
        let records = (0..1000).map(|id| task(&((id + asked) % 1000).to_string())).collect();
        gathering.add(TaskPage { records, ..TaskPage::default() });
        asked += 1;
        assert!(asked < 30, "it does not end");
    }
    assert_eq!((asked, gathering.tasks.len(), gathering.has_moved), (21, 1000, true));
}

#[test]
fn a_list_that_never_stands_still_is_left_at_last() {
    let (_, moved) = gather((0..5000).collect(), |page, list| *list = (0..5000).map(|id| id + 10_000 * page).collect());
    assert!(moved);
}

#[test]
fn each_format_has_its_media_type() {
    assert_eq!(Format::Csv.media_type(), "text/csv;charset=utf-8");
    assert_eq!(Format::Json.media_type(), "application/json");
}

/// RFC 4180, read as it is written there.
fn read(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut pieces = quoted.splitn(2, '"');
            cell.push_str(pieces.next().unwrap());
            rest = pieces.next().unwrap();
            if rest.starts_with('"') {
                cell.push('"'); // a double one, and on within the quotes
                continue;
            }
        } else {
            let end = rest.find([',', '\r', '\n', '"']).unwrap_or(rest.len());
            cell.push_str(&rest[..end]);
            rest = &rest[end..];
        }
        row.push(std::mem::take(&mut cell));
        if let Some(more) = rest.strip_prefix(',') {
            rest = more;
            assert!(!rest.is_empty());
            if rest.starts_with("\r\n") {
                row.push(String::new());
            }
        }
        if let Some(more) = rest.strip_prefix("\r\n") {
            rest = more;
            rows.push(std::mem::take(&mut row));
        }
    }
    assert!(row.is_empty(), "the last line ends too");
    rows
}

proptest! {
    #[test]
    fn every_value_is_read_again_and_none_is_a_formula(
        values in prop::collection::vec(prop::collection::vec(r#"([-=+@＝＋－＠\t\r\n",' a]|.){0,6}"#, 6), 0..5),
    ) {
        let tasks: Vec<_> = values.iter().map(|values| Task {
            scan_type: Some(ScanType::from(values[1].as_str())),
            status: Some(TaskStatus::from(values[2].as_str())),
            created_at: Some(values[3].clone()),
            started_at: Some(values[4].clone()),
            finished_at: Some(values[5].clone()),
            ..task(&values[0])
        }).collect();
        let rows = read(&csv(&tasks));
        prop_assert_eq!(rows.len(), tasks.len() + 1);
        for (row, values) in rows[1..].iter().zip(&values) {
            prop_assert_eq!(row.len(), 6);
            for (cell, value) in row.iter().zip(values) {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n']), "{cell:?}");
                prop_assert!(cell == value || cell.strip_prefix('\'') == Some(value), "{cell:?} is not {value:?}");
            }
        }
    }
}
