//! The state of one element, and the few things that change it.
//!
//! The host's attributes are the truth about what is looked at. A person's step writes them (and the address, on the
//! standalone page); from there everything flows one way.

use crate::address::{Address, Refresh, TimeZone};
use crate::api::ApiError;
use crate::events;
use crate::format::{Browser, Formats};
use crate::http::{self, EarlyRequest};
use crate::listing::{Listing, Loaded, Outcome, Request};
use crate::location::{self, Step};
use crate::messages::{Messages, fill};
use crate::model::{Task, TaskStatus};
use crate::paging::Total;
use crate::poll;
use crate::query::TaskQuery;
use crate::timer::Timer;
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;
use std::sync::Arc;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

/// Whoever waits for a refresh.
type Waiting = (js_sys::Function, js_sys::Function);

/// The state of one element. A handle: copying it is free.
#[derive(Clone, Copy)]
pub struct App {
    host: StoredValue<HtmlElement, LocalStorage>,
    api_base: RwSignal<String>,
    /// What the attributes ask for.
    pub address: RwSignal<Address>,
    /// How values are formatted.
    pub formats: RwSignal<Arc<Formats>, LocalStorage>,
    /// What is on show.
    pub listing: RwSignal<Listing>,
    /// What a screen reader is told, politely.
    pub announcement: RwSignal<String>,
    /// The task whose details are open.
    pub opened: RwSignal<Option<Task>>,
    /// Counts the times that somebody asked for the same page again.
    again: RwSignal<u32>,
    failures: StoredValue<u32>,
    by_person: StoredValue<bool>,
    early: StoredValue<Option<EarlyRequest>, LocalStorage>,
    waiting: StoredValue<Vec<Waiting>, LocalStorage>,
    next_poll: StoredValue<Option<Timer>, LocalStorage>,
}

impl App {
    /// The state for an element, read from its attributes. Belongs to the current reactive owner, and ends with it.
    pub fn new(host: HtmlElement, early: Option<EarlyRequest>) -> Self {
        if host.has_attribute("url-sync") {
            location::read_into(&host);
        }
        let address = read_address(&host);
        let app = Self {
            api_base: RwSignal::new(read_api_base(&host)),
            formats: RwSignal::new_local(Arc::new(Formats::new(&address.presentation))),
            address: RwSignal::new(address),
            listing: RwSignal::new(Listing::Unasked),
            announcement: RwSignal::new(String::new()),
            opened: RwSignal::new(None),
            again: RwSignal::new(0),
            failures: StoredValue::new(0),
            by_person: StoredValue::new(false),
            early: StoredValue::new_local(early),
            waiting: StoredValue::new_local(Vec::new()),
            next_poll: StoredValue::new_local(None),
            host: StoredValue::new_local(host),
        };
        app.fetch_what_is_asked();
        app
    }

    /// An attribute changed, or the address did (`from_address`).
    pub fn read_again(self, from_address: bool) {
        self.host.with_value(|host| {
            if from_address && host.has_attribute("url-sync") {
                location::read_into(host); // each change comes back here, with `from_address` false
            }
            let (address, api_base) = (read_address(host), read_api_base(host));
            if address.presentation != self.address.with_untracked(|old| old.presentation.clone()) {
                self.formats.set(Arc::new(Formats::new(&address.presentation)));
            }
            if self.address.with_untracked(|old| *old != address) {
                self.address.set(address);
            }
            if self.api_base.with_untracked(|old| *old != api_base) {
                self.api_base.set(api_base);
            }
        });
    }

