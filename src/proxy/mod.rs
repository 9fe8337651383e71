//! `bigkey-proxy`: the list call and the page from one origin, with the credential kept on this side.
//!
//! A request passes [`app`] (what exists at all), [`allow`] (who may be asked about), [`reader`] (one call for many
//! readers) and [`upstream`] (the service, or the demo in this process), in this order.

pub mod allow;
pub mod answer;
pub mod app;
pub mod cli;
pub mod config;
pub mod credentials;
pub mod demo;
pub mod descriptors;
pub mod flights;
pub mod gate;
pub mod headers;
pub mod instances;
pub mod line;
pub mod log_queue;
pub mod logging;
pub mod metrics;
pub mod page;
pub mod pool;
pub mod reader;
pub mod refusal;
pub mod room;
pub mod run;
pub mod server;
pub mod service;
pub mod settings;
pub mod upstream;
pub mod view;
