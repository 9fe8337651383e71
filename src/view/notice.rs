//! What went wrong, and what is not there.

use crate::api::ApiError;
use crate::app::App;
use crate::messages::fill;
use crate::query::{Rejected, StatusFilter};
use leptos::prelude::*;

/// The values of the address that were not valid.
pub fn rejected(app: App) -> impl IntoView {
    let rejected = Memo::new(move |_| app.address.with(|address| address.rejected.clone()));
    let line = move |rejected: Rejected| {
        let messages = app.messages();
        let template = if rejected.default.is_empty() { messages.rejected } else { messages.rejected_default };
        let values = [("name", rejected.name), ("value", &rejected.value), ("default", &rejected.default)];
        view! { <li>{fill(template, &values)}</li> }
    };
    move || {
        let rejected = rejected.get();
        (!rejected.is_empty()).then(|| {
            view! { <ul class="notice warning" part="notice" role="status">{rejected.into_iter().map(line).collect_view()}</ul> }
        })
    }
}

/// The error of the latest request, and what is missing from the rows on show.
pub fn notices(app: App) -> impl IntoView {
    let error = Memo::new(move |_| {
        app.listing.with(|listing| listing.error().cloned().map(|error| (error, listing.rows().is_some())))
    });
    let missing = Memo::new(move |_| {
        app.listing
            .with(|listing| listing.rows().map_or((0, 0), |loaded| (loaded.page.unreadable, loaded.page.surplus)))
    });
    let warnings = move || {
        let (messages, (unreadable, surplus)) = (app.messages(), missing.get());
        let count = |template, n: usize| fill(template, &[("n", &n.to_string())]);
        let unreadable = match unreadable {
            0 => None,
            1 => Some(messages.unreadable_one.to_owned()),
            n => Some(count(messages.unreadable_many, n)),
        };
        let surplus = (surplus > 0).then(|| count(messages.surplus, surplus));
        [unreadable, surplus]
            .into_iter()
            .flatten()
            .map(|text| view! { <p class="notice warning" part="notice" role="status">{text}</p> })
            .collect_view()
    };
    view! {
        {move || error.get().map(|(error, has_rows)| alert(app, &error, has_rows))}
        {warnings}
    }
}

/// An error: code, message, what to do, and Retry where that can help.
fn alert(app: App, error: &ApiError, has_rows: bool) -> impl IntoView + use<> {
    let messages = app.messages();
    let refusal = match error {
        ApiError::Refused(refusal) => Some(refusal),
        _ => None,
    };
    let message = refusal.map(|refusal| refusal.message.clone().unwrap_or_else(|| messages.no_message.to_owned()));
    let request_id = refusal.and_then(|refusal| refusal.request_id.clone());
    view! {
        <div class="notice error" part="notice" role="alert">
            <div class="text">
                <p><strong>{messages.error_title(error)}</strong>" "{message}</p>
                <p>{messages.advice(error)}{has_rows.then(|| [" ", messages.stale_rows].concat())}</p>
                {request_id.map(|id| view! { <p class="request-id">{messages.request_id}": "<code>{id}</code></p> })}
            </div>
            {error.can_retry().then(|| {
                view! { <button type="button" part="button" on:click=move |_| app.ask_again()>{messages.retry}</button> }
            })}
        </div>
    }
}

/// What is said in place of rows, when there are none.
pub fn empty(app: App) -> impl IntoView {
    let filter = Memo::new(move |_| {
        app.listing.with(|listing| {
            listing.rows().filter(|loaded| loaded.is_empty()).map(|loaded| loaded.request.query.status())
        })
    });
    move || {
        let messages = app.messages();
        filter.get().map(|filter| {
            view! {
                <div class="empty" part="empty">
                    <p class="headline">{messages.empty(filter)}</p>
                    {if filter == StatusFilter::All {
                        view! { <p>{messages.no_tasks_hint}</p> }.into_any()
                    } else {
                        let show_all = move |_| {
                            app.go(app.address.with_untracked(|address| address.query).with_status(StatusFilter::All));
                        };
                        view! { <button type="button" part="button" on:click=show_all>{messages.show_all}</button> }.into_any()
                    }}
                </div>
            }
        })
    }
}
