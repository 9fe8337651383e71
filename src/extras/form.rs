//! The form that asks for an instance: one that the proxy names, one that was looked at before, or any by its two IDs.

use super::clipboard::wait;
use super::widgets::{button, listen};
use super::{List, Place, dialog};
use crate::dom::{append, element, find, focus, set_attribute, set_hidden, set_text, text};
use crate::json::Json;
use crate::messages::{Extras, fill};
use crate::query::Instance;
use crate::recent::{Recent, Recents};
use crate::storage;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlElement, HtmlInputElement, Node, Response};

/// A labelled text box.
struct Field {
    name: &'static str,
    all: HtmlElement,
    input: HtmlInputElement,
}

/// Shows the form in `into`. One that is there already is given what is known by now.
pub fn show(place: Place, into: &HtmlElement) {
    if let Ok(Some(form)) = into.query_selector("form") {
        let inputs = form.query_selector_all("input.known-id");
        let (project, instance) = &place.address.ids;
        for (index, id) in [project, instance].into_iter().enumerate() {
            let input = inputs.as_ref().ok().and_then(|inputs| inputs.item(u32::try_from(index).ok()?));
            if let Some(input) = input.map(JsCast::unchecked_into::<HtmlInputElement>)
                && input.value().is_empty()
            {
                input.set_value(id);
            }
        }
        return;
    }
    let view = place.view.clone();
    let chosen = move || {
        let view = view.clone();
        spawn_local(async move {
            let (waited, _timer) = wait(0);
            let _over = waited.await; // by then the list is in the form's place
            if let Some(list) = find(&view, ".scroller") {
                focus(&list);
            }
        });
    };
    append(into, &form(place, chosen));
}

/// Shows the form in a dialog, over the list of an instance, which is remembered.
pub fn open(place: Place) {
    let (project, instance) = &place.address.ids;
    if let Some(instance) = Instance::new(project, instance) {
        remember(Recent::new(instance, ""));
    }
    let holder = element("div", &[]);
    let dialog = dialog::show(&place, place.messages().change_instance(), &[&holder as &Node]);
    append(&holder, &form(place, move || dialog.close()));
}

fn recents() -> Recents {
    Recents::parse(&storage::read(storage::RECENT).unwrap_or_default())
}

fn remember(recent: Recent) {
    let mut recents = recents();
    recents.remember(recent);
    storage::write(storage::RECENT, &recents.to_text());
}

/// Goes to an instance.
struct Choice {
    host: HtmlElement,
    list: List,
    chosen: Box<dyn Fn()>,
}

impl Choice {
    fn go(&self, instance: &Instance, name: &str) {
        remember(Recent::new(instance.clone(), name));
        (self.chosen)();
        let is_there = |(name, id): (&str, &str)| self.host.get_attribute(name).as_deref() == Some(id);
        if [("project-id", instance.project_id()), ("instance-id", instance.instance_id())].into_iter().all(is_there) {
            return; // it is on show
        }
        // Another list begins at its first page.
        set_attribute(&self.host, "offset", None);
        self.list.choose(instance.project_id(), instance.instance_id());
    }
}

fn form(place: Place, chosen: impl Fn() + 'static) -> HtmlElement {
    let texts = place.texts();
    let choice = Rc::new(Choice { host: place.host, list: place.list, chosen: Box::new(chosen) });
    let (project, instance) = (Field::new(texts.project_id(), "known-id"), Field::new(texts.instance_id(), "known-id"));
    let name = Field::new(texts.instance_name(), "");
    for (field, id) in [(&project, &place.address.ids.0), (&instance, &place.address.ids.1)] {
        field.input.set_value(id);
    }
    if let Some(shown) = Instance::new(&place.address.ids.0, &place.address.ids.1)
        && let Some(recent) = recents().iter().find(|recent| recent.instance == shown)
    {
        name.input.set_value(&recent.name);
    }
    let error = element("div.notice.error[part=notice][role=alert][hidden]", &[]);
    let known = element("div", &[]);
    show_known(texts, &known, &choice, &place.address.api_base, &project.input);
    let form = element(
        "form.ids[part=form][novalidate]",
        &[
            &text("h2", texts.form_title()),
            &text("p", texts.form_hint()),
            &known,
            &error,
            &project.all,
            &project.note(texts),
            &instance.all,
            &instance.note(texts),
            &name.all,
            &text("button.primary", texts.show_tasks()),
        ],
    );
    listen(&form, "input", {
        let error = error.clone();
        move |event| {
            if let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
                && input.get_attribute("aria-invalid").is_some()
                && !input.value().trim().is_empty()
            {
                set_attribute(&input, "aria-invalid", None);
                set_hidden(&error, true);
            }
        }
    });
    listen(&form, "submit", move |event| {
        event.prevent_default();
        let given = Instance::new(&project.input.value(), &instance.input.value());
        set_hidden(&error, given.is_some());
        let missing = if Instance::new(&project.input.value(), "instance").is_some() { &instance } else { &project };
        for field in [&project, &instance] {
            let invalid = given.is_none() && std::ptr::eq(field, missing);
            set_attribute(&field.input, "aria-invalid", invalid.then_some("true"));
        }
        if let Some(given) = given {
            return choice.go(&given, &name.input.value());
        }
        set_text(&error, &fill(texts.id_missing(), &[("name", missing.name)]));
        focus(&missing.input);
    });
    form
}

