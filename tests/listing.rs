//! What is on show, through requests, answers and failures.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by it"
)]

mod common;

use bigkey_tasks::api::ApiError;
use bigkey_tasks::listing::{Listing, Loaded, Outcome, Request};
use bigkey_tasks::model::{TaskPage, TaskStatus};
use bigkey_tasks::paging::Total;
use bigkey_tasks::query::{Instance, StatusFilter, TaskQuery};
use common::{page, request};
use std::rc::Rc;

fn query(offset: u64) -> TaskQuery {
    TaskQuery::default().at(offset)
}

/// A page that came.
#[allow(clippy::unnecessary_wraps, reason = "it is what an answer is taken for")]
fn come(page: TaskPage) -> Result<Rc<TaskPage>, ApiError> {
    Ok(Rc::new(page))
}

/// The listing once `request` was answered, which must not lead elsewhere.
fn answered(listing: &Listing, request: &Request, answer: Result<TaskPage, ApiError>) -> Listing {
    match listing.requested(request).answered(request, answer.map(Rc::new)) {
        Outcome::Show(listing) => listing,
        Outcome::Instead(query, _) => panic!("instead {query:?}"),
    }
}

/// The first page of 25 tasks.
fn first() -> Listing {
    answered(&Listing::Unasked, &request(query(0)), Ok(page(0..10, Some(25))))
}

fn rows(listing: &Listing) -> &Rc<Loaded> {
    listing.rows().unwrap()
}

#[test]
fn nothing_is_shown_before_something_is_asked() {
    let listing = Listing::default();
    assert_eq!((listing.rows(), listing.is_loading(), listing.error()), (None, false, None));
}

#[test]
fn a_first_request_loads_without_rows() {
    let listing = Listing::Unasked.requested(&request(query(0)));
    assert_eq!((listing.rows(), listing.is_loading(), listing.error()), (None, true, None));
}

#[test]
fn an_answer_is_shown_with_its_place_in_the_list() {
    let listing = first();
    let rows = rows(&listing);
    assert!(!listing.is_loading() && listing.error().is_none());
    assert_eq!((rows.total, rows.range(), rows.is_empty()), (Total::Exactly(25), Some((1, 10)), false));
    assert_eq!(rows.request, request(query(0)));
}

#[test]
fn rows_stay_while_loading_and_after_a_failure() {
    let before = first();
    let next = request(query(10));
    let loading = before.requested(&next);
    assert!(loading.is_loading());
    assert!(Rc::ptr_eq(rows(&loading), rows(&before)));
    let failed = answered(&before, &next, Err(ApiError::Network));
    assert!(!failed.is_loading());
    assert_eq!(failed.error(), Some(&ApiError::Network));
    assert!(Rc::ptr_eq(rows(&failed), rows(&before)));
    let failed_again = answered(&failed, &next, Err(ApiError::Timeout));
    assert_eq!(failed_again.error(), Some(&ApiError::Timeout));
    assert!(Rc::ptr_eq(rows(&failed_again), rows(&before)));
    let recovered = answered(&failed_again, &next, Ok(page(10..20, Some(25))));
    assert_eq!((recovered.error(), rows(&recovered).range()), (None, Some((11, 20))));
}

#[test]
fn rows_of_another_instance_or_endpoint_do_not_stay() {
    let before = first();
    for (project_id, instance_id, api_base) in [("p", "other", ""), ("other", "i", ""), ("p", "i", "/other")] {
        let request = Request {
            api_base: api_base.to_owned(),
            instance: Instance::new(project_id, instance_id).unwrap(),
            query: query(0),
        };
        let loading = before.requested(&request);
        assert_eq!((loading.rows(), loading.is_loading()), (None, true));
        assert_eq!(answered(&before, &request, Err(ApiError::Network)).rows(), None);
    }
}

#[test]
fn the_error_of_a_request_stands_while_the_same_is_asked_again() {
    let asked = request(query(0));
    let failed = answered(&Listing::Unasked, &asked, Err(ApiError::Network));
    let retrying = failed.requested(&asked);
    assert_eq!((retrying.error(), retrying.is_loading()), (Some(&ApiError::Network), true));
    let impatient = retrying.requested(&asked).requested(&asked);
    assert_eq!(impatient.error(), Some(&ApiError::Network));
}

#[test]
fn the_error_of_a_request_goes_when_something_else_is_asked() {
    let asked = request(query(0));
    let failed = answered(&Listing::Unasked, &asked, Err(ApiError::Network));
    let other = request(query(10));
    assert_eq!(failed.requested(&other).error(), None);
    assert_eq!(failed.requested(&asked).requested(&other).error(), None);
    assert_eq!(failed.requested(&other).requested(&asked).error(), None);
}

