//! A real proxy process, an upstream that misbehaves on demand, and a client that sends exactly the bytes it is given.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::sync::watch;

pub const PROJECT: &str = "a4d31cb6-3d72-4fdc-8ec9-6e3a41e47f71";
pub const INSTANCE: &str = "5560df16-cebf-4473-95c4-d1b573c16e79";
pub const PAGE: &str = r#"{"instance_id":"i","count":1,"records":[{"id":"t","status":"success"}]}"#;

/// The path of a list call.
pub fn list(instance: &str, query: &str) -> String {
    let mark = if query.is_empty() { "" } else { "?" };
    format!("/v2/p/instances/{instance}/bigkey-tasks{mark}{query}")
}

/// Waits for a condition, however long it takes; the test runner is what ends a hopeless wait.
pub async fn until<T, F: Future<Output = Option<T>>>(mut condition: impl FnMut() -> F) -> T {
    loop {
        if let Some(value) = condition().await {
            return value;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A folder that is gone with the test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let name = format!("bigkey-proxy-{}-{:016x}", std::process::id(), fastrand::u64(..));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running `bigkey-proxy`.
pub struct Proxy {
    pub child: Child,
    pub address: String,
    folder: Folder,
}

/// A proxy to be started.
#[derive(Default)]
pub struct Start {
    config: String,
    env: Vec<(String, String)>,
    args: Vec<String>,
    log: Option<Stdio>,
    ulimit: Option<String>,
}

impl Start {
    /// In front of this upstream, with everything allowed and a token.
    pub fn before(upstream: &Stub) -> Self {
        Self::at(&upstream.url()).env("BIGKEY_TOKEN", "the-secret-token")
    }

    /// In front of this address, with everything allowed and no credential.
    pub fn at(url: &str) -> Self {
        Self::default().config(&format!("upstream = \"{url}\"\nallow = [\"*/*\"]\n"))
    }

    /// With the demo.
    pub fn demo() -> Self {
        Self::default()
    }

    pub fn config(mut self, toml: &str) -> Self {
        self.config.push_str(toml);
        self.config.push('\n');
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn args(mut self, args: &[&str]) -> Self {
        self.args.extend(args.iter().map(|arg| (*arg).to_owned()));
        self
    }

    /// With limits as the shell's `ulimit` sets them.
    pub fn ulimit(mut self, options: &str) -> Self {
        self.ulimit = Some(options.to_owned());
        self
    }

    /// With this in the place of the log file.
    pub fn log_to(mut self, log: impl Into<Stdio>) -> Self {
        self.log = Some(log.into());
        self
    }

    fn command(&mut self, folder: &Folder) -> Command {
        let config = folder.write("bigkey-proxy.toml", &self.config);
        let log = self.log.take().unwrap_or_else(|| fs::File::create(folder.path().join("log")).unwrap().into());
        let program = env!("CARGO_BIN_EXE_bigkey-proxy");
        let mut command = Command::new(if self.ulimit.is_some() { "sh" } else { program });
        if let Some(options) = &self.ulimit {
            command.args(["-c", &format!("ulimit {options} && exec \"$0\" \"$@\""), program]);
        }
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("BIGKEY_")) {
            command.env_remove(name);
        }
        command
            .args(["--listen", "127.0.0.1:0", "--log-level", "debug", "--config"])
            .arg(config)
            .args(&self.args)
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true);
        command
    }

    /// Starts it and waits until it listens.
    pub async fn go(mut self) -> Proxy {
        let folder = Folder::new();
        let mut child = self.command(&folder).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some(url) = line.strip_prefix("bigkey-proxy listens on http://") {
                let address = url.split('/').next().unwrap().to_owned();
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Proxy { child, address, folder };
            }
        }
        panic!("the proxy did not start: {}", fs::read_to_string(folder.path().join("log")).unwrap());
    }

    /// Runs it to its end: exit status, standard output, standard error.
    pub async fn run(mut self) -> (ExitStatus, String, String) {
        let folder = Folder::new();
        let output = self.command(&folder).output().await.unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        (output.status, String::from_utf8(output.stdout).unwrap(), error)
    }
}

impl Proxy {
    /// Ends it, and gives all that it logged.
    pub async fn end(mut self) -> String {
        self.terminate();
        assert!(self.child.wait().await.unwrap().success());
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Waits until this is in its log.
    pub async fn logs(&self, text: &str) {
        let log = self.folder.path().join("log");
        until(async || fs::read_to_string(&log).is_ok_and(|log| log.contains(text)).then_some(())).await;
    }

    pub async fn get(&self, path: &str) -> Got {
        self.send("GET", path, "").await
    }

    /// Sends a request with these further header lines (each with its line end).
    pub async fn send(&self, method: &str, path: &str, headers: &str) -> Got {
        let request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n");
        Got::parse(&self.raw(request.as_bytes()).await, method)
    }

    /// Sends these bytes and reads until the connection closes.
    pub async fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        // A server that closes early may refuse the rest of what is sent, and its reset may end the reading.
        let _ = stream.write_all(bytes).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        answer
    }

    /// The value of one line of the metrics.
    pub async fn metric(&self, line: &str) -> u64 {
        let text = self.get("/metrics").await.text();
        let value = text.lines().find_map(|one| one.strip_prefix(line)?.strip_prefix(' '));
        value.map_or(0, |value| value.parse().unwrap())
    }

    pub fn terminate(&self) {
        let id = self.child.id().unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }
}

/// An answer as it came.
#[derive(Clone, Debug)]
pub struct Got {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Got {
    pub fn parse(bytes: &[u8], method: &str) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| panic!("no answer to {method}: {:?}", String::from_utf8_lossy(bytes)));
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut lines = head.split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: BTreeMap<String, String> = lines
            .map(|line| line.split_once(':').unwrap())
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let mut body = bytes[end + 4..].to_vec();
        if headers.get("transfer-encoding").is_some_and(|coding| coding == "chunked") {
            body = unchunk(&body);
        }
        Self { status, headers, body }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn code(&self) -> String {
        self.json()["error_code"].as_str().unwrap_or_default().to_owned()
    }
}

fn unchunk(mut bytes: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&bytes[..end]).unwrap(), 16).unwrap();
        whole.extend_from_slice(&bytes[end + 2..end + 2 + size]);
        bytes = &bytes[end + 4 + size..];
        if size == 0 {
            break;
        }
    }
    whole
}

