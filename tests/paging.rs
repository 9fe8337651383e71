//! Paging against a model of the service: whatever `count` means, every record is reached once, and walks end.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by it"
)]

mod common;

use bigkey_tasks::listing::{Listing, Loaded, Outcome};
use bigkey_tasks::model::TaskPage;
use bigkey_tasks::paging::{End, Found, PageLink, Total, instead_of_empty, last_offset};
use bigkey_tasks::query::{MAX_LIMIT, MAX_OFFSET, StatusFilter, TaskQuery};
use common::{page, request};
use proptest::prelude::*;
use std::rc::Rc;

/// A list of tasks numbered from 0, with whatever `count` it claims.
#[derive(Clone, Copy, Debug)]
struct Service {
    size: u64,
    count: Option<u64>,
}

impl Service {
    fn answer(self, query: TaskQuery) -> TaskPage {
        page(query.offset().min(self.size)..(query.offset() + query.limit()).min(self.size), self.count)
    }

    /// Whether `count` is too low and happens to fall on the end of a full page. Then the answers look exactly like
    /// those of a list that ends there, and nothing in them tells otherwise: the accepted limit of what can be seen.
    fn lies_undetectably(self, limit: u64) -> bool {
        self.count.is_some_and(|count| count > 0 && count < self.size && count % limit == 0)
    }
}

/// Every `count` that a list of `size` may come with: right, of all tasks, absent, higher, lower.
fn counts(size: u64) -> impl Iterator<Item = Option<u64>> {
    [None].into_iter().chain((0..=size + 12).map(Some)).chain([Some(1_000_000), Some(1 << 53)])
}

/// Asks for `query` as the page does, and follows until something is shown. Gives the steps that took.
fn ask(listing: &mut Listing, service: Service, mut query: TaskQuery) -> usize {
    for steps in 0.. {
        assert!(steps <= 4, "no end of moving: {service:?} {query:?}");
        let request = request(query);
        *listing = listing.requested(&request);
        match listing.answered(&request, Ok(Rc::new(service.answer(query)))) {
            Outcome::Show(shown) => {
                *listing = shown;
                return steps;
            }
            Outcome::Instead(instead, shown) => {
                assert!(instead.offset() < query.offset());
                assert_eq!((instead.limit(), instead.status()), (query.limit(), query.status()));
                *listing = shown;
                query = instead;
            }
        }
    }
    unreachable!()
}

fn loaded(listing: &Listing) -> &Rc<Loaded> {
    let Listing::Loaded(loaded) = listing else { panic!("{listing:?}") };
    loaded
}

fn ids(loaded: &Loaded) -> Vec<u64> {
    loaded.page.records.iter().map(|task| task.id.parse().unwrap()).collect()
}

/// What is said of the rows agrees with the rows.
fn assert_consistent(loaded: &Loaded) {
    let (query, ids) = (loaded.request.query, ids(loaded));
    if let Some((from, to)) = loaded.range() {
        assert_eq!((from, to), (ids[0] + 1, ids[ids.len() - 1] + 1));
        assert_eq!(from, query.offset() + 1);
        let (Total::Exactly(total) | Total::AtLeast(total)) = loaded.total;
        assert!(to <= total, "{from}–{to} of {total}");
    } else {
        assert!(ids.is_empty() && query.offset() == 0, "{loaded:?}");
        assert_eq!(loaded.total, Total::Exactly(0));
    }
}

/// Walks `next` from the first page to the end, and gives the records seen in order.
fn walk(listing: &mut Listing, service: Service, limit: u64) -> Vec<u64> {
    let mut query = TaskQuery::new(0, limit, StatusFilter::All);
    let (mut seen, mut place) = (Vec::new(), None);
    for steps in 0.. {
        assert!(steps <= service.size / limit + 2, "a walk without end: {service:?} by {limit}");
        ask(listing, service, query);
        let loaded = loaded(listing);
        assert_consistent(loaded);
        let shown = loaded.request.query;
        if place == Some(shown) {
            // There was nothing more, and the last page is shown again.
            assert!(!loaded.total.has_next(shown), "{service:?} by {limit}: back at {shown:?} and still a next page");
        } else {
            seen.extend(ids(loaded));
        }
        if !loaded.total.has_next(shown) {
            return seen;
        }
        place = Some(shown);
        query = shown.next();
    }
    unreachable!()
}

