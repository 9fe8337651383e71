//! Clients: many, slow, greedy, and under way while the proxy ends.

use crate::kit::{Got, PAGE, Start, Step, Stub, list, ok, reply, until};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_clients_keep_their_connections() {
    let stub = Stub::start(|_, _| ok()).await;
    let proxy = Start::before(&stub).args(&["--cache-ttl", "1h"]).go().await;
    let request = format!("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", list("i", ""));
    let mut clients = Vec::new();
    for _ in 0..1000 {
        clients.push(TcpStream::connect(&proxy.address).await.unwrap());
    }
    for round in 0..3 {
        for client in &mut clients {
            client.write_all(request.as_bytes()).await.unwrap();
        }
        for client in &mut clients {
            let got = read_one(client).await;
            assert_eq!((got.status, got.text().as_str()), (200, PAGE), "{round}");
        }
    }
    assert_eq!(proxy.metric("bigkey_proxy_connections").await, 1001);
    assert_eq!(stub.calls(), 1);
}

/// Reads one answer of a kept connection.
async fn read_one(client: &mut TcpStream) -> Got {
    let mut bytes = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let length = client.read(&mut piece).await.unwrap();
        assert_ne!(length, 0, "the connection closed: {:?}", String::from_utf8_lossy(&bytes));
        bytes.extend_from_slice(&piece[..length]);
        if bytes.windows(4).any(|four| four == b"\r\n\r\n") {
            let got = Got::parse(&bytes, "GET");
            if got.body.len() == got.header("content-length").parse::<usize>().unwrap() {
                return got;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_finish_its_request_is_cut_off() {
    let stub = Stub::start(|_, _| ok()).await;
    let proxy = Start::before(&stub).config("[limits]\nheader_timeout = \"200ms\"").go().await;
    for begun in ["", "G", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "] {
        let mut client = TcpStream::connect(&proxy.address).await.unwrap();
        client.write_all(begun.as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        let _ = client.read_to_end(&mut rest).await;
        assert!(!rest.starts_with(b"HTTP/1.1 200"), "{begun:?}");
    }
    // One byte after the other, for ever: time counts for the whole head, not from byte to byte.
    let (mut reading, mut writing) = TcpStream::connect(&proxy.address).await.unwrap().into_split();
    let drip = tokio::spawn(async move {
        writing.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        while writing.write_all(b"X").await.is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    });
    let mut rest = Vec::new();
    let _ = reading.read_to_end(&mut rest).await;
    drop(reading);
    drip.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_not_waited_for() {
    let stub = Stub::start(|_, _| ok()).await;
    let proxy = Start::before(&stub).go().await;
    for headers in [
        "Content-Length: 1000000\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Content-Length: 10\r\nExpect: 100-continue\r\n",
    ] {
        let request = format!("GET {} HTTP/1.1\r\nHost: x\r\n{headers}\r\n", list("i", ""));
        let got = Got::parse(&proxy.raw(request.as_bytes()).await, "GET");
        assert_eq!((got.status, got.code().as_str(), got.header("connection")), (400, "PROXY.0400", "close"));
    }
    assert_eq!(stub.calls(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_is_cut_off() {
    let large = format!("{{{}}}", " ".repeat(2_000_000));
    let stub = Stub::always(200, "", &large).await;
    let proxy =
        Start::before(&stub).config("[limits]\nwrite_timeout = \"300ms\"").args(&["--cache-ttl", "1h"]).go().await;
    let mut client = TcpStream::connect(&proxy.address).await.unwrap();
    let request = format!("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", list("i", ""));
    client.write_all(request.repeat(20).as_bytes()).await.unwrap();
    until(async || (proxy.metric("bigkey_proxy_connections").await == 2).then_some(())).await;
    until(async || (proxy.metric("bigkey_proxy_connections").await == 1).then_some(())).await;
    drop(client);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_nobody_reads_take_no_more_room_than_there_is() {
    // More than what the system itself takes off the proxy's hands.
    let length = 16 * 1024 * 1024;
    let stub =
        Stub::start(
            move |seen, _| {
                if seen.target.contains("limit=99") { ok() } else { vec![reply(200, "", &" ".repeat(length))] }
            },
        )
        .await;
    let config =
        format!("[limits]\nwrite_timeout = \"1h\"\ncalls = 2\nanswer_bytes = {length}\n[cache]\nbytes = 1024\n");
    let proxy = Start::before(&stub).config(&config).args(&["--cache-ttl", "0s"]).go().await;
    let mut unread = Vec::new();
    for limit in 1..=2 {
        let mut client = TcpStream::connect(&proxy.address).await.unwrap();
        let request = format!("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", list("i", &format!("limit={limit}")));
        client.write_all(request.as_bytes()).await.unwrap();
        stub.wait_for_calls(limit).await;
        unread.push(client);
    }
    until(async || (proxy.metric("bigkey_proxy_calls_in_flight").await == 0).then_some(())).await;
    let got = proxy.get(&list("i", "limit=99")).await;
    assert_eq!((got.status, got.code().as_str(), stub.calls()), (503, "PROXY.0503", 2), "no call is running");
    drop(unread);
    until(async || (proxy.get(&list("i", "limit=99")).await.status == 200).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_capped() {
    let stub = Stub::start(|_, _| ok()).await;
    let proxy = Start::before(&stub).config("[limits]\nconnections = 2\nheader_timeout = \"1h\"").go().await;
    let request = format!("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", list("i", ""));
    let mut holders = Vec::new();
    for _ in 0..2 {
        let mut client = TcpStream::connect(&proxy.address).await.unwrap();
        client.write_all(request.as_bytes()).await.unwrap();
        assert_eq!(read_one(&mut client).await.status, 200);
        holders.push(client);
    }
    let mut third = TcpStream::connect(&proxy.address).await.unwrap();
    third.write_all(request.as_bytes()).await.unwrap();
    let mut waiting = [0; 1];
    assert!(third.try_read(&mut waiting).is_err(), "there is no room yet");
    drop(holders);
    assert_eq!(read_one(&mut third).await.status, 200, "its turn comes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_finishes_what_is_under_way() {
    let stub = Stub::start(|_, _| vec![Step::Wait, reply(200, "", PAGE)]).await;
    let mut proxy = Start::before(&stub).go().await;
    let mut clients = Vec::new();
    for limit in 1..=50 {
        let mut client = TcpStream::connect(&proxy.address).await.unwrap();
        let request = format!("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", list("i", &format!("limit={limit}")));
        client.write_all(request.as_bytes()).await.unwrap();
        clients.push(client);
    }
    stub.wait_for_calls(50).await;
    let mut idle = TcpStream::connect(&proxy.address).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    assert_eq!(read_one(&mut idle).await.status, 200);
    proxy.terminate();
    let address = Arc::new(proxy.address.clone());
    until(async || TcpStream::connect(address.as_str()).await.is_err().then_some(())).await;
    let mut rest = Vec::new();
    assert_eq!(idle.read_to_end(&mut rest).await.unwrap(), 0, "an idle connection is let go");
    stub.release();
    for client in &mut clients {
        assert_eq!(read_one(client).await.status, 200);
    }
    assert!(proxy.child.wait().await.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shutdown_does_not_wait_for_ever() {
    let stub = Stub::start(|_, _| vec![Step::Wait]).await;
    let mut proxy = Start::before(&stub).config("[limits]\nshutdown_timeout = \"200ms\"").go().await;
    let mut client = TcpStream::connect(&proxy.address).await.unwrap();
    client.write_all(format!("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", list("i", "")).as_bytes()).await.unwrap();
    stub.wait_for_calls(1).await;
    proxy.terminate();
    assert!(proxy.child.wait().await.unwrap().success());
}