#[test]
fn an_empty_list_is_empty_and_not_elsewhere() {
    for count in [None, Some(0), Some(42)] {
        let listing = answered(&Listing::Unasked, &request(query(0)), Ok(page([], count)));
        let rows = rows(&listing);
        assert_eq!((rows.is_empty(), rows.range(), rows.total), (true, None, Total::Exactly(0)));
    }
}

#[test]
fn records_that_cannot_be_read_take_their_place() {
    let page = TaskPage { unreadable: 3, ..page(0..7, Some(10)) };
    let listing = answered(&Listing::Unasked, &request(query(20)), Ok(page));
    assert_eq!((rows(&listing).range(), rows(&listing).is_empty()), (Some((21, 30)), false));
    let none_readable = TaskPage { unreadable: 2, ..TaskPage::default() };
    let listing = answered(&Listing::Unasked, &request(query(20)), Ok(none_readable));
    assert_eq!((rows(&listing).range(), rows(&listing).total), (Some((21, 22)), Total::Exactly(22)));
    assert!(!rows(&listing).is_empty());
}

#[test]
fn a_page_past_the_end_leads_elsewhere_with_the_rows_kept() {
    let before = first();
    let past = request(query(90));
    let outcome = before.requested(&past).answered(&past, come(page([], Some(25))));
    let Outcome::Instead(instead, listing) = outcome else { panic!("{outcome:?}") };
    assert_eq!(instead, query(20));
    assert!(listing.is_loading() && listing.error().is_none());
    assert_eq!(rows(&listing).page, rows(&before).page);
}

/// Follows from `listing` to the second page of two that `count` puts no end to.
fn end_found(listing: &Listing, count: Option<u64>) -> Listing {
    let listing = answered(listing, &request(query(10)), Ok(page(10..20, count)));
    let past = request(query(20));
    let outcome = listing.requested(&past).answered(&past, come(page([], count)));
    let Outcome::Instead(instead, listing) = outcome else { panic!("{outcome:?}") };
    assert_eq!(instead, query(10));
    answered(&listing, &request(instead), Ok(page(10..20, count)))
}

#[test]
fn an_end_that_was_found_holds_while_count_stays_the_same() {
    for count in [None, Some(100), Some(5)] {
        let found = end_found(&Listing::Unasked, count);
        assert_eq!(rows(&found).total, Total::Exactly(20), "{count:?}");
        let first = answered(&found, &request(query(0)), Ok(page(0..10, count)));
        let back = answered(&first, &request(query(10)), Ok(page(10..20, count)));
        assert_eq!(rows(&back).total, Total::Exactly(20), "{count:?}");
        let grown = answered(&found, &request(query(10)), Ok(page(10..20, Some(101))));
        assert_eq!(rows(&grown).total, Total::Exactly(101), "{count:?}");
    }
}

#[test]
fn an_end_at_a_full_page_lapses_when_that_is_asked_for_again_so_a_list_that_grew_can_be_walked_on() {
    for count in [None, Some(100), Some(5), Some(15)] {
        let found = end_found(&Listing::Unasked, count);
        let mut again = answered(&found, &request(query(10)), Ok(page(10..20, count)));
        for _ in 0..2 {
            assert_eq!(rows(&again).total, Total::AtLeast(20), "{count:?}");
            assert!(rows(&again).total.has_next(query(10)));
            again = answered(&again, &request(query(10)), Ok(page(10..20, count)));
        }
        let first = answered(&again, &request(query(0)), Ok(page(0..10, count)));
        assert_eq!(rows(&first).total, Total::AtLeast(10), "what was denied once is no total: {count:?}");
        // It has not grown: the end is found again.
        assert_eq!(rows(&end_found(&again, count)).total, Total::Exactly(20), "{count:?}");
        // It has grown.
        let grown = answered(&again, &request(query(20)), Ok(page(20..25, count)));
        assert_eq!((rows(&grown).total, rows(&grown).range()), (Total::Exactly(25), Some((21, 25))), "{count:?}");
    }
    let failed = answered(&end_found(&Listing::Unasked, None), &request(query(10)), Err(ApiError::Network));
    assert_eq!(rows(&failed).total, Total::Exactly(20), "a failure tells nothing");
}

#[test]
fn an_empty_list_puts_an_end_to_all_ends_found_before() {
    let short = answered(&Listing::Unasked, &request(query(10)), Ok(page(10..15, None)));
    let none = answered(&short, &request(query(0)), Ok(page([], None)));
    let refilled = answered(&none, &request(query(0)), Ok(page(0..10, None)));
    assert_eq!(rows(&refilled).total, Total::AtLeast(10));
}

