//! The tasks as a file.

use super::clipboard::wait;
use super::widgets::{announcer, button, listen, select};
use super::{List, OnShow, Place, dialog};
use crate::api::ApiError;
use crate::dom::{element, focus, has_focus, set_attribute, set_hidden, text};
use crate::export::{Format, Gathering, Scope, csv, file_name};
use crate::format::Formats;
use crate::http;
use crate::listing::Request;
use crate::location;
use crate::messages::{Extras, Numbers, count, fill};
use crate::model::Task;
use crate::query::StatusFilter;
use serde::Serialize;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Node, RequestCache, Url};

/// A button that does nothing for now, and can be focused all the same.
const BUSY: &str = "aria-disabled";

/// For how many milliseconds a browser may take a file that it was handed.
const KEPT: u32 = 60_000;

/// Why there is no file.
enum NoFile {
    /// A page did not come.
    Failed(ApiError),
    /// No list is on show.
    NoList,
    /// Nobody wants it any more.
    Cancelled,
    /// The browser refused.
    Browser(JsValue),
}

/// A file, and what there is to say of it.
struct File {
    blob: Blob,
    tasks: usize,
    /// Records that could not be read, and so are not in the file.
    unreadable: usize,
    has_moved: bool,
}

/// Makes the file; fulfilled with a blob, rejected with an error that says why not.
pub fn promise(host: &HtmlElement, list: &List, format: &str, scope: &str) -> js_sys::Promise {
    let (Some(format), Some(scope)) = (Format::parse(format), Scope::parse(scope)) else {
        return js_sys::Promise::reject(&js_sys::TypeError::new("format: csv or json; scope: page or all"));
    };
    let on_show = match list.on_show() {
        Ok(on_show) => on_show,
        Err(gone) => return js_sys::Promise::reject(&gone),
    };
    let address = location::read_address(host);
    let formats = Formats::new(&address.presentation);
    wasm_bindgen_futures::future_to_promise(async move {
        match file(address.request(), format, scope, &on_show, |_| true).await {
            Ok(file) => {
                if let Some(text) = left_out(&formats, &file) {
                    web_sys::console::warn_1(&text.into());
                }
                Ok(file.blob.into())
            }
            Err(NoFile::Browser(error)) => Err(error),
            Err(reason) => Err(js_sys::Error::new(&say(&formats, &reason)).into()),
        }
    })
}

/// The file. An error of any page is an error of the file: half a list is not passed off as all of it. `go_on` hears how
/// many tasks there are so far, and of how many, and says whether to go on.
async fn file(
    request: Option<Request>,
    format: Format,
    scope: Scope,
    on_show: &OnShow,
    go_on: impl Fn((usize, Option<u64>)) -> bool,
) -> Result<File, NoFile> {
    let (tasks, unreadable, has_moved) = match (scope, request) {
        (Scope::Page, _) => (on_show.tasks().ok_or(NoFile::NoList)?, on_show.unreadable() as usize, false),
        (Scope::All, None) => return Err(NoFile::NoList),
        (Scope::All, Some(request)) => {
            let mut gathering = Gathering::new(StatusFilter::parse(&on_show.status()).unwrap_or_default());
            while let Some(query) = gathering.next() {
                let request = Request { query, ..request.clone() };
                let (_call, answer) = http::list(&request, None, RequestCache::NoCache, None);
                let page = answer.await.map_err(NoFile::Failed)?.page;
                let count = page.count;
                gathering.add(Rc::unwrap_or_clone(page));
                if !go_on((gathering.tasks.len(), count)) {
                    return Err(NoFile::Cancelled);
                }
            }
            (gathering.tasks, gathering.unreadable, gathering.has_moved)
        }
    };
    let blob = blob(format, &tasks).map_err(NoFile::Browser)?;
    Ok(File { blob, tasks: tasks.len(), unreadable, has_moved })
}

fn blob(format: Format, tasks: &[Task]) -> Result<Blob, JsValue> {
    let text = match format {
        Format::Csv => JsValue::from(csv(tasks)),
        Format::Json => {
            let records = tasks.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?;
            js_sys::JSON::stringify(&records)?.into()
        }
    };
    let options = BlobPropertyBag::new();
    options.set_type(format.media_type());
    Blob::new_with_str_sequence_and_options(&js_sys::Array::of1(&text), &options)
}

fn say(formats: &Formats, reason: &NoFile) -> String {
    let (messages, texts) = (formats.messages, Extras::of(formats.locale));
    match reason {
        NoFile::Failed(error) => messages.error_title(error),
        NoFile::NoList => texts.export_no_list().to_owned(),
        NoFile::Cancelled => texts.export_cancelled().to_owned(),
        NoFile::Browser(error) => error.as_string().unwrap_or_default(),
    }
}

