//! The state of one element, and the few things that change it.
//!
//! The host's attributes are the truth about what is looked at. A person's step writes them (and the address, on the
//! standalone page); from there everything flows one way.

mod clock;
mod following;
mod polling;
mod requests;
mod tell;

use crate::address::{Address, Refresh, TimeZone};
use crate::dom::set_attribute;
use crate::events;
use crate::format::Formats;
use crate::http::{Answer, Call, EarlyRequest};
use crate::listing::{Listing, Request};
use crate::location::{self, Step};
use crate::messages::Messages;
use crate::model::Task;
use crate::on_demand::OnDemand;
use crate::plain::{Plain, object};
use crate::query::TaskQuery;
use crate::storage;
use crate::timer::Timer;
use leptos::prelude::*;
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

pub use following::Seen;
use tell::News;
pub use tell::range_text;

/// Whoever waits for a refresh.
type Waiting = (js_sys::Function, js_sys::Function);

/// The state of one element. A handle: copying it is free. It ends with the reactive owner that it was made under.
///
/// It is one value with two triggers beside it, and not a signal for each thing in it: each type of signal is code that
/// every reader downloads, and what is on show is brought up to date as a whole in a fraction of a millisecond.
#[derive(Clone, Copy)]
pub struct App(StoredValue<Rc<Shared>, LocalStorage>);

struct Shared {
    /// Something that is shown or told is another.
    changed: ArcTrigger,
    /// Another page is asked for, or the same again.
    asked: ArcTrigger,
    state: RefCell<State>,
}

