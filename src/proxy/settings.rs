//! Command line, environment and file, put together and checked.

use super::allow::{AllowList, Pair};
use super::cli::Args;
use super::config::{Cache, Config, Credentials, Instance, Limits, Log};
use super::credentials::{self, Plan};
use super::headers::frame_ancestors;
use super::instances;
use axum::http::HeaderValue;
use reqwest::Url;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A setting that cannot be used: what is wrong, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Wrong(pub String);

/// Where list calls go.
#[derive(Clone, Debug)]
pub enum Destination {
    /// The demo in this process, with its seed.
    Demo(u64),
    /// The service.
    Service(Url),
}

/// Everything the proxy needs to know.
#[derive(Debug)]
pub struct Settings {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// Where list calls go.
    pub destination: Destination,
    /// The folder with the built page.
    pub dist: Option<PathBuf>,
    /// Empty, or `/…` without a slash at the end.
    pub base_path: String,
    /// Pairs that may be asked about.
    pub allow: AllowList,
    /// The policy for the page.
    pub page_policy: HeaderValue,
    /// Whether pages of other origins may show this one in a frame.
    pub embeddable: bool,
    /// The instances that the page offers by name.
    pub instances: Vec<Instance>,
    /// The credential's kind and its parts.
    pub credentials: Plan,
    /// How long answers serve.
    pub cache: Cache,
    /// What the proxy puts up with.
    pub limits: Limits,
    /// Logs.
    pub log: Log,
}

/// Reads one variable of the environment.
pub type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Settings {
    /// Puts the settings together.
    ///
    /// # Errors
    /// What is [`Wrong`] with them.
    pub fn load(args: &Args, env: Env<'_>) -> Result<Self, Wrong> {
        let config = match &args.config {
            Some(path) => read(path)?,
            None => Config::default(),
        };
        Self::merge(args, config, env)
    }

    fn merge(args: &Args, config: Config, env: Env<'_>) -> Result<Self, Wrong> {
        let upstream = args.upstream.clone().or(config.upstream);
        if upstream.is_none() {
            check_no_credential(&config.credentials, env)?;
        }
        let upstream = upstream.unwrap_or_else(|| "demo".to_owned());
        let destination = match upstream.as_str() {
            "demo" => Destination::Demo(config.demo.seed),
            address => Destination::Service(service_url("upstream", address)?),
        };
        let is_demo = matches!(destination, Destination::Demo(_));
        let pairs = args.allow.clone().unwrap_or(config.allow);
        let pairs = allowed_pairs(&pairs)?;
        let allow = if is_demo && pairs.is_empty() { AllowList::everything() } else { AllowList::new(pairs) };
        let (page_policy, embeddable) = frame_ancestors(&config.frame_ancestors)?;
        let credentials = match destination {
            Destination::Demo(_) => Plan::Nothing,
            Destination::Service(_) => credentials::plan(&config.credentials, env)?,
        };
        let mut cache = config.cache;
        cache.ttl = args.cache_ttl.unwrap_or(cache.ttl);
        let mut log = config.log;
        log.format = args.log_format.unwrap_or(log.format);
        log.level = args.log_level.unwrap_or(log.level);
        let mut instances = config.instances;
        instances::check(&instances, &allow)?;
        if instances.is_empty() && is_demo {
            instances = instances::of_the_demo(&allow);
        }
        check_cache(&cache)?;
        check_limits(&config.limits)?;
        let dist = args.dist.clone().or(config.dist);
        if let Some(dist) = &dist {
            check_dist(dist)?;
        }
        Ok(Self {
            listen: args.listen.or(config.listen).unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8081))),
            destination,
            dist,
            base_path: base_path(args.base_path.as_deref().or(config.base_path.as_deref()).unwrap_or_default())?,
            allow,
            page_policy,
            embeddable,
            instances,
            credentials,
            cache,
            limits: config.limits,
            log,
        })
    }
}

fn read(path: &Path) -> Result<Config, Wrong> {
    let text = std::fs::read_to_string(path).map_err(|error| Wrong(format!("{}: {error}", path.display())))?;
    toml::from_str(&text).map_err(|error| {
        let at = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let (line, begun) = (at.matches('\n').count() + 1, at.rfind('\n').map_or(0, |end| end + 1));
        let key = text.get(begun..).and_then(|rest| rest.lines().next()).and_then(key);
        let key = key.map_or_else(String::new, |key| format!(" ({key})"));
        Wrong(format!("{}: line {line}{key}: {}", path.display(), without_values(error.message())))
    })
}