#[test]
fn walking_next_visits_each_record_once_and_ends_whatever_count_says() {
    for (size, limit) in (0..=25).flat_map(|size| (1..=12).map(move |limit| (size, limit))) {
        for count in counts(size) {
            let service = Service { size, count };
            let seen = walk(&mut Listing::Unasked, service, limit);
            let reachable = if service.lies_undetectably(limit) { count.unwrap() } else { size };
            assert_eq!(seen, (0..reachable).collect::<Vec<_>>(), "{service:?} by {limit}");
        }
    }
}

#[test]
fn walking_back_from_the_end_keeps_the_total_and_visits_each_record_once() {
    for (size, limit) in (0..=25).flat_map(|size| (1..=12).map(move |limit| (size, limit))) {
        for count in counts(size) {
            let service = Service { size, count };
            let mut listing = Listing::Unasked;
            let mut reachable = walk(&mut listing, service, limit);
            let mut query = loaded(&listing).request.query;
            loop {
                let loaded = loaded(&listing);
                assert_consistent(loaded);
                for id in ids(loaded).into_iter().rev() {
                    assert_eq!(reachable.pop(), Some(id), "{service:?} by {limit}");
                }
                if !service.lies_undetectably(limit) {
                    assert_eq!(loaded.total, Total::Exactly(size), "{service:?} by {limit} at {query:?}");
                }
                if query.offset() == 0 {
                    break;
                }
                query = query.previous();
                ask(&mut listing, service, query);
            }
            assert!(reachable.is_empty(), "{service:?} by {limit}: {reachable:?}");
        }
    }
}

#[test]
fn an_offset_past_the_end_moves_to_a_page_that_exists_in_two_steps_at_the_most() {
    for (size, limit) in (0..=25).flat_map(|size| (1..=12).map(move |limit| (size, limit))) {
        for (count, offset) in counts(size).flat_map(|count| (0..=40).map(move |offset| (count, offset))) {
            let service = Service { size, count };
            let mut listing = Listing::Unasked;
            let steps = ask(&mut listing, service, TaskQuery::new(offset, limit, StatusFilter::All));
            assert!(steps <= if offset < size.max(1) { 0 } else { 2 }, "{service:?} from {offset} by {limit}: {steps}");
            assert_consistent(loaded(&listing));
            if count == Some(size) && offset >= size.max(1) {
                assert_eq!(steps, 1);
                assert_eq!(loaded(&listing).request.query.offset(), last_offset(size, limit));
            }
        }
    }
}

#[test]
fn a_list_that_shrinks_under_the_reader_leads_back_to_a_page_that_exists() {
    for (size, left, limit) in [(30, 30, 10), (30, 21, 10), (30, 20, 10), (30, 5, 10), (30, 0, 10), (7, 3, 1)] {
        for offset in (0..size).step_by(usize::try_from(limit).unwrap()) {
            for says in [|left| Some(left), |_| None, |_| Some(100), |_| Some(15)] {
                let mut listing = Listing::Unasked;
                let query = TaskQuery::new(offset, limit, StatusFilter::All);
                ask(&mut listing, Service { size, count: says(size) }, query);
                for query in [query, query.next()] {
                    let service = Service { size: left, count: says(left) };
                    let steps = ask(&mut listing.clone(), service, query);
                    assert!(steps <= if says(0) == Some(15) { 3 } else { 2 }, "{service:?} {query:?}: {steps}");
                }
            }
        }
    }
}

#[test]
fn a_page_that_is_not_full_is_the_last_one() {
    let query = TaskQuery::new(20, 10, StatusFilter::Failed);
    for count in [None, Some(0), Some(25), Some(100)] {
        assert_eq!(Total::of(query, 5, count, None), Total::Exactly(25));
    }
}

