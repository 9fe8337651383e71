//! Plain objects, as the browser's interfaces take them and as a host is given them.

use crate::joined;
use crate::json::Member;
use crate::model::Task;
use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // As js_sys has it, but it does not throw for a plain object.
    #[wasm_bindgen(js_namespace = Reflect)]
    fn set(object: &Object, name: &str, value: &JsValue);
}

#[wasm_bindgen(module = "/src/json.js")]
extern "C" {
    fn split(joined: &str) -> Array;
    #[wasm_bindgen(js_name = splitLater)]
    fn split_later(object: &Object, name: &str, joined: &str);
}

/// An object with these members.
pub fn object(members: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members {
        put(&object, name, value);
    }
    object
}

/// What becomes plain data.
pub trait Plain {
    /// As plain data.
    fn plain(&self) -> JsValue;
    /// As the member `name` of an object.
    fn put(&self, object: &Object, name: &str) {
        put(object, name, &self.plain());
    }
}

fn put(object: &Object, name: &str, value: &JsValue) {
    set(object, name, value);
}

impl Plain for &str {
    fn plain(&self) -> JsValue {
        (*self).into()
    }
}

impl Plain for u16 {
    fn plain(&self) -> JsValue {
        (*self).into()
    }
}

impl Plain for u64 {
    fn plain(&self) -> JsValue {
        #[allow(
            clippy::cast_precision_loss,
            reason = "counts and offsets; JavaScript rounds numbers beyond 2^53 as well"
        )]
        JsValue::from_f64(*self as f64)
    }
}

/// `null` for none.
impl<T: Plain> Plain for Option<T> {
    fn plain(&self) -> JsValue {
        self.as_ref().map_or(JsValue::NULL, T::plain)
    }
}

/// The members that it came with.
impl Plain for &Task {
    fn plain(&self) -> JsValue {
        tasks(std::slice::from_ref(self)).get(0)
    }
}

impl Plain for &[Task] {
    fn plain(&self) -> JsValue {
        tasks(self).into()
    }
    fn put(&self, object: &Object, name: &str) {
        match joined::write(self) {
            Some(joined) => split_later(object, name, &joined),
            None => put(object, name, &self.plain()),
        }
    }
}

/// In one call where that can be, since there may be 1,000.
fn tasks(tasks: &[Task]) -> Array {
    joined::write(tasks).map_or_else(|| tasks.iter().map(one_by_one).collect(), |joined| split(&joined))
}

fn one_by_one(task: &Task) -> JsValue {
    let members = Member::OF_TASK.into_iter().zip(task.fields());
    let members: Vec<_> = members.filter_map(|(member, text)| Some((member.name(), text?.into()))).collect();
    object(&members).into()
}
