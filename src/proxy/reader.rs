//! One call for many readers: equal requests under way wait for one call, and its answer serves for a short time.

use super::answer::{Answer, Keeping};
use super::config::{Cache as CacheConfig, Limits};
use super::flights::{Boarded, Flights};
use super::gate::{Gate, Reach};
use super::metrics::Metrics;
use super::refusal::Refusal;
use super::room::{Place, Room};
use super::upstream::Upstream;
use super::view::View;
use moka::sync::Cache;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// What an answer weighs beside its body.
const OVERHEAD: u32 = 512;

/// How an answer was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A call was made for it.
    Called,
    /// It came of an equal call that was under way.
    Coalesced,
    /// It was kept.
    Kept,
}

impl Source {
    /// In a word, for logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Called => "called",
            Self::Coalesced => "coalesced",
            Self::Kept => "kept",
        }
    }
}

/// An answer for a reader.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The answer, the proxy's own refusals included.
    pub answer: Arc<Answer>,
    /// How long it serves, if it is kept.
    pub kept: Option<Keeping>,
    /// How it was come by.
    pub source: Source,
}

/// An answer, and since when it is kept, if it is.
#[derive(Clone, Debug)]
struct Landed {
    answer: Arc<Answer>,
    kept_since: Option<Instant>,
}

/// Gets answers for readers.
#[derive(Clone, Debug)]
pub struct Reader {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    upstream: Upstream,
    answers: Cache<Arc<View>, Landed>,
    flights: Arc<Flights<Arc<View>, Landed>>,
    ttl: Duration,
    gate: Gate,
    calls: Semaphore,
    room: Room,
    metrics: Metrics,
}

impl Reader {
    /// Gets answers from this upstream.
    pub fn new(upstream: Upstream, reach: Reach, cache: &CacheConfig, limits: &Limits, metrics: &Metrics) -> Self {
        // One capacity bounds both: no answer weighs less than its share of the bytes.
        let least = (cache.bytes / cache.entries).max(1);
        let answers = Cache::builder()
            .max_capacity(u64::from(cache.bytes))
            .weigher(move |_: &Arc<View>, landed: &Landed| {
                u32::try_from(landed.answer.body.len()).unwrap_or(u32::MAX).saturating_add(OVERHEAD).max(least)
            })
            .time_to_live(cache.ttl)
            .build();
        Self {
            shared: Arc::new(Shared {
                upstream,
                answers,
                flights: Arc::default(),
                ttl: cache.ttl,
                gate: Gate::new(reach),
                calls: Semaphore::new(limits.calls),
                room: Room::new(limits, cache),
                metrics: metrics.clone(),
            }),
        }
    }

    /// The upstream behind.
    pub fn upstream(&self) -> &Upstream {
        &self.shared.upstream
    }

    /// Gets the answer for a view.
    pub async fn read(&self, view: &Arc<View>) -> Reading {
        let shared = &self.shared;
        if let Some(landed) = shared.kept(view) {
            return shared.reading(landed, Source::Kept);
        }
        let kept = || shared.kept(view);
        let call = || Arc::clone(shared).call_and_keep(Arc::clone(view));
        let (flight, source) = match shared.flights.board(view, kept, call) {
            Boarded::Kept(landed) => return shared.reading(landed, Source::Kept),
            Boarded::Joined(flight) => (flight, Source::Coalesced),
            Boarded::Started(flight) => (flight, Source::Called),
        };
        let landed = flight.await;
        let landed = landed.unwrap_or_else(|| Landed { answer: Arc::new(Refusal::Broken.answer()), kept_since: None });
        shared.reading(landed, source)
    }
}

impl Shared {
    fn kept(&self, view: &View) -> Option<Landed> {
        if self.ttl.is_zero() { None } else { self.answers.get(view) }
    }

    fn reading(&self, landed: Landed, source: Source) -> Reading {
        match source {
            Source::Kept => self.metrics.cache_hits.inc(),
            Source::Coalesced => self.metrics.coalesced.inc(),
            Source::Called => 0,
        };
        let age = |since: Instant| (source == Source::Kept).then(|| since.elapsed());
        let kept = landed.kept_since.map(|since| Keeping { ttl: self.ttl, age: age(since) });
        Reading { answer: landed.answer, kept, source }
    }

    async fn call_and_keep(self: Arc<Self>, view: Arc<View>) -> Landed {
        let answer = Arc::new(self.call(&view).await);
        let kept = !self.ttl.is_zero() && answer.can_be_kept();
        let landed = Landed { answer, kept_since: kept.then(Instant::now) };
        if kept {
            self.answers.insert(view, landed.clone());
        }
        landed
    }

    async fn call(&self, view: &View) -> Answer {
        if let Some(answer) = self.gate.closed(view) {
            self.metrics.held_back.inc();
            return answer;
        }
        let Ok(_permit) = self.calls.try_acquire() else {
            return Refusal::Busy(1).answer();
        };
        let Some(place) = self.place() else {
            return Refusal::Busy(1).answer();
        };
        match self.upstream.call(view).await {
            Ok(answer) => {
                self.gate.note(view, &answer);
                Answer { body: place.hold(answer.body), ..answer }
            }
            Err(refusal) => refusal.answer(),
        }
    }

    /// The room for an answer. Where there is none, that of answers whose time is over is given back first.
    fn place(&self) -> Option<Place> {
        self.room.take().or_else(|| {
            self.answers.run_pending_tasks();
            self.room.take()
        })
    }
}
