//! Calls that are made later, and not at all once they are dropped; and what time it is on this device.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &JsValue, millis: u32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(handle: &JsValue);
    #[wasm_bindgen(js_name = requestAnimationFrame)]
    fn request_frame(callback: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = cancelAnimationFrame)]
    fn cancel_frame(handle: &JsValue);
    // Not by way of the window each time: that costs a tick of the clock more than what it does.
    #[wasm_bindgen(thread_local_v2, js_name = document)]
    static DOCUMENT: web_sys::Document;
}

/// A call that is made once, later; not if this is dropped before.
#[must_use = "a dropped timer never fires"]
pub struct Timer {
    handle: JsValue,
    cancel: fn(&JsValue),
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls `callback` after so many milliseconds.
    pub fn after(millis: u32, callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        let handle = set_timeout(callback.as_ref(), millis);
        Self { handle, cancel: clear_timeout, _callback: callback }
    }

    /// Calls `callback` as soon as the page can be seen: only then are frames drawn. So nothing has to listen on the
    /// document, which is the host's.
    pub fn once_seen(callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        let handle = request_frame(callback.as_ref());
        Self { handle, cancel: cancel_frame, _callback: callback }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        (self.cancel)(&self.handle);
    }
}

/// Whether nobody can see the page.
pub fn is_hidden() -> bool {
    DOCUMENT.with(web_sys::Document::hidden)
}

/// Whether the browser knows that it has no network.
pub fn is_offline() -> bool {
    web_sys::window().is_some_and(|window| !window.navigator().on_line())
}

/// Milliseconds since 1970 by this device's clock.
pub fn device_now() -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "a Date holds whole milliseconds, at most 8.64e15")]
    let now = js_sys::Date::now() as i64;
    now
}
