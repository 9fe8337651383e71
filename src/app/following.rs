//! Whoever follows the state, and what else lives as long as the view.

use super::App;
use crate::dom::Listener;
use crate::format::Formats;
use crate::listing::Loaded;
use crate::query::TaskQuery;
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::{Event, EventTarget};

/// What is told of the rows on show depends on: the rows, what the controls stand at, and how values are formatted.
type OnShow = (Option<Rc<Loaded>>, TaskQuery, Rc<Formats>);

/// Tells of the rows on show.
type Telling = Box<dyn Fn(Option<&Rc<Loaded>>)>;

impl App {
    /// Runs soon, and again whenever something that is shown or told is another, in the order in which they came, until the
    /// view ends. Whoever follows finds out what concerns it.
    pub fn follow(self, run: impl Fn() + 'static) {
        self.shared().state.borrow_mut().followers.push(Rc::new(run));
        self.has_changed();
    }

    /// Runs soon, and whenever other rows are on show, or others are asked for, or they are to be told in another way; not
    /// for a refresh that brought nothing new.
    pub fn follow_rows(self, run: impl Fn(Option<&Rc<Loaded>>) + 'static) {
        fn boxed(app: App, run: Telling) {
            let before: RefCell<Option<OnShow>> = RefCell::new(None);
            app.follow(move || {
                let now = (app.listing().rows().cloned(), app.controls(), app.formats());
                let same = |before: &OnShow| {
                    before.0.as_ref().map(Rc::as_ptr) == now.0.as_ref().map(Rc::as_ptr)
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

    /// Calls `callback` for events of an element of the view, until that ends.
    pub fn listen(self, target: &EventTarget, name: &'static str, callback: impl Fn(Event) + 'static) {
        // Not for each closure anew: that keeps the module small.
        fn boxed(app: App, target: &EventTarget, name: &'static str, callback: Box<dyn Fn(Event)>) {
            app.keep(Rc::new(Listener::on(target.clone(), name, callback)));
        }
        boxed(self, target, name, Box::new(callback));
    }

    /// Keeps something until the view ends.
    pub fn keep(self, what: Rc<dyn Any>) {
        self.shared().state.borrow_mut().kept.push(what);
    }

    /// The view is over, with all that follows, listens, or is kept.
    pub fn end_view(self) {
        let followers = std::mem::take(&mut self.shared().state.borrow_mut().followers);
        let kept = std::mem::take(&mut self.shared().state.borrow_mut().kept);
        drop((followers, kept));
    }
}

/// What was seen last by a follower that is concerned by one thing only.
pub struct Seen<T>(RefCell<Option<Rc<T>>>);

impl<T> Seen<T> {
    /// Whether this is another than the last.
    pub fn is_another(&self, now: &Rc<T>) -> bool {
        self.0.replace(Some(now.clone())).is_none_or(|before| !Rc::ptr_eq(&before, now))
    }
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self(RefCell::new(None))
    }
}
