//! Client connections: how many, how slow, and how they end.

use super::config::Limits;
use super::metrics::Metrics;
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;

/// The greatest head of a request.
const HEAD_BYTES: usize = 32 * 1024;
/// How long to wait when the system has no more connections to give.
const BREATHER: Duration = Duration::from_millis(100);

/// Answers connections until `shutdown` is done, then finishes what is under way.
///
/// `handle` answers the request with this head; an error of it closes the connection without an answer.
pub async fn serve<H, F, E>(
    listener: TcpListener,
    limits: Limits,
    metrics: Metrics,
    shutdown: impl Future<Output = ()>,
    handle: H,
) where
    H: Fn(Parts) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result<Response<Body>, E>> + Send + 'static,
    E: Error + Send + Sync + 'static,
{
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_timeout)
        .max_buf_size(HEAD_BYTES)
        .half_close(false);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(limits.connections));
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = &mut shutdown => break,
        };
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(BREATHER).await;
                    continue;
                }
            },
            () = &mut shutdown => break,
        };
        let handle = handle.clone();
        let service = service_fn(move |request: Request<Incoming>| handle(request.into_parts().0));
        let connection = builder.serve_connection(TokioIo::new(patient(stream, limits.write_timeout)), service);
        let connection = graceful.watch(connection);
        let metrics = metrics.clone();
        metrics.connections.inc();
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended badly");
            }
            metrics.connections.dec();
            drop(place);
        });
    }
    drop(listener);
    tracing::info!("shutting down: what is under way is completed");
    if tokio::time::timeout(limits.shutdown_timeout, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections were still busy and are cut off");
    }
}

/// A connection that is given up when its client does not take what is sent to it.
fn patient(stream: TcpStream, write_timeout: Duration) -> std::pin::Pin<Box<TimeoutStream<TcpStream>>> {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(write_timeout));
    Box::pin(stream)
}
