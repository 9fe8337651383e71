//! Idle connections, kept for the next call.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// What is idle, the one that was used last on top: the others can grow old and go.
#[derive(Debug)]
pub struct Pool<L> {
    idle: Mutex<Vec<Idle<L>>>,
    most: usize,
    longest: Duration,
}

#[derive(Debug)]
struct Idle<L> {
    line: L,
    since: Instant,
}

impl<L> Pool<L> {
    /// Keeps this many, each for this long.
    pub fn new(most: usize, longest: Duration) -> Self {
        Self { idle: Mutex::default(), most, longest }
    }

    /// Takes one out, if there is one that is not too old.
    pub fn take(&self) -> Option<L> {
        let Idle { line, since } = self.idle().pop()?;
        (since.elapsed() < self.longest).then_some(line)
    }

    /// Keeps one, if there is room.
    pub fn keep(&self, line: L) {
        let mut idle = self.idle();
        if idle.len() < self.most {
            idle.push(Idle { line, since: Instant::now() });
        }
    }

    /// Lets go what is too old or, as this finds, of no use any more.
    pub fn sweep(&self, mut is_of_use: impl FnMut(&mut L) -> bool) {
        self.idle().retain_mut(|one| one.since.elapsed() < self.longest && is_of_use(&mut one.line));
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle<L>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_last_one_first_and_none_for_too_long() {
        let pool = Pool::new(2, Duration::from_secs(30));
        assert_eq!(pool.take(), None);
        pool.keep(1);
        tokio::time::advance(Duration::from_secs(20)).await;
        pool.keep(2);
        pool.keep(3);
        assert_eq!(pool.take(), Some(2), "there was no room for a third one");
        pool.keep(2);
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!((pool.take(), pool.take()), (Some(2), None), "the other is too old");
    }

    #[tokio::test(start_paused = true)]
    async fn sweeping_leaves_what_is_young_and_of_use() {
        let pool = Pool::new(9, Duration::from_secs(30));
        pool.keep(1);
        tokio::time::advance(Duration::from_secs(30)).await;
        for line in 2..=4 {
            pool.keep(line);
        }
        let mut asked = Vec::new();
        pool.sweep(|line| {
            asked.push(*line);
            *line != 3
        });
        assert_eq!(asked, [2, 3, 4]);
        assert_eq!((pool.take(), pool.take(), pool.take()), (Some(4), Some(2), None));
    }
}
