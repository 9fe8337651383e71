//! Logs, on standard error: text for people or JSON for machines.

use super::config::{Log, LogFormat, LogLevel};
use super::log_queue::LogQueue;
use super::settings::Wrong;
use prometheus_client::metrics::counter::Counter;
use std::sync::Arc;
use std::time::Duration;
use tracing::Level;

/// How long the end of the process waits for its last lines to be written.
const LAST_LINES: Duration = Duration::from_secs(3);

/// Logs at work. Dropped, the last lines are written.
#[derive(Debug)]
pub struct Logging {
    queue: Arc<LogQueue>,
}

impl Drop for Logging {
    fn drop(&mut self) {
        self.queue.flush(LAST_LINES);
    }
}

/// Sets the process's logs up, once. `lost` counts the lines that could not be written.
///
/// # Errors
/// That there is no thread to write them.
pub fn start(log: &Log, lost: Counter) -> Result<Logging, Wrong> {
    let level = match log.level {
        LogLevel::Error => Level::ERROR,
        LogLevel::Warn => Level::WARN,
        LogLevel::Info => Level::INFO,
        LogLevel::Debug => Level::DEBUG,
    };
    let queue = LogQueue::start(std::io::stderr(), lost);
    let queue = queue.map_err(|error| Wrong(format!("logs cannot be written: {error}")))?;
    let builder = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(Arc::clone(&queue))
        // They would be written to standard error at once, by a request that ends with it where that fails.
        .log_internal_errors(false)
        .with_target(false);
    // A second start in one process would change nothing.
    let _ = match log.format {
        LogFormat::Text => tracing::subscriber::set_global_default(builder.with_ansi(false).finish()),
        LogFormat::Json => tracing::subscriber::set_global_default(builder.json().flatten_event(true).finish()),
    };
    // The usual hook writes to standard error itself, and waits where nobody reads that.
    std::panic::set_hook(Box::new(|panic| tracing::error!(panic = ?panic.to_string(), "a bug in the proxy")));
    Ok(Logging { queue })
}
