//! What holds for every address: its description, its methods, its headers.

use std::{collections::BTreeSet, time::Duration};

use reqwest::Method;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};

use crate::{
    person::{LINK, Person, UNLINK, VERIFY},
    twilio::WEBHOOK,
    world::World,
};

const METHODS: [Method; 7] = [
    Method::HEAD,
    Method::OPTIONS,
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

#[tokio::test(flavor = "multi_thread")]
async fn the_description_is_what_the_routes_answer_and_other_methods_are_405_with_allow() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let document: Value = serde_json::from_str(&ingester.get("/openapi.json").await.1).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let described: BTreeSet<&str> = paths.keys().map(String::as_str).collect();
    assert_eq!(
        described,
        BTreeSet::from([
            "/api/integrations/whatsapp/link",
            "/api/integrations/whatsapp/unlink",
            "/api/integrations/whatsapp/verify",
            WEBHOOK,
            "/livez",
            "/openapi.json",
            "/readyz",
            "/readyz/webhook",
        ])
    );
    for (path, operations) in paths {
        let mut known: BTreeSet<String> = operations
            .as_object()
            .unwrap()
            .keys()
            .map(|method| method.to_uppercase())
            .collect();
        if known.contains("GET") {
            // Every address that can be read answers for its head.
            known.insert("HEAD".to_owned());
        }
        for method in METHODS {
            let is_described = known.contains(method.as_str());
            let url = format!("{}{path}", ingester.url);
            let answer = ingester
                .http
                .request(method.clone(), url)
                .send()
                .await
                .unwrap();
            assert_eq!(
                answer.status() != 405,
                is_described,
                "{method} {path}: {}",
                answer.status()
            );
            if is_described {
                continue;
            }
            let allow = answer.headers()["allow"].to_str().unwrap().to_owned();
            let allowed: BTreeSet<String> = allow.split(',').map(str::to_owned).collect();
            assert_eq!(allowed, known, "{method} {path}");
            if method != Method::HEAD {
                let body: Value = answer.json().await.unwrap();
                assert_eq!(body["code"], "method_not_allowed");
            }
        }
    }
    world.end([ingester]).await;
}

/// What cannot be read, at every address that takes a body.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_bad_body_is_answered_stands_in_the_description() {
    let world = World::with_database().await;
    let (ingester, mut db) = (world.ingester().await, world.connection().await);
    let ana = Person::new(&mut db, &ingester).await;
    let (large, stranger) = ("x".repeat(20_000), "not a token".to_owned());
    for (path, token, body, expected) in [
        (LINK, &ana.token, "no json", 400),
        (LINK, &ana.token, &*large, 413),
        (LINK, &stranger, "{}", 401),
        (VERIFY, &ana.token, "{}", 400),
        (VERIFY, &ana.token, &*large, 413),
        (VERIFY, &stranger, "{}", 401),
        (UNLINK, &stranger, "", 401),
        (WEBHOOK, &stranger, "hello", 415),
        (WEBHOOK, &stranger, &*"y".repeat(200_000), 413),
    ] {
        let url = format!("{}{path}", ingester.url);
        let request = ingester.http.post(url).bearer_auth(token);
        let answer = request.body(body.to_owned()).send().await.unwrap();
        let status = answer.status().as_u16();
        assert_eq!(status, expected, "{path}");
        ingester.assert_described("POST", path, status).await;
        let problem: Value = answer.json().await.unwrap();
        assert!(problem["code"].is_string() && problem["error"].is_string());
    }
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_an_id_and_security_headers() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let mut ids = BTreeSet::new();
    for (url, status) in [
        (format!("{}{WEBHOOK}", ingester.url), 200),
        (format!("{}/nothing", ingester.url), 404),
        (
            format!("{}/api/integrations/whatsapp/link", ingester.url),
            401,
        ),
        (format!("{}/metrics", ingester.url), 404),
        (format!("{}/metrics", ingester.metrics_url), 200),
        (format!("{}/livez", ingester.metrics_url), 200),
    ] {
        let request = ingester.http.get(&url).header("x-request-id", "mine");
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{url}");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        ids.insert(
            answer.headers()["x-request-id"]
                .to_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(ids.len(), 6);
    assert!(!ids.contains("mine"));
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_slow_with_its_body_or_head_is_cut_off() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let address = ingester.url.trim_start_matches("http://").to_owned();
    let begun = format!("POST {WEBHOOK} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf");
    for (begun, ending) in [
        (begun.as_str(), "HTTP/1.1 408"),
        ("GET /livez HTTP/1.1\r\nHo", ""),
    ] {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(begun.as_bytes()).await.unwrap();
        let answer = what_comes(stream).await;
        assert!(answer.starts_with(ending), "{answer}");
    }
    world.end([ingester]).await;
}

/// Everything that comes until the server ends the connection.
async fn what_comes(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    let end = stream.read_to_string(&mut answer);
    tokio::time::timeout(Duration::from_mins(2), end)
        .await
        .unwrap()
        .unwrap();
    answer
}

/// Later than one that has begun a request: some proxies open connections ahead of need.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_says_nothing_is_cut_off_in_the_end() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let address = ingester.url.trim_start_matches("http://");
    let stream = TcpStream::connect(address).await.unwrap();
    assert_eq!(what_comes(stream).await, "");
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_take_its_answers_is_cut_off() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let address = ingester.url.trim_start_matches("http://").parse().unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    let asking = async {
        while stream
            .write_all(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .is_ok()
        {}
    };
    tokio::time::timeout(Duration::from_mins(1), asking)
        .await
        .unwrap();
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_follow_one_another_on_a_connection_and_a_later_slow_head_is_cut_off_too() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let mut stream = TcpStream::connect(ingester.url.trim_start_matches("http://"))
        .await
        .unwrap();
    let mut buffer = [0; 4096];
    for _ in 0..3 {
        stream
            .write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        let length = stream.read(&mut buffer).await.unwrap();
        assert!(buffer[..length].starts_with(b"HTTP/1.1 200"));
    }
    stream.write_all(b"GET /livez HT").await.unwrap();
    let end = tokio::time::timeout(Duration::from_mins(1), stream.read(&mut buffer));
    assert_eq!(end.await.unwrap().unwrap(), 0);
    world.end([ingester]).await;
}
