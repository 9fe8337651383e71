//! The form that asks for an instance: one that the proxy names, one that was looked at before, or any by its two IDs.

use super::widgets::{button, listen};
use super::{List, Place, dialog};
use crate::dom::{append, element, focus, set_attribute, set_hidden, set_text, text};
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
    append(into, &form(place, || ()));
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
    list: List,
    chosen: Box<dyn Fn()>,
}

impl Choice {
    fn go(&self, instance: &Instance, name: &str) {
        remember(Recent::new(instance.clone(), name));
        (self.chosen)();
        self.list.choose(instance.project_id(), instance.instance_id());
    }
}

fn form(place: Place, chosen: impl Fn() + 'static) -> HtmlElement {
    let texts = place.texts();
    let choice = Rc::new(Choice { list: place.list, chosen: Box::new(chosen) });
    let (project, instance) = (Field::new(texts.project_id(), "known-id"), Field::new(texts.instance_id(), "known-id"));
    let name = Field::new(texts.instance_name(), "");
    for (field, id) in [(&project, &place.address.ids.0), (&instance, &place.address.ids.1)] {
        field.input.set_value(id);
    }
    let error = element("div.notice.error[part=notice][role=alert][hidden]", &[]);
    let known = element("div", &[]);
    show_known(texts, &known, &choice, &place.address.api_base);
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
    listen(&form, "submit", move |event| {
        event.prevent_default();
        let given = Instance::new(&project.input.value(), &instance.input.value());
        set_hidden(&error, given.is_some());
        if let Some(given) = given {
            return choice.go(&given, &name.input.value());
        }
        let missing = if Instance::new(&project.input.value(), "instance").is_some() { &instance } else { &project };
        set_text(&error, &fill(texts.id_missing(), &[("name", missing.name)]));
        focus(&missing.input);
    });
    form
}

/// Lists the instances that were looked at, and then, once they are here, those that the proxy names.
fn show_known(texts: &'static Extras, known: &HtmlElement, choice: &Rc<Choice>, api_base: &str) {
    let recents = recents();
    if recents.iter().next().is_some() {
        let items = element("ul.known", &[]);
        for recent in recents.iter() {
            let item = item(recent, choice);
            let forget = button("forget", "×", {
                let (item, instance) = (item.clone(), recent.instance.clone());
                move |_| {
                    let mut recents = self::recents();
                    recents.forget(&instance);
                    storage::write(storage::RECENT, &recents.to_text());
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
