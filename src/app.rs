//! The state of one element, and the few things that change it.
//!
//! The host's attributes are the truth about what is looked at. A person's step writes them (and the address, on the
//! standalone page); from there everything flows one way.

mod clock;
mod polling;
mod tell;

use crate::address::{Address, Refresh, TimeZone};
use crate::api::ApiError;
use crate::events;
use crate::format::Formats;
use crate::http::{self, EarlyRequest};
use crate::listing::{Listing, Loaded, Outcome, Request};
use crate::location::{self, Step};
use crate::messages::Messages;
use crate::model::{Task, TaskPage};
use crate::on_demand::OnDemand;
use crate::plain::{Plain, object};
use crate::query::TaskQuery;
use crate::storage;
use crate::timer::Timer;
use leptos::prelude::*;
use leptos::reactive::graph::{Observer, Subscriber};
use leptos::task::spawn_local_scoped_with_cancellation;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, RequestCache};

pub use tell::range_text;

/// Whoever waits for a refresh.
type Waiting = (js_sys::Function, js_sys::Function);

/// The state of one element. A handle: copying it is free. It ends with the reactive owner that it was made under.
///
/// What others follow is a signal; the rest is in one place beside them, since each type of signal or stored value
/// is code that every reader downloads.
#[derive(Clone, Copy)]
pub struct App {
    /// What the attributes ask for.
    pub address: RwSignal<Address>,
    /// What is on show.
    pub listing: RwSignal<Listing>,
    /// What a screen reader is told, politely.
    pub announcement: RwSignal<String>,
    /// Why something that is loaded on demand is not there; empty while nothing was missed.
    pub lacking: RwSignal<String>,
    /// Counts what was asked for: another page, or the same again.
    asked: RwSignal<u32>,
    inner: StoredValue<Inner, LocalStorage>,
}

/// What nobody follows.
struct Inner {
    host: HtmlElement,
    formats: Rc<Formats>,
    /// Errors in a row.
    failures: u32,
    /// The latest request that went out.
    latest: Option<Request>,
    /// The step under way is a person's, so its result is told.
    by_person: bool,
    early: Option<EarlyRequest>,
    on_demand: OnDemand,
    waiting: Vec<Waiting>,
    /// The timer of auto-refresh, and the choice that it was set for.
    next_poll: Option<(Refresh, Timer)>,
    /// When the rows on show came, by this device's clock, in milliseconds.
    updated: f64,
    /// How far the service's clock is ahead of this device's, in milliseconds, where they differ much.
    skew: i64,
}

impl App {
    /// The state for an element, read from its attributes.
    pub fn new(host: HtmlElement, early: Option<EarlyRequest>, on_demand: OnDemand) -> Self {
        if host.has_attribute("url-sync") {
            location::read_into(&host);
        }
        let address = location::read_address(&host);
        let inner = Inner {
            host,
            formats: Rc::new(Formats::new(&address.presentation)),
            failures: 0,
            latest: None,
            by_person: false,
            early,
            on_demand,
            waiting: Vec::new(),
            next_poll: None,
            updated: 0.0,
            skew: 0,
        };
        let app = Self {
            address: RwSignal::new(address),
            listing: RwSignal::new(Listing::Unasked),
            announcement: RwSignal::new(String::new()),
            lacking: RwSignal::new(String::new()),
            asked: RwSignal::new(0),
            inner: StoredValue::new_local(inner),
        };
        app.fetch_what_is_asked();
        app
    }

    /// An attribute changed, or the address did (`from_address`).
    pub fn read_again(self, from_address: bool) {
        let host = self.host();
        if from_address && host.has_attribute("url-sync") {
            location::read_into(&host); // each change comes back here, with `from_address` false
        }
        let address = location::read_address(&host);
        let old = self.address.get_untracked();
        let other_texts = !std::ptr::eq(address.presentation.locale.messages(), self.messages());
        if other_texts {
            self.announcement.set(String::new()); // it is in the language of before
        }
        if other_texts || address.presentation != old.presentation {
            self.inner.update_value(|inner| inner.formats = Rc::new(Formats::new(&address.presentation)));
        }
        if address != old {
            let asks = address.request() != old.request();
            self.address.set(address);
            if asks {
                self.count_asked();
            }
        }
    }

