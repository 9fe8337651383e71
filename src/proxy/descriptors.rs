//! File descriptors: each connection, each call and each file of the page takes one, and a process may have only so many.

use super::config::Limits;

/// What is open besides: the port, the log, what the runtime needs, calls to the identity service.
const BESIDES: usize = 64;

/// Raises the process's own limit as far as is needed and allowed. Where that is not enough, fewer connections are served
/// at a time: one too many would make files and the service look unreachable to all.
pub fn make_room(limits: &mut Limits, serves_files: bool) {
    let each = if serves_files { 2 } else { 1 };
    let others = limits.calls.saturating_add(BESIDES);
    let wanted = limits.connections.saturating_mul(each).saturating_add(others);
    let allowed = raise_to(wanted);
    if allowed < wanted {
        limits.connections = (allowed.saturating_sub(others) / each).max(1);
        tracing::warn!(
            allowed,
            wanted,
            connections = limits.connections,
            "too few file descriptors are allowed, so fewer connections are served at a time; raise `ulimit -n` \
             (LimitNOFILE= of a systemd unit), or lower limits.connections or limits.calls"
        );
    }
}

/// How many there may be, after an attempt to have this many.
#[cfg(unix)]
fn raise_to(wanted: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let soft = limit.current.unwrap_or(u64::MAX);
    let raised = u64::try_from(wanted).unwrap_or(u64::MAX).min(limit.maximum.unwrap_or(u64::MAX));
    let is_raised = raised > soft && setrlimit(Resource::Nofile, Rlimit { current: Some(raised), ..limit }).is_ok();
    usize::try_from(if is_raised { raised } else { soft }).unwrap_or(usize::MAX)
}

/// Other systems have no such limit.
#[cfg(not(unix))]
fn raise_to(wanted: usize) -> usize {
    wanted
}