    /// The texts in the reader's language.
    pub fn messages(self) -> &'static Messages {
        self.formats.with(|formats| formats.messages)
    }

    /// The query in force.
    pub fn query(self) -> TaskQuery {
        self.address.with(|address| address.query)
    }

    /// Whether this is the standalone page.
    pub fn is_standalone(self) -> bool {
        self.host.with_value(|host| host.has_attribute("url-sync"))
    }

    /// A person looks at another part of the list.
    pub fn go(self, query: TaskQuery) {
        if query == self.address.with_untracked(|address| address.query) {
            return self.ask_again();
        }
        self.by_person.set_value(true);
        self.write_query(query, Step::Push);
        if let Some(request) = self.request_untracked() {
            self.host.with_value(|host| events::query_change(host, &request));
        }
    }

    /// A person chooses an instance.
    pub fn choose(self, project_id: &str, instance_id: &str) {
        self.by_person.set_value(true);
        self.write(&[("project_id", Some(project_id.trim())), ("instance_id", Some(instance_id.trim()))], Step::Push);
    }

    /// A person chooses a time zone.
    pub fn set_time_zone(self, zone: &TimeZone) {
        self.write(&[("time_zone", Some(zone.value()).filter(|_| *zone != TimeZone::Local))], Step::Replace);
    }

    /// A person chooses when to refresh by itself.
    pub fn set_refresh(self, refresh: Refresh) {
        let value = refresh.value();
        self.write(&[("refresh", Some(value.as_str()).filter(|_| refresh != Refresh::Automatic))], Step::Replace);
    }

    /// A person asks for the page on show again.
    pub fn ask_again(self) {
        self.by_person.set_value(true);
        self.again.update(|count| *count += 1);
    }

    /// The host asks for the page on show again.
    pub fn refresh(self) -> js_sys::Promise {
        js_sys::Promise::new(&mut |resolve, reject| {
            self.waiting.update_value(|waiting| waiting.push((resolve, reject)));
            self.again.update(|count| *count += 1);
        })
    }

    /// A person opens a task: the host may show it, else this element does.
    pub fn open(self, task: &Task) {
        if self.host.with_value(|host| events::task_select(host, task)) {
            self.opened.set(Some(task.clone()));
        }
    }

    fn write_query(self, query: TaskQuery, step: Step) {
        let values: Vec<_> = query.write().collect();
        let value = |name| {
            let value = values.iter().find(|(each, _)| *each == name).map(|(_, value)| value.as_str());
            (name, value)
        };
        self.write(&[value("status"), value("offset"), value("limit")], step);
    }

    /// Writes values into the attributes, and into the address of the standalone page.
    fn write(self, values: &[(&str, Option<&str>)], step: Step) {
        self.host.with_value(|host| {
            for (name, value) in values {
                let attribute = location::attribute(name);
                let done = match value {
                    Some(value) => host.set_attribute(&attribute, value),
                    None => host.remove_attribute(&attribute),
                };
                debug_assert!(done.is_ok(), "attribute names are valid");
            }
            if host.has_attribute("url-sync") {
                location::write_from(host, step);
            }
        });
        self.read_again(false);
    }

    fn request_of(self, address: &Address, api_base: String) -> Option<Request> {
        let instance = address.instance.clone()?;
        Some(Request { api_base, instance, query: address.query })
    }

    fn request_untracked(self) -> Option<Request> {
        self.address.with_untracked(|address| self.request_of(address, self.api_base.get_untracked()))
    }

    /// Whenever what is asked for changes, or is asked for again: ends the request under way and sends the next one.
    fn fetch_what_is_asked(self) {
        let request = Memo::new(move |_| self.address.with(|address| self.request_of(address, self.api_base.get())));
        Effect::new(move |_| {
            self.again.track();
            self.next_poll.set_value(None);
            let Some(request) = request.get() else {
                self.listing.set(Listing::Unasked);
                return;
            };
            self.listing.update(|listing| *listing = listing.requested(&request));
            spawn_local_scoped_with_cancellation(async move {
                let early = self.early.try_update_value(Option::take).flatten();
                let answer = http::list(&request, early).await;
                self.answered(&request, answer);
            });
        });
        Effect::new(move |_| {
            let refresh = self.address.with(|address| address.presentation.refresh);
            let active = self.listing.with(|listing| listing.rows().is_some_and(|rows| rows.has_active()));
            self.schedule(refresh, active);
        });
    }

    /// Sets the timer of auto-refresh, unless a request is under way.
    fn schedule(self, refresh: Refresh, has_active: bool) {
        let delay = self.listing.with_untracked(|listing| {
            let failure = listing.error().map(|error| (error, self.failures.get_value()));
            let settled = !matches!(listing, Listing::Unasked | Listing::Loading { .. });
            settled.then(|| poll::delay(refresh, has_active, failure, js_sys::Math::random())).flatten()
        });
        let timer = delay.map(|millis| {
            let millis = u32::try_from(millis).unwrap_or(u32::MAX >> 1);
            Timer::after(millis, move || self.again.update(|count| *count += 1))
        });
        self.next_poll.set_value(timer);
    }

    fn answered(self, request: &Request, answer: Result<crate::model::TaskPage, ApiError>) {
        let outcome = self.listing.with_untracked(|listing| listing.answered(request, answer));
        match outcome {
            Outcome::Instead(query, listing) => {
                self.listing.set(listing);
                self.write_query(query, Step::Replace);
            }
            Outcome::Show(listing) => {
                let before = self.listing.with_untracked(|listing| listing.rows().cloned());
                let failed = matches!(listing, Listing::Failed { .. });
                self.failures.update_value(|failures| *failures = if failed { *failures + 1 } else { 0 });
                self.listing.set(listing.clone());
                self.tell(request, &listing, before.as_deref());
            }
        }
    }

    /// Tells the host, a screen reader, and whoever waits for a refresh.
    fn tell(self, request: &Request, listing: &Listing, before: Option<&Loaded>) {
        let by_person = self.by_person.try_update_value(std::mem::take).unwrap_or_default();
        let waiting = self.waiting.try_update_value(std::mem::take).unwrap_or_default();
        self.host.with_value(|host| match listing {
            Listing::Loaded(loaded) => {
                if by_person {
                    self.announcement.set(announce(&self.formats.get_untracked(), loaded));
                }
                events::load(host, loaded);
                for task in before.map(|before| ended(before, loaded)).unwrap_or_default() {
                    events::task_finish(host, task);
                }
            }
            Listing::Failed { error, .. } => {
                if by_person {
                    self.announcement.set(self.formats.get_untracked().messages.error_title(error));
                }
                events::error(host, request, error);
            }
            Listing::Unasked | Listing::Loading { .. } => {}
        });
        let error = listing
            .error()
            .map(|error| JsValue::from(js_sys::Error::new(&self.formats.get_untracked().messages.error_title(error))));
        for (resolve, reject) in waiting {
            let called = match &error {
                Some(error) => reject.call1(&JsValue::NULL, error),
                None => resolve.call0(&JsValue::NULL),
            };
            debug_assert!(called.is_ok(), "settling a promise does not throw");
        }
    }
}

