//! Tokens of the identity service: cached, renewed in time, by one request, and not for ever.

use crate::kit::{Folder, Got, Proxy, Seen, Start, Step, Stub, list, ok, reply, until};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

fn start(stub: &Stub) -> Start {
    user(stub).env("BIGKEY_IAM_PASSWORD", "the-password")
}

/// With the password in this file.
fn filed(stub: &Stub, file: &Path) -> Start {
    user(stub).env("BIGKEY_IAM_PASSWORD_FILE", file.to_str().unwrap())
}

fn user(stub: &Stub) -> Start {
    user_at(stub, stub)
}

/// The service and the identity service apart.
fn user_at(stub: &Stub, identity: &Stub) -> Start {
    let iam = format!(
        "[credentials.iam]\nendpoint = \"{}\"\nuser = \"robot\"\ndomain = \"account\"\nproject_id = \"p\"\n[cache]\nttl = \"0s\"",
        identity.url()
    );
    Start::at(&stub.url()).config(&iam)
}

fn is_renewal(seen: &Seen) -> bool {
    seen.target.starts_with("/v3/")
}

fn renewals(stub: &Stub) -> usize {
    stub.seen().iter().filter(|seen| is_renewal(seen)).count()
}

/// A new token, numbered, which expires after this time.
fn grant(number: usize, lasts: Duration) -> Vec<Step> {
    let expires = humantime::format_rfc3339_micros(SystemTime::now() + lasts);
    vec![reply(
        201,
        &format!("X-Subject-Token: token-{number}\r\n"),
        &format!(r#"{{"token":{{"expires_at":"{expires}"}}}}"#),
    )]
}

const DAY: Duration = Duration::from_hours(24);

async fn together(proxy: Proxy, readers: usize) -> (Proxy, Vec<Got>) {
    let proxy = Arc::new(proxy);
    let tasks: Vec<_> = (1..=readers)
        .map(|limit| {
            let proxy = proxy.clone();
            tokio::spawn(async move { proxy.get(&list("i", &format!("limit={limit}"))).await })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    (Arc::into_inner(proxy).unwrap(), answers)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_asked_for_as_documented_and_kept() {
    let stub = Stub::start(|seen, _| if is_renewal(seen) { grant(1, DAY) } else { ok() }).await;
    let proxy = start(&stub).go().await;
    for limit in 1..=5 {
        assert_eq!(proxy.get(&list("i", &format!("limit={limit}"))).await.status, 200);
    }
    assert_eq!(renewals(&stub), 1);
    let seen = stub.seen();
    assert_eq!((seen[0].method.as_str(), seen[0].target.as_str()), ("POST", "/v3/auth/tokens?nocatalog=true"));
    let expected = serde_json::json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user": {"name": "robot", "password": "the-password", "domain": {"name": "account"}}}},
        "scope": {"project": {"id": "p"}},
    }});
    assert_eq!(serde_json::from_str::<serde_json::Value>(&seen[0].body).unwrap(), expected);
    assert!(seen[1..].iter().all(|seen| seen.headers["x-auth-token"] == "token-1"));
    assert_eq!(proxy.metric("bigkey_proxy_token_renewals_total{outcome=\"issued\"}").await, 1);
    assert_eq!(proxy.get("/readyz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stampede_asks_for_one_token() {
    let stub =
        Stub::start(|seen, _| if is_renewal(seen) { [vec![Step::Wait], grant(1, DAY)].concat() } else { ok() }).await;
    let proxy = start(&stub).go().await;
    let (address, waiting) = (proxy.address.clone(), stub.clone());
    let opener = tokio::spawn(async move {
        waiting.wait_for_calls(1).await;
        // All readers are connected before the token comes.
        until(async || (connections(&address).await > 100).then_some(())).await;
        waiting.release();
    });
    let (_proxy, answers) = together(proxy, 100).await;
    opener.await.unwrap();
    assert!(answers.iter().all(|got| got.status == 200));
    assert_eq!((renewals(&stub), stub.calls()), (1, 101));
}

async fn connections(address: &str) -> usize {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text.lines().find_map(|line| line.strip_prefix("bigkey_proxy_connections ")).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_renewed_before_it_expires() {
    let stub =
        Stub::start(|seen, number| if is_renewal(seen) { grant(number, Duration::from_secs(2)) } else { ok() }).await;
    let proxy = start(&stub).go().await;
    until(async || {
        assert_eq!(proxy.get(&list("i", "")).await.status, 200);
        (renewals(&stub) >= 3).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_without_an_end_is_given_up_and_told() {
    let stub = Stub::start(|seen, _| if is_renewal(seen) { vec![Step::Wait] } else { ok() }).await;
    let proxy = start(&stub).config("[limits]\ncall_timeout = \"300ms\"").go().await;
    // Nobody has asked for anything: it is the one at the start.
    until(async || (proxy.metric("bigkey_proxy_token_renewals_total{outcome=\"failed\"}").await == 1).then_some(()))
        .await;
    proxy.logs("no token was issued").await;
    let got = proxy.get("/readyz").await;
    assert_eq!((got.status, got.json()["reason"].as_str()), (503, Some("the identity service gives no token")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_its_reader_gave_up_is_told_as_well() {
    let denied = [Step::Wait, reply(401, "", r#"{"error_code":"APIGW.0301"}"#)];
    let stub = Stub::start(move |_, _| denied.to_vec()).await;
    let hanging = Stub::start(|_, number| if number == 1 { grant(1, DAY) } else { vec![Step::Wait] }).await;
    let limit = Duration::from_secs(1);
    let proxy =
        user_at(&stub, &hanging).env("BIGKEY_IAM_PASSWORD", "x").config("[limits]\ncall_timeout = \"1s\"").go().await;
    hanging.wait_for_calls(1).await;
    let proxy = Arc::new(proxy);
    let (reader, begun) = (proxy.clone(), Instant::now());
    let reader = tokio::spawn(async move { reader.get(&list("i", "")).await });
    // The reader's time is half over when the renewal begins.
    until(async || (stub.calls() == 1 && begun.elapsed() > limit / 2).then_some(())).await;
    stub.release();
    let got = reader.await.unwrap();
    assert_eq!((got.status, got.code().as_str(), hanging.calls()), (504, "PROXY.0504", 2));
    until(async || (proxy.metric("bigkey_proxy_token_renewals_total{outcome=\"failed\"}").await == 1).then_some(()))
        .await;
    proxy.logs("no token was issued").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_token_is_none() {
    let never = r#"{"token":{"expires_at":"2199-01-01T00:00:00.000000Z"}}"#;
    let stub = Stub::always(201, "X-Subject-Token:\r\n", never).await;
    let got = start(&stub).go().await.get(&list("i", "")).await;
    assert_eq!((got.status, got.code().as_str(), stub.calls()), (502, "PROXY.0542", 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_ahead_does_not_renew_for_every_call() {
    let expired = r#"{"token":{"expires_at":"2020-01-04T09:05:22.701000Z"}}"#;
    let answer = [reply(201, "X-Subject-Token: t\r\n", expired)];
    let stub = Stub::start(move |seen, _| if is_renewal(seen) { answer.to_vec() } else { ok() }).await;
    let proxy = start(&stub).go().await;
    for _ in 0..10 {
        assert_eq!(proxy.get(&list("i", "")).await.status, 200);
    }
    assert_eq!((renewals(&stub), stub.calls()), (1, 11));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ends_early_is_renewed_once_for_all() {
    let issued = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counter = issued.clone();
    let stub = Stub::start(move |seen, _| {
        if is_renewal(seen) {
            return grant(counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1, DAY);
        }
        match seen.headers["x-auth-token"].as_str() {
            "token-1" => vec![reply(401, "", r#"{"error_code":"APIGW.0301"}"#)],
            _ => ok(),
        }
    })
    .await;
    let (proxy, answers) = together(start(&stub).go().await, 40).await;
    assert!(answers.iter().all(|got| got.status == 200), "nobody notices");
    assert_eq!(renewals(&stub), 2);
    assert_eq!(proxy.get("/readyz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_without_end_are_not_answered_with_renewals_without_end() {
    let stub = Stub::start(|seen, number| {
        if is_renewal(seen) { grant(number, DAY) } else { vec![reply(401, "", r#"{"error_code":"APIGW.0301"}"#)] }
    })
    .await;
    let proxy = start(&stub).go().await;
    for _ in 0..10 {
        let got = proxy.get(&list("i", "")).await;
        assert_eq!((got.status, got.code().as_str()), (401, "APIGW.0301"));
    }
    let (proxy, answers) = together(proxy, 20).await;
    assert!(answers.iter().all(|got| got.status == 401));
    assert_eq!((renewals(&stub), stub.calls()), (2, 2 + 1 + 30), "one renewal, one call more, and no more of either");
    assert_eq!(proxy.get("/readyz").await.status, 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_for_another_project_says_nothing_of_the_token() {
    let stub = Stub::start(|seen, number| match seen.target.starts_with("/v2/p/") {
        _ if is_renewal(seen) => grant(number, DAY),
        true => ok(),
        false => vec![reply(401, "", r#"{"error_code":"APIGW.0301"}"#)],
    })
    .await;
    let proxy = start(&stub).go().await;
    for _ in 0..3 {
        assert_eq!(proxy.get("/v2/foreign/instances/i/bigkey-tasks").await.status, 401);
        assert_eq!(proxy.get("/readyz").await.status, 200);
    }
    assert_eq!((renewals(&stub), stub.calls()), (1, 4), "another token for the same project is of no use there");
    assert_eq!(proxy.get(&list("i", "")).await.status, 200);
    assert!(proxy.get("/readyz").await.text().contains("the service accepts the credential"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_password_is_not_tried_again_and_again() {
    let stub =
        Stub::start(|_, _| vec![reply(401, "", r#"{"error":{"code":401,"message":"x","title":"Unauthorized"}}"#)])
            .await;
    let (proxy, answers) = together(start(&stub).go().await, 30).await;
    assert!(answers.iter().all(|got| got.status == 401 && got.code() == "PROXY.0401"));
    assert_eq!(proxy.get("/readyz").await.status, 503);
    assert_eq!(stub.calls(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_password_is_tried_at_once() {
    let stub = Stub::start(|seen, number| match () {
        () if !is_renewal(seen) => ok(),
        () if seen.body.contains("corrected") => grant(number, DAY),
        () => vec![reply(401, "", r#"{"error":{"code":401,"message":"x","title":"Unauthorized"}}"#)],
    })
    .await;
    let folder = Folder::new();
    let file = folder.write("password", "mistyped");
    let proxy = filed(&stub, &file).go().await;
    for _ in 0..3 {
        assert_eq!(proxy.get(&list("i", "")).await.code(), "PROXY.0401");
    }
    assert_eq!(renewals(&stub), 1);
    folder.write("password", "mistyped too");
    for _ in 0..3 {
        assert_eq!(proxy.get(&list("i", "")).await.code(), "PROXY.0401");
    }
    assert_eq!(renewals(&stub), 2, "each is tried once");
    folder.write("password", "corrected");
    assert_eq!(proxy.get(&list("i", "")).await.status, 200);
    assert_eq!(renewals(&stub), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_does_not_end_the_pause_of_a_service_in_trouble() {
    let stub = Stub::always(503, "Retry-After: 100\r\n", "").await;
    let folder = Folder::new();
    let file = folder.write("password", "one");
    let proxy = filed(&stub, &file).go().await;
    assert_eq!(proxy.get(&list("i", "")).await.code(), "PROXY.0542");
    folder.write("password", "another");
    assert_eq!(proxy.get(&list("i", "")).await.code(), "PROXY.0542");
    assert_eq!(stub.calls(), 1);
    std::fs::remove_file(&file).unwrap();
    let reason = proxy.get("/readyz").await.text();
    assert!(reason.contains("gives no token; the password file cannot be read"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_service_in_trouble_is_not_stormed_and_recovers() {
    let stub = Stub::start(|seen, number| match (is_renewal(seen), number) {
        (true, 1) => vec![reply(503, "", "<html>")],
        (true, 2) => vec![Step::Close],
        (true, 3) => vec![reply(201, "", r#"{"token":{"expires_at":"2199-01-01T00:00:00.000000Z"}}"#)],
        (true, 4) => vec![reply(201, "X-Subject-Token: t\r\n", r#"{"token":{"expires_at":"soon"}}"#)],
        (true, number) => grant(number, DAY),
        (false, _) => ok(),
    })
    .await;
    let (proxy, answers) = together(start(&stub).go().await, 30).await;
    assert!(answers.iter().all(|got| got.status == 502 && got.code() == "PROXY.0542"));
    assert_eq!(stub.calls(), 1);
    until(async || (proxy.get(&list("i", "")).await.status == 200).then_some(())).await;
    assert_eq!(renewals(&stub), 5);
}
