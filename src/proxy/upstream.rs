//! The one place from which calls go up: to the service, or to the demo in this process.

use super::answer::Answer;
use super::config::Limits;
use super::credentials::Plan;
use super::demo::Demo;
use super::metrics::Metrics;
use super::refusal::Refusal;
use super::service::{Service, check_head};
use super::settings::{Destination, Wrong};
use super::view::View;
use axum::http::Method;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::time::Instant;

/// Where list calls go.
#[derive(Debug)]
pub struct Upstream {
    target: Target,
    limits: Limits,
    metrics: Metrics,
}

#[derive(Debug)]
enum Target {
    Demo(Demo),
    Service(Box<Service>),
}

impl Upstream {
    /// Prepares the way to this destination.
    ///
    /// # Errors
    /// What is [`Wrong`] with the TLS set-up.
    pub fn new(destination: &Destination, plan: Plan, limits: &Limits, metrics: &Metrics) -> Result<Self, Wrong> {
        let target = match destination {
            Destination::Demo(seed) => Target::Demo(Demo::new(*seed)),
            Destination::Service(base) => Target::Service(Box::new(Service::new(base, plan, limits, metrics)?)),
        };
        Ok(Self { target, limits: limits.clone(), metrics: metrics.clone() })
    }

    /// Asks for one view.
    ///
    /// # Errors
    /// Why there is no answer that could be passed on.
    pub async fn call(&self, view: &View) -> Result<Answer, Refusal> {
        let begun = Instant::now();
        self.metrics.calls_in_flight.inc();
        let outcome = tokio::time::timeout(self.limits.call_timeout, self.attempt(view)).await;
        self.metrics.calls_in_flight.dec();
        let outcome = outcome.unwrap_or(Err(Refusal::Timeout));
        match &outcome {
            Ok(answer) => self.metrics.upstream_answered(answer.status.as_u16(), begun.elapsed()),
            Err(refusal) => {
                self.metrics.upstream_failed(refusal.code());
                tracing::warn!(view = %view, code = refusal.code(), reason = %refusal, "a call to the service failed");
            }
        }
        outcome
    }

    /// Whether calls can be expected to work, and the reason in words, without making one.
    pub fn readiness(&self) -> (bool, String) {
        match &self.target {
            Target::Demo(_) => (true, "the demo needs no credential".to_owned()),
            Target::Service(service) => service.readiness(),
        }
    }

    /// Makes ready what the first call will need.
    pub async fn warm_up(&self) {
        if let Target::Service(service) = &self.target {
            let _ = tokio::time::timeout(self.limits.call_timeout, service.warm_up()).await;
        }
    }

    /// Looks after what is kept between calls, until it is dropped.
    pub async fn tend(&self) {
        if let Target::Service(service) = &self.target {
            service.tend().await;
        }
    }

    async fn attempt(&self, view: &View) -> Result<Answer, Refusal> {
        match &self.target {
            Target::Demo(demo) => self.ask_demo(demo, view).await,
            Target::Service(service) => service.call(view).await,
        }
    }

    /// The demo gets the same treatment as the service: what is too large or breaks off is not passed on.
    async fn ask_demo(&self, demo: &Demo, view: &View) -> Result<Answer, Refusal> {
        let target = view.target("");
        let (path, query) = target.split_once('?').unwrap_or_default();
        let response = demo.respond(&Method::GET, path, query).await.map_err(|_| Refusal::Broken)?;
        check_head(response.status(), response.headers())?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, self.limits.answer_bytes)
            .collect()
            .await
            .map_err(|error| if error.is::<LengthLimitError>() { Refusal::TooLarge } else { Refusal::Broken })?;
        Ok(Answer::new(head.status, &head.headers, body.to_bytes()))
    }
}
