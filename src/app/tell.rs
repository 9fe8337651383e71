//! What is told of an answer: to the host, to a screen reader, and to whoever waits for it.

use super::App;
use crate::digits::digits;
use crate::events;
use crate::format::Formats;
use crate::listing::{Listing, Loaded, Request};
use crate::messages::{Numbers, fill, plural};
use crate::model::{Task, TaskStatus};
use crate::paging::Total;
use crate::storage;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// An answer that has not been told of.
pub(super) struct News {
    /// What was asked for.
    pub request: Request,
    /// The rows of before.
    pub before: Option<Rc<Loaded>>,
    /// What is on show since.
    pub listing: Rc<Listing>,
}

impl App {
    /// Tells of an answer, next. What it changed on the page is there by then, also for whoever observes that.
    pub(super) fn tell_next(self, news: News) {
        spawn_local(async move {
            if self.0.try_get_value().is_some() {
                self.tell(&news);
            }
        });
    }

    /// Tells the host, a screen reader, and whoever waits for a refresh.
    fn tell(self, News { request, before, listing }: &News) {
        let (host, formats) = (self.host(), self.formats());
        let waiting = std::mem::take(&mut self.shared().state.borrow_mut().waiting);
        let by_person = std::mem::take(&mut self.shared().state.borrow_mut().by_person);
        let error = listing.error().map(|error| formats.messages.error_title(error));
        let ended = match &**listing {
            Listing::Loaded(loaded) => before.as_ref().map(|before| ended(before, loaded)).unwrap_or_default(),
            _ => Vec::new(),
        };
        if by_person {
            let text = error.clone().or_else(|| listing.rows().map(|loaded| told(&formats, loaded)));
            self.announce(&text.unwrap_or_default());
        } else if let [task, others @ ..] = ended.as_slice() {
            self.announce(&formats.finished(task, others.len()));
        }
        if let [task, others @ ..] = ended.as_slice()
            && storage::is_on(storage::NOTIFY, false)
        {
            self.on_demand().finished(&formats.finished(task, others.len()));
        }
        match &**listing {
            Listing::Loaded(loaded) => {
                events::load(&host, loaded);
                for task in ended {
                    events::task_finish(&host, task);
                }
            }
            Listing::Failed { error, .. } => events::error(&host, request, error),
            Listing::Unasked | Listing::Loading { .. } => {}
        }
        for (resolve, reject) in waiting {
            let called = match &error {
                Some(error) => reject.call1(&JsValue::NULL, &js_sys::Error::new(error)),
                None => resolve.call0(&JsValue::NULL),
            };
            debug_assert!(called.is_ok(), "settling a promise does not throw");
        }
    }
}

/// The tasks that were waiting or running before and have ended since.
fn ended<'a>(before: &Loaded, now: &'a Loaded) -> Vec<&'a Task> {
    let is_active = |task: &&Task| task.status.as_ref().is_some_and(TaskStatus::is_active);
    let active: Vec<_> = before.page.records.iter().filter(is_active).collect();
    let was_active = |task: &&Task| active.iter().any(|old| old.id == task.id);
    let has_ended = |task: &&Task| matches!(task.status, Some(TaskStatus::Success | TaskStatus::Failed));
    now.page.records.iter().filter(has_ended).filter(was_active).collect()
}

/// What a screen reader is told of a page that a person asked for.
fn told(formats: &Formats, loaded: &Loaded) -> String {
    let number = match loaded.total {
        Total::Exactly(total) => Some(total),
        Total::AtLeast(_) => loaded.range().map(|(_, to)| to),
    };
    let category = formats.category(number.unwrap_or_default());
    let form = |template| plural(template, &category);
    range_text(loaded, form(formats.messages.range_tasks()), form(formats.messages.range_open_tasks()))
        .unwrap_or_else(|| formats.messages.announce_none().to_owned())
}

/// The place of the rows in the list: `known` where the end is known, else `open`. `None` if there are no rows.
pub fn range_text(loaded: &Loaded, known: &str, open: &str) -> Option<String> {
    let (from, to) = loaded.range()?;
    let (from, to) = (digits(from), digits(to));
    Some(match loaded.total {
        Total::Exactly(total) => {
            let total = digits(total);
            fill(known, &[("from", from.as_str()), ("to", to.as_str()), ("total", total.as_str())])
        }
        Total::AtLeast(_) => fill(open, &[("from", from.as_str()), ("to", to.as_str())]),
    })
}
