//! One call for many readers: equal requests under way wait for one call, and its answer serves for a short time.

use super::answer::Answer;
use super::config::{Cache as CacheConfig, Limits};
use super::gate::{Gate, Reach};
use super::metrics::Metrics;
use super::refusal::Refusal;
use super::upstream::Upstream;
use super::view::View;
use moka::future::Cache;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
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
    pub kept: Option<Duration>,
    /// How it was come by.
    pub source: Source,
}

/// Gets answers for readers.
#[derive(Clone, Debug)]
pub struct Reader {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    upstream: Upstream,
    answers: Cache<View, Arc<Answer>>,
    ttl: Duration,
    gate: Gate,
    calls: Semaphore,
    metrics: Metrics,
}

impl Reader {
    /// Gets answers from this upstream.
    pub fn new(upstream: Upstream, reach: Reach, cache: &CacheConfig, limits: &Limits, metrics: &Metrics) -> Self {
        // One capacity bounds both: no answer weighs less than its share of the bytes.
        let least = (cache.bytes / cache.entries).max(1);
        let answers = Cache::builder()
            .max_capacity(u64::from(cache.bytes))
            .weigher(move |_: &View, answer: &Arc<Answer>| {
                u32::try_from(answer.body.len()).unwrap_or(u32::MAX).saturating_add(OVERHEAD).max(least)
            })
            .time_to_live(cache.ttl)
            .build();
        Self {
            shared: Arc::new(Shared {
                upstream,
                answers,
                ttl: cache.ttl,
                gate: Gate::new(reach),
                calls: Semaphore::new(limits.calls),
                metrics: metrics.clone(),
            }),
        }
    }

    /// The upstream behind.
    pub fn upstream(&self) -> &Upstream {
        &self.shared.upstream
    }

    /// Gets the answer for a view.
    pub async fn read(&self, view: View) -> Reading {
        let shared = &self.shared;
        if !shared.ttl.is_zero()
            && let Some(answer) = shared.answers.get(&view).await
        {
            shared.metrics.cache_hits.inc();
            return Reading { answer, kept: Some(shared.ttl), source: Source::Kept };
        }
        // In a task of its own: a reader who leaves must not end the call that others wait for.
        let task = tokio::spawn(Arc::clone(shared).share(view));
        task.await.unwrap_or_else(|_| Reading {
            answer: Arc::new(Refusal::Broken.answer()),
            kept: None,
            source: Source::Called,
        })
    }
}

impl Shared {
    async fn share(self: Arc<Self>, view: View) -> Reading {
        let called = AtomicBool::new(false);
        let init = async {
            called.store(true, Ordering::Relaxed);
            let answer = self.call(&view).await;
            if answer.can_be_kept() { Ok(Arc::new(answer)) } else { Err(answer) }
        };
        let outcome = self.answers.try_get_with_by_ref(&view, init).await;
        let source = if called.load(Ordering::Relaxed) {
            Source::Called
        } else {
            self.metrics.coalesced.inc();
            Source::Coalesced
        };
        match outcome {
            Ok(answer) => Reading { answer, kept: Some(self.ttl), source },
            Err(answer) => Reading { answer, kept: None, source },
        }
    }

    async fn call(&self, view: &View) -> Answer {
        if let Some(answer) = self.gate.closed(view) {
            self.metrics.held_back.inc();
            return answer;
        }
        let Ok(_permit) = self.calls.try_acquire() else {
            return Refusal::Busy(1).answer();
        };
        match self.upstream.call(view).await {
            Ok(answer) => {
                self.gate.note(view, &answer);
                answer
            }
            Err(refusal) => refusal.answer(),
        }
    }
}