/// The key in a line of the file, if it looks like one of ours. All else is never shown: it may be a secret in a wrong place.
fn key(line: &str) -> Option<&str> {
    let key = line.split_once('=')?.0.trim();
    (!key.is_empty() && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')).then_some(key)
}

/// The message of a parser without what it quotes from the file. What it expects, and what it misses, are names of ours.
fn without_values(message: &str) -> String {
    if message.starts_with("missing field ") {
        return message.to_owned();
    }
    let (said, expected) = message.rfind(", expected ").map_or((message, ""), |at| message.split_at(at));
    let quote = |char| matches!(char, '"' | '`' | '\'');
    match (said.find(quote), said.rfind(quote)) {
        (Some(begin), Some(end)) => {
            let (before, after) = (said.get(..begin).unwrap_or_default(), said.get(end + 1..).unwrap_or_default());
            format!("{}{after}{expected}", before.trim_end())
        }
        _ => message.to_owned(),
    }
}

/// Where a file is, for an error; `None` if it does not look like a place, because it may be a secret then.
pub fn place(path: &Path) -> Option<String> {
    let is_place = ["/", "./", "../"].iter().any(|begin| path.starts_with(begin));
    is_place.then(|| path.display().to_string())
}

/// Reads the address of a service: http or https, with nothing in it that would be lost or leak.
///
/// # Errors
/// What is [`Wrong`] with it.
pub fn service_url(name: &str, text: &str) -> Result<Url, Wrong> {
    let wrong = |why: &str| Wrong(format!("{name}: {why}"));
    let url = Url::parse(text).map_err(|error| wrong(&format!("not an address: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(wrong("the address must begin with https:// (or http://)"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("a user or password must not stand in the address"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("the address must not have a query or fragment"));
    }
    Ok(url)
}

/// Somebody who gives a credential does not want made-up tasks, which look real to the readers.
fn check_no_credential(credentials: &Credentials, env: Env<'_>) -> Result<(), Wrong> {
    let files = [&credentials.token_file, &credentials.ak_file, &credentials.sk_file];
    let in_file = credentials.iam.is_some() || files.iter().any(|file| file.is_some());
    let is_set = |name: &str| env(name).is_some_and(|value| !value.trim().is_empty());
    let names = ["BIGKEY_TOKEN", "BIGKEY_AK", "BIGKEY_SK", "BIGKEY_IAM_PASSWORD"];
    let given = match names.iter().find(|name| is_set(name) || is_set(&format!("{name}_FILE"))) {
        Some(name) => name,
        None if in_file => "[credentials]",
        None => return Ok(()),
    };
    Err(Wrong(format!(
        "upstream: {given} is given, but no service; name it with --upstream https://… (or --upstream demo for made-up tasks)"
    )))
}

fn allowed_pairs(texts: &[String]) -> Result<Vec<Pair>, Wrong> {
    let pair = |(index, text): (usize, &String)| {
        text.parse().map_err(|wrong| Wrong(format!("allow: entry {}: {wrong}", index + 1)))
    };
    texts.iter().enumerate().map(pair).collect()
}

fn base_path(text: &str) -> Result<String, Wrong> {
    let path = text.trim_end_matches('/');
    let plain = |segment: &str| {
        !segment.is_empty()
            && !matches!(segment, "." | "..")
            && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~'))
    };
    match path.strip_prefix('/') {
        None if path.is_empty() => Ok(String::new()),
        Some(segments) if segments.split('/').all(plain) => Ok(path.to_owned()),
        _ => Err(Wrong("base_path: not a path such as /ops/bigkeys".to_owned())),
    }
}

fn check_cache(cache: &Cache) -> Result<(), Wrong> {
    if cache.ttl > Duration::from_hours(1) {
        return Err(Wrong("cache.ttl: at most 1h".to_owned()));
    }
    if cache.entries == 0 || cache.bytes == 0 {
        return Err(Wrong(
            "cache: entries and bytes must be greater than 0; turn keeping off with ttl = \"0s\"".to_owned(),
        ));
    }
    Ok(())
}

/// More calls or connections than any system has room for.
const MOST_AT_ONCE: usize = 1_000_000;
/// Longer than anybody waits, and far from what clocks cannot count.
const LONGEST: Duration = Duration::from_hours(24);

fn check_limits(limits: &Limits) -> Result<(), Wrong> {
    let times = [
        ("connect_timeout", limits.connect_timeout),
        ("call_timeout", limits.call_timeout),
        ("header_timeout", limits.header_timeout),
        ("write_timeout", limits.write_timeout),
    ];
    if let Some((name, _)) = times.iter().find(|(_, time)| time.is_zero()) {
        return Err(Wrong(format!("limits.{name}: must be greater than 0")));
    }
    let shutdown = ("shutdown_timeout", limits.shutdown_timeout);
    if let Some((name, _)) = times.iter().chain([&shutdown]).find(|(_, time)| *time > LONGEST) {
        return Err(Wrong(format!("limits.{name}: at most 1day")));
    }
    let counts = [("answer_bytes", limits.answer_bytes), ("calls", limits.calls), ("connections", limits.connections)];
    if let Some((name, _)) = counts.iter().find(|(_, count)| *count == 0) {
        return Err(Wrong(format!("limits.{name}: must be greater than 0")));
    }
    if let Some((name, _)) = counts.iter().skip(1).find(|(_, count)| *count > MOST_AT_ONCE) {
        return Err(Wrong(format!("limits.{name}: must not be greater than {MOST_AT_ONCE}")));
    }
    Ok(())
}

fn check_dist(dist: &Path) -> Result<(), Wrong> {
    if dist.join("index.html").is_file() {
        return Ok(());
    }
    let place = place(dist).unwrap_or("the folder".to_owned());
    Err(Wrong(format!("dist: there is no index.html in {place}; build the page first")))
}
