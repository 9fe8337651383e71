//! What a person sees. Each part takes the [`App`] and shows a piece of its state; each event calls one of its methods.

mod dialog;
mod form;
mod notice;
mod pagination;
mod rows;
mod table;
mod toolbar;

use crate::address::Theme;
use crate::app::App;
use crate::listing::Listing;
use leptos::prelude::*;

/// The whole component.
pub fn view(app: App) -> impl IntoView {
    let locale = move || app.address.with(|address| address.presentation.locale);
    let theme = move || match app.address.with(|address| address.presentation.theme) {
        Theme::Auto => "auto",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    let asked = Memo::new(move |_| app.listing.with(|listing| !matches!(listing, Listing::Unasked)));
    view! {
        <div class="app" part="app" lang=move || locale().tag() dir=move || locale().direction() data-theme=theme>
            {app.is_standalone().then(|| view! { <h1>{move || app.messages().title}</h1> })}
            <div class="notices">{notice::rejected(app)}</div>
            {move || if asked.get() { list(app).into_any() } else { form::form(app).into_any() }}
            <div class="announcer" role="status">{move || app.announcement.get()}</div>
            {dialog::dialog(app)}
        </div>
    }
}

/// The list and all that belongs to it.
fn list(app: App) -> impl IntoView {
    view! {
        {toolbar::toolbar(app)}
        <div class="notices">{notice::notices(app)}</div>
        {table::table(app)}
        {notice::empty(app)}
        {pagination::pagination(app)}
    }
}