/// Lists the instances that were looked at, and then, once they are here, those that the proxy names. Where the last that was
/// looked at is forgotten, the focus goes to what is there `instead`.
fn show_known(
    texts: &'static Extras,
    known: &HtmlElement,
    choice: &Rc<Choice>,
    api_base: &str,
    instead: &HtmlInputElement,
) {
    let recents = recents();
    if recents.iter().next().is_some() {
        let items = element("ul.known", &[]);
        for recent in recents.iter() {
            let item = item(recent, choice);
            let forget = button("forget", "×", {
                let (item, instance, instead) = (item.clone(), recent.instance.clone(), instead.clone());
                move |_| {
                    let mut recents = self::recents();
                    recents.forget(&instance);
                    storage::write(storage::RECENT, &recents.to_text());
                    let next = item.next_element_sibling().or_else(|| item.previous_element_sibling());
                    if let Some(next) = next.and_then(|next| find(&next, ".forget")) {
                        focus(&next);
                    } else {
                        focus(&instead);
                    }
                    item.remove();
                }
            });
            let name = if recent.name.is_empty() { recent.instance.instance_id() } else { &recent.name };
            set_attribute(&forget, "aria-label", Some(&fill(texts.forget(), &[("name", name)])));
            append(&item, &forget);
            append(&items, &item);
        }
        append(known, &text("h3", texts.recent_instances()));
        append(known, &items);
    }
    let (known, choice) = (known.clone(), choice.clone());
    let url = [api_base, "/instances.json"].concat();
    spawn_local(async move {
        // Who serves the list call need not offer a list of instances: then there is none to choose from.
        let named = named(&url).await.unwrap_or_default();
        // A form that was closed meanwhile was tidied up after: nobody would end the listeners of what is added now.
        if named.is_empty() || !known.is_connected() {
            return;
        }
        let items = element("ul.known", &[]);
        for instance in &named {
            append(&items, &item(instance, &choice));
        }
        append(&known, &text("h3", texts.named_instances()));
        append(&known, &items);
    });
}

/// An instance that can be chosen.
fn item(recent: &Recent, choice: &Rc<Choice>) -> HtmlElement {
    let id = recent.instance.instance_id();
    let name = if recent.name.is_empty() { id } else { &recent.name };
    let choose = button("choose", "", {
        let (recent, choice) = (recent.clone(), choice.clone());
        move |_| choice.go(&recent.instance, &recent.name)
    });
    append(&choose, &text("span", name));
    if !recent.name.is_empty() {
        append(&choose, &text("small", id));
    }
    element("li", &[&choose])
}

/// The instances that the proxy names; `None` if it has no such list.
async fn named(url: &str) -> Option<Vec<Recent>> {
    let response: Response = JsFuture::from(web_sys::window()?.fetch_with_str(url)).await.ok()?.unchecked_into();
    if !response.ok() {
        return None;
    }
    let json = JsFuture::from(response.json().ok()?).await.ok()?;
    let read = |item: JsValue| {
        let text = |name: &str| js_sys::Reflect::get(&item, &name.into()).ok()?.as_string();
        let instance = Instance::new(&text("project_id")?, &text("instance_id")?)?;
        Some(Recent::new(instance, &text("name").unwrap_or_default()))
    };
    let instances = js_sys::Reflect::get(&json, &"instances".into()).ok()?;
    Some(instances.items()?.filter_map(read).collect())
}

impl Field {
    fn new(name: &'static str, class: &str) -> Self {
        let description =
            ["input.", class, "[type=text][autocomplete=off][spellcheck=false][autocapitalize=off]"].concat();
        let input = element(&description, &[]);
        let all = element("label.field", &[&text("span", name), &input]);
        Self { name, all, input: input.unchecked_into() }
    }

    /// What is said of an ID that looks odd while it is typed. It is not refused: the service decides.
    fn note(&self, texts: &'static Extras) -> HtmlElement {
        let note = text("p.note", "");
        set_attribute(&note, "role", Some("status"));
        let (name, shown, input) = (self.name, note.clone(), self.input.clone());
        listen(&self.input, "input", move |_| {
            let id = input.value();
            let odd = !id.trim().is_empty() && !Instance::looks_like_id(&id);
            set_text(&shown, &if odd { fill(texts.id_unusual(), &[("name", name)]) } else { String::new() });
        });
        note
    }
}
