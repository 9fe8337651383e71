//! What exists, what goes up, what comes back.

use crate::kit::{Folder, Got, INSTANCE, PAGE, PROJECT, Start, Stub, list, ok};

#[tokio::test(flavor = "multi_thread")]
async fn path_tricks_lead_nowhere() {
    let stub = Stub::start(|_, _| ok()).await;
    let proxy = Start::before(&stub).go().await;
    let long = "a".repeat(10_240);
    let tricks = [
        ("/v2/p/instances/..%2f/bigkey-tasks", 400),
        ("/v2/..%2f..%2f/instances/i/bigkey-tasks", 400),
        ("/v2/p/instances/%2e%2e/bigkey-tasks", 400),
        ("/v2/p/instances/../bigkey-tasks", 400),
        ("/v2/p/instances/./bigkey-tasks", 400),
        ("/v2/p/instances/%252e%252e/bigkey-tasks", 400),
        ("/v2/p/instances/i%00/bigkey-tasks", 400),
        ("/v2/p/instances/%00/bigkey-tasks", 400),
        ("/v2/p/instances/i%2fbigkey-task/bigkey-tasks", 400),
        ("/v2/p/instances/i%5c..%5cx/bigkey-tasks", 400),
        ("/v2/p/instances/i%0d%0aX-Evil:1/bigkey-tasks", 400),
        ("/v2/p/instances/i%3fx=1/bigkey-tasks", 400),
        ("/v2/p/instances/i%23/bigkey-tasks", 400),
        ("/v2/p/instances/%ff%fe/bigkey-tasks", 400),
        ("/v2/p/instances/%F0%9F%98%80/bigkey-tasks", 400),
        ("/v2/p/instances/i%20i/bigkey-tasks", 400),
        ("/v2/p/instances/%zz/bigkey-tasks", 400),
        ("/v2//instances/i/bigkey-tasks", 404),
        ("/v2/p/instances//bigkey-tasks", 404),
        ("//v2/p/instances/i/bigkey-tasks", 404),
        ("/v2/p//instances/i/bigkey-tasks", 404),
        ("/V2/p/instances/i/bigkey-tasks", 404),
        ("/v2/p/Instances/i/bigkey-tasks", 404),
        ("/v2/p/instances/i/BigKey-Tasks", 404),
        ("/v2/p/instances/i/bigkey%2dtasks", 404),
        ("/%762/p/instances/i/bigkey-tasks", 404),
        ("/v2/p/instances/i/bigkey-tasks/", 404),
        ("/v2/p/instances/i/bigkey-tasks;x=1", 404),
        ("/v2/p/instances/i/bigkey-tasks%3Flimit=1", 404),
        ("/v2/p/instances/i/bigkey-tasks/../../j/bigkey-tasks", 404),
        ("/v2/p/instances/i/bigkey-task", 404),
        ("/v2/p/instances/i/bigkey-task/t", 404),
        ("/v2/p/instances/i/bigkey/autoscan", 404),
        ("/v2/p/instances/i", 404),
        ("/v2/p/instances", 404),
        ("/v3/auth/tokens", 404),
        ("/", 404),
        ("/index.html", 404),
        ("/etc/passwd", 404),
        ("/../../etc/passwd", 404),
        ("/healthz/", 404),
        ("/HEALTHZ", 404),
        ("/debug", 404),
    ];
    for (path, status) in tricks {
        let got = proxy.get(path).await;
        assert_eq!(got.status, status, "{path}");
        let code = if status == 404 { "PROXY.0404" } else { "DCS.4061" };
        assert_eq!(got.code(), code, "{path}");
        assert!(got.json()["error_msg"].as_str().is_some_and(|message| message.len() > 10), "{path}");
        assert_eq!(got.header("content-type"), "application/json", "{path}");
        assert_eq!(got.header("cache-control"), "no-store", "{path}");
    }
    for path in [list(&long, ""), format!("/v2/{long}/instances/i/bigkey-tasks"), list(&"%2e".repeat(3000), "")] {
        assert_eq!(proxy.get(&path).await.status, 400);
    }
    assert_eq!(proxy.get(&format!("/{}", "a/".repeat(5000))).await.status, 404);
    let endless = proxy.raw(format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(100_000)).as_bytes()).await;
    assert!(!endless.starts_with(b"HTTP/1.1 200"), "a head without end is refused");
    assert_eq!(stub.calls(), 0, "none of it went up");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encoded_id_goes_up_in_its_plain_spelling() {
    let stub = Stub::start(|_, _| ok()).await;
    let proxy = Start::before(&stub).go().await;
    assert_eq!(proxy.get("/v2/%70/instances/%69/bigkey-tasks?status=%66ailed&limit=020").await.status, 200);
    let absolute = proxy.get(&format!("http://evil.example.com{}", list("j", ""))).await;
    assert_eq!(absolute.status, 200, "the absolute form is the same request");
    let targets: Vec<_> = stub.seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(
        targets,
        [
            "/v2/p/instances/i/bigkey-tasks?limit=20&offset=0&status=failed",
            "/v2/p/instances/j/bigkey-tasks?limit=10&offset=0"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_and_methods() {
    let stub = Stub::start(|_, _| ok()).await;
    let proxy = Start::before(&stub).go().await;
    for query in [
        "limit=0",
        "limit=1001",
        "limit=abc",
        "limit=",
        "offset=-1",
        "offset=99999999999999999999",
        "status=",
        "status=done",
        "limit=1&limit=2",
        "page=1",
        "limit=10&token=x",
        "%00",
        "status=failed%00",
        "x",
    ] {
        let got = proxy.get(&list("i", query)).await;
        assert_eq!((got.status, got.code().as_str()), (400, "DCS.4800"), "{query}");
    }
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get"] {
        for path in [list("i", ""), "/healthz".to_owned(), "/readyz".to_owned(), "/metrics".to_owned()] {
            let got = proxy.send(method, &path, "").await;
            assert_eq!((got.status, got.code().as_str()), (405, "PROXY.0405"), "{method} {path}");
        }
        assert_eq!(proxy.send(method, "/elsewhere", "").await.status, 404, "{method}");
    }
    let with_body = proxy.send("POST", &list("i", ""), "Content-Length: 2\r\n\r\n{}").await;
    assert_eq!(with_body.status, 405);
    assert_eq!(stub.calls(), 0);
    let head = proxy.send("HEAD", &list("i", ""), "").await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), PAGE.len().to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_the_call_needs_goes_up() {
    let stub = Stub::start(|_, _| ok()).await;
    let proxy = Start::before(&stub).go().await;
    let headers = "Cookie: session=1\r\nAuthorization: Bearer x\r\nX-Auth-Token: mine\r\nX-Forwarded-For: 1.2.3.4\r\n\
                   X-Subject-Token: x\r\nX-Sdk-Date: x\r\nX-Project-Id: q\r\nReferer: http://x/?secret\r\nOrigin: http://x\r\n\
                   User-Agent: browser\r\nAccept: text/html\r\nAccept-Language: de\r\nAccept-Encoding: gzip\r\nRange: bytes=0-1\r\n\
                   If-None-Match: \"x\"\r\nX-Request-Id: mine\r\nForwarded: for=x\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\n\
                   Proxy-Authorization: x\r\nX-HTTP-Method-Override: DELETE\r\nX-Original-URL: /x\r\nTE: trailers\r\n";
    assert_eq!(proxy.send("GET", &list("i", ""), headers).await.status, 200);
    let seen = &stub.seen()[0];
    let version = env!("CARGO_PKG_VERSION");
    let expected = [
        ("accept", "application/json".to_owned()),
        ("content-type", "application/json".to_owned()),
        ("host", stub.address.clone()),
        ("user-agent", format!("bigkey-proxy/{version}")),
        ("x-auth-token", "the-secret-token".to_owned()),
    ];
    assert_eq!(seen.headers, expected.map(|(name, value)| (name.to_owned(), value)).into());
    assert_eq!((seen.method.as_str(), seen.body.as_str()), ("GET", ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_the_page_needs_comes_back() {
    let headers = "Set-Cookie: a=b\r\nX-Subject-Token: leaked\r\nX-Auth-Token: leaked\r\nServer: nginx\r\nVia: x\r\nLink: <x>\r\n\
                   Access-Control-Allow-Origin: *\r\nX-Request-Id: up-17\r\nRetry-After: 3\r\nLocation: http://x\r\n\
                   Content-Security-Policy: default-src *\r\nX-Powered-By: x\r\nRefresh: 0\r\nClear-Site-Data: *\r\n";
    let stub = Stub::always(500, headers, r#"{"error_code":"DCS.5000","error_msg":"x"}"#).await;
    let proxy = Start::before(&stub).go().await;
    let got = proxy.get(&list("i", "")).await;
    assert_eq!((got.status, got.header("x-request-id"), got.header("retry-after")), (500, "up-17", "3"));
    let names: Vec<_> = got.headers.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "cache-control",
            "connection",
            "content-length",
            "content-security-policy",
            "content-type",
            "cross-origin-opener-policy",
            "cross-origin-resource-policy",
            "date",
            "permissions-policy",
            "referrer-policy",
            "retry-after",
            "x-content-type-options",
            "x-request-id",
        ]
    );
    assert_eq!(got.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'; sandbox");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_allow_list_decides() {
    let stub = Stub::start(|_, _| ok()).await;
    let config = format!("upstream = \"{}\"\nallow = [\"p/i\", \"q/*\"]", stub.url());
    let proxy = Start::default().config(&config).env("BIGKEY_TOKEN", "t").go().await;
    assert_eq!(proxy.get("/v2/p/instances/i/bigkey-tasks").await.status, 200);
    assert_eq!(proxy.get("/v2/q/instances/anything/bigkey-tasks").await.status, 200);
    for path in ["/v2/p/instances/j/bigkey-tasks", "/v2/P/instances/i/bigkey-tasks", "/v2/q2/instances/i/bigkey-tasks"]
    {
        let got = proxy.get(path).await;
        assert_eq!((got.status, got.code().as_str()), (403, "PROXY.0403"), "{path}");
    }
    assert_eq!(stub.calls(), 2);
    proxy.get(&format!("/v2/p/instances/{}/bigkey-tasks?limit=5ecret", "i".repeat(1000))).await;
    proxy.get("/v2/p/instances/%0ai/bigkey-tasks").await;
    let log = proxy.end().await;
    for refused in [
        r#"asked="p/j" code="PROXY.0403""#,
        &format!("asked=\"p/{}\" code=\"DCS.4061\"", "i".repeat(64)),
        r#"asked="p/%0ai" code="DCS.4061""#,
    ] {
        assert!(log.contains(refused), "{refused} is in {log}");
    }
    assert!(!log.contains("5ecret"));

    let config = format!("upstream = \"{}\"", stub.url());
    let closed = Start::default().config(&config).env("BIGKEY_TOKEN", "t").go().await;
    assert_eq!(closed.get(&list("i", "")).await.status, 403, "an empty list refuses all");
    let opened = Start::default().config(&config).env("BIGKEY_TOKEN", "t").env("BIGKEY_ALLOW", "a/b,p/i").go().await;
    assert_eq!(opened.get(&list("i", "")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn smuggled_requests_do_not_arrive() {
    let stub = Stub::start(|_, _| ok()).await;
    let proxy = Start::before(&stub).go().await;
    let first = list("first", "");
    let second = format!("GET {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", list("smuggled", ""));
    let length = second.len();
    for (what, headers, body) in [
        (
            "both lengths",
            format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n"),
            format!("0\r\n\r\n{second}"),
        ),
        ("chunked", "Transfer-Encoding: chunked\r\n".to_owned(), format!("0\r\n\r\n{second}")),
        ("a length", format!("Content-Length: {length}\r\n"), second.clone()),
        ("two lengths", format!("Content-Length: 0\r\nContent-Length: {length}\r\n"), second.clone()),
        ("a list of lengths", format!("Content-Length: 0, {length}\r\n"), second.clone()),
        ("a signed length", "Content-Length: +0\r\n".to_owned(), second.clone()),
        ("an odd coding", "Transfer-Encoding: xchunked\r\n".to_owned(), second.clone()),
        ("a spaced coding", "Transfer-Encoding : chunked\r\n".to_owned(), format!("0\r\n\r\n{second}")),
        ("a folded line", format!("X: y\r\n Content-Length: {length}\r\n"), String::new()),
        ("a bare line feed", format!("X: y\nContent-Length: {length}\r\n"), second.clone()),
        ("a NUL", "X: a\0b\r\n".to_owned(), String::new()),
        ("a bare return", "X: a\rb\r\n".to_owned(), String::new()),
    ] {
        let request = format!("GET {first} HTTP/1.1\r\nHost: x\r\n{headers}\r\n{body}");
        let answer = String::from_utf8_lossy(&proxy.raw(request.as_bytes()).await).into_owned();
        assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{what}: {answer}");
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{what}: {answer}");
    }
    assert_eq!(stub.calls(), 0, "{:?}", stub.seen());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_names_one_host() {
    let stub = Stub::start(|_, _| ok()).await;
    let proxy = Start::before(&stub).go().await;
    for (version, hosts, status) in [
        ("1.1", "Host: x\r\n", 200),
        ("1.1", "Host:\r\n", 200),
        ("1.1", "Host: [::1]:8081\r\n", 200),
        ("1.0", "", 200),
        ("1.1", "", 400),
        ("1.1", "Host: x\r\nHost: y\r\n", 400),
        ("1.0", "Host: x\r\nHost: x\r\n", 400),
        ("1.1", "Host: a b\r\n", 400),
        ("1.1", "Host: user@x\r\n", 400),
        ("1.1", "Host: x/y\r\n", 400),
        ("1.1", "Host: \u{e9}\r\n", 400),
    ] {
        let request = format!("GET {} HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n", list("i", ""));
        let got = Got::parse(&proxy.raw(request.as_bytes()).await, "GET");
        assert_eq!((got.status, status == 200 || got.code() == "PROXY.0400"), (status, true), "{version} {hosts}");
    }
    assert!(stub.seen().iter().all(|seen| seen.headers["host"] == stub.address));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_sites_spend_no_calls() {
    let stub = Stub::start(|_, _| ok()).await;
    let folder = Folder::new();
    folder.write("dist/index.html", "page");
    let dist = folder.path().join("dist");
    let framed = "frame_ancestors = [\"https://portal.example.com\"]";
    let proxy = Start::before(&stub).config(framed).args(&["--dist", dist.to_str().unwrap()]).go().await;
    for (mode, destination) in [("no-cors", "image"), ("navigate", "document"), ("navigate", "iframe")] {
        let headers =
            format!("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: {mode}\r\nSec-Fetch-Dest: {destination}\r\n");
        let got = proxy.send("GET", &list("i", ""), &headers).await;
        assert_eq!((got.status, got.code().as_str(), stub.calls()), (403, "PROXY.0413", 0), "{headers}");
        let got = proxy.send("GET", "/?project_id=p&instance_id=i", &headers).await;
        assert_eq!((got.status, got.text().as_str()), (200, "page"), "links and frames are for the page: {headers}");
    }
    assert_eq!(stub.calls(), 0);
    for headers in [
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\n",
        "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\n",
    ] {
        assert_eq!(proxy.send("GET", &list("i", ""), headers).await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_below_the_base_path() {
    let proxy = Start::demo().args(&["--base-path", "/ops/bigkeys/"]).go().await;
    let got = proxy.get("/ops/bigkeys?project_id=p&instance_id=i").await;
    assert_eq!((got.status, got.header("location")), (308, "/ops/bigkeys/?project_id=p&instance_id=i"));
    assert_eq!(proxy.get("/ops/bigkeys").await.header("location"), "/ops/bigkeys/");
    let got = proxy.send("POST", "/ops/bigkeys", "").await;
    assert_eq!((got.status, got.code().as_str()), (405, "PROXY.0405"));
    let path = format!("/v2/{PROJECT}/instances/{INSTANCE}/bigkey-tasks?limit=1");
    assert_eq!(proxy.get(&format!("/ops/bigkeys{path}")).await.json()["count"], 42);
    assert_eq!(proxy.get("/ops/bigkeys/instances.json").await.status, 200);
    for path in [
        path.as_str(),
        "/",
        "/ops",
        "/ops/bigkeysx",
        "/ops/bigkeys%2fhealthz",
        "//ops/bigkeys/",
        "/OPS/bigkeys/healthz",
    ] {
        assert_eq!(proxy.get(path).await.status, 404, "{path}");
    }
    for probe in ["/healthz", "/readyz", "/metrics", "/ops/bigkeys/healthz"] {
        assert_eq!(proxy.get(probe).await.status, 200, "{probe}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn named_instances() {
    let stub = Stub::start(|_, _| ok()).await;
    let named = "[[instances]]\nname = \"Orders\"\nproject_id = \"p\"\ninstance_id = \"i\"\n";
    let proxy = Start::before(&stub).config(named).args(&["--base-path", "/ops"]).go().await;
    let got = proxy.get("/ops/instances.json").await;
    assert_eq!(got.text(), r#"{"instances":[{"name":"Orders","project_id":"p","instance_id":"i"}]}"#);
    assert_eq!((got.header("content-type"), got.header("cache-control")), ("application/json", "no-cache"));
    let tag = got.header("etag");
    for known in [tag.to_owned(), format!("\"x\", W/{tag}"), "*".to_owned()] {
        let got = proxy.send("GET", "/ops/instances.json", &format!("If-None-Match: {known}\r\n")).await;
        assert_eq!((got.status, got.header("etag"), got.text().as_str()), (304, tag, ""), "{known}");
    }
    let other = proxy.send("GET", "/ops/instances.json", "If-None-Match: \"x\"\r\n").await;
    assert_eq!((other.status, other.text()), (200, got.text()));
    let head = proxy.send("HEAD", "/ops/instances.json", "").await;
    assert_eq!((head.status, head.header("content-length"), head.text().as_str()), (200, "68", ""));
    assert_eq!(proxy.send("POST", "/ops/instances.json", "Content-Length: 0\r\n").await.status, 405);
    assert_eq!(proxy.get("/instances.json").await.status, 404);
    assert_eq!(stub.calls(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn named_instances_when_none_are_configured() {
    let stub = Stub::start(|_, _| ok()).await;
    let got = Start::before(&stub).go().await.get("/instances.json").await;
    assert_eq!((got.status, got.text().as_str()), (200, r#"{"instances":[]}"#));
    let demo = Start::demo().go().await.get("/instances.json").await.json();
    let demo = demo["instances"].as_array().unwrap();
    assert_eq!((&demo[0]["name"], &demo[0]["instance_id"]), (&"Example instance".into(), &INSTANCE.into()));
    assert!(demo.len() > 3 && demo.iter().all(|one| one["name"].is_string() && one["project_id"] == PROJECT));
    let one = Start::demo().args(&["--allow", "*/million"]).go().await.get("/instances.json").await.json();
    assert_eq!(one["instances"].as_array().unwrap().len(), 1, "what is refused is not offered");
}