#[test]
fn the_controls_stand_at_what_is_asked_but_after_a_failure_at_the_rows_that_stayed() {
    let (asked, failing) = (query(10), request(query(10)));
    assert_eq!(Listing::Unasked.controls(asked), asked);
    let before = first();
    let loading = before.requested(&failing);
    assert_eq!(loading.controls(asked), asked);
    let failed = answered(&before, &failing, Err(ApiError::Network));
    assert_eq!(failed.controls(asked), query(0));
    assert_eq!(failed.failure(), Some((asked, &ApiError::Network)));
    let retrying = failed.requested(&failing);
    assert_eq!((retrying.controls(asked), retrying.failure()), (asked, Some((asked, &ApiError::Network))));
    let recovered = answered(&failed, &failing, Ok(page(10..20, Some(25))));
    assert_eq!((recovered.controls(asked), recovered.failure()), (asked, None));
    let nothing = answered(&Listing::Unasked, &failing, Err(ApiError::Network));
    assert_eq!(nothing.controls(asked), asked, "no rows, nothing to agree with");
}

#[test]
fn a_total_that_was_found_is_not_forgotten_on_another_page() {
    for count in [None, Some(100), Some(5)] {
        let found = end_found(&Listing::Unasked, count);
        let back = answered(&found, &request(query(0)), Ok(page(0..10, count)));
        assert_eq!(rows(&back).total, Total::Exactly(20), "{count:?}");
        // A short page tells the end as well.
        let short = answered(&Listing::Unasked, &request(query(20)), Ok(page(20..25, count)));
        let back = answered(&short, &request(query(0)), Ok(page(0..10, count)));
        assert_eq!(rows(&back).total, Total::Exactly(25), "{count:?}");
    }
}

#[test]
fn an_end_is_given_up_once_a_record_beyond_it_is_seen() {
    let short = answered(&Listing::Unasked, &request(query(20)), Ok(page(20..25, Some(100))));
    let grown = answered(&short, &request(query(20)), Ok(page(20..30, Some(100))));
    assert_eq!(rows(&grown).total, Total::Exactly(100));
    let back = answered(&grown, &request(query(0)), Ok(page(0..10, Some(100))));
    assert_eq!(rows(&back).total, Total::Exactly(100));
    let found = end_found(&Listing::Unasked, None);
    let grown = answered(&found, &request(query(15)), Ok(page(15..25, None)));
    assert_eq!(rows(&grown).total, Total::AtLeast(25));
}

#[test]
fn a_count_that_an_empty_page_has_denied_is_not_shown_as_the_total() {
    let all = first();
    let listing = answered(&all, &request(query(0)), Ok(page(0..10, Some(100))));
    let past = request(query(50));
    let Outcome::Instead(instead, listing) = listing.requested(&past).answered(&past, come(page([], Some(100)))) else {
        panic!()
    };
    let listing = answered(&listing, &request(instead), Ok(page(0..10, Some(100))));
    assert_eq!(rows(&listing).total, Total::AtLeast(10));
}

#[test]
fn an_end_that_is_known_is_not_forgotten_over_a_greater_one() {
    let short = answered(&Listing::Unasked, &request(query(20)), Ok(page(20..25, None)));
    let past = request(query(90));
    let Outcome::Instead(instead, listing) = short.requested(&past).answered(&past, come(page([], None))) else {
        panic!()
    };
    let first = answered(&listing, &request(instead), Ok(page(0..10, None)));
    assert_eq!(rows(&first).total, Total::Exactly(25));
}

#[test]
fn an_end_of_one_filter_is_none_of_another() {
    let found = end_found(&Listing::Unasked, Some(100));
    let failed = |offset| request(query(0).with_status(StatusFilter::Failed).at(offset));
    let other = answered(&found, &failed(10), Ok(page(10..20, Some(100))));
    assert_eq!(rows(&other).total, Total::Exactly(100));
    // Nothing at 20 under the filter, and then the filter is taken away again.
    let all = answered(&Listing::Unasked, &request(query(10)), Ok(page(10..20, Some(100))));
    let past = failed(20);
    let Outcome::Instead(_, listing) = all.requested(&past).answered(&past, come(page([], Some(100)))) else {
        panic!()
    };
    let all = answered(&listing, &request(query(10)), Ok(page(10..20, Some(100))));
    assert_eq!(rows(&all).total, Total::Exactly(100));
}

#[test]
fn a_task_that_waits_or_runs_makes_the_rows_active() {
    use TaskStatus::{Failed, Other, Running, Success, Waiting};
    for (status, active) in [
        (Some(Waiting), true),
        (Some(Running), true),
        (Some(Success), false),
        (Some(Failed), false),
        (Some(Other("paused".to_owned())), false),
        (None, false),
    ] {
        let mut page = page(0..3, Some(3));
        page.records[1].status = status.clone();
        let listing = answered(&Listing::Unasked, &request(query(0)), Ok(page));
        assert_eq!(rows(&listing).has_active(), active, "{status:?}");
    }
}
