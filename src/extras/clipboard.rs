//! What a reader takes along on the clipboard.

use super::Place;
use super::widgets::announcer;
use crate::dom::{self, append, focus, set_attribute};
use crate::timer::Timer;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlElement;

/// How long a button says that it has done its work, in milliseconds.
const SAID: u32 = 3000;

/// Copies the address of the page, which is that of the view. `button` asked for it, and says that it is done.
pub fn copy_link(place: &Place, button: HtmlElement) {
    let (messages, texts) = (place.messages(), place.texts());
    let href = web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let announcer = announcer_of(&place.view);
    spawn_local(async move {
        let text = if copy(&href, &button).await { texts.link_copied() } else { texts.not_copied() };
        button.set_text_content(Some(text));
        announcer.set_text_content(Some(text));
        let (waited, _timer) = wait(SAID);
        let _over = waited.await;
        button.set_text_content(Some(messages.copy_link()));
    });
}

/// Where a screen reader is told of it: not where the list tells of itself, and would tell that once more.
fn announcer_of(view: &HtmlElement) -> HtmlElement {
    dom::find(view, ".announcer.copied").unwrap_or_else(|| {
        let announcer = announcer();
        set_attribute(&announcer, "class", Some("announcer copied"));
        append(view, &announcer);
        announcer
    })
}

/// Is over after so many milliseconds, if the timer is kept until then.
pub fn wait(millis: u32) -> (JsFuture, Option<Timer>) {
    let mut timer = None;
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        timer = Some(Timer::after(millis, move || {
            let resolved = resolve.call0(&JsValue::NULL);
            debug_assert!(resolved.is_ok(), "settling a promise does not throw");
        }));
    });
    (JsFuture::from(promise), timer)
}

/// Puts text on the clipboard; whether that was done. On plain http a browser has no clipboard interface, so there the
/// text is selected in an invisible field beside the button and copied by command.
pub async fn copy(text: &str, button: &HtmlElement) -> bool {
    let Some(window) = web_sys::window() else { return false };
    if window.is_secure_context() && JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok() {
        return true;
    }
    let (Some(document), Some(parent)) = (window.document(), button.parent_element()) else { return false };
    let Ok(field) = document.create_element("textarea") else { return false };
    let field: web_sys::HtmlTextAreaElement = field.unchecked_into();
    field.set_class_name("announcer");
    field.set_value(text);
    let copied = parent.append_child(&field).is_ok() && {
        field.select();
        let document: &web_sys::HtmlDocument = document.unchecked_ref();
        document.exec_command("copy").unwrap_or(false)
    };
    field.remove();
    focus(button);
    copied
}
