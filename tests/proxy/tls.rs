//! TLS towards the service: a certificate that the system trusts, and others.

use crate::kit::{Folder, Start, list};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn only_a_trusted_certificate_of_the_right_name_gets_the_token() {
    let folder = Folder::new();
    let at = folder.path().to_str().unwrap().to_owned();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", &format!("{at}/key.pem"), "-out", &format!("{at}/cert.pem")])
        .output()
        .await;
    let server = Command::new("python3")
        .args(["tests/proxy/tls_server.py", &at])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let (true, Ok(mut server)) = (made.is_ok_and(|made| made.status.success()), server) else {
        println!("SKIPPED: openssl or python3 is not installed");
        return;
    };
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let port: u16 = lines.next_line().await.unwrap().unwrap().parse().unwrap();
    let status = async |host: &str, trusted: bool| {
        let start = Start::at(&format!("https://{host}:{port}")).env("BIGKEY_TOKEN", "the-token");
        let proxy = if trusted { start.env("SSL_CERT_FILE", &format!("{at}/cert.pem")) } else { start }.go().await;
        proxy.get(&list("i", "")).await.status
    };
    assert_eq!(status("localhost", true).await, 200);
    assert_eq!(status("localhost", false).await, 502, "nobody vouches for it");
    assert_eq!(status("127.0.0.1", true).await, 502, "another name than in the certificate");
    assert_eq!(lines.next_line().await.unwrap().unwrap(), "the-token");
    server.kill().await.unwrap();
    assert_eq!(lines.next_line().await.unwrap(), None, "the token went there once");
}
