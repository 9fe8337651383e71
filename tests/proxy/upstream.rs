//! A service that is slow, huge, broken, or leads astray.

use crate::kit::{PAGE, Start, Step, Stub, list, ok, reply, until};

async fn answer_to(steps: Vec<Step>, limits: &str) -> crate::kit::Got {
    let stub = Stub::start(move |_, _| steps.clone()).await;
    let proxy = Start::before(&stub).config(limits).go().await;
    let got = proxy.get(&list("i", "")).await;
    assert_eq!(got.header("cache-control"), if got.status == 200 { "private, max-age=2" } else { "no-store" });
    got
}

fn send(bytes: &str) -> Step {
    Step::Send(bytes.as_bytes().to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirection_is_never_followed() {
    let elsewhere = Stub::start(|_, _| ok()).await;
    for status in [300, 301, 302, 303, 304, 307, 308] {
        let location = format!("Location: {}{}\r\n", elsewhere.url(), list("i", ""));
        let got = answer_to(vec![reply(status, &location, "")], "").await;
        assert_eq!((got.status, got.code().as_str()), (502, "PROXY.0532"), "{status}");
        assert_eq!(got.header("location"), "");
    }
    assert_eq!(elsewhere.calls(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_too_large_is_given_up() {
    let promise = send("HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n");
    let got = answer_to(vec![promise, Step::Wait], "").await;
    assert_eq!((got.status, got.code().as_str()), (502, "PROXY.0512"), "by its length alone");

    let mut steps = vec![send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")];
    steps.extend((0..100).map(|_| send(&format!("20000\r\n{}\r\n", " ".repeat(0x20000)))));
    let got = answer_to(steps, "").await;
    assert_eq!((got.status, got.code().as_str()), (502, "PROXY.0512"), "by what came");

    let got = answer_to(vec![reply(200, "", &format!("{{{}}}", " ".repeat(98)))], "[limits]\nanswer_bytes = 100").await;
    assert_eq!((got.status, got.body.len()), (200, 100), "the limit itself is allowed");
    let got = answer_to(vec![reply(200, "", &format!("{{{}}}", " ".repeat(99)))], "[limits]\nanswer_bytes = 100").await;
    assert_eq!(got.status, 502);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_answer_is_not_passed_on() {
    for (what, steps) in [
        ("cut off", vec![send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"count\""), Step::Close]),
        ("a cut chunk", vec![send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{"), Step::Close]),
        ("a bad chunk", vec![send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}"), Step::Close]),
        ("no answer", vec![Step::Close]),
        ("half a head", vec![send("HTTP/1.1 200 OK\r\nContent-Le"), Step::Close]),
        ("no HTTP", vec![send("SSH-2.0-OpenSSH_9.2\r\n"), Step::Close]),
        ("binary", vec![Step::Send(vec![0, 255, 22, 3, 1, 13, 10, 13, 10]), Step::Close]),
        (
            "a head without end",
            vec![send(&format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(1_000_000))), Step::Close],
        ),
        ("an encoding nobody asked for", vec![reply(200, "Content-Encoding: gzip\r\n", "xxxx")]),
        (
            "an upgrade",
            vec![send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), Step::Close],
        ),
    ] {
        let got = answer_to(steps, "").await;
        assert_eq!((got.status, got.code().as_str()), (502, "PROXY.0522"), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_serves_one_call_after_the_other() {
    let stub = Stub::start(|_, _| ok()).await;
    let proxy = Start::before(&stub).args(&["--cache-ttl", "0s"]).go().await;
    for _ in 0..20 {
        assert_eq!(proxy.get(&list("i", "")).await.status, 200);
    }
    assert_eq!((stub.calls(), stub.connections()), (20, (1, 0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_the_service_closed_is_not_used() {
    let stub = Stub::start(|_, _| [ok(), vec![Step::Close]].concat()).await;
    let proxy = Start::before(&stub).args(&["--cache-ttl", "0s"]).go().await;
    for number in 1..=20 {
        assert_eq!(proxy.get(&list("i", "")).await.status, 200, "{number}");
        until(async || (stub.connections() == (number, number)).then_some(())).await;
    }
    assert_eq!(stub.calls(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_answer_is_given_up() {
    let limits = "[limits]\ncall_timeout = \"300ms\"";
    let got = answer_to(vec![Step::Wait], limits).await;
    assert_eq!((got.status, got.code().as_str()), (504, "PROXY.0504"), "no head");
    let got = answer_to(vec![send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"), Step::Wait], limits).await;
    assert_eq!((got.status, got.code().as_str()), (504, "PROXY.0504"), "no body");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_not_there() {
    // A port that was just free, and has nobody listening.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let proxy = Start::at(&format!("http://{free}")).env("BIGKEY_TOKEN", "t").go().await;
    let got = proxy.get(&list("i", "")).await;
    assert_eq!((got.status, got.code().as_str()), (502, "PROXY.0502"));
    assert_eq!(proxy.metric("bigkey_proxy_upstream_failures_total{outcome=\"PROXY.0502\"}").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_never_answers_the_tls_handshake() {
    // It accepts connections, reads, and says nothing.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mute = tokio::spawn(async move {
        let mut held = Vec::new();
        loop {
            held.push(listener.accept().await.unwrap().0);
        }
    });
    let url = format!("https://localhost:{}", address.port());
    let connect = "[limits]\nconnect_timeout = \"300ms\"";
    let proxy = Start::at(&url).config(connect).env("BIGKEY_TOKEN", "t").go().await;
    let got = proxy.get(&list("i", "")).await;
    assert_eq!((got.status, got.code().as_str()), (502, "PROXY.0502"), "the time for a connection covers TLS");

    let stub = Stub::start(|_, _| ok()).await;
    let iam =
        format!("{connect}\n[credentials.iam]\nendpoint = \"{url}\"\nuser = \"u\"\ndomain = \"d\"\nproject_id = \"p\"");
    let proxy = Start::at(&stub.url()).config(&iam).env("BIGKEY_IAM_PASSWORD", "x").go().await;
    let got = proxy.get(&list("i", "")).await;
    assert_eq!((got.status, got.code().as_str()), (502, "PROXY.0542"), "at the identity service as well");
    mute.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_the_service_come_through_as_they_are() {
    for (status, body) in [
        (400, r#"{"error_code":"DCS.4919","error_msg":"Does not support bigkey analyze."}"#),
        (401, r#"{"error":{"code":401,"message":"x","title":"Unauthorized"}}"#),
        (403, r#"{"error_code":"APIGW.0302","error_msg":"x","request_id":"r"}"#),
        (404, "not json"),
        (502, "<html>"),
        (503, ""),
    ] {
        let got = answer_to(vec![reply(status, "", body)], "").await;
        assert_eq!((got.status, got.text().as_str()), (status, body));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_the_service_wants_is_kept_for_everyone() {
    let stub = Stub::start(|_, number| {
        if number == 1 { vec![reply(429, "Retry-After: 1\r\n", r#"{"error_code":"APIGW.0308"}"#)] } else { ok() }
    })
    .await;
    let proxy = Start::before(&stub).go().await;
    for query in ["", "limit=20", "status=failed", ""] {
        let got = proxy.get(&list("i", query)).await;
        // The pause may be over by now on a slow machine; what counts is that no call was made before.
        if stub.calls() == 1 {
            assert_eq!((got.status, got.header("retry-after"), got.code().as_str()), (429, "1", "APIGW.0308"));
        }
    }
    let begun = std::time::Instant::now();
    until(async || (proxy.get(&list("j", "")).await.status == 200).then_some(())).await;
    assert!(begun.elapsed().as_secs() < 30 && stub.calls() >= 2, "the pause ends");
    assert!(proxy.metric("bigkey_proxy_held_back_total").await >= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_pause_is_kept_however_many_there_are() {
    let stub = Stub::start(|seen, _| {
        let seconds = if seen.target.starts_with("/v2/soonest/") { 60 } else { 600 };
        vec![reply(429, &format!("Retry-After: {seconds}\r\n"), "{}")]
    })
    .await;
    let proxy = Start::before(&stub).go().await;
    let ask = async |project: &str| proxy.get(&format!("/v2/{project}/instances/i/bigkey-tasks")).await.status;
    assert_eq!(ask("soonest").await, 429);
    for project in 1..=1000 {
        assert_eq!(ask(&format!("p{project}")).await, 429);
    }
    assert_eq!(stub.calls(), 1001);
    for project in ["p1", "p500", "p1000"] {
        assert_eq!(ask(project).await, 429);
    }
    assert_eq!(stub.calls(), 1001, "these pauses are kept");
    assert_eq!(ask("soonest").await, 429);
    assert_eq!(stub.calls(), 1002, "the one that ends soonest had to go");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_in_flight_are_capped() {
    let stub = Stub::start(|_, _| vec![Step::Wait, reply(200, "", PAGE)]).await;
    let proxy = std::sync::Arc::new(Start::before(&stub).config("[limits]\ncalls = 2").go().await);
    let held: Vec<_> = (1..=2)
        .map(|limit| {
            let proxy = proxy.clone();
            tokio::spawn(async move { proxy.get(&list("i", &format!("limit={limit}"))).await })
        })
        .collect();
    stub.wait_for_calls(2).await;
    let got = proxy.get(&list("i", "limit=3")).await;
    assert_eq!((got.status, got.code().as_str(), got.header("retry-after")), (503, "PROXY.0503", "1"));
    stub.release();
    for one in held {
        assert_eq!(one.await.unwrap().status, 200);
    }
    assert_eq!(proxy.get(&list("i", "limit=3")).await.status, 200, "there is room again");
}