struct State {
    host: HtmlElement,
    /// What the attributes ask for.
    address: Rc<Address>,
    formats: Rc<Formats>,
    /// What is on show.
    listing: Rc<Listing>,
    /// What a screen reader is told, politely.
    announcement: Rc<str>,
    /// Why something that is loaded on demand is not there; empty while nothing was missed.
    lacking: Rc<str>,
    /// Whoever brings something of the view up to date.
    followers: Vec<Rc<dyn Fn()>>,
    /// What else lives as long as the view.
    kept: Vec<Rc<dyn Any>>,
    /// Errors in a row.
    failures: u32,
    /// The latest request that went out.
    latest: Option<Request>,
    /// The latest answer that brought a page.
    latest_answer: Option<Answer>,
    /// The request under way, and how many there were before it.
    call: (u32, Option<Call>),
    /// The step under way is a person's, so its result is told.
    by_person: bool,
    /// What is to be told of the latest answer.
    news: Option<News>,
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
        let state = State {
            host,
            formats: Rc::new(Formats::new(&address.presentation)),
            address: Rc::new(address),
            listing: Rc::default(),
            announcement: "".into(),
            lacking: "".into(),
            followers: Vec::new(),
            kept: Vec::new(),
            failures: 0,
            latest: None,
            latest_answer: None,
            call: (0, None),
            by_person: false,
            news: None,
            early,
            on_demand,
            waiting: Vec::new(),
            next_poll: None,
            updated: 0.0,
            skew: 0,
        };
        let changed = ArcTrigger::new();
        let shared = Shared { changed: changed.clone(), asked: ArcTrigger::new(), state: RefCell::new(state) };
        let app = Self(StoredValue::new_local(Rc::new(shared)));
        effect(changed, move || app.bring_up_to_date());
        app
    }

    /// An attribute changed, or the address did (`from_address`).
    pub fn read_again(self, from_address: bool) {
        let host = self.host();
        if from_address && host.has_attribute("url-sync") {
            let before = self.address().request();
            location::read_into(&host); // each change comes back here, with `from_address` false
            if self.address().request() != before {
                self.step_by_person();
            }
        }
        let address = location::read_address(&host);
        let old = self.address();
        let other_texts = !std::ptr::eq(address.presentation.locale.messages(), self.messages());
        if other_texts {
            self.announce(""); // it is in the language of before
        }
        if other_texts || address.presentation != old.presentation {
            let formats = Rc::new(Formats::new(&address.presentation));
            self.shared().state.borrow_mut().formats = formats;
        }
        if address != *old {
            let asks = address.request() != old.request();
            self.shared().state.borrow_mut().address = Rc::new(address);
            self.has_changed();
            if asks {
                self.ask();
            }
        }
    }

    fn shared(self) -> Rc<Shared> {
        self.0.get_value()
    }

    /// Something that is shown or told is another: whoever follows is to look, soon.
    pub fn has_changed(self) {
        self.shared().changed.notify();
    }

    /// Has what the address names asked for, soon; once, however often this is called until then.
    fn ask(self) {
        self.shared().asked.notify();
    }

    /// The element.
    pub fn host(self) -> HtmlElement {
        self.shared().state.borrow().host.clone()
    }

    /// What the attributes ask for.
    pub fn address(self) -> Rc<Address> {
        self.shared().state.borrow().address.clone()
    }

    /// What is on show.
    pub fn listing(self) -> Rc<Listing> {
        self.shared().state.borrow().listing.clone()
    }

    /// What a screen reader is told, politely.
    pub fn announcement(self) -> Rc<str> {
        self.shared().state.borrow().announcement.clone()
    }

    /// Why something that is loaded on demand is not there; empty while nothing was missed.
    pub fn lacking(self) -> Rc<str> {
        self.shared().state.borrow().lacking.clone()
    }

    /// How values are formatted.
    pub fn formats(self) -> Rc<Formats> {
        self.shared().state.borrow().formats.clone()
    }

    /// The texts in the reader's language. Another language makes another view, so nobody has to follow this.
    pub fn messages(self) -> &'static Messages {
        self.shared().state.borrow().formats.messages
    }

    /// The query in force.
    pub fn query(self) -> TaskQuery {
        self.shared().state.borrow().address.query
    }

    /// The query that the controls stand at and lead on from.
    pub fn controls(self) -> TaskQuery {
        self.listing().controls(self.query())
    }

    /// A person looks at another part of the list.
    pub fn go(self, query: TaskQuery) {
        if query == self.query() {
            return self.ask_again();
        }
        self.step_by_person();
        self.write_query(query, Step::Push);
        if let Some(request) = self.address().request() {
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
        self.ask();
    }

    /// The host asks for the page on show again.
    pub fn refresh(self) -> js_sys::Promise {
        js_sys::Promise::new(&mut |resolve, reject| {
            self.shared().state.borrow_mut().waiting.push((resolve, reject));
            self.ask();
        })
    }

    /// What is on show: see [`crate::extras::export::OnShow`].
    pub fn on_show(self) -> JsValue {
        let (status, listing) = (self.controls().status(), self.listing());
        let page = listing.rows().map(|loaded| &loaded.page);
        let members = [
            ("records", page.map(|page| &*page.records).plain()),
            ("unreadable", page.map_or(0, |page| page.unreadable).into()),
            ("status", status.as_str().plain()),
        ];
        object(&members).into()
    }

    /// Something that is loaded on demand is wanted.
    pub fn on_demand(self) -> OnDemand {
        self.shared().state.borrow().on_demand.clone()
    }

    /// A person opens a task: the host shows it, or else what is loaded on demand does.
    pub fn open(self, task: &Task) {
        if events::task_select(&self.host(), task) {
            self.on_demand().open_task(&task.plain());
        }
    }

    /// Something that is loaded on demand is not there, for this reason; empty once it is.
    pub fn lacks(self, why: &str) {
        self.shared().state.borrow_mut().lacking = why.into();
        self.has_changed();
    }

    /// Tells a screen reader something, politely.
    fn announce(self, text: &str) {
        self.shared().state.borrow_mut().announcement = text.into();
        self.has_changed();
    }

    fn show(self, listing: Listing) {
        self.shared().state.borrow_mut().listing = Rc::new(listing);
        self.has_changed();
    }

    fn step_by_person(self) {
        self.shared().state.borrow_mut().by_person = true;
    }

    fn write_query(self, query: TaskQuery, step: Step) {
        let values = query.write();
        self.write(&values.each_ref().map(|(name, value)| (*name, value.as_deref())), step);
    }

    /// Writes values into the attributes, and into the address of the standalone page.
    fn write(self, values: &[(&str, Option<&str>)], step: Step) {
        let host = self.host();
        for (name, value) in values {
            let attribute = location::attribute(name);
            set_attribute(&host, &attribute, *value);
        }
        if host.has_attribute("url-sync") {
            location::write_from(&host, step);
        }
        self.read_again(false);
    }

    /// Something that is shown or told is another: everybody looks. What is to be told comes after what is to be seen.
    fn bring_up_to_date(self) {
        let followers = self.shared().state.borrow().followers.clone();
        for run in followers {
            run();
        }
        self.schedule(self.address().presentation.refresh);
        let news = self.shared().state.borrow_mut().news.take();
        if let Some(news) = news {
            self.tell_next(news);
        }
    }
}

/// Runs soon, and soon after each notice of `trigger`, until the current reactive owner ends. One function for all effects,
/// not one for each closure: that keeps the module small.
fn effect(trigger: ArcTrigger, run: impl Fn() + 'static) {
    fn boxed(trigger: ArcTrigger, run: Box<dyn Fn()>) {
        Effect::new(move |_| {
            trigger.track();
            run();
        });
    }
    boxed(trigger, Box::new(run));
}
