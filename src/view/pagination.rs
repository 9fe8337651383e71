//! The place in the list, and the ways to other places.

use super::handlers::{Click, click};
use super::select::select;
use super::{set_attribute, set_text};
use crate::app::{App, effect, range_text};
use crate::messages::{Messages, fill};
use crate::paging::{PageLink, Total};
use crate::query::{LIMITS, TaskQuery};
use leptos::html::{Button, Div, Span};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, MouseEvent};

/// A step through the list: from the query in force, to where; `None` where there is nothing.
type Step = fn(TaskQuery, Total) -> Option<TaskQuery>;

/// The four steps: class, label, target.
const STEPS: [(&str, fn(&Messages) -> &'static str, Step); 4] = [
    ("first", |messages| messages.first_page, |query, _| Some(query.at(0))),
    ("previous", |messages| messages.previous_page, |query, _| Some(query.previous())),
    ("next", |messages| messages.next_page, |query, total| total.has_next(query).then(|| query.next())),
    (
        "last",
        |messages| messages.last_page,
        |query, total| total.last(query).filter(|last| last.offset() > query.offset()),
    ),
];

/// Where a step leads now, if anywhere.
fn target(app: App, step: Step) -> Option<TaskQuery> {
    let query = app.query();
    let total = app.listing.with_untracked(|listing| listing.rows().map(|loaded| loaded.total))?;
    step(query, total).filter(|target| *target != query)
}

/// Rows per page, the range on show, and the page buttons.
pub fn pagination(app: App) -> impl IntoView {
    let footer = NodeRef::<Div>::new();
    let range = NodeRef::<Span>::new();
    let numbers = NodeRef::<Span>::new();
    let buttons = [(); 4].map(|()| NodeRef::<Button>::new());
    effect(move || {
        app.address.track();
        app.listing.track();
        let (Some(footer), Some(range), Some(numbers)) = (footer.get(), range.get(), numbers.get()) else { return };
        for ((.., step), button) in STEPS.iter().zip(buttons) {
            if let Some(button) = button.get_untracked() {
                set_attribute(&button, "aria-disabled", target(app, *step).is_none().then_some("true"));
            }
        }
        let formats = app.formats();
        app.listing.with_untracked(|listing| {
            let loaded = listing.rows();
            set_attribute(&footer, "class", Some(if loaded.is_some() { "footer" } else { "footer unknown" }));
            let Some(loaded) = loaded else { return };
            let text = range_text(&formats, loaded, formats.messages.range, formats.messages.range_open);
            set_text(&range, &text.unwrap_or_default());
            update_numbers(app, &numbers, loaded.total);
        });
    });
    let messages = app.messages();
    let step = move |index: usize| {
        STEPS.get(index).zip(buttons.get(index)).map(|(&(class, label, step), &button)| {
            let go = click(move || {
                if let Some(query) = target(app, step) {
                    app.go(query);
                }
            });
            let label = label(messages);
            view! { <button type="button" class=class part="button" aria-label=label title=label node_ref=button on:click=go></button> }
        })
    };
    // One listener for all the numbers, which come and go.
    let go_to: Click = Box::new(move |event: MouseEvent| {
        let button = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        if let Some(number) = button.and_then(|button| button.get_attribute("value")?.parse().ok()) {
            app.go(app.query().page(number));
        }
    });
    view! {
        <div class="footer unknown" node_ref=footer>
            {rows_per_page(app)}
            <span class="range" node_ref=range></span>
            <nav class="pagination" part="pagination" aria-label=messages.pagination>
                {step(0)}
                {step(1)}
                <span class="numbers" node_ref=numbers on:click=go_to></span>
                {step(2)}
                {step(3)}
            </nav>
        </div>
    }
}

/// Brings the page numbers up to date. The buttons are filled anew in their places, so that the focus stays.
fn update_numbers(app: App, numbers: &HtmlElement, total: Total) {
    let query = app.query();
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
        let Some(button) = there.or_else(|| new_number(numbers)) else { return };
        let text = formats.number(number);
        set_text(&button, &text);
        set_attribute(&button, "value", Some(&number.to_string()));
        set_attribute(&button, "aria-label", Some(&fill(formats.messages.page, &[("n", &text)])));
        set_attribute(&button, "aria-current", (number == query.page_number()).then_some("page"));
        set_attribute(&button, "class", Some(if gap { "number after-gap" } else { "number" }));
        gap = false;
        place += 1;
    }
    while let Some(extra) = children.get_with_index(place) {
        extra.remove();
    }
}

fn new_number(numbers: &HtmlElement) -> Option<HtmlElement> {
    let button: HtmlElement = numbers.owner_document()?.create_element("button").ok()?.dyn_into().ok()?;
    set_attribute(&button, "type", Some("button"));
    set_attribute(&button, "part", Some("button"));
    numbers.append_child(&button).ok()?;
    Some(button)
}

fn rows_per_page(app: App) -> impl IntoView {
    let offer = move || {
        let now = app.address.with(|address| address.query.limit());
        let mut limits = LIMITS.to_vec();
        if let Err(position) = limits.binary_search(&now) {
            limits.insert(position, now);
        }
        (limits.iter().map(|limit| (limit.to_string(), limit.to_string())).collect(), now.to_string())
    };
    select(app.messages().rows_per_page, offer, move |value| {
        if let Ok(limit) = value.parse() {
            app.go(app.query().with_limit(limit));
        }
    })
}
