//! The samples in `deploy/`, tried out.

use crate::kit::{Folder, Got, INSTANCE, PAGE, PROJECT, Start, Stub, ok, reply, until};
use std::process::Stdio;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// nginx with one sample, on a free port, with all its files in a folder of its own.
struct Nginx {
    child: Child,
    address: String,
    folder: Folder,
}

const HEAD: &str = "daemon off;\nworker_processes 1;\npid PREFIX/nginx.pid;\nerror_log PREFIX/error.log;\nevents {}\nhttp {\n\
                    types { text/html html; text/javascript js; application/wasm wasm; text/css css; }\naccess_log off;\n\
                    client_body_temp_path PREFIX/1;\nproxy_temp_path PREFIX/2;\nfastcgi_temp_path PREFIX/3;\n\
                    uwsgi_temp_path PREFIX/4;\nscgi_temp_path PREFIX/5;\n";

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Starts nginx with a sample in which these words are replaced; `None` where nginx is not installed.
async fn nginx(sample: &str, folder: Folder, replace: &[(&str, &str)]) -> Option<Nginx> {
    let program = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"]
        .into_iter()
        .find(|path| std::path::Path::new(path).exists());
    let Some(program) = program else {
        println!("SKIPPED: nginx is not installed (apt-get install nginx-light)");
        return None;
    };
    let mut text = std::fs::read_to_string(format!("deploy/{sample}")).unwrap();
    let prefix = folder.path().to_str().unwrap().to_owned();
    let address = format!("127.0.0.1:{}", free_port());
    for (from, to) in replace.iter().chain(&[("listen 80;", format!("listen {address};").as_str())]) {
        assert!(text.contains(from), "{sample} holds {from}");
        text = text.replace(from, to);
    }
    let config = folder.write("nginx.conf", format!("{}{text}}}\n", HEAD.replace("PREFIX", &prefix)));
    let command = || {
        let mut command = Command::new(program);
        command.arg("-p").arg(&prefix).arg("-c").arg(&config).arg("-e").arg(format!("{prefix}/error.log"));
        command
    };
    let check = command().arg("-t").output().await.unwrap();
    assert!(check.status.success(), "{}", String::from_utf8_lossy(&check.stderr));
    let child = command().stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap();
    until(async || TcpStream::connect(&address).await.ok()).await;
    Some(Nginx { child, address, folder })
}

impl Nginx {
    async fn get(&self, path: &str) -> Got {
        self.send("GET", path, "").await
    }

    async fn send(&self, method: &str, path: &str, headers: &str) -> Got {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: portal.example.com\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        Got::parse(&answer, method)
    }

    /// Ends it with its workers, which a kill would leave behind.
    async fn stop(mut self) {
        let id = self.child.id().unwrap().to_string();
        Command::new("kill").args(["-QUIT", &id]).status().await.unwrap();
        self.child.wait().await.unwrap();
    }
}

