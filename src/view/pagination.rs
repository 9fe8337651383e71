//! The place in the list, and the ways to other places.

use super::toolbar::select;
use crate::app::{App, range_text};
use crate::listing::Loaded;
use crate::messages::fill;
use crate::paging::{PageLink, Total};
use crate::query::{LIMITS, TaskQuery};
use leptos::prelude::*;

/// What the pagination needs to know of the rows on show.
#[derive(Clone, PartialEq)]
struct Place {
    query: TaskQuery,
    total: Total,
    range: Option<String>,
}

/// Rows per page, the range on show, and the page buttons.
pub fn pagination(app: App) -> impl IntoView {
    let place = Memo::new(move |_| {
        app.formats.with(|formats| {
            let of = |loaded: &Loaded| Place {
                query: loaded.request.query,
                total: loaded.total,
                range: range_text(formats, loaded, formats.messages.range, formats.messages.range_open),
            };
            app.listing.with(|listing| listing.rows().map(|loaded| of(loaded)))
        })
    });
    let range = move || place.with(|place| place.as_ref().and_then(|place| place.range.clone()));
    // The buttons start from the query in force, which a hurried reader may have moved on from the rows on show.
    let step = move |to: fn(TaskQuery, Total) -> Option<TaskQuery>| {
        let query = app.query();
        place.with(|place| place.as_ref().and_then(|place| to(query, place.total))).filter(|target| *target != query)
    };
    let button = move |name: &'static str,
                       label: fn(&crate::messages::Messages) -> &'static str,
                       to: fn(TaskQuery, Total) -> Option<TaskQuery>| {
        let target = Memo::new(move |_| step(to));
        view! {
            <button
                type="button"
                class=name
                part="button"
                aria-label=move || label(app.messages())
                title=move || label(app.messages())
                aria-disabled=move || target.get().is_none().then_some("true")
                on:click=move |_| {
                    if let Some(query) = target.get_untracked() {
                        app.go(query);
                    }
                }
            ></button>
        }
    };
    view! {
        <div class="footer" class:unknown=move || place.with(Option::is_none)>
            {rows_per_page(app)}
            <span class="range">{range}</span>
            <nav class="pagination" part="pagination" aria-label=move || app.messages().pagination>
                {button("first", |messages| messages.first_page, |query, _| Some(query.at(0)))}
                {button("previous", |messages| messages.previous_page, |query, _| Some(query.previous()))}
                {page_buttons(app, place)}
                {button("next", |messages| messages.next_page, |query, total| total.has_next(query).then(|| query.next()))}
                {button("last", |messages| messages.last_page, |query, total| total.last(query).filter(|last| last.offset() > query.offset()))}
            </nav>
        </div>
    }
}

fn page_buttons(app: App, place: Memo<Option<Place>>) -> impl IntoView {
    let links = Memo::new(move |_| {
        let query = app.query();
        place.with(|place| place.as_ref().map(|place| place.total.pages(query)).unwrap_or_default())
    });
    let link = move |link: PageLink| match link {
        PageLink::Gap => view! { <span class="gap" aria-hidden="true">"…"</span> }.into_any(),
        PageLink::Page(number) => {
            let text = app.formats.with_untracked(|formats| formats.number(number));
            let label = fill(app.formats.with_untracked(|formats| formats.messages.page), &[("n", &text)]);
            let current = move || (app.query().page_number() == number).then_some("page");
            view! {
                <button
                    type="button"
                    class="number"
                    part="button"
                    aria-label=label
                    aria-current=current
                    on:click=move |_| app.go(app.address.with_untracked(|address| address.query).page(number))
                >
                    {text}
                </button>
            }
            .into_any()
        }
    };
    view! { <span class="numbers">{move || links.get().into_iter().map(link).collect_view()}</span> }
}

fn rows_per_page(app: App) -> impl IntoView {
    let choices = move || {
        let now = app.query().limit();
        let mut limits = LIMITS.to_vec();
        if let Err(position) = limits.binary_search(&now) {
            limits.insert(position, now);
        }
        limits.into_iter().map(|limit| (limit.to_string(), limit.to_string(), limit == now)).collect()
    };
    select(
        move || app.messages().rows_per_page,
        choices,
        move |value| {
            if let Ok(limit) = value.parse() {
                app.go(app.address.with_untracked(|address| address.query).with_limit(limit));
            }
        },
    )
}
