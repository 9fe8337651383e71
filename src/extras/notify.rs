//! Telling a reader who looks elsewhere that a task has ended.

use super::Place;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

/// Says so in the title of a page that is nothing but the list, until that is looked at again, and as a notification of
/// the browser.
pub fn finished(place: &Place, text: &str) {
    let Some(window) = web_sys::window() else { return };
    let Some(document) = window.document() else { return };
    if document.has_focus().unwrap_or(true) {
        return;
    }
    if place.host.has_attribute("url-sync") {
        let title = document.title();
        document.set_title(&[text, " – ", place.messages().title()].concat());
        // Of several, the first knows the title that there was.
        if title == place.messages().title() {
            let once = Closure::once_into_js(move || document.set_title(&title));
            let options = web_sys::AddEventListenerOptions::new();
            options.set_once(true);
            let listening = window.add_event_listener_with_callback_and_add_event_listener_options(
                "focus",
                once.unchecked_ref(),
                &options,
            );
            debug_assert!(listening.is_ok(), "adding a listener does not throw");
        }
    }
    if is_allowed() {
        let options = NotificationOptions::new();
        options.set_body(text);
        options.set_tag("bigkey-tasks"); // a later one takes the place of an earlier one
        options.set_lang(place.formats.locale.tag());
        // Some browsers let only service workers do this: then the title has to do.
        if let Ok(notification) = Notification::new_with_options(place.messages().title(), &options) {
            // It lives as long as the notification does, so it must not hold on to that.
            let click = Closure::<dyn Fn(web_sys::Event)>::new(|event: web_sys::Event| {
                let _ = web_sys::window().map(|window| window.focus());
                if let Some(shown) = event.current_target() {
                    shown.unchecked_ref::<Notification>().close();
                }
            });
            notification.set_onclick(Some(click.into_js_value().unchecked_ref()));
        }
    }
}

/// Asks the reader's leave for notifications, where that was not asked before; whether there is one.
pub async fn may_notify() -> bool {
    if has_notifications()
        && let Ok(asked) = Notification::request_permission()
    {
        let _answered = JsFuture::from(asked).await;
    }
    is_allowed()
}

fn is_allowed() -> bool {
    has_notifications() && Notification::permission() == NotificationPermission::Granted
}

/// Some browsers have none, or not for a page without https.
fn has_notifications() -> bool {
    js_sys::Reflect::has(&js_sys::global(), &"Notification".into()) == Ok(true)
}