#[test]
fn a_full_page_believes_count_unless_it_holds_more() {
    let query = TaskQuery::new(20, 10, StatusFilter::All);
    for (count, total) in [
        (None, Total::AtLeast(30)),
        (Some(0), Total::AtLeast(30)),
        (Some(29), Total::AtLeast(30)),
        (Some(30), Total::Exactly(30)),
        (Some(31), Total::Exactly(31)),
    ] {
        assert_eq!(Total::of(query, 10, count, None), total);
    }
}

#[test]
fn an_empty_page_moves_to_where_there_are_rows() {
    let query = TaskQuery::new(30, 10, StatusFilter::All);
    let (before, other) = (Some(query.previous()), Some(query.at(0)));
    for (count, shown, expected) in [
        (Some(25), None, Some(query.at(20))),
        (Some(25), before, Some(query.at(20))),
        (Some(30), None, Some(query.at(20))),
        (Some(5), None, Some(query.at(0))),
        (Some(5), other, Some(query.at(0))),
        // Rows 21 to 30 were just seen, so 5 cannot be right.
        (Some(5), before, Some(query.at(20))),
        (Some(20), before, Some(query.at(20))),
        // There is nothing at 30, so 31 cannot be right.
        (Some(31), None, Some(query.at(0))),
        (Some(31), before, Some(query.at(20))),
        (Some(0), None, Some(query.at(0))),
        (None, None, Some(query.at(0))),
        (None, before, Some(query.at(20))),
        (None, other, Some(query.at(0))),
        (None, before.map(|before| before.with_limit(20).at(20)), Some(query.at(0))),
    ] {
        assert_eq!(instead_of_empty(query, count, shown), expected, "{count:?} {shown:?}");
        assert_eq!(instead_of_empty(query.at(0), count, shown), None);
    }
}

#[test]
fn the_last_page_begins_at_a_multiple_of_the_limit() {
    for (total, limit, expected) in [(0, 10, 0), (1, 10, 0), (10, 10, 0), (11, 10, 10), (42, 10, 40), (42, 1, 41)] {
        assert_eq!(last_offset(total, limit), expected);
        let query = TaskQuery::new(0, limit, StatusFilter::All);
        assert_eq!(Total::Exactly(total).last(query), Some(query.at(expected)));
        assert_eq!(Total::AtLeast(total).last(query), None);
    }
}

#[test]
fn the_page_buttons_are_first_last_and_those_around() {
    let text = |total: Total, page| {
        let links = total.pages(TaskQuery::default().page(page));
        let text = |link: &PageLink| match link {
            PageLink::Page(number) => number.to_string(),
            PageLink::Gap => "…".to_owned(),
        };
        links.iter().map(text).collect::<Vec<_>>().join(" ")
    };
    for (total, page, expected) in [
        (Total::Exactly(0), 1, "1"),
        (Total::Exactly(10), 1, "1"),
        (Total::Exactly(11), 2, "1 2"),
        (Total::Exactly(70), 4, "1 2 3 4 5 6 7"),
        (Total::Exactly(71), 1, "1 2 3 4 5 … 8"),
        (Total::Exactly(71), 4, "1 2 3 4 5 … 8"),
        (Total::Exactly(71), 5, "1 … 4 5 6 7 8"),
        (Total::Exactly(71), 8, "1 … 4 5 6 7 8"),
        (Total::Exactly(1000), 50, "1 … 49 50 51 … 100"),
        (Total::Exactly(1000), 97, "1 … 96 97 98 99 100"),
        (Total::Exactly(30), 9, "1 2 3"),
        (Total::AtLeast(10), 1, "1 2"),
        (Total::AtLeast(100), 10, "1 … 7 8 9 10 11"),
    ] {
        assert_eq!(text(total, page), expected, "{total:?} {page}");
    }
}

#[test]
fn no_page_lies_beyond_the_greatest_offset() {
    for limit in [1, 7, 10, 1000] {
        let query = TaskQuery::new(MAX_OFFSET, limit, StatusFilter::All);
        for total in [Total::Exactly(1 << 53), Total::Exactly(u64::MAX), Total::AtLeast(MAX_OFFSET)] {
            assert!(!total.has_next(query));
            let Some(PageLink::Page(number)) = total.pages(query).pop() else { panic!() };
            assert_eq!(query.page(number).page_number(), number);
            assert_eq!(query.page(number).offset(), (number - 1) * limit);
            assert!(total.last(query).is_none_or(|last| last == query.page(number)));
        }
    }
}

