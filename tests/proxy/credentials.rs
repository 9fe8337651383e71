//! Fixed tokens, key pairs, and what must never be seen of any of them.

use crate::kit::{Folder, Start, Step, Stub, list, ok, reply};
use bigkey_tasks::proxy::credentials::signing::{Request, sign};
use std::sync::Arc;

fn denied() -> Vec<Step> {
    vec![reply(401, "", r#"{"error_code":"DCS.1001","error_msg":"Invalid token."}"#)]
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
    assert_eq!(proxy.get("/readyz").await.status, 503);
    // As container platforms do it: a new file, moved into place.
    std::fs::rename(folder.write("new", "a third"), &file).unwrap();
    proxy.get(&list("i", "")).await;
    assert_eq!(proxy.get("/readyz").await.status, 200);
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

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_key_rests_before_the_service_locks_it() {
    let stub = Stub::start(|_, _| denied()).await;
    let proxy = Start::at(&stub.url()).env("BIGKEY_AK", "ak").env("BIGKEY_SK", "sk").go().await;
    let proxy = Arc::new(proxy);
    let tasks: Vec<_> = (1..=20)
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
    assert_eq!(statuses, [vec![401; 3], vec![503; 17]].concat());
    let got = proxy.get(&list("i", "")).await;
    assert_eq!((got.status, got.code().as_str()), (503, "PROXY.0513"));
    assert!(got.header("retry-after").parse::<u64>().unwrap() > 200);
    assert_eq!(proxy.get("/readyz").await.status, 503);
    assert_eq!(stub.calls(), 3, "however many ask");
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
