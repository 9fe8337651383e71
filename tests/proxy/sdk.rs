//! The official Python SDK: what it sends is what we sign, and it lists tasks from the demo and through the proxy.

use crate::kit::{Start, until};
use bigkey_tasks::proxy::credentials::signing::{Request, sign};
use bigkey_tasks::proxy::demo::{self, Demo};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Output;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::OnceCell;

/// A Python with the SDK, made once and kept beside the build; `None` where there is none to be had.
async fn python() -> Option<&'static PathBuf> {
    static PYTHON: OnceCell<Option<PathBuf>> = OnceCell::const_new();
    let python = PYTHON.get_or_init(|| async { install().await.map_err(|why| println!("SKIPPED: {why}")).ok() }).await;
    python.as_ref()
}

async fn install() -> Result<PathBuf, String> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sdk-python");
    let python = folder.join("bin/python");
    if works(&python).await {
        return Ok(python);
    }
    let folder = folder.to_str().unwrap();
    if run("python3", &["-m", "venv", folder]).await.is_err() {
        // Some systems ship Python without the means to put pip into such a folder.
        run("python3", &["-m", "venv", "--without-pip", folder])
            .await
            .map_err(|why| format!("no Python with venv: {why}"))?;
        let packages = format!("{folder}/packages");
        run("python3", &["-m", "pip", "install", "--quiet", "--target", &packages, "huaweicloudsdkdcs"])
            .await
            .map_err(|why| format!("pip cannot install the SDK: {why}"))?;
        let link = format!(
            "import sys, pathlib, sysconfig; pathlib.Path(sysconfig.get_path('purelib'), 'sdk.pth').write_text({packages:?})"
        );
        run(python.to_str().unwrap(), &["-c", &link]).await?;
    } else {
        run(
            python.to_str().unwrap(),
            &["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "huaweicloudsdkdcs"],
        )
        .await
        .map_err(|why| format!("pip cannot install the SDK: {why}"))?;
    }
    if works(&python).await { Ok(python) } else { Err("the installed SDK cannot be imported".to_owned()) }
}

async fn works(python: &PathBuf) -> bool {
    let check = Command::new(python).args(["-c", "import huaweicloudsdkdcs.v2"]).output().await;
    check.is_ok_and(|output| output.status.success())
}

async fn run(program: &str, args: &[&str]) -> Result<Output, String> {
    let output = Command::new(program).args(args).output().await.map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() { Ok(output) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

#[tokio::test(flavor = "multi_thread")]
async fn our_signature_is_the_one_that_the_sdk_sends() {
    let Some(python) = python().await else { return };
    let (access, secret) = ("AK+/=example 42", "s3cr3t+/=~*'\"ümlaut");
    let output = run(python.to_str().unwrap(), &["tests/proxy/sdk_capture.py", access, secret]).await.unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    assert_eq!(lines.lines().count(), 4);
    for line in lines.lines() {
        let sent: Value = serde_json::from_str(line).unwrap();
        let all: Vec<(String, String)> = serde_json::from_value(sent["headers"].clone()).unwrap();
        let header = |name: &str| all.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).unwrap().1.as_str();
        let signed = header("authorization").split("SignedHeaders=").nth(1).unwrap().split(',').next().unwrap();
        let headers: Vec<_> = signed.split(';').map(|name| (name, header(name))).collect();
        let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
        assert_eq!(
            names,
            ["content-type", "host", "user-agent", "x-project-id", "x-sdk-date"],
            "the same that we sign"
        );
        let (path, query) =
            sent["target"].as_str().unwrap().split_once('?').unwrap_or((sent["target"].as_str().unwrap(), ""));
        let request = Request { method: "GET", path, query, headers: &headers, date: header("x-sdk-date") };
        assert_eq!(sign(&request, access, secret.as_bytes()), header("authorization"), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sdk_lists_tasks_from_the_demo_and_through_the_proxy() {
    let Some(python) = python().await else { return };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let direct = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(demo::serve::serve(Demo::new(1), listener, std::future::pending()));
    let proxy = Start::at(&direct).env("BIGKEY_TOKEN", "t").go().await;
    let demo_proxy = Start::demo().go().await;
    for url in [direct, format!("http://{}", proxy.address), format!("http://{}", demo_proxy.address)] {
        let listed = async || {
            let output = run(python.to_str().unwrap(), &["tests/proxy/sdk_list.py", &url]).await.unwrap();
            let listed: Value = serde_json::from_slice(&output.stdout).unwrap();
            // A task that is created while the SDK turns pages moves the others on by one; then the list is read anew.
            let tasks = listed["tasks"].as_array().unwrap();
            let unique: std::collections::HashSet<_> = tasks.iter().map(|task| task["id"].to_string()).collect();
            (unique.len() == 42).then_some(listed)
        };
        let listed = until(listed).await;
        assert_eq!(listed["count"], 42, "{url}");
        let oldest = listed["tasks"].as_array().unwrap().last().unwrap();
        assert_eq!(oldest["id"], "858ee14c-2271-4489-8b82-7bda7459ae3e");
        assert_eq!(oldest["started_at"], "2020-06-15T02:21:23.534Z");
        let failed = listed["failed"].as_array().unwrap();
        assert!(!failed.is_empty() && failed.iter().all(|status| status == "failed"));
        assert_eq!(listed["failed_count"], failed.len());
        assert_eq!(listed["refusal"], serde_json::json!([400, "DCS.4919", "Does not support bigkey analyze."]));
    }
}
