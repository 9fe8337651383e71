//! Fixed tokens, key pairs, and what must never be seen of any of them.

use crate::kit::{Folder, PAGE, Proxy, Seen, Start, Step, Stub, list, ok, reply};
use bigkey_tasks::proxy::credentials::signing::{Request, sign};
use std::sync::Arc;

fn denied() -> Vec<Step> {
    vec![reply(401, "", r#"{"error_code":"DCS.1001","error_msg":"Invalid token."}"#)]
}

/// What `/readyz` answers: the status and the reason.
async fn readiness(proxy: &Proxy) -> (u16, String) {
    let got = proxy.get("/readyz").await;
    (got.status, got.json()["reason"].as_str().unwrap().to_owned())
}

fn tokens(stub: &Stub) -> Vec<String> {
    stub.seen().into_iter().map(|seen| seen.headers.get("x-auth-token").cloned().unwrap_or_default()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_file_is_read_again_when_it_changes() {
    let stub = Stub::start(|_, _| ok()).await;
    let folder = Folder::new();
    let file = folder.write("token", "one\n");
    let proxy =
        Start::at(&stub.url()).env("BIGKEY_TOKEN_FILE", file.to_str().unwrap()).args(&["--cache-ttl", "0s"]).go().await;
    proxy.get(&list("i", "")).await;
    folder.write("token", "another\n");
    proxy.get(&list("i", "")).await;
    std::fs::remove_file(&file).unwrap();
    assert_eq!(proxy.get(&list("i", "")).await.status, 200, "a lost file leaves the last token in force");
    let (status, reason) = readiness(&proxy).await;
    assert_eq!((status, reason.starts_with("the service accepts the credential; ")), (200, true), "{reason}");
    assert!(reason.contains("the token file cannot be read"), "{reason}");
    proxy.logs("the secret cannot be read; the last one stays in force").await;
    // As container platforms do it: a new file, moved into place.
    std::fs::rename(folder.write("new", "a third"), &file).unwrap();
    proxy.get(&list("i", "")).await;
    assert_eq!(readiness(&proxy).await, (200, "the service accepts the credential".to_owned()));
    assert_eq!(tokens(&stub), ["one", "another", "another", "a third"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_changes_on_the_way_is_tried_once_more() {
    let folder = Arc::new(Folder::new());
    let file = folder.write("token", "old");
    let renewer = folder.clone();
    let stub = Stub::start(move |seen, _| {
        if seen.headers["x-auth-token"] == "old" {
            renewer.write("token", "the new one");
            return denied();
        }
        ok()
    })
    .await;
    let proxy = Start::at(&stub.url()).config(&format!("[credentials]\ntoken_file = {file:?}")).go().await;
    assert_eq!(proxy.get(&list("i", "")).await.status, 200);
    assert_eq!(tokens(&stub), ["old", "the new one"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_is_not_tried_twice() {
    let stub = Stub::start(|seen, _| if seen.target.starts_with("/v2/q/") { ok() } else { denied() }).await;
    let proxy = Start::before(&stub).args(&["--cache-ttl", "0s"]).go().await;
    assert_eq!(proxy.get("/readyz").await.status, 200, "nothing is known yet");
    for calls in 1..=3 {
        let got = proxy.get(&list("i", "")).await;
        assert_eq!((got.status, got.code().as_str(), stub.calls()), (401, "DCS.1001", calls));
    }
    for _ in 0..5 {
        assert_eq!(proxy.get("/readyz").await.status, 503);
    }
    assert_eq!(proxy.get("/healthz").await.status, 200);
    assert_eq!(stub.calls(), 3, "probes cost no calls");
    proxy.get("/v2/q/instances/i/bigkey-tasks").await;
    assert_eq!(proxy.get("/readyz").await.status, 200, "a token of another project is still a good token");
    proxy.get(&list("i", "")).await;
    assert_eq!(proxy.get("/readyz").await.status, 200, "it is known by now whose token it is");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_token_is_expected_to_serve_what_the_last_one_did() {
    let stub = Stub::start(|seen, _| {
        let served = seen.target.starts_with("/v2/p/") && seen.headers["x-auth-token"] != "bad";
        if served { ok() } else { denied() }
    })
    .await;
    let folder = Folder::new();
    let file = folder.write("token", "one");
    let proxy =
        Start::at(&stub.url()).env("BIGKEY_TOKEN_FILE", file.to_str().unwrap()).args(&["--cache-ttl", "0s"]).go().await;
    assert_eq!(proxy.get(&list("i", "")).await.status, 200);
    folder.write("token", "another");
    assert_eq!(proxy.get("/v2/foreign/instances/i/bigkey-tasks").await.status, 401);
    assert_eq!(readiness(&proxy).await.0, 200, "what one client asks for is no reason to send the others away");
    folder.write("token", "bad");
    assert_eq!(proxy.get(&list("i", "")).await.status, 401);
    assert_eq!(readiness(&proxy).await, (503, "the service refuses the credential".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_claims_no_more_than_an_answer_told() {
    let stub = Stub::start(|_, number| match number {
        1 | 4 => vec![reply(503, "", "{}")],
        2 => vec![reply(404, "", r#"{"error_code":"APIG.0101"}"#)],
        3 => denied(),
        _ => vec![reply(400, "", r#"{"error_code":"DCS.4919"}"#)],
    })
    .await;
    let proxy = Start::before(&stub).go().await;
    let unknown = (200, "no answer of late tells whether the service accepts the credential".to_owned());
    let refused = (503, "the service refuses the credential".to_owned());
    let accepted = (200, "the service accepts the credential".to_owned());
    assert_eq!(readiness(&proxy).await, unknown);
    for expected in [&unknown, &unknown, &refused, &refused, &accepted] {
        proxy.get(&list("i", "")).await;
        assert_eq!(readiness(&proxy).await, *expected, "after {} calls", stub.calls());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_signed_with_a_key_pair() {
    let stub = Stub::start(|_, _| ok()).await;
    let proxy = Start::at(&stub.url()).env("BIGKEY_AK", "the-access-key").env("BIGKEY_SK", "the-secret-key").go().await;
    assert_eq!(proxy.get(&list("i", "status=failed&limit=20&offset=40")).await.status, 200);
    let seen = &stub.seen()[0];
    let headers: Vec<_> = ["content-type", "host", "user-agent", "x-project-id", "x-sdk-date"]
        .map(|name| (name, seen.headers[name].as_str()))
        .into();
    let (path, query) = seen.target.split_once('?').unwrap();
    let request = Request { method: "GET", path, query, headers: &headers, date: &seen.headers["x-sdk-date"] };
    assert_eq!(seen.headers["authorization"], sign(&request, "the-access-key", b"the-secret-key"));
    assert_eq!(seen.headers["x-project-id"], "p");
    let date = &seen.headers["x-sdk-date"];
    assert!(date.len() == 16 && date.as_bytes()[8] == b'T' && date.ends_with('Z'), "{date}");
    assert!(!seen.headers.contains_key("x-auth-token"));
}

fn keyed(stub: &Stub) -> Start {
    Start::at(&stub.url()).env("BIGKEY_AK", "ak").env("BIGKEY_SK", "sk")
}

/// The statuses of so many different calls at once, sorted.
async fn at_once(proxy: &Arc<Proxy>, calls: usize) -> Vec<u16> {
    let tasks: Vec<_> = (1..=calls)
        .map(|limit| {
            let proxy = proxy.clone();
            tokio::spawn(async move { proxy.get(&list("i", &format!("limit={limit}"))).await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.unwrap());
    }
    statuses.sort_unstable();
    statuses
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_key_rests_before_the_service_locks_it() {
    let stub = Stub::start(|_, _| denied()).await;
    let proxy = Arc::new(keyed(&stub).go().await);
    assert_eq!(at_once(&proxy, 20).await, [vec![401; 3], vec![503; 17]].concat());
    let got = proxy.get(&list("i", "")).await;
    assert_eq!((got.status, got.code().as_str()), (503, "PROXY.0513"));
    assert!(got.header("retry-after").parse::<u64>().unwrap() > 200);
    assert_eq!(proxy.get("/readyz").await.status, 503);
    assert_eq!(stub.calls(), 3, "however many ask");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_does_not_tell_of_the_key_does_not_prove_it() {
    for first in [
        reply(503, "", "{}"),
        reply(500, "", r#"{"error_code":"DCS.5000"}"#),
        reply(429, "", r#"{"error_code":"APIGW.0308"}"#),
        reply(407, "", ""),
        reply(404, "", r#"{"error_code":"APIG.0101"}"#),
        reply(403, "", "<html>"),
    ] {
        let stub = Stub::start(move |_, number| if number == 1 { vec![first.clone()] } else { denied() }).await;
        let proxy = Arc::new(keyed(&stub).go().await);
        assert!(proxy.get(&list("i", "")).await.status > 401);
        assert_eq!(at_once(&proxy, 40).await, [vec![401; 3], vec![503; 37]].concat());
        assert_eq!(stub.calls(), 4);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_between_refusals_do_not_end_their_count() {
    let stub = Stub::start(|_, number| if number % 2 == 0 { vec![reply(503, "", "{}")] } else { denied() }).await;
    let proxy = keyed(&stub).go().await;
    for expected in [401, 503, 401, 503, 401] {
        assert_eq!(proxy.get(&list("i", "")).await.status, expected);
    }
    assert_eq!(proxy.get(&list("i", "")).await.code(), "PROXY.0513");
    assert_eq!(stub.calls(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_counts_even_if_its_body_is_lost() {
    let cut = "HTTP/1.1 401 X\r\nContent-Length: 100\r\n\r\n{";
    let stub = Stub::start(move |_, _| vec![Step::Send(cut.into()), Step::Close]).await;
    let proxy = Arc::new(keyed(&stub).go().await);
    assert_eq!(at_once(&proxy, 20).await, [vec![502; 3], vec![503; 17]].concat());
    assert_eq!(stub.calls(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_service_objects_to_behind_the_key_proves_it() {
    for proof in [
        reply(200, "", PAGE),
        reply(400, "", r#"{"error_code":"DCS.4919"}"#),
        reply(404, "", r#"{"error_code":"DCS.3022"}"#),
        reply(403, "", r#"{"error_code":"APIGW.0302"}"#),
    ] {
        let later = [vec![Step::Wait], ok()].concat();
        let stub = Stub::start(move |_, number| if number == 1 { vec![proof.clone()] } else { later.clone() }).await;
        let proxy = Arc::new(keyed(&stub).go().await);
        proxy.get(&list("j", "")).await;
        let asking = proxy.clone();
        let both = tokio::spawn(async move { at_once(&asking, 2).await });
        // An unproved key would be tried by one of them only.
        stub.wait_for_calls(3).await;
        stub.release();
        assert_eq!(both.await.unwrap(), [200, 200]);
    }
}

/// A proxy with a key pair in files, and the folder of them.
async fn filed(stub: &Stub) -> (Folder, Arc<Proxy>) {
    let folder = Folder::new();
    rotate(&folder, "old");
    let path = |name| folder.path().join(name).to_str().unwrap().to_owned();
    let start = Start::at(&stub.url()).env("BIGKEY_AK_FILE", &path("ak")).env("BIGKEY_SK_FILE", &path("sk"));
    let proxy = Arc::new(start.go().await);
    (folder, proxy)
}

fn rotate(folder: &Folder, key: &str) {
    folder.write("sk", format!("secret of {key}"));
    folder.write("ak", key);
}

/// Whether a call was signed with this access key.
fn is_signed_with(seen: &Seen, key: &str) -> bool {
    seen.headers["authorization"].contains(&format!("Access={key},"))
}

#[tokio::test(flavor = "multi_thread")]
async fn late_refusals_of_the_old_key_do_not_count_for_the_new_one() {
    let stub = Stub::start(|seen, number| match number {
        2..=5 => [vec![Step::Wait], denied()].concat(),
        _ if number == 1 || is_signed_with(seen, "new") => ok(),
        _ => denied(),
    })
    .await;
    let (folder, proxy) = filed(&stub).await;
    assert_eq!(proxy.get(&list("j", "")).await.status, 200);
    let asking = proxy.clone();
    let late = tokio::spawn(async move { at_once(&asking, 4).await });
    stub.wait_for_calls(5).await;
    rotate(&folder, "new");
    assert_eq!(proxy.get(&list("k", "")).await.status, 200);
    stub.release();
    assert_eq!(late.await.unwrap(), [401; 4]);
    assert_eq!(proxy.get("/readyz").await.status, 200);
    assert_eq!(proxy.get(&list("l", "")).await.status, 200);
    assert!(is_signed_with(stub.seen().last().unwrap(), "new"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_success_of_the_old_key_does_not_prove_the_new_one() {
    let stub = Stub::start(|seen, number| match number {
        2 => [vec![Step::Wait], ok()].concat(),
        _ if is_signed_with(seen, "old") => ok(),
        _ => denied(),
    })
    .await;
    let (folder, proxy) = filed(&stub).await;
    assert_eq!(proxy.get(&list("j", "")).await.status, 200);
    let asking = proxy.clone();
    let late = tokio::spawn(async move { asking.get(&list("late", "")).await.status });
    stub.wait_for_calls(2).await;
    rotate(&folder, "mistyped");
    assert_eq!(proxy.get(&list("k", "")).await.status, 401);
    stub.release();
    assert_eq!(late.await.unwrap(), 200);
    assert_eq!(at_once(&proxy, 40).await, [vec![401; 2], vec![503; 38]].concat());
    assert_eq!(stub.calls(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proved_key_does_not_vouch_for_the_one_that_follows() {
    let stub = Stub::start(|seen, _| if is_signed_with(seen, "old") { ok() } else { denied() }).await;
    let (folder, proxy) = filed(&stub).await;
    assert_eq!(proxy.get(&list("j", "")).await.status, 200);
    rotate(&folder, "mistyped");
    assert_eq!(at_once(&proxy, 40).await, [vec![401; 3], vec![503; 37]].concat());
    assert_eq!(proxy.get("/readyz").await.status, 503);
    rotate(&folder, "old");
    assert_eq!(proxy.get("/readyz").await.status, 200, "another key has not been refused");
    assert_eq!(proxy.get(&list("k", "")).await.status, 200);
    std::fs::remove_file(folder.path().join("sk")).unwrap();
    assert_eq!(proxy.get(&list("l", "")).await.status, 200);
    let (status, reason) = readiness(&proxy).await;
    assert_eq!((status, reason.contains("a key file cannot be read")), (200, true), "{reason}");
    assert_eq!(stub.calls(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_ever_seen() {
    let stub = Stub::start(|seen, number| match number {
        _ if seen.target.starts_with("/v3/auth") => {
            let body = r#"{"token":{"expires_at":"2199-01-01T00:00:00.000000Z"}}"#;
            vec![reply(201, "X-Subject-Token: issued-5ecret\r\n", body)]
        }
        1..=3 => ok(),
        4..=6 => denied(),
        7 => vec![reply(302, "Location: http://127.0.0.1:1/\r\n", "")],
        _ => vec![Step::Close],
    })
    .await;
    let iam = [
        ("BIGKEY_IAM_ENDPOINT", stub.url()),
        ("BIGKEY_IAM_USER", "user".into()),
        ("BIGKEY_IAM_DOMAIN", "domain".into()),
        ("BIGKEY_IAM_PROJECT_ID", "p".into()),
        ("BIGKEY_IAM_PASSWORD", "password-5ecret".into()),
    ];
    let keys = [("BIGKEY_AK", "access-5ecret".into()), ("BIGKEY_SK", "key-5ecret".into())];
    let token = [("BIGKEY_TOKEN", "token-5ecret".into())];
    for env in [&iam[..], &keys[..], &token[..]] {
        for format in ["json", "text"] {
            let start = || {
                env.iter().fold(Start::at(&stub.url()).args(&["--log-format", format]), |start, (name, value)| {
                    start.env(name, value)
                })
            };
            let (status, out, err) = start().args(&["--check"]).run().await;
            assert!(status.success(), "{err}");
            let proxy = start().go().await;
            let mut shown = out + &err;
            for limit in 1..=9 {
                let got = proxy.get(&list("i", &format!("limit={limit}"))).await;
                shown.extend([format!("{:?}", got.headers), got.text()]);
            }
            for path in ["/metrics", "/readyz", "/healthz", "/instances.json"] {
                shown += &proxy.get(path).await.text();
            }
            shown += &proxy.end().await;
            assert!(shown.contains("answered"), "there is a log to look at");
            assert!(!shown.contains("5ecret"), "{shown}");
            assert!(!shown.contains("Signature="), "{shown}");
        }
    }
}
