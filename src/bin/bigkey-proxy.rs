//! The command `bigkey-proxy`.

use bigkey_tasks::proxy::{cli::Args, run::run};
use clap::Parser;
use std::io::Write;
use std::process::ExitCode;

/// Many small, short-lived pieces of memory on several threads: what the system's allocator is slowest at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = Args::parse();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(args.threads())
        .enable_all()
        .build()
        .map_err(|error| error.to_string())
        .and_then(|runtime| runtime.block_on(run(&args)).map_err(|wrong| wrong.to_string()));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            // Where that cannot be written, the exit code has to do.
            let _ = writeln!(std::io::stderr(), "bigkey-proxy: {wrong}");
            ExitCode::FAILURE
        }
    }
}
