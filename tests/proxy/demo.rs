//! The demo upstream, as a server of its own and behind the proxy.

use crate::kit::{Got, INSTANCE, PROJECT, Start, until};
use bigkey_tasks::proxy::demo::{self, Demo, sentinels::SENTINELS};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A demo server, its address and its clock.
async fn server() -> (String, Arc<AtomicU64>) {
    let now = Arc::new(AtomicU64::new(1_764_000_000_000));
    let clock = now.clone();
    let demo = Demo::with_clock(1, Arc::new(move || clock.load(Ordering::SeqCst)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(demo::serve::serve(demo, listener, std::future::pending()));
    (address, now)
}

async fn raw(address: &str, path: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

async fn get(address: &str, instance: &str, query: &str) -> Got {
    let path = format!("/v2/{PROJECT}/instances/{instance}/bigkey-tasks?{query}");
    Got::parse(&raw(address, &path).await, "GET")
}

#[tokio::test(flavor = "multi_thread")]
async fn keeps_the_documented_contract() {
    let (address, _) = server().await;
    let path = format!("/v2/{PROJECT}/instances/{INSTANCE}/bigkey-tasks");
    let first = Got::parse(&raw(&address, &path).await, "GET").json();
    assert_eq!((first["count"].as_u64(), first["records"].as_array().unwrap().len()), (Some(42), 10));
    let last = get(&address, INSTANCE, "offset=40&limit=1000").await.json();
    let example = serde_json::json!({
        "id": "858ee14c-2271-4489-8b82-7bda7459ae3e", "scan_type": "manual", "status": "success",
        "created_at": "2020-06-15T02:21:18.669Z", "started_at": "2020-06-15T02:21:23.534Z", "finished_at": "2020-06-15T02:21:25.588Z",
    });
    assert_eq!((last["records"].as_array().unwrap().len(), &last["records"][1]), (2, &example));
    let mut counted = 0;
    for status in ["waiting", "running", "success", "failed"] {
        let page = get(&address, INSTANCE, &format!("status={status}&limit=1000")).await.json();
        let records = page["records"].as_array().unwrap();
        assert_eq!(page["count"], records.len());
        assert!(!records.is_empty() && records.iter().all(|record| record["status"] == status), "{status}");
        counted += records.len();
    }
    assert_eq!(counted, 42);
    let past = get(&address, INSTANCE, "offset=42").await.json();
    assert_eq!((past["count"].as_u64(), past["records"].as_array().unwrap().len()), (Some(42), 0));
    for query in ["limit=0", "limit=1001", "limit=-1", "limit=x", "offset=-1", "offset=x", "status=done", "status="] {
        let got = get(&address, INSTANCE, query).await;
        assert_eq!(
            (got.status, got.code().as_str(), &got.json()["error_ext_msg"]),
            (400, "DCS.4800", &serde_json::Value::Null),
            "{query}"
        );
    }
    assert_eq!(get(&address, "9999df16-cebf-4473-95c4-d1b573c16e79", "").await.code(), "DCS.3022");
    assert_eq!(get(&address, "a%2fb", "").await.code(), "DCS.4061");
    assert_eq!(Got::parse(&raw(&address, "/v2/elsewhere").await, "GET").status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn tasks_move_on_with_the_clock() {
    let (address, now) = server().await;
    let state = async |id: &str| {
        let page = get(&address, INSTANCE, "limit=1000").await.json();
        let record = page["records"].as_array().unwrap().iter().find(|record| record["id"] == id).cloned();
        record.map(|record| record["status"].as_str().unwrap().to_owned())
    };
    let waiting =
        get(&address, INSTANCE, "status=waiting").await.json()["records"][0]["id"].as_str().unwrap().to_owned();
    let mut states = Vec::new();
    for _ in 0..300 {
        now.fetch_add(1000, Ordering::SeqCst);
        if let Some(state) = state(&waiting).await
            && states.last() != Some(&state)
        {
            states.push(state);
        }
    }
    assert_eq!(states[..2], ["waiting", "running"]);
    assert!(["success", "failed"].contains(&states[2].as_str()) && states.len() == 3, "{states:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn special_instances_do_what_the_table_says() {
    let (address, _) = server().await;
    for sentinel in SENTINELS.iter().filter(|sentinel| sentinel.id != "answer-hang") {
        let bytes = raw(&address, &format!("/v2/{PROJECT}/instances/{}/bigkey-tasks", sentinel.id)).await;
        match sentinel.id {
            "close-before" => assert!(bytes.is_empty()),
            "close-in-body" => {
                let got = Got::parse(&bytes, "GET");
                assert!(got.body.len() < got.header("content-length").parse().unwrap());
            }
            "answer-huge" => assert!(bytes.len() > 49_000_000),
            id => {
                assert!(!bytes.is_empty(), "{id}");
                let got = Got::parse(&bytes, "GET");
                let expected =
                    id.split('-').nth(1).and_then(|status| status.parse().ok()).filter(|_| id.starts_with("fail-"));
                let expected = if id == "flaky" { 500 } else { expected.unwrap_or(200) };
                assert_eq!(got.status, expected, "{id}");
            }
        }
    }
    let value = async |id: &str, query: &str| get(&address, id, query).await.json();
    assert_eq!(get(&address, "fail-429", "").await.header("retry-after"), "7");
    assert_eq!(get(&address, "fail-429-bare", "").await.header("retry-after"), "");
    assert_eq!(value("fail-401-iam", "").await["error"]["code"], 401);
    assert!(value("fail-401-gateway", "").await["request_id"].is_string());
    assert_eq!(value("million", "offset=999990&limit=1000").await["records"].as_array().unwrap().len(), 10);
    assert_eq!(value("answer-10000", "limit=10").await["records"].as_array().unwrap().len(), 10_000);
    assert!(value("answer-records-null", "").await["records"].is_null());
    assert!(value("answer-array", "").await.is_array());
    assert_eq!(value("answer-duplicates", "limit=3").await["records"].as_array().unwrap().len(), 6);
    assert!(get(&address, "answer-bigint", "").await.text().contains("\"count\":123456789012345678901234567890,"));
    assert_eq!(value("count-negative", "").await["count"], -1);
    assert_eq!(value("count-absent", "").await.get("count"), None);
    assert_eq!(value("count-string", "").await["count"], "forty-two");
    assert_eq!(value("count-total", "status=failed").await["count"], 42);
    assert_eq!(value("count-low", "").await["count"], 3);
    assert_eq!(value("count-high", "").await["count"], 500);
    assert_eq!(value("empty", "").await["records"], serde_json::json!([]));
    assert!(serde_json::from_slice::<serde_json::Value>(&get(&address, "answer-cut", "").await.body).is_err());
    let flaky = [get(&address, "flaky", "").await.status, get(&address, "flaky", "").await.status];
    assert_eq!(flaky, [200, 500], "it was called once above");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_the_proxy() {
    let proxy = Start::demo().go().await;
    let path = |instance: &str| format!("/v2/{PROJECT}/instances/{instance}/bigkey-tasks");
    assert_eq!(proxy.get(&path(INSTANCE)).await.json()["count"], 42);
    for (id, status, code) in [
        ("answer-huge", 502, "PROXY.0512"),
        ("close-before", 502, "PROXY.0522"),
        ("close-in-body", 502, "PROXY.0522"),
        ("fail-429", 429, "APIGW.0308"),
        ("fail-429", 429, "APIGW.0308"),
        ("fail-400-dcs-4919", 400, "DCS.4919"),
        ("fail-500", 500, "DCS.5000"),
        ("unknown", 404, "DCS.3022"),
    ] {
        let got = proxy.get(&path(id)).await;
        assert_eq!((got.status, got.code().as_str()), (status, code), "{id}");
    }
    assert_eq!(proxy.get(&path(INSTANCE)).await.status, 200, "a throttled neighbour is no matter");
    let flaky = path("flaky");
    let statuses = [proxy.get(&flaky).await.status, proxy.get(&flaky).await.status];
    assert_eq!(statuses, [500, 200]);
    until(async || (proxy.get(&flaky).await.status == 500).then_some(())).await;
    for listed in proxy.get("/instances.json").await.json()["instances"].as_array().unwrap() {
        let id = listed["instance_id"].as_str().unwrap();
        assert!(id == INSTANCE || SENTINELS.iter().any(|sentinel| sentinel.id == id), "{id}");
    }
}
