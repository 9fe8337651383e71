//! A button.

use crate::app::App;
use crate::dom::element;
use web_sys::HtmlElement;

/// A button that does `click`. (A function and not a closure, whose type would be more code for each button.)
pub fn button(app: App, class: &str, label: &str, click: fn(App)) -> HtmlElement {
    let button = idle_button(class, label);
    app.listen(&button, "click", move |_| click(app));
    button
}

/// A button that nobody listens to yet.
pub fn idle_button(class: &str, label: &str) -> HtmlElement {
    let button = element(&["button.", class, "[type=button][part=button]"].concat(), &[]);
    button.set_text_content(Some(label));
    button
}
