//! The big key analysis tasks of a DCS (managed Redis) instance, as a browser component and the proxy behind it.
//!
//! Data flows one way: **address or attributes → [`query`] → [`api`] → [`listing`] → view**. Events only navigate: they
//! make a new query. The modules of the first group know no browser and are tested on the host; those of the second
//! are the thin shell around them; the third is the native proxy.

pub mod address;
pub mod api;
pub mod chart;
pub mod columns;
pub mod digits;
pub mod export;
pub mod joined;
pub mod json;
pub mod listing;
pub mod messages;
pub mod model;
pub mod paging;
pub mod poll;
pub mod query;
pub mod recent;
pub mod shortcuts;
pub mod summary;
pub mod time;

#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(all(target_arch = "wasm32", debug_assertions))]
mod crash;
#[cfg(target_arch = "wasm32")]
mod dom;
#[cfg(target_arch = "wasm32")]
pub mod element;
#[cfg(target_arch = "wasm32")]
mod events;
#[cfg(target_arch = "wasm32")]
pub mod extras;
#[cfg(target_arch = "wasm32")]
pub mod format;
#[cfg(target_arch = "wasm32")]
mod http;
#[cfg(target_arch = "wasm32")]
mod location;
#[cfg(target_arch = "wasm32")]
mod on_demand;
#[cfg(target_arch = "wasm32")]
mod plain;
#[cfg(target_arch = "wasm32")]
mod storage;
#[cfg(target_arch = "wasm32")]
mod timer;
#[cfg(target_arch = "wasm32")]
mod view;

/// Called once in each wasm module, before anything else.
#[cfg(target_arch = "wasm32")]
pub fn start() {
    #[cfg(debug_assertions)]
    crash::install_hook();
}

#[cfg(all(feature = "proxy", not(target_arch = "wasm32")))]
pub mod proxy;

/// Smaller than the standard library's, which has more to do than this module needs.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
