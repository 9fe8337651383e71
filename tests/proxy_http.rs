//! The proxy as a process, over real sockets, with a real upstream that misbehaves on demand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by it"
)]

#[path = "proxy/clients.rs"]
mod clients;
#[path = "proxy/command.rs"]
mod command;
#[path = "proxy/credentials.rs"]
mod credentials;
#[path = "proxy/demo.rs"]
mod demo;
#[path = "proxy/descriptors.rs"]
mod descriptors;
#[path = "proxy/files.rs"]
mod files;
#[path = "proxy/iam.rs"]
mod iam;
#[path = "proxy/kit.rs"]
mod kit;
#[path = "proxy/logs.rs"]
mod logs;
#[path = "proxy/sharing.rs"]
mod sharing;
#[path = "proxy/surface.rs"]
mod surface;
#[path = "proxy/upstream.rs"]
mod upstream;
