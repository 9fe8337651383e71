//! Calls that are made later, and not at all once they are dropped; and what time it is on this device.

use std::cell::RefCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // Handles are numbers of any size: those of a host that replaces the clock may not fit an integer of 32 bits.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &JsValue, millis: u32) -> f64;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(handle: f64);
    #[wasm_bindgen(js_name = requestAnimationFrame)]
    fn request_frame(callback: &JsValue) -> f64;
    #[wasm_bindgen(js_name = cancelAnimationFrame)]
    fn cancel_frame(handle: f64);
    // Not by way of the window each time: that costs a tick of the clock more than what it does.
    #[wasm_bindgen(thread_local_v2, js_name = document)]
    static DOCUMENT: web_sys::Document;
}

/// A call that is made once, later; not if this is dropped before.
#[must_use = "a dropped timer never fires"]
pub struct Timer {
    _pending: Pending,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls `callback` after so many milliseconds.
    pub fn after(millis: u32, callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        Self { _pending: Pending::after(millis, callback.as_ref()), _callback: callback }
    }

    /// Calls `callback` as soon as the page can be seen.
    pub fn once_seen(callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        Self { _pending: Pending::once_seen(callback.as_ref()), _callback: callback }
    }
}

/// A call that is made again whenever that was asked for, later; no more once this is dropped.
pub struct Recurring {
    pending: RefCell<Option<Pending>>,
    callback: Closure<dyn FnMut()>,
}

impl Recurring {
    /// Does not call `callback` yet.
    pub fn new(callback: impl FnMut() + 'static) -> Self {
        Self { pending: RefCell::new(None), callback: Closure::new(callback) }
    }

    /// Calls it after so many milliseconds, and not when it was to be called before.
    pub fn after(&self, millis: u32) {
        self.pending.replace(Some(Pending::after(millis, self.callback.as_ref())));
    }

    /// Calls it as soon as the page can be seen, and not when it was to be called before.
    pub fn once_seen(&self) {
        self.pending.replace(Some(Pending::once_seen(self.callback.as_ref())));
    }
}

/// A call that the browser has still to make; it does not once this is dropped.
struct Pending {
    handle: f64,
    cancel: fn(f64),
}

impl Pending {
    fn after(millis: u32, callback: &JsValue) -> Self {
        Self { handle: set_timeout(callback, millis), cancel: clear_timeout }
    }

    /// Only a page that can be seen draws frames. So nothing has to listen on the document, which is the host's.
    fn once_seen(callback: &JsValue) -> Self {
        Self { handle: request_frame(callback), cancel: cancel_frame }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        (self.cancel)(self.handle);
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
