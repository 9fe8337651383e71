//! The place in the list, and the ways to other places.

use super::button::idle_button;
use super::select::{Offer, select};
use crate::app::{App, range_text};
use crate::digits::digits;
use crate::dom::{append, element, set_attribute, set_text, text};
use crate::messages::{Messages, Pick, fill};
use crate::paging::{PageLink, Total};
use crate::query::{LIMITS, TaskQuery};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// A step through the list: from the query that the controls stand at, to where; `None` where there is nothing.
type Step = fn(TaskQuery, Total) -> Option<TaskQuery>;

/// The four steps: class, label, target.
const STEPS: [(&str, Pick, Step); 4] = [
    ("first", Messages::first_page, |query, _| Some(query.at(0))),
    ("previous", Messages::previous_page, |query, _| Some(query.previous())),
    ("next", Messages::next_page, |query, total| total.has_next(query).then(|| query.next())),
    ("last", Messages::last_page, |query, total| total.last(query).filter(|_| total.has_next(query))),
];

/// Where a step leads now, if anywhere.
fn target(app: App, step: Step) -> Option<TaskQuery> {
    let query = app.controls();
    let total = app.listing().rows().map(|loaded| loaded.total)?;
    step(query, total).filter(|target| *target != query)
}

/// Rows per page, the range on show, and the page buttons.
pub fn pagination(app: App) -> HtmlElement {
    let messages = app.messages();
    let range = text("span.range", "");
    let numbers = text("span.numbers", "");
    // One listener for all the numbers, which come and go.
    app.listen(&numbers, "click", move |event| {
        let button = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        if let Some(number) = button.and_then(|button| button.get_attribute("value")?.parse().ok()) {
            app.go(app.controls().page(number));
        }
    });
    let buttons = STEPS.map(|(class, label, step)| {
        let button = idle_button(class, "");
        app.listen(&button, "click", move |_| {
            if let Some(query) = target(app, step) {
                app.go(query);
            }
        });
        set_attribute(&button, "aria-label", Some(label(messages)));
        set_attribute(&button, "title", Some(label(messages)));
        button
    });
    let [first, previous, next, last] = &buttons;
    let navigation = element("nav.pagination[part=pagination]", &[first, previous, &numbers, next, last]);
    set_attribute(&navigation, "aria-label", Some(messages.pagination()));
    let footer = element("div.footer.unknown", &[&rows_per_page(app), &range, &navigation]);
    let shown = footer.clone();
    app.follow_rows(move |loaded| {
        for ((.., step), button) in STEPS.iter().zip(&buttons) {
            set_attribute(button, "aria-disabled", target(app, *step).is_none().then_some("true"));
        }
        set_attribute(&footer, "class", Some(if loaded.is_some() { "footer" } else { "footer unknown" }));
        let Some(loaded) = loaded else { return };
        let formats = app.formats();
        let text = range_text(loaded, formats.messages.range(), formats.messages.range_open());
        set_text(&range, &text.unwrap_or_default());
        update_numbers(app, &numbers, loaded.total);
    });
    shown
}

/// Brings the page numbers up to date. The buttons are filled anew in their places, so that the focus stays.
fn update_numbers(app: App, numbers: &HtmlElement, total: Total) {
    let query = app.controls();
    let formats = app.formats();
    let children = numbers.children();
    let mut gap = false;
    let mut place = 0;
    for link in total.pages(query) {
        let PageLink::Page(number) = link else {
            gap = true;
            continue;
        };
        let there = children.get_with_index(place).and_then(|child| child.dyn_into::<HtmlElement>().ok());
        let button = there.unwrap_or_else(|| {
            let button = element("button[type=button][part=button]", &[]);
            append(numbers, &button);
            button
        });
        let text = digits(number);
        set_text(&button, &text);
        set_attribute(&button, "value", Some(&text));
        set_attribute(&button, "aria-label", Some(&fill(formats.messages.page(), &[("n", &text)])));
        set_attribute(&button, "aria-current", (number == query.page_number()).then_some("page"));
        set_attribute(&button, "class", Some(if gap { "number after-gap" } else { "number" }));
        gap = false;
        place += 1;
    }
    while let Some(extra) = children.get_with_index(place) {
        extra.remove();
    }
}

fn rows_per_page(app: App) -> HtmlElement {
    select(app, app.messages().rows_per_page(), offered_limits, |app, value| {
        if let Ok(limit) = value.parse() {
            app.go(app.controls().with_limit(limit));
        }
    })
}

fn offered_limits(app: App) -> Offer {
    let now = app.controls().limit();
    let mut limits = LIMITS.to_vec();
    if let Err(position) = limits.binary_search(&now) {
        limits.insert(position, now);
    }
    (limits.iter().map(|limit| (digits(*limit), digits(*limit))).collect(), digits(now))
}
