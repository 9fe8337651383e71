//! The proxy together with programs of others: the official SDK, nginx, systemd. Where one is not installed and cannot
//! be, the test says so and passes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    dead_code,
    reason = "a test fails by it"
)]

#[path = "proxy/deploy.rs"]
mod deploy;
#[path = "proxy/kit.rs"]
mod kit;
#[path = "proxy/sdk.rs"]
mod sdk;
#[path = "proxy/tls.rs"]
mod tls;
