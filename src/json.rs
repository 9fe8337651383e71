//! A read-only look at parsed JSON, so that one decoder serves the browser (values that `JSON.parse` made) and the
//! host (`serde_json`), and is tested on both.

/// The members that this product reads. An enum, not text, so that in the browser each is one property access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the wire format")]
pub enum Member {
    InstanceId,
    Count,
    Records,
    Id,
    ScanType,
    Status,
    CreatedAt,
    StartedAt,
    FinishedAt,
    ErrorCode,
    ErrorMsg,
    RequestId,
    Error,
    Code,
    Message,
    Title,
}

impl Member {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::InstanceId => "instance_id",
            Self::Count => "count",
            Self::Records => "records",
            Self::Id => "id",
            Self::ScanType => "scan_type",
            Self::Status => "status",
            Self::CreatedAt => "created_at",
            Self::StartedAt => "started_at",
            Self::FinishedAt => "finished_at",
            Self::ErrorCode => "error_code",
            Self::ErrorMsg => "error_msg",
            Self::RequestId => "request_id",
            Self::Error => "error",
            Self::Code => "code",
            Self::Message => "message",
            Self::Title => "title",
        }
    }
}

/// A JSON value.
pub trait Json: Sized {
    /// A member of an object; `None` for a member that is absent and for anything but an object.
    fn member(&self, member: Member) -> Option<Self>;
    /// The items of an array.
    fn items(&self) -> Option<impl Iterator<Item = Self>>;
    /// The text of a string.
    fn string(&self) -> Option<String>;
    /// A number.
    fn number(&self) -> Option<f64>;
    /// Whether this is `null`.
    fn is_null(&self) -> bool;
}

#[cfg(not(target_arch = "wasm32"))]
impl Json for &serde_json::Value {
    fn member(&self, member: Member) -> Option<Self> {
        self.get(member.name())
    }
    fn items(&self) -> Option<impl Iterator<Item = Self>> {
        self.as_array().map(|items| items.iter())
    }
    fn string(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }
    fn number(&self) -> Option<f64> {
        self.as_f64()
    }
    fn is_null(&self) -> bool {
        serde_json::Value::is_null(self)
    }
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use super::{Json, Member};
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        /// Any object; the getters read its property of that name.
        type Object;
        #[wasm_bindgen(method, getter)]
        fn instance_id(this: &Object) -> JsValue;
        #[wasm_bindgen(method, getter)]
        fn count(this: &Object) -> JsValue;
        #[wasm_bindgen(method, getter)]
        fn records(this: &Object) -> JsValue;
        #[wasm_bindgen(method, getter)]
        fn id(this: &Object) -> JsValue;
        #[wasm_bindgen(method, getter)]
        fn scan_type(this: &Object) -> JsValue;
        #[wasm_bindgen(method, getter)]
        fn status(this: &Object) -> JsValue;
        #[wasm_bindgen(method, getter)]
        fn created_at(this: &Object) -> JsValue;
        #[wasm_bindgen(method, getter)]
        fn started_at(this: &Object) -> JsValue;
        #[wasm_bindgen(method, getter)]
        fn finished_at(this: &Object) -> JsValue;
        #[wasm_bindgen(method, getter)]
        fn error_code(this: &Object) -> JsValue;
        #[wasm_bindgen(method, getter)]
        fn error_msg(this: &Object) -> JsValue;
        #[wasm_bindgen(method, getter)]
        fn request_id(this: &Object) -> JsValue;
        #[wasm_bindgen(method, getter)]
        fn error(this: &Object) -> JsValue;
        #[wasm_bindgen(method, getter)]
        fn code(this: &Object) -> JsValue;
        #[wasm_bindgen(method, getter)]
        fn message(this: &Object) -> JsValue;
        #[wasm_bindgen(method, getter)]
        fn title(this: &Object) -> JsValue;
    }

    impl Json for JsValue {
        fn member(&self, member: Member) -> Option<Self> {
            if !self.is_object() {
                return None;
            }
            let object: &Object = self.unchecked_ref();
            let value = match member {
                Member::InstanceId => object.instance_id(),
                Member::Count => object.count(),
                Member::Records => object.records(),
                Member::Id => object.id(),
                Member::ScanType => object.scan_type(),
                Member::Status => object.status(),
                Member::CreatedAt => object.created_at(),
                Member::StartedAt => object.started_at(),
                Member::FinishedAt => object.finished_at(),
                Member::ErrorCode => object.error_code(),
                Member::ErrorMsg => object.error_msg(),
                Member::RequestId => object.request_id(),
                Member::Error => object.error(),
                Member::Code => object.code(),
                Member::Message => object.message(),
                Member::Title => object.title(),
            };
            (!value.is_undefined()).then_some(value)
        }
        fn items(&self) -> Option<impl Iterator<Item = Self>> {
            let array: &js_sys::Array = self.dyn_ref()?;
            let array = array.clone();
            Some((0..array.length()).map(move |index| array.get(index)))
        }
        fn string(&self) -> Option<String> {
            self.as_string()
        }
        fn number(&self) -> Option<f64> {
            self.as_f64()
        }
        fn is_null(&self) -> bool {
            JsValue::is_null(self)
        }
    }
}
