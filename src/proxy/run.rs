//! A proxy from its settings, from start to end.

use super::app::{App, Parts};
use super::cli::Args;
use super::demo;
use super::descriptors;
use super::gate::Reach;
use super::instances::Named;
use super::logging;
use super::metrics::Metrics;
use super::page::Page;
use super::reader::Reader;
use super::server;
use super::settings::{Destination, Settings, Wrong};
use super::upstream::Upstream;
use reqwest::Url;
use std::future::Future;
use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use tokio::net::TcpListener;

/// A proxy that has its port.
#[derive(Debug)]
pub struct Proxy {
    listener: TcpListener,
    address: SocketAddr,
    settings: Settings,
    metrics: Metrics,
}

impl Proxy {
    /// Takes the port.
    ///
    /// # Errors
    /// That the port cannot be had.
    pub async fn bind(settings: Settings, metrics: Metrics) -> Result<Self, Wrong> {
        let cannot = |error: std::io::Error| Wrong(format!("cannot listen on {}: {error}", settings.listen));
        let listener = TcpListener::bind(settings.listen).await.map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        Ok(Self { listener, address, settings, metrics })
    }

    /// The address that is listened on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What a person who starts the proxy wants to read.
    pub fn greeting(&self) -> String {
        let root = format!("http://{}{}/", self.address, self.settings.base_path);
        let mut lines = vec![format!("bigkey-proxy listens on {root}")];
        match &self.settings.destination {
            Destination::Demo(_) => {
                lines.push(format!(
                    "demo instance: {root}?project_id={}&instance_id={}",
                    demo::PROJECT,
                    demo::INSTANCE
                ));
            }
            Destination::Service(base) => {
                lines.push(format!("list calls go to {base} (credential: {})", self.settings.credentials.name()));
            }
        }
        if let Destination::Service(base) = &self.settings.destination
            && shows_secrets(base)
        {
            lines.push("warning: without https the credential can be read on the way to the service".to_owned());
        }
        if self.settings.allow.is_empty() {
            lines.push("the allow-list is empty: every list call is refused; name pairs with `allow`".to_owned());
        }
        lines.join("\n")
    }

    /// Serves until `shutdown` is done.
    ///
    /// # Errors
    /// That the way to the service cannot be set up.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) -> Result<(), Wrong> {
        let (settings, metrics) = (self.settings, self.metrics);
        let upstream = Upstream::new(&settings.destination, settings.credentials, &settings.limits, &metrics)?;
        let reach = match settings.destination {
            Destination::Demo(_) => Reach::Instance,
            Destination::Service(_) => Reach::Project,
        };
        let reader = Reader::new(upstream, reach, &settings.cache, &settings.limits, &metrics);
        let aside = reader.clone();
        let aside = tokio::spawn(async move {
            aside.upstream().warm_up().await;
            aside.upstream().tend().await;
        });
        let app = App::new(Parts {
            base_path: settings.base_path,
            allow: settings.allow,
            reader,
            page: settings.dist.as_deref().map(Page::new),
            page_policy: settings.page_policy,
            embeddable: settings.embeddable,
            instances: Named::new(&settings.instances),
            metrics: metrics.clone(),
        });
        server::serve(self.listener, settings.limits, metrics, shutdown, move |head| app.clone().handle(head)).await;
        aside.abort();
        Ok(())
    }
}

/// Runs the command: `--check` or the proxy until a signal ends it.
///
/// # Errors
/// What keeps it from running.
pub async fn run(args: &Args) -> Result<(), Wrong> {
    let mut settings = Settings::load(args, &|name| std::env::var(name).ok())?;
    if args.check {
        say(&summary(&settings));
        // The TLS set-up is part of what can be wrong.
        Upstream::new(&settings.destination, settings.credentials, &settings.limits, &Metrics::default())?;
        say("the configuration is usable");
        return Ok(());
    }
    let metrics = Metrics::default();
    let _logging = logging::start(&settings.log, metrics.log_lines_lost.clone())?;
    descriptors::make_room(&mut settings.limits, settings.dist.is_some());
    let proxy = Proxy::bind(settings, metrics).await?;
    say(&proxy.greeting());
    proxy.serve(stop_signal()).await
}

/// Says this on standard output, which is no reason to end if nobody can hear it.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Whether calls leave this machine without TLS.
fn shows_secrets(base: &Url) -> bool {
    let host = base.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let local = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    base.scheme() == "http" && !local
}

fn summary(settings: &Settings) -> String {
    let upstream = match &settings.destination {
        Destination::Demo(seed) => format!("demo (seed {seed})"),
        Destination::Service(base) => base.to_string(),
    };
    let dist = settings.dist.as_ref().map_or("none".to_owned(), |dist| dist.display().to_string());
    let base = if settings.base_path.is_empty() { "/" } else { &settings.base_path };
    format!(
        "listen:      {}\nupstream:    {upstream}\ncredential:  {}\ndist:        {dist}\nbase path:   {base}\n\
         allow-list:  {}\ninstances:   {} by name\nkept for:    {:?}\npolicy:      {}",
        settings.listen,
        settings.credentials.name(),
        settings.allow,
        settings.instances.len(),
        settings.cache.ttl,
        settings.page_policy.to_str().unwrap_or_default(),
    )
}

/// Done when the process is asked to end.
async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
