//! What a reader can choose of the view. It is remembered by the browser, and holds from when the dialog closes.

use super::widgets::{button, check, listen, select};
use super::{Place, dialog, notify};
use crate::columns::{Column, Columns};
use crate::dom::{append, element, focus, set_attribute, set_text, text};
use crate::messages::{Extras, fill};
use crate::storage;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, Node};

/// Columns, density, and whether the end of a task is told.
pub fn open(place: Place) {
    let texts = place.texts();
    let columns = columns(&place);
    let density = density(texts);
    let (notify, hint) = notify_choice(texts);
    let form = element("div.options-form", &[&columns, &density, &notify, &hint]);
    let dialog = dialog::show(&place, place.messages().options(), &[&form as &Node]);
    let reset = button("", texts.reset(), {
        let dialog = dialog.clone();
        move |_| {
            for name in [storage::COLUMNS, storage::COMPACT, storage::NOTIFY] {
                storage::write(name, "");
            }
            dialog.close();
        }
    });
    append(&form, &element("div", &[&reset]));
    listen(&dialog, "close", move |_| place.list.rearrange());
}

fn stored_columns() -> Columns {
    Columns::parse(&storage::read(storage::COLUMNS).unwrap_or_default())
}

/// Each column with whether it is shown, and two buttons that move it.
fn columns(place: &Place) -> HtmlElement {
    let items = element("ul.columns", &[]);
    let columns = Rc::new(RefCell::new(stored_columns()));
    let order: Vec<_> = columns.borrow().iter().collect();
    for (column, shown) in order {
        append(&items, &item(place, &items, &columns, column, shown));
    }
    mark_ends(&items);
    element("fieldset", &[&text("legend", place.texts().columns()), &items])
}

fn item(
    place: &Place,
    items: &HtmlElement,
    columns: &Rc<RefCell<Columns>>,
    column: Column,
    shown: bool,
) -> HtmlElement {
    let (name, texts) = (column.label()(place.messages()), place.texts());
    let (field, input) = check(name, shown);
    // Task ID stays: it opens the task.
    input.set_disabled(column == Column::Id);
    listen(&input, "change", {
        let (columns, input) = (columns.clone(), input.clone());
        move |_| {
            columns.borrow_mut().show(column, input.checked());
            storage::write(storage::COLUMNS, &columns.borrow().to_text());
        }
    });
    let item = element("li", &[&field]);
    for (sign, label, towards_start) in [("↑", texts.move_up(), true), ("↓", texts.move_down(), false)] {
        let (items, item_, columns) = (items.clone(), item.clone(), columns.clone());
        let button = button("", sign, move |button| {
            if columns.borrow_mut().shift(column, towards_start) {
                storage::write(storage::COLUMNS, &columns.borrow().to_text());
                shift(&items, &item_, towards_start);
                focus(&button);
            }
        });
        set_attribute(&button, "aria-label", Some(&fill(label, &[("name", name)])));
        append(&item, &button);
    }
    item
}

/// Moves an item as its column was moved.
fn shift(items: &HtmlElement, item: &HtmlElement, towards_start: bool) {
    let before = if towards_start {
        item.previous_element_sibling()
    } else {
        item.next_element_sibling().and_then(|next| next.next_element_sibling())
    };
    let moved = items.insert_before(item, before.as_deref());
    debug_assert!(moved.is_ok(), "an item can be moved");
    mark_ends(items);
}

/// The first cannot go up, and the last cannot go down.
fn mark_ends(items: &HtmlElement) {
    let children = items.children();
    let length = children.length();
    for index in 0..length {
        let Some(item) = children.item(index) else { continue };
        let Some(down) = item.last_element_child() else { continue };
        let Some(up) = down.previous_element_sibling() else { continue };
        for (button, end) in [(up, 0), (down, length.saturating_sub(1))] {
            set_attribute(button.unchecked_ref(), "aria-disabled", (index == end).then_some("true"));
        }
    }
}

fn density(texts: &Extras) -> HtmlElement {
    let choices = [("off", texts.comfortable()), ("on", texts.compact())];
    let (field, select) = select(texts.density(), &choices);
    select.set_value(if storage::is_on(storage::COMPACT, false) { "on" } else { "off" });
    let chosen = select.clone();
    listen(&select, "change", move |_| storage::write(storage::COMPACT, &chosen.value()));
    field
}

/// The choice, and what there is to say of it.
fn notify_choice(texts: &'static Extras) -> (HtmlElement, HtmlElement) {
    let (field, input) = check(texts.notify(), storage::is_on(storage::NOTIFY, false));
    let hint = text("p.hint", texts.notify_hint());
    set_attribute(&hint, "role", Some("status"));
    let (shown, asked) = (hint.clone(), input.clone());
    listen(&input, "change", move |_| {
        storage::switch(storage::NOTIFY, asked.checked());
        set_text(&shown, texts.notify_hint());
        if !asked.checked() {
            return;
        }
        let shown = shown.clone();
        spawn_local(async move {
            if !notify::may_notify().await {
                set_text(&shown, texts.notify_blocked());
            }
        });
    });
    (field, hint)
}