#[test]
fn an_end_that_may_come_earlier_does_not_speak_against_a_count_that_agrees_with_it() {
    let query = TaskQuery::new(0, 10, StatusFilter::All);
    for (found, count, total) in [
        // Nothing at 30 or after it: 25 and 30 can be right, 31 cannot.
        (Found::Empty, 25, Total::Exactly(25)),
        (Found::Empty, 30, Total::Exactly(30)),
        (Found::Empty, 31, Total::AtLeast(10)),
        // The last page was full when it was last seen, and ended at 30.
        (Found::Lapsed, 30, Total::Exactly(30)),
        (Found::Lapsed, 29, Total::AtLeast(10)),
        (Found::Lapsed, 31, Total::AtLeast(10)),
        (Found::Exact, 31, Total::Exactly(30)),
    ] {
        let end = End { offset: 30, found, count: Some(count) };
        assert_eq!(Total::of(query, 10, Some(count), Some(end)), total, "{found:?} {count}");
    }
}

#[test]
fn an_empty_page_tells_how_many_there_are_at_the_most() {
    let query = TaskQuery::new(20, 10, StatusFilter::All);
    for (count, total) in [(None, 0), (Some(0), 0), (Some(5), 5), (Some(20), 20), (Some(99), 20)] {
        assert_eq!(Total::of(query, 0, count, None), Total::Exactly(total), "{count:?}");
    }
    assert_eq!(Total::of(query.at(0), 0, Some(99), None), Total::Exactly(0), "the first page is the whole list");
}

#[test]
fn the_record_at_the_greatest_offset_is_on_the_last_page() {
    for total in [Total::Exactly(MAX_OFFSET + 1), Total::Exactly(1 << 53)] {
        let one = TaskQuery::new(0, 1, StatusFilter::All);
        assert_eq!(total.last(one).unwrap().offset(), MAX_OFFSET);
        assert_eq!(total.pages(one).pop(), Some(PageLink::Page(MAX_OFFSET + 1)));
        // The greatest offset is 2,147,483,647.
        assert_eq!(total.last(one.with_limit(10)).unwrap().offset(), MAX_OFFSET - 7);
        assert!(total.has_next(one.at(MAX_OFFSET - 1)));
    }
    assert_eq!(
        Total::Exactly(MAX_OFFSET).last(TaskQuery::new(0, 1, StatusFilter::All)).unwrap().offset(),
        MAX_OFFSET - 1
    );
}

fn any_total() -> impl Strategy<Value = Total> {
    let number = prop_oneof![0..5_000_u64, any::<u64>()];
    (any::<bool>(), number)
        .prop_map(|(exactly, total)| if exactly { Total::Exactly(total) } else { Total::AtLeast(total) })
}

fn any_query() -> impl Strategy<Value = TaskQuery> {
    (prop_oneof![0..5_000_u64, 0..=MAX_OFFSET], prop_oneof![1..20_u64, 1..=MAX_LIMIT])
        .prop_map(|(offset, limit)| TaskQuery::new(offset, limit, StatusFilter::All))
}

/// What happens to a list between two calls.
#[derive(Clone, Copy, Debug)]
enum Move {
    /// Tasks come at the top; the oldest beyond those that are kept go.
    Insert(u64),
    /// Tasks come at the end.
    Append(u64),
    /// Tasks go from the end.
    Drop(u64),
    /// Tasks go from the top: under a filter, they have ended since.
    End(u64),
    /// Nothing.
    Rest,
}

/// What `count` claims.
#[derive(Clone, Copy, Debug)]
enum Claim {
    Right,
    Absent,
    Always(u64),
    Less(u64),
    More(u64),
}

/// A list that moves: its tasks in order, each with a number of its own.
#[derive(Clone, Debug)]
struct Moving {
    tasks: Vec<u64>,
    numbered: u64,
    kept: usize,
    claim: Claim,
}

