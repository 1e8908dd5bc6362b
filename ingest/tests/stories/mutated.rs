//! Twenty thousand requests that no Twilio would make, half of them signed as it signs: none is a
//! fault of ours, and nothing of them stays in memory.
#![expect(clippy::print_stdout, reason = "the figures are what this is for")]

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream};
use rand::{Rng as _, RngExt as _, SeedableRng as _, rngs::SmallRng};
use reqwest::{Method, Request, Url, header::HeaderValue};

use crate::{
    program::{Program, free_port, start},
    twilio::{Form, WEBHOOK, encode, sender, sign, text},
    world::{PUBLIC, World, environment, until},
};

const REQUESTS: u64 = 20_000;
/// Requests before memory is looked at for the first time: connections, pools, caches.
const WARM: u64 = 2_000;
/// What may stay in memory after so many, in KiB.
const MOST_GROWTH: i64 = 32 * 1024;
const AT_ONCE: usize = 32;
/// Counted for a connection that was closed while the body was still coming.
const CLOSED: u16 = 0;

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_mutated_requests_find_no_fault_and_leave_nothing_in_memory() {
    let world = World::of(environment().with("FOCO_STREAM_MAX_BYTES", "67108864")).await;
    let address = format!("127.0.0.1:{}", free_port());
    let mut ingester = start(&world, &address, &[]);
    let http = Arc::new(common::http::client(Duration::from_secs(30)).unwrap());
    until("the ingester is up", || async {
        let url = format!("http://{address}/readyz/webhook");
        http.get(url).send().await.is_ok()
    })
    .await;

    let mut counts = BTreeMap::new();
    assault(&http, &address, 0..WARM, &mut counts).await;
    let before = resident(&ingester);
    assault(&http, &address, WARM..REQUESTS, &mut counts).await;
    let after = resident(&ingester);
    println!("{REQUESTS} requests: {counts:?}; resident before {before} KiB, after {after} KiB");
    assert!(counts.keys().all(|status| *status < 500), "{counts:?}");
    assert_eq!(counts.values().sum::<u64>(), REQUESTS);
    assert!(counts[&200] > 0 && counts[&403] > 0, "{counts:?}");
    assert!(
        after - before < MOST_GROWTH,
        "{before} KiB, then {after} KiB"
    );
    assert!(ingester.runs(), "it died");
    ingester.kill();
    world.end([]).await;
}

/// Resident memory of a process, in KiB.
fn resident(process: &Program) -> i64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Sends the requests of those numbers, and counts the answers by status.
async fn assault(
    http: &Arc<reqwest::Client>,
    address: &str,
    numbers: std::ops::Range<u64>,
    counts: &mut BTreeMap<u16, u64>,
) {
    let mut answers = stream::iter(numbers)
        .map(|number| {
            let (http, request) = (Arc::clone(http), request(address, number));
            async move { answer(&http, request).await }
        })
        .buffer_unordered(AT_ONCE);
    while let Some(status) = answers.next().await {
        *counts.entry(status).or_default() += 1;
    }
}

/// The status that a request gets. Only where nobody reads bodies may the connection be closed
/// before the whole of it came.
async fn answer(http: &reqwest::Client, request: Request) -> u16 {
    let path = request.url().path().trim_end_matches('/').to_owned();
    let is_read = request.method() == Method::POST && path == WEBHOOK;
    let about = format!(
        "{:?} {} bytes",
        request,
        request.body().unwrap().as_bytes().unwrap().len()
    );
    match http.execute(request).await {
        Ok(response) => response.status().as_u16(),
        Err(_) if !is_read => CLOSED,
        Err(error) => panic!("no answer to {about}: {error:?}"),
    }
}

