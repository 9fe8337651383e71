//! Lines on their way into the log. A thread of their own writes them, so that no request waits for a log that nobody
//! takes; lines that find no room are lost and counted.
//!
//! `tracing-appender` does the same, but says on standard error that standard error is stuck, and waits for that.

use prometheus_client::metrics::counter::Counter;
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// The most bytes that wait.
const MOST: usize = 1024 * 1024;

/// The lines that wait, and the way to their thread.
#[derive(Debug)]
pub struct LogQueue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
    lost: Counter,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: Vec<u8>,
    /// Whether the thread has taken lines that are not written yet.
    writing: bool,
}

impl LogQueue {
    /// Starts the thread, which writes to `log` for as long as the process runs.
    ///
    /// # Errors
    /// That there can be no thread.
    pub fn start(log: impl Write + Send + 'static, lost: Counter) -> io::Result<Arc<Self>> {
        let queue = Arc::new(Self { waiting: Mutex::default(), changed: Condvar::new(), lost });
        let writer = Arc::clone(&queue);
        thread::Builder::new().name("log".to_owned()).spawn(move || writer.write_all_to(log))?;
        Ok(queue)
    }

    /// Waits until all is written, but no longer than this.
    pub fn flush(&self, longest: Duration) {
        let unfinished = |waiting: &mut Waiting| waiting.writing || !waiting.lines.is_empty();
        drop(self.changed.wait_timeout_while(self.lock(), longest, unfinished));
    }

    fn write_all_to(&self, mut log: impl Write) {
        let mut lines = Vec::new();
        loop {
            self.swap(&mut lines);
            if log.write_all(&lines).is_err() {
                let count = lines.split_inclusive(|byte| *byte == b'\n').count();
                self.lost.inc_by(u64::try_from(count).unwrap_or(u64::MAX));
            }
            lines.clear();
        }
    }

    /// Waits for lines and takes all of them, for what was written.
    fn swap(&self, written: &mut Vec<u8>) {
        let mut waiting = self.lock();
        waiting.writing = false;
        self.changed.notify_all();
        let waiting = self.changed.wait_while(waiting, |waiting| waiting.lines.is_empty());
        let mut waiting = waiting.unwrap_or_else(PoisonError::into_inner);
        std::mem::swap(&mut waiting.lines, written);
        waiting.writing = true;
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes whole lines, one at a time.
impl Write for &LogQueue {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut waiting = self.lock();
        if waiting.lines.len() + line.len() > MOST {
            self.lost.inc();
        } else {
            waiting.lines.extend_from_slice(line);
            self.changed.notify_all();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by it")]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, Sender, channel};

    /// A log that takes nothing until it is told to.
    struct Stuck {
        begun: Sender<()>,
        go_on: Receiver<()>,
        written: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.begun.send(()).unwrap();
            self.go_on.recv().map_err(io::Error::other)?;
            // Slow, so that whoever does not wait for it comes too early.
            thread::sleep(Duration::from_millis(50));
            self.written.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_finds_no_room_is_counted_and_the_end_waits_for_the_rest() {
        let ((begun, has_begun), (release, go_on), lost) = (channel(), channel(), Counter::default());
        let written = Arc::new(Mutex::new(Vec::new()));
        let stuck = Stuck { begun, go_on, written: Arc::clone(&written) };
        let queue = LogQueue::start(stuck, lost.clone()).unwrap();
        let put = |line: &[u8]| (&*queue).write_all(line).unwrap();
        put(b"first\n");
        has_begun.recv().unwrap();
        queue.flush(Duration::ZERO);
        assert!(written.lock().unwrap().is_empty(), "it is stuck");
        put(&vec![b'x'; MOST - 1]);
        assert_eq!(lost.get(), 0);
        put(b"no room\n");
        put(b"\n");
        assert_eq!(lost.get(), 1, "one of the two still fitted");
        release.send(()).unwrap();
        release.send(()).unwrap();
        queue.flush(Duration::from_mins(1));
        let all = written.lock().unwrap();
        assert!(all.starts_with(b"first\nxxx") && all.ends_with(b"x\n") && all.len() == 6 + MOST);
        put(b"one\ntwo\n");
        drop(release);
        queue.flush(Duration::from_mins(1));
        assert_eq!((lost.get(), all.len()), (3, 6 + MOST), "what cannot be written is counted too");
    }
}