    /// The element.
    pub fn host(self) -> HtmlElement {
        self.inner.with_value(|inner| inner.host.clone())
    }

    /// How values are formatted. Whoever follows [`Self::address`] hears of a change.
    pub fn formats(self) -> Rc<Formats> {
        self.inner.with_value(|inner| inner.formats.clone())
    }

    /// The texts in the reader's language. Another language makes another view, so nobody has to follow this.
    pub fn messages(self) -> &'static Messages {
        self.inner.with_value(|inner| inner.formats.messages)
    }

    /// The query in force.
    pub fn query(self) -> TaskQuery {
        self.address.with_untracked(|address| address.query)
    }

    /// The query that the controls stand at and lead on from. Who follows it follows the address and the listing.
    pub fn controls(self) -> TaskQuery {
        let asked = self.query();
        self.listing.with_untracked(|listing| listing.controls(asked))
    }

    /// A person looks at another part of the list.
    pub fn go(self, query: TaskQuery) {
        if query == self.query() {
            return self.ask_again();
        }
        self.step_by_person();
        self.write_query(query, Step::Push);
        if let Some(request) = self.address.with_untracked(Address::request) {
            events::query_change(&self.host(), &request);
        }
    }

    /// A person chooses an instance.
    pub fn choose(self, project_id: &str, instance_id: &str) {
        self.step_by_person();
        self.write(&[("project_id", Some(project_id.trim())), ("instance_id", Some(instance_id.trim()))], Step::Push);
    }

    /// A person chooses a time zone.
    pub fn set_time_zone(self, zone: &TimeZone) {
        self.write(&[("time_zone", Some(zone.value()).filter(|_| *zone != TimeZone::Local))], Step::Replace);
    }

    /// A person chooses when to refresh by itself.
    pub fn set_refresh(self, refresh: Refresh) {
        let value = refresh.value();
        storage::write("refresh", &value);
        self.write(&[("refresh", Some(value.as_str()).filter(|_| refresh != Refresh::Automatic))], Step::Replace);
    }

    /// A person asks for the page on show again.
    pub fn ask_again(self) {
        self.step_by_person();
        self.count_asked();
    }

    /// The host asks for the page on show again.
    pub fn refresh(self) -> js_sys::Promise {
        js_sys::Promise::new(&mut |resolve, reject| {
            self.inner.update_value(|inner| inner.waiting.push((resolve, reject)));
            self.count_asked();
        })
    }

    /// What is on show: see [`crate::extras::export::OnShow`].
    pub fn on_show(self) -> JsValue {
        let status = self.controls().status();
        self.listing.with_untracked(|listing| {
            let page = listing.rows().map(|loaded| &loaded.page);
            let members = [
                ("records", page.map(|page| &*page.records).plain()),
                ("unreadable", page.map_or(0, |page| page.unreadable).into()),
                ("status", status.as_str().plain()),
            ];
            object(&members).into()
        })
    }

    /// Something that is loaded on demand is wanted.
    pub fn on_demand(self) -> OnDemand {
        self.inner.with_value(|inner| inner.on_demand.clone())
    }

    /// A person opens a task: the host shows it, or else what is loaded on demand does.
    pub fn open(self, task: &Task) {
        if events::task_select(&self.host(), task) {
            self.on_demand().open_task(&task.plain());
        }
    }

    fn step_by_person(self) {
        self.inner.update_value(|inner| inner.by_person = true);
    }

    fn count_asked(self) {
        self.asked.update(|count| *count = count.wrapping_add(1));
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
        let host = self.host();
        for (name, value) in values {
            let attribute = location::attribute(name);
            let done = match value {
                Some(value) => host.set_attribute(&attribute, value),
                None => host.remove_attribute(&attribute),
            };
            debug_assert!(done.is_ok(), "attribute names are valid");
        }
        if host.has_attribute("url-sync") {
            location::write_from(&host, step);
        }
        self.read_again(false);
    }

    /// Whenever another page is asked for, or the same again: ends the request under way and sends the next one.
    fn fetch_what_is_asked(self) {
        effect(move || {
            self.asked.track();
            self.inner.update_value(|inner| inner.next_poll = None);
            let Some(request) = self.address.with_untracked(Address::request) else {
                self.listing.set(Listing::Unasked);
                return;
            };
            self.listing.update(|listing| *listing = listing.requested(&request));
            // Who asks for the same page again wants to know how it is now, not what the browser kept.
            let latest = self.inner.try_update_value(|inner| inner.latest.replace(request.clone())).flatten();
            let cache = if latest.as_ref() == Some(&request) { RequestCache::NoCache } else { RequestCache::Default };
            spawn_local_scoped_with_cancellation(async move {
                let early = self.inner.try_update_value(|inner| inner.early.take()).flatten();
                let answer = http::list(&request, early, cache).await;
                self.answered(&request, answer);
            });
        });
        effect(move || {
            let refresh = self.address.with(|address| address.presentation.refresh);
            self.listing.track();
            self.schedule(refresh);
        });
    }

    fn answered(self, request: &Request, mut answer: Result<TaskPage, ApiError>) {
        // Apart from the page: another time of day makes no other page.
        let served = answer.as_mut().ok().and_then(|page| page.served.take());
        let outcome = self.listing.with_untracked(|listing| listing.answered(request, answer));
        match outcome {
            Outcome::Instead(query, listing) => {
                self.listing.set(listing);
                self.write_query(query, Step::Replace);
            }
            Outcome::Show(listing) => {
                let before = self.listing.with_untracked(|listing| listing.rows().cloned());
                let came = matches!(listing, Listing::Loaded(_));
                self.inner.update_value(|inner| inner.failures = if came { 0 } else { inner.failures + 1 });
                if came {
                    self.note_arrival(served);
                }
                self.listing.set(listing.clone());
                self.tell(request, &listing, before.as_deref());
            }
        }
    }
}