/// The request of that number: always the same one. Every second is signed for what it became.
fn request(address: &str, number: u64) -> Request {
    let mut rng = SmallRng::seed_from_u64(number);
    let mut form = text(&sender(), "Arreglar el login, 2 horas \u{1F680}");
    mutate_form(&mut rng, &mut form);
    let mut body = encode(&form).into_bytes();
    for _ in 0..rng.random_range(0..4) {
        mutate_bytes(&mut rng, &mut body);
    }
    let target = mutated_target(&mut rng);
    let url: Url = format!("http://{address}{target}").parse().unwrap();
    let signature = if number.is_multiple_of(2) {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
        let after_host = url.as_str().split_once(address).unwrap().1;
        HeaderValue::from_str(&sign_pairs(&format!("{PUBLIC}{after_host}"), &pairs)).unwrap()
    } else {
        mutated_signature(&mut rng)
    };
    let method = match rng.random_range(0..40) {
        0 => Method::PUT,
        1 => Method::from_bytes(b"BREW").unwrap(),
        _ => Method::POST,
    };
    let mut request = Request::new(method, url);
    request
        .headers_mut()
        .insert("x-twilio-signature", signature);
    request
        .headers_mut()
        .insert("content-type", mutated_content_type(&mut rng));
    *request.body_mut() = Some(body.into());
    request
}

/// A genuine signature over pairs as they are received.
fn sign_pairs(url: &str, pairs: &[(String, String)]) -> String {
    // The names live as long as the form: leaking some bytes a request is nothing here.
    let form: Form = pairs
        .iter()
        .map(|(name, value)| (&*Box::leak(name.clone().into_boxed_str()), value.clone()))
        .collect();
    sign(url, &form)
}

fn mutate_form(rng: &mut SmallRng, form: &mut Form) {
    match rng.random_range(0..8) {
        0 => drop(form.remove(rng.random_range(0..form.len()))),
        1 => form.push(form[rng.random_range(0..form.len())].clone()),
        2 => form.push(("MessageStatus", "delivered".to_owned())),
        3 => form.push(("NumMedia", "4294967296".to_owned())),
        4 => {
            let at = rng.random_range(0..form.len());
            form[at].1 = "ñ\u{202E}\0".repeat(rng.random_range(0..2000));
        }
        5 => form.extend((0..rng.random_range(0..500)).map(|n| ("Extra", n.to_string()))),
        _ => {}
    }
}

fn mutate_bytes(rng: &mut SmallRng, body: &mut Vec<u8>) {
    let at = rng.random_range(0..=body.len());
    match rng.random_range(0..5) {
        0 if at < body.len() => body[at] = rng.random(),
        1 => body.truncate(at),
        2 => body.insert(at, *b"&=%+;\0".get(rng.random_range(0..6)).unwrap()),
        3 => {
            let mut noise = vec![0; rng.random_range(0..70_000)];
            rng.fill_bytes(&mut noise);
            body.splice(at..at, noise);
        }
        _ => body.splice(at..at, *b"%FF%zz%").for_each(drop),
    }
}

fn mutated_target(rng: &mut SmallRng) -> String {
    match rng.random_range(0..10) {
        0 => format!("{WEBHOOK}/"),
        1 => format!("{WEBHOOK}?{}", "a=%20&".repeat(rng.random_range(0..300))),
        2 => format!("{WEBHOOK}?job=nonsense.{}", rng.random::<u64>()),
        3 => format!("/{}", "..%2f".repeat(rng.random_range(1..50))),
        _ => WEBHOOK.to_owned(),
    }
}

fn mutated_signature(rng: &mut SmallRng) -> HeaderValue {
    let length = *[0, 1, 27, 28, 29, 4000]
        .get(rng.random_range(0..6))
        .unwrap();
    let visible = |_| rng.random_range(0x20..=0xFF_u8);
    let bytes: Vec<u8> = (0..length)
        .map(visible)
        .filter(|byte| *byte != 0x7F)
        .collect();
    HeaderValue::from_bytes(&bytes).unwrap()
}

fn mutated_content_type(rng: &mut SmallRng) -> HeaderValue {
    HeaderValue::from_static(match rng.random_range(0..12) {
        0 => "application/json",
        1 => "application/x-www-form-urlencoded; charset=",
        2 => "",
        3 => "APPLICATION/X-WWW-FORM-URLENCODED ; Charset=utf-8",
        _ => "application/x-www-form-urlencoded",
    })
}
