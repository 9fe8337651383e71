//! The wasm entry point. All there is to start is in the library; the custom element calls it.

fn main() {
    #[cfg(target_arch = "wasm32")]
    bigkey_tasks::element::start();
}
