//! The requests of an element, one at a time, and what becomes of their answers.

use super::tell::News;
use super::{App, effect};
use crate::api::ApiError;
use crate::http::{self, Answer};
use crate::listing::{Listing, Outcome, Request};
use crate::location::Step;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::RequestCache;

impl App {
    /// Asks for what the address names, now and whenever that is another.
    pub fn start(self) {
        effect(self.shared().asked.clone(), move || self.fetch());
    }

    /// Ends the request under way and sends the one that is asked for.
    fn fetch(self) {
        self.set_next_poll(None);
        let number = self.end_call();
        let Some(request) = self.address().request() else { return self.show(Listing::Unasked) };
        // Who asks for the same page again wants to know how it is now, not what the browser kept.
        let latest = self.shared().state.borrow_mut().latest.replace(request.clone());
        let cache = if latest.as_ref() == Some(&request) { RequestCache::NoCache } else { RequestCache::Default };
        let early = self.shared().state.borrow_mut().early.take();
        let before = self.shared().state.borrow_mut().latest_answer.take();
        let (call, answer) = http::list(&request, early, cache, before);
        self.shared().state.borrow_mut().call = (number, Some(call));
        self.show(self.listing().requested(&request));
        spawn_local(async move {
            let answer = answer.await;
            if self.0.try_get_value().is_some_and(|shared| shared.state.borrow().call.0 == number) {
                self.end_call();
                self.answered(&request, answer);
            }
        });
    }

    /// No request is under way any longer. The number of the next one.
    fn end_call(self) -> u32 {
        let (number, call) = std::mem::take(&mut self.shared().state.borrow_mut().call);
        drop(call);
        let next = number.wrapping_add(1);
        self.shared().state.borrow_mut().call.0 = next;
        next
    }

    fn count_failures(self, came: bool) {
        let shared = self.shared();
        let mut state = shared.state.borrow_mut();
        state.failures = if came { 0 } else { state.failures + 1 };
    }

    fn answered(self, request: &Request, answer: Result<Answer, ApiError>) {
        let times = answer.as_ref().ok().map(|answer| (answer.served, answer.age));
        let page = answer.map(|answer| {
            let page = answer.page.clone();
            self.shared().state.borrow_mut().latest_answer = Some(answer);
            page
        });
        let before = self.listing();
        match before.answered(request, page) {
            Outcome::Instead(query, listing) => {
                self.show(listing);
                self.write_query(query, Step::Replace);
            }
            Outcome::Show(listing) => {
                let came = matches!(listing, Listing::Loaded(_));
                self.count_failures(came);
                if let Some((served, age)) = times.filter(|_| came) {
                    self.note_arrival(served, age);
                }
                self.show(listing);
                let news = News { request: request.clone(), before: before.rows().cloned(), listing: self.listing() };
                self.shared().state.borrow_mut().news = Some(news);
            }
        }
    }
}
