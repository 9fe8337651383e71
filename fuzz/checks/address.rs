//! Any address asks for something valid, and the call made from it never leaves its path.

use bigkey_tasks::address::{Address, Environment, NAMES};
use bigkey_tasks::api::list_url;
use bigkey_tasks::query::{MAX_LIMIT, MAX_OFFSET, TaskQuery};
use percent_encoding::percent_decode_str;
use std::collections::HashMap;

/// Knows what is spelled like it.
struct Plain;

impl Environment for Plain {
    fn knows_time_zone(&self, name: &str) -> bool {
        name.contains('/')
    }
    fn is_language_tag(&self, tag: &str) -> bool {
        tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    }
    fn languages(&self) -> Vec<String> {
        vec![]
    }
}

/// What holds of any address.
pub fn check(text: &str) {
    let values: HashMap<_, _> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
    let address = Address::read(&|name| values.get(name).cloned(), &Plain);
    for rejected in &address.rejected {
        assert!(NAMES.contains(&rejected.name) && values.contains_key(rejected.name));
    }
    let query = address.query;
    assert!(query.offset() <= MAX_OFFSET && (1..=MAX_LIMIT).contains(&query.limit()));
    let written: HashMap<_, _> = query.write().into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let mut rejected = vec![];
    assert_eq!(TaskQuery::read(&|name| written.get(name).cloned(), &mut rejected), query);
    assert!(rejected.is_empty());
    let Some(instance) = address.instance else { return };
    let url = list_url("", &instance, query);
    let (path, parameters) = url.split_once('?').expect("there are parameters");
    let segments: Vec<_> = path.split('/').collect();
    let ["", "v2", project_id, "instances", instance_id, "bigkey-tasks"] = segments[..] else {
        panic!("another path: {url}")
    };
    for (segment, id) in [(project_id, instance.project_id()), (instance_id, instance.instance_id())] {
        assert!(segment.is_ascii() && !matches!(segment, "" | "." | ".."));
        assert_eq!(percent_decode_str(segment).decode_utf8().expect("it was text"), id);
    }
    let names: Vec<_> = form_urlencoded::parse(parameters.as_bytes()).map(|(name, _)| name).collect();
    assert!(names.is_sorted() && names.len() <= 3);
}
