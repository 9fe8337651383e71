//! Timers that end when they are dropped.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &JsValue, millis: u32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(handle: &JsValue);
}

/// A call that is made once, later; not if this is dropped before.
#[must_use = "a dropped timer never fires"]
pub struct Timer {
    handle: JsValue,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls `callback` after so many milliseconds.
    pub fn after(millis: u32, callback: impl FnOnce() + 'static) -> Self {
        let callback = Closure::once(callback);
        let handle = set_timeout(callback.as_ref(), millis);
        Self { handle, _callback: callback }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(&self.handle);
    }
}
