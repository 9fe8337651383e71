//! The command line. Secrets cannot be given here: a command line can be read by every user of a machine.

use super::config::LogFormat;
use super::config::LogLevel;
use clap::Parser;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

/// Serves the big key analysis tasks page and passes its list call on to the service, with a credential of its own.
///
/// Every option can also be given in the environment, and in the configuration file; an option counts more than the
/// environment, and the environment more than the file. Secrets come from the environment (`BIGKEY_TOKEN`;
/// `BIGKEY_AK` and `BIGKEY_SK`; `BIGKEY_IAM_PASSWORD`) or from files (the same names with `_FILE`).
#[derive(Clone, Debug, Default, Parser)]
#[command(name = "bigkey-proxy", version)]
pub struct Args {
    /// The configuration file (TOML)
    #[arg(long, env = "BIGKEY_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The address to listen on; port 0 takes a free one [default: 127.0.0.1:8081]
    #[arg(long, env = "BIGKEY_LISTEN", value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// `demo`, or the address of the service, such as `https://dcs.example.com` [default: demo]
    #[arg(long, env = "BIGKEY_UPSTREAM", value_name = "demo|URL")]
    pub upstream: Option<String>,
    /// The folder with the built page
    #[arg(long, env = "BIGKEY_DIST", value_name = "DIR")]
    pub dist: Option<PathBuf>,
    /// The path below which everything is served, such as /ops/bigkeys [default: /]
    #[arg(long, env = "BIGKEY_BASE_PATH", value_name = "PATH")]
    pub base_path: Option<String>,
    /// A pair that may be asked about; `*` stands for any run of characters. Can be repeated
    #[arg(long, env = "BIGKEY_ALLOW", value_name = "PROJECT/INSTANCE", value_delimiter = ',')]
    pub allow: Option<Vec<String>>,
    /// How long an answer serves; 0s turns that off [default: 2s]
    #[arg(long, env = "BIGKEY_CACHE_TTL", value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub cache_ttl: Option<Duration>,
    /// How logs are written [default: text]
    #[arg(long, env = "BIGKEY_LOG_FORMAT", value_enum)]
    pub log_format: Option<LogFormat>,
    /// How much is logged [default: info]
    #[arg(long, env = "BIGKEY_LOG_LEVEL", value_enum)]
    pub log_level: Option<LogLevel>,
    /// How many threads answer [default: one for every two processors]
    #[arg(long, env = "BIGKEY_THREADS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// Check the configuration, say what it comes to, and exit
    #[arg(long)]
    pub check: bool,
}

impl Args {
    /// How many threads answer. By default half as many as there are processors: a call is little work and much waiting, and
    /// threads that take turns at it with their neighbours on a machine only get into each other's way (measured on two
    /// processors under full load: one thread answers as many calls as two, the slowest in half the time).
    pub fn threads(&self) -> usize {
        let half = || thread::available_parallelism().map_or(1, |all| all.get().div_ceil(2));
        self.threads.map_or_else(half, usize::from)
    }
}