fn dist(folder: &Folder) -> String {
    folder.write("dist/index.html", "<!doctype html><title>Tasks</title>");
    folder.write("dist/app-0123456789abcdef.js", "script");
    folder.write("dist/app-0123456789abcdef.js.gz", "gzip of the script");
    folder.write("dist/app-0123456789abcdef_bg.wasm", b"\0asm");
    folder.path().join("dist").to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_in_front_of_the_proxy() {
    let folder = Folder::new();
    let dist = dist(&folder);
    let proxy = Start::demo().args(&["--base-path", "/ops/bigkeys", "--dist", &dist]).go().await;
    let Some(nginx) = nginx("nginx-front.conf", folder, &[("127.0.0.1:8081", &proxy.address)]).await else {
        return;
    };
    let got = nginx.get(&format!("/ops/bigkeys/v2/{PROJECT}/instances/{INSTANCE}/bigkey-tasks?limit=5")).await;
    assert_eq!((got.status, got.json()["records"].as_array().unwrap().len()), (200, 5));
    assert_eq!(got.header("cache-control"), "private, max-age=2");
    let page = nginx.get("/ops/bigkeys/").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; script-src 'self'"));
    assert_eq!(nginx.get("/ops/bigkeys?project_id=p").await.header("location"), "/ops/bigkeys/?project_id=p");
    let script = nginx.send("GET", "/ops/bigkeys/app-0123456789abcdef.js", "Accept-Encoding: gzip\r\n").await;
    assert_eq!((script.header("content-encoding"), script.text().as_str()), ("gzip", "gzip of the script"));
    for hidden in ["/ops/bigkeys/metrics", "/metrics", "/readyz", "/ops/bigkeys/readyz"] {
        assert_eq!(nginx.get(hidden).await.status, 404, "{hidden} is for the inside");
    }
    for trick in ["/ops/bigkeys/../../etc/passwd", "/ops/bigkeys/..%2f..%2fetc/passwd"] {
        assert!(nginx.get(trick).await.status >= 400, "{trick}");
    }
    nginx.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_alone_with_a_token_file() {
    let stub = Stub::start(|seen, _| match seen.target.split('/').nth(4) {
        Some("chatty") => vec![reply(401, CHATTY, r#"{"error_code":"DCS.1001"}"#)],
        Some("elsewhere") => vec![reply(302, CHATTY, "")],
        Some("unknown") => vec![reply(404, "", r#"{"error_code":"DCS.3022"}"#)],
        _ => ok(),
    })
    .await;
    let folder = Folder::new();
    let dist = dist(&folder);
    let token = folder.write("token.conf", "proxy_set_header X-Auth-Token \"the-token-of-nginx\";\n");
    let replace = [
        // A name, as in use: it is looked up otherwise than an address.
        ("server dcs.example.com:443;", format!("server {};", stub.address.replace("127.0.0.1", "localhost"))),
        ("https://bigkey_service", "http://bigkey_service".to_owned()),
        ("dcs.example.com", "localhost".to_owned()),
        ("/etc/bigkey/token.conf", token.to_str().unwrap().to_owned()),
        ("root /etc/bigkey;", format!("root {};", folder.path().display())),
        ("/usr/share/bigkey-tasks/dist", dist),
        ("/tmp/bigkey-tasks-cache", folder.path().join("cache").to_str().unwrap().to_owned()),
        ("PROJECT", "p".to_owned()),
    ];
    let replace: Vec<_> = replace.iter().map(|(from, to)| (*from, to.as_str())).collect();
    let Some(nginx) = nginx("nginx-alone.conf", folder, &replace).await else {
        return;
    };
    let got = nginx
        .send(
            "GET",
            "/v2/p/instances/i/bigkey-tasks?limit=10&offset=0&status=failed",
            "Cookie: a=b\r\nX-Auth-Token: mine\r\nAuthorization: x\r\n",
        )
        .await;
    assert_eq!((got.status, got.text().as_str()), (200, PAGE));
    let seen = &stub.seen()[0];
    assert_eq!(seen.target, "/v2/p/instances/i/bigkey-tasks?limit=10&offset=0&status=failed");
    assert_eq!(seen.headers["x-auth-token"], "the-token-of-nginx");
    let names: Vec<_> = seen.headers.keys().map(String::as_str).collect();
    assert_eq!(names, ["accept", "content-type", "host", "x-auth-token"]);
    assert_eq!(seen.headers["host"], "localhost");
    assert_eq!(nginx.get("/v2/p/instances/i/bigkey-tasks?limit=10&offset=0&status=failed").await.status, 200);
    assert_eq!(stub.calls(), 1, "kept for two seconds, for everybody");
    for path in [
        "/v2/q/instances/i/bigkey-tasks",
        "/v2/p/instances/i/bigkey-task",
        "/v2/p/instances/..%2f/bigkey-tasks",
        "/v2/p/instances//bigkey-tasks",
        "/v2/p/instances/i",
        "/v3/auth/tokens",
        "/token.conf",
        "/.hidden",
    ] {
        let got = nginx.get(path).await;
        assert_eq!((got.status, got.code().as_str()), (404, "PROXY.0404"), "{path}");
    }
    let got = nginx.send("POST", "/v2/p/instances/i/bigkey-tasks", "Content-Length: 0\r\n").await;
    assert_eq!((got.status, got.code().as_str()), (405, "PROXY.0405"));
    assert_eq!(stub.calls(), 1);
    answers_by_nginx(&nginx).await;
    files_by_nginx(&nginx).await;
    assert_eq!(nginx.get("/instances.json").await.text(), r#"{"instances":[]}"#);
    nginx.folder.write("instances.json", r#"{"instances":[{}]}"#);
    let got = nginx.get("/instances.json").await;
    assert_eq!((got.text().as_str(), got.header("content-type")), (r#"{"instances":[{}]}"#, "application/json"));
    let got = nginx.send("POST", "/instances.json", "Content-Length: 0\r\n").await;
    assert_eq!((got.status, got.code().as_str()), (405, "PROXY.0405"));
    nginx.stop().await;
}

/// Headers that the browser has no use for, or that do harm there.
const CHATTY: &str = "Set-Cookie: a=b\r\nX-Subject-Token: leaked\r\nX-Auth-Token: leaked\r\nWWW-Authenticate: Basic\r\n\
                      Location: http://x/\r\nLink: <x>\r\nRefresh: 0\r\nClear-Site-Data: *\r\nVia: x\r\nX-Powered-By: x\r\n\
                      Content-Security-Policy: default-src *\r\nAccess-Control-Allow-Origin: *\r\nAlt-Svc: x\r\n\
                      Service-Worker-Allowed: /\r\nX-Accel-Redirect: /index.html\r\nX-Request-Id: up-17\r\nRetry-After: 3\r\n";

async fn answers_by_nginx(nginx: &Nginx) {
    let got = nginx.get("/v2/p/instances/chatty/bigkey-tasks").await;
    assert_eq!((got.status, got.code().as_str()), (401, "DCS.1001"));
    let names: Vec<_> = got.headers.keys().map(String::as_str).collect();
    let expected = [
        "connection",
        "content-length",
        "content-security-policy",
        "content-type",
        "date",
        "retry-after",
        "server",
        "x-content-type-options",
        "x-request-id",
    ];
    assert_eq!(names, expected);
    assert_eq!(got.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'; sandbox");
    let got = nginx.get("/v2/p/instances/elsewhere/bigkey-tasks").await;
    assert_eq!((got.status, got.code().as_str(), got.header("location")), (502, "PROXY.0532", ""));
    let got = nginx.get("/v2/p/instances/unknown/bigkey-tasks").await;
    assert_eq!((got.status, got.code().as_str()), (404, "DCS.3022"), "the service's own, not nginx's");
}

async fn files_by_nginx(nginx: &Nginx) {
    let page = nginx.get("/?project_id=p&instance_id=i").await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-cache"));
    assert!(
        page.header("content-security-policy").ends_with("frame-ancestors 'none'") && !page.header("etag").is_empty()
    );
    let script = nginx.send("GET", "/app-0123456789abcdef.js", "Accept-Encoding: gzip\r\n").await;
    assert_eq!(
        (script.header("content-encoding"), script.header("cache-control")),
        ("gzip", "public, max-age=31536000, immutable")
    );
    assert_eq!(nginx.get("/app-0123456789abcdef_bg.wasm").await.header("content-type"), "application/wasm");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_systemd_unit_is_sound() {
    let folder = Folder::new();
    let program = env!("CARGO_BIN_EXE_bigkey-proxy");
    let unit =
        std::fs::read_to_string("deploy/bigkey-proxy.service").unwrap().replace("/usr/bin/bigkey-proxy", program);
    let path = folder.write("bigkey-proxy.service", unit);
    let Ok(output) = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&path).output().await else {
        println!("SKIPPED: systemd-analyze is not installed");
        return;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    let about_it: Vec<_> = said.lines().filter(|line| line.contains("bigkey-proxy")).collect();
    assert!(about_it.is_empty(), "{about_it:?}");
    println!("systemd-analyze verify: {}", output.status);
}
