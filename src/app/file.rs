//! The tasks as a file, for the host.

use super::App;
use crate::address::Address;
use crate::api::ApiError;
use crate::export::{self, Format, Scope};
use crate::http;
use crate::listing::Request;
use crate::model::Task;
use crate::query::{MAX_LIMIT, TaskQuery};
use leptos::prelude::*;
use serde::Serialize;
use std::collections::HashSet;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, RequestCache};

impl App {
    /// The tasks as a file. All that pass the filter are asked for in pages of the greatest size; a task that moved from
    /// one page to the next meanwhile is in the file once.
    ///
    /// # Errors
    /// An error of any page is an error of the file: half a list is not passed off as all of it.
    pub async fn export(self, format: Format, scope: Scope) -> Result<Blob, JsValue> {
        let fail = |text: &str| JsValue::from(js_sys::Error::new(text));
        let messages = self.messages();
        let tasks = match scope {
            Scope::Page => self.listing.with_untracked(|listing| listing.rows().map(|rows| rows.page.records.clone())),
            Scope::All => match self.address.with_untracked(Address::request) {
                Some(request) => {
                    let request = Request { query: self.controls(), ..request };
                    Some(all(&request).await.map_err(|error| fail(&messages.error_title(&error)))?)
                }
                None => None,
            },
        };
        let tasks = tasks.ok_or_else(|| fail(messages.no_tasks))?;
        let text = match format {
            Format::Csv => JsValue::from(export::csv(&tasks)),
            Format::Json => {
                let records = tasks.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?;
                js_sys::JSON::stringify(&records)?.into()
            }
        };
        let options = BlobPropertyBag::new();
        options.set_type(format.media_type());
        Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&text), &options)
    }
}

/// All tasks under a filter, each once. A page that brings no other task is the last, whatever it says: some things on the
/// way answer every offset alike.
async fn all(request: &Request) -> Result<Vec<Task>, ApiError> {
    let mut query = TaskQuery::new(0, MAX_LIMIT, request.query.status());
    let mut tasks = Vec::<Task>::new();
    let mut known = HashSet::new();
    loop {
        let page = http::list(&Request { query, ..request.clone() }, None, RequestCache::NoCache).await?;
        let full = (page.records.len() + page.unreadable) as u64 >= query.limit();
        let before = tasks.len();
        tasks.extend(page.records.into_iter().filter(|task| known.insert(task.id.clone())));
        if !full || tasks.len() == before {
            return Ok(tasks);
        }
        query = query.next();
    }
}
