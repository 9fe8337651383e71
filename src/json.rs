//! A read-only look at parsed JSON, so that one decoder serves the browser (values that `JSON.parse` made) and the
//! host (`serde_json`), and is tested on both.

/// The members that this product reads.
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
    /// Those of a task, in the order of [`Json::joined`].
    pub const OF_TASK: [Self; 6] =
        [Self::Id, Self::ScanType, Self::Status, Self::CreatedAt, Self::StartedAt, Self::FinishedAt];

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
    fn items(&self) -> Option<impl ExactSizeIterator<Item = Self>>;
    /// The members [`Member::OF_TASK`] of so many items of an array, in one text, each with a NUL after it: for a long
    /// list, cheaper than one by one. Nothing stands for what is null or absent. `None` where an item has anything
    /// else than texts, or an empty one; whether a text has a NUL of its own is for the caller to notice.
    fn joined(&self, count: usize) -> Option<String>;
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
    fn items(&self) -> Option<impl ExactSizeIterator<Item = Self>> {
        self.as_array().map(|items| items.iter())
    }
    fn joined(&self, count: usize) -> Option<String> {
        let mut all = String::new();
        for item in self.as_array()?.get(..count)? {
            let item = item.as_object()?;
            for member in Member::OF_TASK {
                match item.get(member.name()) {
                    None | Some(serde_json::Value::Null) => {}
                    Some(value) => all.push_str(value.as_str().filter(|text| !text.is_empty())?),
                }
                all.push('\0');
            }
        }
        Some(all)
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
        // As js_sys has it, but it does not throw for an object that was parsed.
        #[wasm_bindgen(js_namespace = Reflect)]
        fn get(object: &JsValue, name: &str) -> JsValue;
    }

    #[wasm_bindgen(module = "/src/json.js")]
    extern "C" {
        fn join(items: &JsValue, count: usize) -> Option<String>;
    }

    impl Json for JsValue {
        fn member(&self, member: Member) -> Option<Self> {
            let value = self.is_object().then(|| get(self, member.name()))?;
            (!value.is_undefined()).then_some(value)
        }
        fn items(&self) -> Option<impl ExactSizeIterator<Item = Self>> {
            let array: &js_sys::Array = self.dyn_ref()?;
            let array = array.clone();
            Some((0..array.length()).map(move |index| array.get(index)))
        }
        fn joined(&self, count: usize) -> Option<String> {
            join(self, count)
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
