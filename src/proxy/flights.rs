//! Calls under way, so that an equal one can join instead of being made.

use foldhash::fast::RandomState;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, FusedFuture, Shared};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use tokio::runtime::Handle;

/// Calls under way by key. A reader who leaves does not end what others wait for, nor what has begun.
#[derive(Debug)]
pub struct Flights<K, V: Clone> {
    under_way: Mutex<Calls<K, V>>,
}

/// Only views that the allow-list lets through are keys here, so the fast hash will do.
type Calls<K, V> = HashMap<K, Flight<V>, RandomState>;

type Flight<V> = Shared<BoxFuture<'static, Option<V>>>;

impl<K, V: Clone> Default for Flights<K, V> {
    fn default() -> Self {
        Self { under_way: Mutex::new(HashMap::default()) }
    }
}

/// How a reader came by its answer.
pub enum Boarded<V: Clone + Send + Sync + 'static> {
    /// `kept` had it by now.
    Kept(V),
    /// There was an equal call to join.
    Joined(Seat<V>),
    /// A call was started.
    Started(Seat<V>),
}

/// A seat in a call under way, which gives the outcome; `None` comes of a call that broke down. The call goes on in the
/// tasks of those who wait for it, which saves a task for each. Only one who gets up before the end leaves it to a new
/// task, because a call must be completed: what is learned of a credential would be lost.
pub struct Seat<V: Clone + Send + Sync + 'static>(Flight<V>);

impl<V: Clone + Send + Sync + 'static> Future for Seat<V> {
    type Output = Option<V>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_unpin(context)
    }
}

impl<V: Clone + Send + Sync + 'static> Drop for Seat<V> {
    fn drop(&mut self) {
        if !self.0.is_terminated()
            && self.0.peek().is_none()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(self.0.clone());
        }
    }
}

impl<K, V> Flights<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + Sync + 'static,
{
    /// Joins the call under way for this key, or starts one. `kept` is asked once more before that: a call may have
    /// landed since the caller looked.
    pub fn board<F>(self: &Arc<Self>, key: &K, kept: impl FnOnce() -> Option<V>, call: impl FnOnce() -> F) -> Boarded<V>
    where
        F: Future<Output = V> + Send + 'static,
    {
        let mut under_way = self.lock();
        let place = match under_way.entry(key.clone()) {
            Entry::Occupied(flight) => return Boarded::Joined(Seat(flight.get().clone())),
            Entry::Vacant(place) => place,
        };
        if let Some(value) = kept() {
            return Boarded::Kept(value);
        }
        let landing = Landing { flights: Arc::clone(self), key: key.clone() };
        let call = AssertUnwindSafe(call()).catch_unwind();
        let flight = async move {
            let value = call.await.ok();
            drop(landing);
            value
        };
        let flight = flight.boxed().shared();
        place.insert(flight.clone());
        Boarded::Started(Seat(flight))
    }

    fn lock(&self) -> MutexGuard<'_, Calls<K, V>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes the call off the list when it ends, however it ends.
struct Landing<K: Clone + Eq + Hash + Send + 'static, V: Clone + Send + Sync + 'static> {
    flights: Arc<Flights<K, V>>,
    key: K,
}

impl<K: Clone + Eq + Hash + Send + 'static, V: Clone + Send + Sync + 'static> Drop for Landing<K, V> {
    fn drop(&mut self) {
        self.flights.lock().remove(&self.key);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by it")]
mod tests {
    use super::*;

    fn flight(boarded: Boarded<u32>) -> (bool, Seat<u32>) {
        match boarded {
            Boarded::Started(flight) => (true, flight),
            Boarded::Joined(flight) => (false, flight),
            Boarded::Kept(_) => panic!("nothing is kept"),
        }
    }

    #[tokio::test]
    async fn equal_calls_join_and_a_call_that_breaks_down_blocks_nobody() {
        let flights: Arc<Flights<&str, u32>> = Arc::default();
        let (release, released) = tokio::sync::oneshot::channel::<()>();
        let first = flight(flights.board(&"a", || None, || async { u32::from(released.await.is_ok()) }));
        let second = flight(flights.board(&"a", || None, || async { 7 }));
        let other = flight(flights.board(&"b", || None, || async { 8 }));
        assert_eq!((first.0, second.0, other.0), (true, false, true));
        assert_eq!(other.1.await, Some(8));
        drop(first);
        release.send(()).unwrap();
        assert_eq!(second.1.await, Some(1), "the one who started it left");
        assert!(matches!(flights.board(&"a", || Some(9), || async { 1 }), Boarded::Kept(9)));
        let broken = flight(flights.board(&"a", || None, || async { panic!("broken") }));
        assert_eq!(broken.1.await, None);
        let (begun, went_on) = tokio::sync::oneshot::channel::<()>();
        drop(flight(flights.board(&"left", || None, || async { u32::from(begun.send(()).is_ok()) })));
        assert!(went_on.await.is_ok(), "a call that all have left is completed");
        let again = flight(flights.board(&"a", || None, || async { 2 }));
        assert_eq!((again.0, again.1.await), (true, Some(2)));
        assert!(flights.lock().is_empty());
    }
}
