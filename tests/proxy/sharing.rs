//! One call for many readers.

use crate::kit::{PAGE, Proxy, Start, Step, Stub, list, ok, reply, until};
use std::sync::Arc;
use std::time::{Duration, Instant};

async fn all(proxy: &Arc<Proxy>, readers: usize, query: impl Fn(usize) -> String) -> Vec<u16> {
    let tasks: Vec<_> = (0..readers)
        .map(|reader| {
            let (proxy, path) = (proxy.clone(), list("i", &query(reader)));
            tokio::spawn(async move { proxy.get(&path).await.status })
        })
        .collect();
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.unwrap());
    }
    statuses
}

async fn shared(ttl: &str) -> (Stub, Arc<Proxy>, Vec<u16>) {
    let stub = Stub::start(|_, _| vec![Step::Wait, reply(200, "", PAGE)]).await;
    let proxy = Arc::new(Start::before(&stub).args(&["--cache-ttl", ttl]).go().await);
    let (other, waiting) = (proxy.clone(), stub.clone());
    let readers = tokio::spawn(async move { all(&other, 50, |_| String::new()).await });
    waiting.wait_for_calls(1).await;
    until(async || (proxy.metric("bigkey_proxy_connections").await >= 51).then_some(())).await;
    stub.release();
    (stub, proxy, readers.await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_calls_under_way_are_one() {
    let (stub, proxy, statuses) = shared("1h").await;
    assert_eq!((statuses, stub.calls()), (vec![200; 50], 1));
    let coalesced = proxy.metric("bigkey_proxy_coalesced_total").await;
    let hits = proxy.metric("bigkey_proxy_cache_hits_total").await;
    assert_eq!(coalesced + hits, 49);
    let got = proxy.get(&list("i", "limit=10&offset=0")).await;
    assert_eq!((got.status, stub.calls()), (200, 1), "another spelling of the same view");
    assert_eq!(got.header("cache-control"), "private, max-age=5");
    proxy.get(&list("i", "limit=20")).await;
    proxy.get(&list("i", "status=failed")).await;
    proxy.get(&list("j", "")).await;
    assert_eq!(stub.calls(), 4, "other views are other calls");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_nothing_kept_equal_calls_are_still_one() {
    let (stub, proxy, statuses) = shared("0s").await;
    assert_eq!(statuses, vec![200; 50]);
    let coalesced = proxy.metric("bigkey_proxy_coalesced_total").await;
    assert_eq!(usize::try_from(coalesced).unwrap() + stub.calls(), 50);
    assert!(stub.calls() < 50, "some were one call");
    let before = stub.calls();
    let got = proxy.get(&list("i", "")).await;
    assert_eq!((got.status, got.header("cache-control"), stub.calls()), (200, "no-store", before + 1));
    assert_eq!(proxy.metric("bigkey_proxy_cache_hits_total").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_serves_for_its_time_and_no_longer() {
    let stub = Stub::start(|_, _| ok()).await;
    let proxy = Start::before(&stub).args(&["--cache-ttl", "100ms"]).go().await;
    let got = proxy.get(&list("i", "")).await;
    assert_eq!(got.header("cache-control"), "no-store", "less than a second is nothing that a browser could keep");
    until(async || {
        proxy.get(&list("i", "")).await;
        (stub.calls() >= 3).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_answer_tells_its_age() {
    let stub = Stub::start(|_, _| ok()).await;
    let proxy = Start::before(&stub).args(&["--cache-ttl", "1h"]).go().await;
    let asked = Instant::now();
    let fresh = proxy.get(&list("i", "")).await;
    let answered = Instant::now();
    assert_eq!((fresh.header("cache-control"), fresh.headers.contains_key("age")), ("private, max-age=5", false));
    // Until the second second has begun: a browser takes the age off, and never keeps it too long.
    let older = until(async || {
        let least = answered.elapsed();
        let got = proxy.get(&list("i", "")).await;
        assert_eq!(got.header("cache-control"), "private, max-age=5");
        let age = Duration::from_secs(got.header("age").parse().unwrap());
        assert!(age >= least && age < asked.elapsed() + Duration::from_secs(1), "{age:?} {least:?}");
        (age > Duration::from_secs(1)).then_some(age)
    })
    .await;
    assert_eq!((older.as_secs() >= 2, stub.calls()), (true, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_keeps_an_answer_for_its_time_but_no_longer_than_five_seconds() {
    let stub = Stub::start(|_, _| ok()).await;
    for (ttl, caching) in [
        ("999ms", "no-store"),
        ("1s", "private, max-age=1"),
        ("2s", "private, max-age=2"),
        ("5s", "private, max-age=5"),
        ("6s", "private, max-age=5"),
        ("1h", "private, max-age=5"),
    ] {
        let proxy = Start::before(&stub).args(&["--cache-ttl", ttl]).go().await;
        assert_eq!(proxy.get(&list("i", "")).await.header("cache-control"), caching, "{ttl}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_a_sound_answer_is_kept() {
    for (status, body) in
        [(500, "{}"), (400, "{}"), (404, "{}"), (201, "{}"), (200, "<html>"), (200, ""), (200, "{\"count\":")]
    {
        let stub = Stub::always(status, "", body).await;
        let proxy = Start::before(&stub).args(&["--cache-ttl", "1h"]).go().await;
        for _ in 0..3 {
            let got = proxy.get(&list("i", "")).await;
            assert_eq!((got.status, got.text().as_str(), got.header("cache-control")), (status, body, "no-store"));
        }
        assert_eq!(stub.calls(), 3, "{status} {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_who_leave_do_not_take_the_answer_with_them() {
    let stub = Stub::start(|_, _| vec![Step::Wait, reply(200, "", PAGE)]).await;
    let proxy = Arc::new(Start::before(&stub).args(&["--cache-ttl", "1h"]).go().await);
    let leaver = proxy.clone();
    let first = tokio::spawn(async move { leaver.get(&list("i", "")).await });
    stub.wait_for_calls(1).await;
    let follower = proxy.clone();
    let follower = tokio::spawn(async move { follower.get(&list("i", "")).await });
    until(async || (proxy.metric("bigkey_proxy_connections").await == 3).then_some(())).await;
    first.abort();
    until(async || (proxy.metric("bigkey_proxy_connections").await == 2).then_some(())).await;
    stub.release();
    assert_eq!((follower.await.unwrap().status, stub.calls()), (200, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_is_bounded() {
    let stub = Stub::start(|_, _| ok()).await;
    let config = "[cache]\nttl = \"1h\"\nentries = 10\nbytes = 1000000";
    let proxy = Start::before(&stub).config(config).go().await;
    for round in 0..3 {
        for limit in 1..=100 {
            assert_eq!(proxy.get(&list("i", &format!("limit={limit}"))).await.status, 200, "{round}");
        }
    }
    assert!(stub.calls() >= 3 * 100 - 3 * 10 - 10, "a hundred views do not fit: {}", stub.calls());
}

/// The reader's minute at fifty times its speed: 100 readers, each polling every 100 ms, an answer serves 40 ms.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_readers_cost_little_more_than_one() {
    minute(50).await;
}

/// The real minute: 100 readers, each polling every 5 s, an answer serves 2 s.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute"]
async fn a_hundred_readers_for_a_real_minute() {
    minute(1).await;
}

async fn minute(speed: u32) {
    let stub = Stub::start(|_, _| ok()).await;
    let ttl = Duration::from_secs(2) / speed;
    let proxy = Arc::new(Start::before(&stub).args(&["--cache-ttl", &format!("{}ms", ttl.as_millis())]).go().await);
    let (begun, readers, polls) = (Instant::now(), 100, 12);
    let tasks: Vec<_> = (0..readers)
        .map(|reader| {
            let proxy = proxy.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(50) * reader / speed).await;
                let mut poll = tokio::time::interval(Duration::from_secs(5) / speed);
                for _ in 0..polls {
                    poll.tick().await;
                    assert_eq!(proxy.get(&list("i", "")).await.status, 200);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let windows = usize::try_from(begun.elapsed().as_millis() / ttl.as_millis()).unwrap() + 1;
    println!("{} readings in {:?} cost {} calls", readers * polls, begun.elapsed(), stub.calls());
    assert!(stub.calls() <= windows, "at most one call in {ttl:?}: {} in {windows}", stub.calls());
}
