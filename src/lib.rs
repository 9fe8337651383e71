//! The big key analysis tasks of a DCS (managed Redis) instance, as a browser component and the proxy behind it.

pub mod model;

#[cfg(all(feature = "proxy", not(target_arch = "wasm32")))]
pub mod proxy;