/// A request as the upstream saw it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub target: String,
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

/// What the upstream does next.
#[derive(Clone)]
pub enum Step {
    /// Send these bytes.
    Send(Vec<u8>),
    /// Wait until [`Stub::release`] was called.
    Wait,
    /// Close the connection.
    Close,
}

/// An upstream that does as it is told.
#[derive(Clone)]
pub struct Stub {
    pub address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<Mutex<(usize, usize)>>,
    released: Arc<watch::Sender<bool>>,
}

impl Stub {
    pub async fn start(answer: impl Fn(&Seen, usize) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stub = Self {
            address: listener.local_addr().unwrap().to_string(),
            seen: Arc::default(),
            connections: Arc::default(),
            released: Arc::new(watch::Sender::new(false)),
        };
        let (answer, this) = (Arc::new(answer), stub.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, this) = (Arc::clone(&answer), this.clone());
                this.connections.lock().unwrap().0 += 1;
                tokio::spawn(async move {
                    let _ = this.connection(stream, &*answer).await;
                    this.connections.lock().unwrap().1 += 1;
                });
            }
        });
        stub
    }

    /// One that always answers this.
    pub async fn always(status: u16, headers: &str, body: &str) -> Self {
        let steps = vec![reply(status, headers, body)];
        Self::start(move |_, _| steps.clone()).await
    }

    async fn connection(
        &self,
        stream: TcpStream,
        answer: &(dyn Fn(&Seen, usize) -> Vec<Step> + Send + Sync),
    ) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        while let Some(seen) = read_request(&mut stream).await? {
            let number = {
                let mut all = self.seen.lock().unwrap();
                all.push(seen.clone());
                all.len()
            };
            for step in answer(&seen, number) {
                match step {
                    Step::Send(bytes) => stream.write_all(&bytes).await?,
                    Step::Wait => {
                        let _ = self.released.subscribe().wait_for(|released| *released).await;
                    }
                    Step::Close => return stream.shutdown().await,
                }
            }
        }
        Ok(())
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub fn calls(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// How many connections were opened, and how many of them are closed.
    pub fn connections(&self) -> (usize, usize) {
        *self.connections.lock().unwrap()
    }

    pub async fn wait_for_calls(&self, count: usize) {
        until(async || (self.calls() >= count).then_some(())).await;
    }

    pub fn release(&self) {
        self.released.send_replace(true);
    }
}

async fn read_request(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<Seen>> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        if line.trim_end().is_empty() {
            break;
        }
        lines.push(line.trim_end().to_owned());
    }
    let mut first = lines[0].split(' ').map(str::to_owned);
    let headers: BTreeMap<String, String> = lines[1..]
        .iter()
        .map(|line| line.split_once(':').unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let body = String::from_utf8(body).unwrap();
    Ok(Some(Seen { method: first.next().unwrap(), target: first.next().unwrap(), headers, body }))
}

/// A whole answer, with further header lines (each with its line end).
pub fn reply(status: u16, headers: &str, body: &str) -> Step {
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    Step::Send([head.as_bytes(), body.as_bytes()].concat())
}

pub fn ok() -> Vec<Step> {
    vec![reply(200, "", PAGE)]
}