impl Moving {
    fn shift(&mut self, by: Move) {
        match by {
            Move::Insert(n) => {
                self.tasks.splice(0..0, self.numbered..self.numbered + n);
                self.tasks.truncate(self.kept);
                self.numbered += n;
            }
            Move::Append(n) => {
                self.tasks.extend(self.numbered..self.numbered + n);
                self.numbered += n;
            }
            Move::Drop(n) => self.tasks.truncate(self.tasks.len().saturating_sub(usize::try_from(n).unwrap())),
            Move::End(n) => drop(self.tasks.drain(..self.tasks.len().min(usize::try_from(n).unwrap()))),
            Move::Rest => {}
        }
    }

    fn answer(&self, query: TaskQuery) -> TaskPage {
        let size = self.tasks.len() as u64;
        let count = match self.claim {
            Claim::Right => Some(size),
            Claim::Absent => None,
            Claim::Always(count) => Some(count),
            Claim::Less(n) => Some(size.saturating_sub(n)),
            Claim::More(n) => Some(size + n),
        };
        let rows = self.tasks.iter().skip(usize::try_from(query.offset()).unwrap());
        page(rows.take(usize::try_from(query.limit()).unwrap()).copied(), count)
    }

    /// Whether the count is too low and falls on the end of a full page: see [`Service::lies_undetectably`].
    fn lies_undetectably(&self, limit: u64) -> bool {
        let count = self.answer(TaskQuery::new(0, limit, StatusFilter::All)).count;
        Service { size: self.tasks.len() as u64, count }.lies_undetectably(limit)
    }
}

/// Asks as the page does while the list moves before every call.
fn ask_moving(listing: &mut Listing, list: &mut Moving, moves: &mut impl Iterator<Item = Move>, mut query: TaskQuery) {
    for steps in 0.. {
        assert!(steps <= 8, "no end of moving: {list:?} {query:?}");
        list.shift(moves.next().unwrap_or(Move::Rest));
        let request = request(query);
        *listing = listing.requested(&request);
        match listing.answered(&request, Ok(Rc::new(list.answer(query)))) {
            Outcome::Show(shown) => {
                *listing = shown;
                return;
            }
            Outcome::Instead(instead, shown) => {
                assert!(instead.offset() < query.offset());
                *listing = shown;
                query = instead;
            }
        }
    }
}

/// What is said of the rows agrees with the rows, wherever they are in a list that moves.
fn assert_range_agrees(loaded: &Loaded) {
    let (offset, length) = (loaded.request.query.offset(), loaded.page.records.len() as u64);
    let expected = (length > 0).then_some((offset + 1, offset + length));
    assert_eq!(loaded.range(), expected);
    let (Total::Exactly(total) | Total::AtLeast(total)) = loaded.total;
    assert!(offset + length <= total, "{loaded:?}");
    assert!(length > 0 || (offset == 0 && loaded.total == Total::Exactly(0)), "{loaded:?}");
}

fn any_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        2 => Just(Move::Rest),
        2 => (1..15_u64).prop_map(Move::Insert),
        1 => (1..15_u64).prop_map(Move::Append),
        1 => (1..40_u64).prop_map(Move::Drop),
        1 => (1..15_u64).prop_map(Move::End),
    ]
}

fn any_claim() -> impl Strategy<Value = Claim> {
    prop_oneof![
        Just(Claim::Right),
        Just(Claim::Absent),
        (0..120_u64).prop_map(Claim::Always),
        (1..30_u64).prop_map(Claim::Less),
        (1..30_u64).prop_map(Claim::More),
    ]
}

