//! A panic ends this module for the element in which it happened: the JavaScript half never calls into this instance of the
//! module again.
//!
//! In development the panic hook throws what there is to say. A release has no texts of panics: it ends in a trap, and the
//! JavaScript half says where in the module.

/// Makes a panic an exception with the panic's message.
pub fn install_hook() {
    std::panic::set_hook(Box::new(|panic| {
        let payload = panic.payload();
        let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref().map(String::as_str));
        let place = panic.location().map(|place| [" (line ", &place.line().to_string(), ")"].concat());
        wasm_bindgen::throw_str(&[text.unwrap_or("unknown"), place.as_deref().unwrap_or_default()].concat())
    }));
}