/// The tasks that were waiting or running before and have ended since.
fn ended<'a>(before: &Loaded, now: &'a Loaded) -> Vec<&'a Task> {
    let was_active = |task: &&Task| {
        let same = |old: &&Task| old.id == task.id;
        before.page.records.iter().find(same).and_then(|old| old.status.as_ref()).is_some_and(TaskStatus::is_active)
    };
    let has_ended = |task: &&Task| matches!(task.status, Some(TaskStatus::Success | TaskStatus::Failed));
    if !before.has_active() {
        return Vec::new();
    }
    now.page.records.iter().filter(has_ended).filter(was_active).collect()
}

/// What a screen reader is told of a page that a person asked for.
fn announce(formats: &Formats, loaded: &Loaded) -> String {
    range_text(formats, loaded, formats.messages.range_tasks, formats.messages.range_open_tasks)
        .unwrap_or_else(|| formats.messages.empty(loaded.request.query.status()).to_owned())
}

/// The place of the rows in the list: `known` where the end is known, else `open`. `None` if there are no rows.
pub fn range_text(formats: &Formats, loaded: &Loaded, known: &str, open: &str) -> Option<String> {
    let (from, to) = loaded.range()?;
    let (from, to) = (formats.number(from), formats.number(to));
    Some(match loaded.total {
        Total::Exactly(total) => {
            let total = formats.number(total);
            fill(known, &[("from", from.as_str()), ("to", to.as_str()), ("total", total.as_str())])
        }
        Total::AtLeast(_) => fill(open, &[("from", from.as_str()), ("to", to.as_str())]),
    })
}

fn read_address(host: &HtmlElement) -> Address {
    Address::read(|name| host.get_attribute(&location::attribute(name)), &Browser)
}

fn read_api_base(host: &HtmlElement) -> String {
    host.get_attribute("api-base").unwrap_or_default()
}
