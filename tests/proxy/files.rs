//! The built page, from its folder.

use crate::kit::{Folder, Proxy, Start};

const SCRIPT: &str = "/app-0123456789abcdef.js";
const WASM: &str = "/app-0123456789abcdef_bg.wasm";

async fn serve(args: &[&str]) -> (Folder, Proxy) {
    let folder = Folder::new();
    folder.write("dist/index.html", "<!doctype html><title>Tasks</title>");
    folder.write("dist/index.html.br", "brotli of the page");
    folder.write("dist/app-0123456789abcdef.js", "0123456789");
    folder.write("dist/app-0123456789abcdef.js.gz", "gzip of the script");
    folder.write("dist/app-0123456789abcdef.js.br", "br of the script");
    folder.write("dist/app-0123456789abcdef_bg.wasm", b"\0asm");
    folder.write("dist/boot.js", "boot");
    folder.write("dist/style/main-0123456789abcdef.css", "css");
    folder.write("dist/.hidden", "secret");
    folder.write("secret", "secret");
    let dist = folder.path().join("dist");
    let proxy = Start::demo().args(&["--dist", dist.to_str().unwrap()]).args(args).go().await;
    (folder, proxy)
}

#[tokio::test(flavor = "multi_thread")]
async fn types_and_caching() {
    let (_folder, proxy) = serve(&[]).await;
    let for_ever = "public, max-age=31536000, immutable";
    for (path, kind, caching) in [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/?project_id=p&instance_id=i", "text/html; charset=utf-8", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/boot.js", "text/javascript", "no-cache"),
        (SCRIPT, "text/javascript", for_ever),
        (WASM, "application/wasm", for_ever),
        ("/style/main-0123456789abcdef.css", "text/css", for_ever),
    ] {
        for method in ["GET", "HEAD"] {
            let got = proxy.send(method, path, "").await;
            assert_eq!(
                (got.status, got.header("content-type"), got.header("cache-control")),
                (200, kind, caching),
                "{path}"
            );
            assert_eq!(
                got.header("content-security-policy"),
                "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            );
            assert_eq!(got.header("x-content-type-options"), "nosniff");
            assert_eq!(got.header("cross-origin-opener-policy"), "same-origin");
            assert_eq!(got.header("cross-origin-resource-policy"), "same-origin");
            assert_eq!(got.header("vary"), "accept-encoding");
            assert_eq!(got.body.is_empty(), method == "HEAD");
        }
    }
    for method in ["POST", "DELETE", "OPTIONS"] {
        assert_eq!(proxy.send(method, "/", "").await.status, 405);
        assert_eq!(proxy.send(method, "/nowhere.js", "").await.status, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn compressed_files_by_negotiation() {
    let (_folder, proxy) = serve(&[]).await;
    for (accepted, coding, body) in [
        ("gzip, deflate, br, zstd", "br", "br of the script"),
        ("gzip", "gzip", "gzip of the script"),
        ("br;q=0, gzip", "gzip", "gzip of the script"),
        ("gzip;q=1, br;q=0.5", "gzip", "gzip of the script"),
        ("identity", "", "0123456789"),
        ("br;q=0, gzip;q=0", "", "0123456789"),
        ("zstd", "", "0123456789"),
    ] {
        let got = proxy.send("GET", SCRIPT, &format!("Accept-Encoding: {accepted}\r\n")).await;
        assert_eq!((got.header("content-encoding"), got.text().as_str()), (coding, body), "{accepted}");
        assert_eq!(got.header("content-type"), "text/javascript");
    }
    let wasm = proxy.send("GET", WASM, "Accept-Encoding: br, gzip\r\n").await;
    assert_eq!(
        (wasm.header("content-encoding"), wasm.body.clone()),
        ("", b"\0asm".to_vec()),
        "there is no compressed one"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn conditional_and_range_requests() {
    let (folder, proxy) = serve(&[]).await;
    for path in ["/", SCRIPT] {
        let tag = proxy.get(path).await.header("etag").to_owned();
        assert!(tag.len() > 4, "{tag}");
        let got = proxy.send("GET", path, &format!("If-None-Match: {tag}\r\n")).await;
        assert_eq!((got.status, got.body.len(), got.header("etag")), (304, 0, tag.as_str()), "{path}");
        assert_ne!(got.header("content-security-policy"), "");
        assert_eq!(proxy.send("GET", path, "If-None-Match: \"other\"\r\n").await.status, 200);
        let brotli = proxy.send("GET", path, "Accept-Encoding: br\r\n").await;
        assert_ne!(brotli.header("etag"), tag, "another form is another thing");
    }
    for (range, status, body, content_range) in [
        ("bytes=2-4", 206, "234", "bytes 2-4/10"),
        ("bytes=-3", 206, "789", "bytes 7-9/10"),
        ("bytes=8-", 206, "89", "bytes 8-9/10"),
        ("bytes=0-99", 206, "0123456789", "bytes 0-9/10"),
        ("bytes=20-30", 416, "", "bytes */10"),
        ("bytes=-99", 200, "0123456789", ""),
        ("bytes=-0", 200, "0123456789", ""),
        ("bytes=0-99999999999999999999", 200, "0123456789", ""),
        ("items=2-4", 200, "0123456789", ""),
        ("bytes=0-1,4-5", 200, "0123456789", ""),
        ("bytes", 200, "0123456789", ""),
    ] {
        let got = proxy.send("GET", SCRIPT, &format!("Range: {range}\r\n")).await;
        assert_eq!(
            (got.status, got.text().as_str(), got.header("content-range")),
            (status, body, content_range),
            "{range}"
        );
    }
    let head = proxy.send("HEAD", SCRIPT, "Range: bytes=2-4\r\n").await;
    assert_eq!((head.status, head.header("content-length")), (200, "10"), "only GET knows parts");
    let stale = proxy.send("GET", SCRIPT, "Range: bytes=2-4\r\nIf-Range: \"other\"\r\n").await;
    assert_eq!((stale.status, stale.text().as_str()), (200, "0123456789"));
    folder.write("dist/index.html", "<!doctype html><title>A newer page</title>");
    assert!(proxy.get("/").await.text().contains("newer"), "a new build needs no restart");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_outside_the_folder() {
    let (_folder, proxy) = serve(&[]).await;
    for path in [
        "/../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "/style/../../secret",
        "/style/..%2f..%2fsecret",
        "/..%5csecret",
        "//secret",
        "/style//main-0123456789abcdef.css",
        "/.hidden",
        "/%2ehidden",
        "/style",
        "/style/",
        "/index.html/",
        "/index.html%00",
        "/index.html%00.js",
        "/INDEX.HTML",
        "/c:/secret",
        "/./index.html",
        "/~root",
        "/nowhere",
    ] {
        let got = proxy.get(path).await;
        assert_eq!((got.status, got.code().as_str()), (404, "PROXY.0404"), "{path}");
        assert!(!got.text().contains("secret"), "{path}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_opened_is_not_said_to_be_missing() {
    let (folder, proxy) = serve(&[]).await;
    let link = folder.path().join("dist/round.js");
    std::os::unix::fs::symlink(&link, &link).unwrap();
    for method in ["GET", "HEAD", "POST"] {
        let got = proxy.send(method, "/round.js", "").await;
        assert_eq!((got.status, got.header("cache-control")), (500, "no-store"), "{method}");
    }
    assert_eq!(proxy.get("/round.js").await.code(), "PROXY.0500");
    let deep = format!("/{}", ["a".repeat(250).as_str(); 20].join("/"));
    for path in ["/boot.js/x", "/style", &deep] {
        assert_eq!(proxy.get(path).await.code(), "PROXY.0404", "{path}");
    }
    let log = proxy.end().await;
    assert!(log.contains("a file of the page cannot be opened path=\"/round.js\""), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn below_a_base_path_and_in_a_frame() {
    let config = "frame_ancestors = [\"'self'\", \"https://portal.example.com\"]";
    let folder = Folder::new();
    folder.write("dist/index.html", "page");
    let dist = folder.path().join("dist");
    let start = Start::demo().config(config).args(&["--base-path", "/ops/bigkeys", "--dist", dist.to_str().unwrap()]);
    let proxy = start.go().await;
    let got = proxy.get("/ops/bigkeys/").await;
    assert_eq!((got.status, got.text().as_str()), (200, "page"));
    assert!(got.header("content-security-policy").ends_with("; frame-ancestors 'self' https://portal.example.com"));
    assert_eq!(got.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(proxy.get("/ops/bigkeys/index.html").await.status, 200);
    assert_eq!(proxy.get("/index.html").await.status, 404);
    assert_eq!(proxy.get("/ops/bigkeys//ops/bigkeys/index.html").await.status, 404);
}