/// What a person is told: also what to do about it.
fn advise(formats: &Formats, reason: &NoFile) -> String {
    let said = say(formats, reason);
    match reason {
        NoFile::Failed(error) => [&said, ". ", &formats.messages.advice(error, formats)].concat(),
        _ => said,
    }
}

/// Asks which tasks and in which form, and saves the file.
pub fn open(place: Place) {
    let Ok(on_show) = place.list.on_show() else { return };
    let texts = place.texts();
    let (format_field, format) = select(texts.export_format(), &[("csv", "CSV"), ("json", "JSON")]);
    let scopes = [("page", texts.export_page()), ("all", texts.export_all())];
    let (scope_field, scope) = select(texts.export_scope(), &scopes);
    let (progress, told) = (text("p", ""), announcer());
    // Each start takes a number; whoever finds another one there was cancelled.
    let run = Rc::new(Cell::new(0));
    let cancel = button("cancel", texts.cancel(), {
        let run = run.clone();
        move |_| run.set(run.get() + 1)
    });
    set_hidden(&cancel, true);
    let (place, on_show, stop) = (Rc::new(place), Rc::new(on_show), run.clone());
    let save = button("primary", texts.export_save(), {
        let (progress, told, cancel, place) = (progress.clone(), told.clone(), cancel.clone(), place.clone());
        move |save| {
            let (Some(format), Some(scope)) = (Format::parse(&format.value()), Scope::parse(&scope.value())) else {
                return;
            };
            if save.has_attribute(BUSY) {
                return; // the file is being made
            }
            set_attribute(&save, BUSY, Some("true"));
            run.set(run.get() + 1);
            let (number, run) = (run.get(), run.clone());
            let (progress, told, cancel) = (progress.clone(), told.clone(), cancel.clone());
            let (place, on_show) = (place.clone(), on_show.clone());
            set_hidden(&cancel, false);
            progress.set_text_content(None);
            spawn_local(async move {
                let go_on = |(n, total): (usize, Option<u64>)| {
                    progress.set_text_content(Some(&count_text(&place, n, total)));
                    run.get() == number
                };
                let made = file(place.address.request(), format, scope, &on_show, go_on).await;
                let done = match made {
                    Ok(file) if run.get() == number => saved(&place, &file, format),
                    Ok(_) => Err(NoFile::Cancelled),
                    Err(reason) => Err(reason),
                };
                let text = done.unwrap_or_else(|reason| advise(&place.formats, &reason));
                progress.set_text_content(Some(&text));
                told.set_text_content(Some(&text));
                set_attribute(&save, BUSY, None);
                if has_focus(&cancel) {
                    focus(&save);
                }
                set_hidden(&cancel, true);
            });
        }
    });
    let actions = element("div.toolbar", &[&save, &cancel]);
    let dialog = dialog::show(
        &place,
        place.messages().export(),
        &[&format_field as &Node, &scope_field, &progress, &actions, &told],
    );
    listen(&dialog, "close", move |_| stop.set(stop.get() + 1));
}

/// Hands the file to the browser. What to say of it.
fn saved(place: &Place, file: &File, format: Format) -> Result<String, NoFile> {
    let texts = place.texts();
    let name = file_name(&place.address.ids.1, place.now(), format);
    let url = Url::create_object_url_with_blob(&file.blob).map_err(NoFile::Browser)?;
    let link = element("a", &[]);
    set_attribute(&link, "href", Some(&url));
    set_attribute(&link, "download", Some(&name));
    link.click();
    spawn_local(async move {
        let (waited, _timer) = wait(KEPT); // Safari takes the file some time after the click
        let _over = waited.await;
        let revoked = Url::revoke_object_url(&url);
        debug_assert!(revoked.is_ok(), "revoking does not throw");
    });
    let mut text = fill(texts.export_done(), &[("n", &place.formats.text(file.tasks as u64))]);
    let moved = file.has_moved.then(|| texts.export_moved().to_owned());
    for more in left_out(&place.formats, file).into_iter().chain(moved) {
        text.push(' ');
        text.push_str(&more);
    }
    Ok(text)
}

/// What is not in the file, if anything.
fn left_out(formats: &Formats, file: &File) -> Option<String> {
    let template = Extras::of(formats.locale).export_unreadable();
    (file.unreadable > 0).then(|| count(template, "n", file.unreadable as u64, formats))
}

fn count_text(place: &Place, n: usize, total: Option<u64>) -> String {
    let (texts, n) = (place.texts(), n as u64);
    match total.filter(|total| *total >= n) {
        Some(total) => {
            fill(texts.export_progress(), &[("n", &place.formats.text(n)), ("total", &place.formats.text(total))])
        }
        None => fill(texts.export_progress_open(), &[("n", &place.formats.text(n))]),
    }
}
