//! The configuration file. `deploy/bigkey-proxy.toml` is the documented sample.

use clap::ValueEnum;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// The whole file. A key that is not known is an error, with its line and name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The address to listen on.
    pub listen: Option<SocketAddr>,
    /// `demo`, or the address of the service.
    pub upstream: Option<String>,
    /// The folder with the built page.
    pub dist: Option<PathBuf>,
    /// The path below which everything is served.
    pub base_path: Option<String>,
    /// Pairs that may be asked about.
    pub allow: Vec<String>,
    /// Who may show the page in a frame.
    pub frame_ancestors: Vec<String>,
    /// The instances that the page offers by name.
    pub instances: Vec<Instance>,
    /// What stands in for the service.
    pub demo: DemoConfig,
    /// How the proxy shows itself to the service.
    pub credentials: Credentials,
    /// How long answers serve.
    pub cache: Cache,
    /// What the proxy puts up with.
    pub limits: Limits,
    /// Logs.
    pub log: Log,
}

/// An instance that the page offers by name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// What people call it.
    pub name: String,
    /// Its project ID.
    pub project_id: String,
    /// Its instance ID.
    pub instance_id: String,
}

/// The demo upstream.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DemoConfig {
    /// Same seed, same data.
    pub seed: u64,
}

impl Default for DemoConfig {
    fn default() -> Self {
        Self { seed: 1 }
    }
}

/// The credential, without its secret parts: those come from the environment or from the files named here.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Credentials {
    /// A file with a token, read again when it changes.
    pub token_file: Option<PathBuf>,
    /// A file with the access key.
    pub ak_file: Option<PathBuf>,
    /// A file with the secret key.
    pub sk_file: Option<PathBuf>,
    /// The identity service that gives tokens for a user and password.
    pub iam: Option<Iam>,
}

/// The identity service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Iam {
    /// Its address, such as `https://iam.example.com`.
    pub endpoint: String,
    /// The user's name.
    pub user: String,
    /// The name of the user's domain (account).
    pub domain: String,
    /// The project that the token is for.
    pub project_id: String,
    /// A file with the password.
    pub password_file: Option<PathBuf>,
}

/// How long answers serve, and how many are kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Cache {
    /// How long an answer serves everybody who asks the same. `"0s"` turns keeping off; equal calls under way are still
    /// one call.
    #[serde(with = "humantime_serde")]
    pub ttl: Duration,
    /// The most answers kept.
    pub entries: u32,
    /// The most bytes kept.
    pub bytes: u32,
}

impl Default for Cache {
    fn default() -> Self {
        Self { ttl: Duration::from_secs(2), entries: 1000, bytes: 16 * 1024 * 1024 }
    }
}

/// What the proxy puts up with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The time for a connection to the service, TLS included.
    #[serde(with = "humantime_serde")]
    pub connect_timeout: Duration,
    /// The time for a whole call to the service, a new token included.
    #[serde(with = "humantime_serde")]
    pub call_timeout: Duration,
    /// The most bytes of an answer of the service.
    pub answer_bytes: usize,
    /// The most calls to the service under way.
    pub calls: usize,
    /// The most client connections.
    pub connections: usize,
    /// The time for a request's head, and for which an idle connection is kept.
    #[serde(with = "humantime_serde")]
    pub header_timeout: Duration,
    /// The time for which a client may leave its answer unread.
    #[serde(with = "humantime_serde")]
    pub write_timeout: Duration,
    /// The time that a shutdown gives to what is under way.
    #[serde(with = "humantime_serde")]
    pub shutdown_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            call_timeout: Duration::from_secs(30),
            answer_bytes: 8 * 1024 * 1024,
            calls: 128,
            connections: 4096,
            header_timeout: Duration::from_secs(20),
            write_timeout: Duration::from_secs(20),
            shutdown_timeout: Duration::from_secs(35),
        }
    }
}

/// Logs.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// How logs are written.
    pub format: LogFormat,
    /// How much is logged.
    pub level: LogLevel,
}

/// How logs are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Only what keeps the proxy from its work.
    Error,
    /// Also what an operator should look at.
    Warn,
    /// Also a line for each request.
    #[default]
    Info,
    /// Also what helps to find a mistake.
    Debug,
}
