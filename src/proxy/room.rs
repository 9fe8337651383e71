//! Room in memory for answers. A call takes what the greatest answer needs; what its answer needs is given back when the last
//! reader has it and it is no longer kept. So neither slow readers nor great answers take more than was planned for.

use super::config::{Cache, Limits};
use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What room is counted in, in bytes.
const UNIT: usize = 1024;

/// The room there is.
#[derive(Debug)]
pub struct Room {
    free: Arc<Semaphore>,
    call: u32,
}

/// The room for one answer.
#[derive(Debug)]
pub struct Place {
    taken: OwnedSemaphorePermit,
}

impl Room {
    /// As much as all calls that may be under way need at the most, and what may be kept.
    pub fn new(limits: &Limits, cache: &Cache) -> Self {
        let call = units(limits.answer_bytes);
        let all = count(call).saturating_mul(limits.calls).saturating_add(count(units(count(cache.bytes))));
        Self { free: Arc::new(Semaphore::new(all.min(Semaphore::MAX_PERMITS))), call }
    }

    /// Takes what a call needs, if there is as much.
    pub fn take(&self) -> Option<Place> {
        let taken = Arc::clone(&self.free).try_acquire_many_owned(self.call).ok()?;
        Some(Place { taken })
    }
}

impl Place {
    /// Gives back what this body does not need at once, and the rest with its last copy.
    pub fn hold(mut self, body: Bytes) -> Bytes {
        let spare = self.taken.num_permits().saturating_sub(count(units(body.len())));
        drop(self.taken.split(spare));
        Bytes::from_owner(Held { body, _taken: self.taken })
    }
}

struct Held {
    body: Bytes,
    _taken: OwnedSemaphorePermit,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.body
    }
}

fn units(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(UNIT)).unwrap_or(u32::MAX)
}

fn count(units: u32) -> usize {
    usize::try_from(units).unwrap_or(usize::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by it")]
mod tests {
    use super::*;

    #[test]
    fn an_answer_takes_room_until_its_last_copy_is_gone() {
        let limits = Limits { answer_bytes: 4 * UNIT, calls: 2, ..Limits::default() };
        let room = Room::new(&limits, &Cache { bytes: 1, ..Cache::default() });
        assert_eq!(room.free.available_permits(), 9);
        let (first, second) = (room.take().unwrap(), room.take().unwrap());
        assert!(room.take().is_none());
        drop(second);
        let body = first.hold(Bytes::from(vec![b'x'; UNIT + 1]));
        assert_eq!((body.len(), room.free.available_permits()), (UNIT + 1, 7));
        let copy = body.clone();
        drop(body);
        assert_eq!(room.free.available_permits(), 7);
        drop(copy);
        assert_eq!(room.free.available_permits(), 9);
        assert_eq!(room.take().unwrap().hold(Bytes::new()), "");
        assert_eq!(room.free.available_permits(), 9);
    }

    #[test]
    fn no_limit_is_too_great_to_count() {
        let limits = Limits { answer_bytes: usize::MAX, calls: 1_000_000, ..Limits::default() };
        assert!(Room::new(&limits, &Cache { bytes: u32::MAX, ..Cache::default() }).take().is_some());
    }
}
