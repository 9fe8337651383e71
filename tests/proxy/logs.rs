//! Logs that cannot be written cost no answer.

use crate::kit::{Proxy, Start, Stub, list, ok, until};
use std::fs::File;
use std::io::Read;
use std::time::Duration;
use tokio::net::TcpStream;

const LOST: &str = "bigkey_proxy_log_lines_lost_total";

async fn answers(proxy: &Proxy) {
    for path in ["/healthz", "/readyz", &list("i", ""), &list("..", "")] {
        let status = proxy.get(path).await.status;
        assert_eq!(status, if path.contains("..") { 400 } else { 200 }, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_costs_no_answer() {
    let stub = Stub::start(|_, _| ok()).await;
    let mut proxy = Start::before(&stub).log_to(File::options().write(true).open("/dev/full").unwrap()).go().await;
    answers(&proxy).await;
    until(async || (proxy.metric(LOST).await >= 4).then_some(())).await;
    proxy.terminate();
    assert!(proxy.child.wait().await.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_that_is_closed_costs_no_answer() {
    let stub = Stub::start(|_, _| ok()).await;
    let (reader, writer) = std::io::pipe().unwrap();
    let proxy = Start::before(&stub).log_to(writer).go().await;
    drop(reader);
    answers(&proxy).await;
    until(async || (proxy.metric(LOST).await >= 4).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_that_nobody_reads_costs_no_answer() {
    let stub = Stub::start(|_, _| ok()).await;
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut proxy = Start::before(&stub).args(&["--cache-ttl", "1h"]).log_to(writer).go().await;
    // Many requests on one connection, each with a line that is as long as can be.
    let path = format!("/v2/{id}/instances/{id}/bigkey-tasks", id = "i".repeat(64));
    let one = format!("GET {path} HTTP/1.1\r\nHost: x\r\n");
    let many = format!("{}{one}Connection: close\r\n\r\n", format!("{one}\r\n").repeat(199));
    until(async || {
        let got = proxy.raw(many.as_bytes()).await;
        assert_eq!(got.windows(12).filter(|part| part == b"HTTP/1.1 200").count(), 200);
        (proxy.metric(LOST).await > 0).then_some(())
    })
    .await;
    answers(&proxy).await;
    proxy.terminate();
    assert!(proxy.child.wait().await.unwrap().success(), "the end does not wait for ever either");
    let mut log = String::new();
    reader.read_to_string(&mut log).unwrap();
    let whole = log.rsplit_once('\n').unwrap().0;
    assert!(whole.lines().all(|line| line.starts_with("20")), "what arrived are whole lines");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_lines_are_written() {
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut proxy = Start::demo().log_to(writer).go().await;
    // More than a pipe holds, and read only when the proxy is through with everything else.
    let one = "GET /healthz HTTP/1.1\r\nHost: x\r\n";
    let many = format!("{}{one}Connection: close\r\n\r\n", format!("{one}\r\n").repeat(199));
    for _ in 0..5 {
        proxy.raw(many.as_bytes()).await;
    }
    proxy.terminate();
    until(async || TcpStream::connect(&proxy.address).await.is_err().then_some(())).await;
    let ended = tokio::time::timeout(Duration::from_millis(300), proxy.child.wait()).await;
    assert!(ended.is_err(), "it waits until they are taken");
    let mut log = String::new();
    reader.read_to_string(&mut log).unwrap();
    assert!(proxy.child.wait().await.unwrap().success());
    assert_eq!(log.matches("route=\"healthz\"").count(), 1000);
    assert!(log.len() > 64 * 1024 && log.lines().last().unwrap().contains("shutting down"), "{log}");
}
