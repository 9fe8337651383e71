//! The instances that the page offers by name: `instances.json`.

use super::allow::AllowList;
use super::config::Instance;
use super::demo::{self, sentinels::SENTINELS};
use super::settings::Wrong;
use super::view::id;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The longest name, in characters.
const LONGEST_NAME: usize = 100;

/// The answer, made once: the list stands in the configuration.
#[derive(Clone, Debug)]
pub struct Named {
    text: Bytes,
    tag: HeaderValue,
}

#[derive(Serialize)]
struct Document<'a> {
    instances: &'a [Instance],
}

impl Named {
    /// The answer for these instances.
    pub fn new(instances: &[Instance]) -> Self {
        let text = serde_json::to_vec(&Document { instances }).unwrap_or_default();
        let hash = hex::encode(Sha256::digest(&text));
        let tag = format!("\"{}\"", hash.get(..32).unwrap_or(&hash));
        let tag = HeaderValue::try_from(tag).unwrap_or(HeaderValue::from_static("\"\""));
        Self { text: text.into(), tag }
    }

    /// Answers a request with these headers: 304 to who has the list already.
    pub fn response(&self, headers: &HeaderMap) -> Response<Body> {
        let known = self.is_known(headers);
        let mut response = Response::new(if known { Body::empty() } else { Body::from(self.text.clone()) });
        if known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = response.headers_mut();
        if !known {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(header::ETAG, self.tag.clone());
        response
    }

    fn is_known(&self, headers: &HeaderMap) -> bool {
        let lists = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|list| list.to_str().ok());
        let mut tags = lists.flat_map(|list| list.split(',')).map(|tag| tag.trim().trim_start_matches("W/"));
        tags.any(|tag| tag == "*" || tag.as_bytes() == self.tag.as_bytes())
    }
}

/// Checks the configured instances: each can be shown, and asked about.
///
/// # Errors
/// What is [`Wrong`], with the entry's place and name.
pub fn check(instances: &[Instance], allow: &AllowList) -> Result<(), Wrong> {
    for (index, instance) in instances.iter().enumerate() {
        let wrong = |why: &str| Err(Wrong(format!("instances: entry {} ({:?}): {why}", index + 1, instance.name)));
        if instance.name.trim().is_empty() {
            return wrong("the name is empty");
        }
        if instance.name.chars().count() > LONGEST_NAME {
            return wrong("the name is longer than 100 characters");
        }
        if instance.name.chars().any(char::is_control) {
            return wrong("the name holds a control character");
        }
        let plain = |text: &str| id(text).as_deref() == Some(text);
        if !plain(&instance.project_id) {
            return wrong("the project_id is malformed: 1 to 64 letters, digits, - and _");
        }
        if !plain(&instance.instance_id) {
            return wrong("the instance_id is malformed: 1 to 64 letters, digits, - and _");
        }
        if !allow.allows(&instance.project_id, &instance.instance_id) {
            return wrong("`allow` refuses this project_id and instance_id");
        }
    }
    Ok(())
}

/// The instances of the demo that are worth a look: the documented example first. An allow-list holds for them too.
pub fn of_the_demo(allow: &AllowList) -> Vec<Instance> {
    let instance = |name: &str, id: &str| Instance {
        name: name.to_owned(),
        project_id: demo::PROJECT.to_owned(),
        instance_id: id.to_owned(),
    };
    let special = SENTINELS.iter().filter_map(|special| special.name.map(|name| instance(name, special.id)));
    std::iter::once(instance("Example instance", demo::INSTANCE))
        .chain(special)
        .filter(|one| allow.allows(&one.project_id, &one.instance_id))
        .collect()
}