proptest! {
    /// While the list moves, the range agrees with the rows and every step ends; once it rests, a refresh and a walk
    /// from the first page reach every task.
    #[test]
    fn a_list_that_moves_is_shown_truly_and_reached_whole_once_it_rests(
        size in 0..60_u64,
        limit in 1..20_u64,
        claim in any_claim(),
        steps in prop::collection::vec((0..8_u8, any_move(), any_move()), 0..40),
    ) {
        let mut list = Moving { tasks: (0..size).collect(), numbered: size, kept: 100, claim };
        let mut listing = Listing::Unasked;
        let mut query = TaskQuery::new(0, limit, StatusFilter::All);
        for (step, first, second) in steps {
            ask_moving(&mut listing, &mut list, &mut [first, second].into_iter(), query);
            let loaded = loaded(&listing);
            assert_range_agrees(loaded);
            let shown = loaded.request.query;
            query = match step {
                0..=3 if loaded.total.has_next(shown) => shown.next(),
                4 => shown.previous(),
                5 => loaded.total.last(shown).unwrap_or(shown),
                6 => shown.at(0),
                _ => shown,
            };
        }
        let mut rest = std::iter::empty();
        let (mut reached, mut query) = (Vec::new(), query.at(0));
        loop {
            ask_moving(&mut listing, &mut list, &mut rest, query);
            // As after Refresh: an end that was found at this page before may be one no longer.
            let shown = loaded(&listing).request.query;
            ask_moving(&mut listing, &mut list, &mut rest, shown);
            let loaded = loaded(&listing);
            assert_range_agrees(loaded);
            if reached.last() == ids(loaded).last() && !reached.is_empty() {
                break; // there was nothing after it
            }
            reached.extend(ids(loaded));
            if !loaded.total.has_next(shown) {
                break;
            }
            query = shown.next();
        }
        if list.lies_undetectably(limit) {
            prop_assert!(reached.len() as u64 >= list.answer(query).count.unwrap());
            prop_assert_eq!(&reached[..], &list.tasks[..reached.len()], "{:?}", list);
        } else {
            prop_assert_eq!(&reached, &list.tasks, "{:?}", list);
        }
    }

    #[test]
    fn page_buttons_hold_the_first_the_current_and_the_last_in_order(total in any_total(), query in any_query()) {
        let links = total.pages(query);
        let last = match total.last(query) {
            Some(last) => last.page_number(),
            None => query.page_number() + u64::from(total.has_next(query)),
        };
        let numbers: Vec<_> = links
            .iter()
            .filter_map(|link| if let PageLink::Page(number) = link { Some(*number) } else { None })
            .collect();
        prop_assert!(numbers.is_sorted_by(|a, b| a < b));
        prop_assert_eq!(numbers.first(), Some(&1));
        prop_assert_eq!(numbers.last(), Some(&last));
        prop_assert!(numbers.contains(&query.page_number().min(last)));
        prop_assert!(links.len() <= 9);
        for pair in links.windows(2) {
            match *pair {
                [PageLink::Page(a), PageLink::Page(b)] => prop_assert_eq!(a + 1, b),
                [PageLink::Gap, PageLink::Gap] => prop_assert!(false),
                _ => {}
            }
        }
        for three in links.windows(3) {
            if let [PageLink::Page(a), PageLink::Gap, PageLink::Page(b)] = *three {
                prop_assert!(a + 1 < b, "a gap that leaves nothing out");
            }
        }
    }

    #[test]
    fn a_next_page_lies_within_the_total(total in any_total(), query in any_query()) {
        if total.has_next(query) {
            prop_assert_eq!(query.next().offset(), query.offset() + query.limit());
            if let Total::Exactly(total) = total {
                prop_assert!(query.next().offset() < total);
            }
        }
    }

    #[test]
    fn moving_from_an_empty_page_always_goes_back(
        query in any_query(),
        count in any::<Option<u64>>(),
        shown in prop::option::of(any_query()),
        before in any::<bool>(),
    ) {
        let shown = if before { Some(query.previous()) } else { shown };
        if let Some(instead) = instead_of_empty(query, count, shown) {
            prop_assert!(instead.offset() < query.offset() && instead.limit() == query.limit());
        } else {
            prop_assert_eq!(query.offset(), 0);
        }
    }

    #[test]
    fn walking_visits_each_record_once_at_any_size(size in 0..3_000_u64, limit in 1..=MAX_LIMIT, count in any::<Option<u16>>()) {
        let service = Service { size, count: count.map(u64::from) };
        let reachable = if service.lies_undetectably(limit) { service.count.unwrap() } else { size };
        prop_assert_eq!(walk(&mut Listing::Unasked, service, limit), (0..reachable).collect::<Vec<_>>());
    }
}
