//! The demo as a server of its own, for tests and for clients of other kinds.

use super::Demo;
use crate::proxy::config::Limits;
use crate::proxy::metrics::Metrics;
use crate::proxy::server;
use std::future::Future;
use tokio::net::TcpListener;

/// Serves the demo on this socket until `shutdown` is done.
pub async fn serve(demo: Demo, listener: TcpListener, shutdown: impl Future<Output = ()>) {
    let handle = move |head: axum::http::request::Parts| {
        let demo = demo.clone();
        async move { demo.respond(&head.method, head.uri.path(), head.uri.query().unwrap_or_default()).await }
    };
    server::serve(listener, Limits::default(), Metrics::default(), shutdown, handle).await;
}