/// What is told of the rows on show depends on: the rows, what the controls stand at, and how values are formatted.
type OnShow = (Option<Arc<Loaded>>, TaskQuery, Rc<Formats>);

/// Tells of the rows on show.
type Telling = Box<dyn Fn(Option<&Arc<Loaded>>)>;

impl App {
    /// Runs now, and whenever other rows are on show, or others are asked for, or they are to be told in another way; not
    /// for a refresh that brought nothing new.
    pub fn follow_rows(self, run: impl Fn(Option<&Arc<Loaded>>) + 'static) {
        fn boxed(app: App, run: Telling) {
            let before: RefCell<Option<OnShow>> = RefCell::new(None);
            effect(move || {
                app.address.track(); // its presentation: how values are formatted
                let rows = app.listing.with(|listing| listing.rows().cloned());
                let now = (rows, app.controls(), app.formats());
                let same = |before: &OnShow| {
                    before.0.as_ref().map(Arc::as_ptr) == now.0.as_ref().map(Arc::as_ptr)
                        && before.1 == now.1
                        && Rc::ptr_eq(&before.2, &now.2)
                };
                if before.borrow().as_ref().is_some_and(same) {
                    return;
                }
                run(now.0.as_ref());
                before.replace(Some(now));
            });
        }
        boxed(self, Box::new(run));
    }
}

/// Runs now and whenever a signal that it read changes, until the current reactive owner ends. One function for all
/// effects, not one for each closure: that keeps the module small.
///
/// A signal keeps what is left of an effect that has ended, and asks it in vain with each change. So an effect that ends
/// leaves the signals that it read: else each change of the language would leave a view's worth of them behind.
pub fn effect(run: impl Fn() + 'static) {
    fn boxed(run: Box<dyn Fn()>) {
        let known = Arc::new(OnceLock::new());
        let ended = known.clone();
        Effect::new(move |_| {
            if let Some(subscriber) = Observer::get() {
                known.get_or_init(|| subscriber);
            }
            run();
        });
        on_cleanup(move || {
            if let Some(subscriber) = ended.get() {
                subscriber.clear_sources(subscriber);
            }
        });
    }
    boxed(Box::new(run));
}
