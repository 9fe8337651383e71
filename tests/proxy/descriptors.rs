//! File descriptors, of which a process may have only so many.

use crate::kit::{Folder, Proxy, Start, Stub, list, ok};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// So many clients at a time, each with an answer from this path and its connection still open.
async fn clients(proxy: &Proxy, count: usize, path: &str) -> Vec<TcpStream> {
    let mut clients = Vec::new();
    for number in 0..count {
        let mut client = TcpStream::connect(&proxy.address).await.unwrap();
        client.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await.unwrap();
        let mut begin = [0; 12];
        client.read_exact(&mut begin).await.unwrap();
        assert_eq!(std::str::from_utf8(&begin).unwrap(), "HTTP/1.1 200", "{number}");
        clients.push(client);
    }
    clients
}

#[tokio::test(flavor = "multi_thread")]
async fn the_soft_limit_is_raised_as_far_as_is_needed() {
    let stub = Stub::start(|_, _| ok()).await;
    let proxy = Start::before(&stub).config("[limits]\nheader_timeout = \"1h\"").ulimit("-Sn 100").go().await;
    let clients = clients(&proxy, 200, &list("i", "")).await;
    assert_eq!(proxy.metric("bigkey_proxy_connections").await, 201);
    drop(clients);
    assert!(!proxy.end().await.contains("file descriptors"));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_are_too_few_all_that_is_served_is_served_well() {
    let stub = Stub::start(|_, _| ok()).await;
    let folder = Folder::new();
    folder.write("dist/index.html", "page");
    let dist = folder.path().join("dist");
    let limits = "[limits]\ncalls = 8\nheader_timeout = \"1h\"";
    let start = Start::before(&stub).config(limits).args(&["--dist", dist.to_str().unwrap()]);
    let proxy = start.ulimit("-n 100").go().await;
    let mut clients = clients(&proxy, 14, "/").await;
    let mut more = TcpStream::connect(&proxy.address).await.unwrap();
    more.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let ask = format!("GET {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", list("i", ""));
    let mut last = clients.pop().unwrap();
    last.write_all(ask.as_bytes()).await.unwrap();
    let mut rest = String::new();
    last.read_to_string(&mut rest).await.unwrap();
    assert!(rest.contains("HTTP/1.1 200") && rest.ends_with("}]}"), "a call still goes up: {rest}");
    let mut begin = [0; 12];
    more.read_exact(&mut begin).await.unwrap();
    assert_eq!(&begin, b"HTTP/1.1 200", "whoever waited gets the place that is free now");
    drop((clients, more));
    let log = proxy.end().await;
    assert!(log.contains("allowed=100 wanted=8264 connections=14"), "{log}");
}
