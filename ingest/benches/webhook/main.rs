//! The webhook under 64 connections beside a bare axum handler, in turns on the same machine, and
//! what it is made of: the door alone (a wrong signature), and the queue alone. Needs the servers:
//! `cargo xtask bench ingest`.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark prints its figures, and ends where it cannot"
)]

use std::{
    collections::BTreeMap,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, routing::post};
use common::{
    queue::{Headers, Outgoing, PublishId},
    sender::{Lane, SenderHash},
    sid::MessageSid,
};
use load::{CONNECTIONS, Round};
use tokio::{net::TcpListener, task::JoinSet};

use crate::{
    program::{Program, free_port, start},
    twilio::{EMPTY, WEBHOOK},
    world::{World, environment, until},
};

mod load;

#[expect(dead_code, reason = "the stories use all of it")]
#[path = "../../tests/stories/program.rs"]
mod program;
#[expect(dead_code, reason = "the stories use all of it")]
#[path = "../../tests/stories/twilio.rs"]
mod twilio;
#[expect(dead_code, reason = "the stories use all of it")]
#[path = "../../tests/stories/world.rs"]
mod world;

/// How often everything has its turn.
const TURNS: usize = 3;
/// How long a turn is.
const TURN: Duration = Duration::from_secs(4);

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "bare") {
        return serve_bare(&arguments[at + 1]).await;
    }
    let world = World::of(environment().with("FOCO_STREAM_MAX_BYTES", "268435456")).await;
    let (bare_at, ours_at) = (address(), address());
    let bare = Program::of(Command::new(std::env::current_exe().unwrap()).args(["bare", &bare_at]));
    let ours = start(&world, &ours_at, &[]);
    for address in [&bare_at, &ours_at] {
        until("it listens", || async {
            tokio::net::TcpStream::connect(address).await.is_ok()
        })
        .await;
    }
    let mut rounds = BTreeMap::<&str, Vec<Round>>::new();
    for turn in 1..=TURNS {
        println!("turn {turn} of {TURNS}");
        for (name, address, signed, server) in [
            ("bare", &bare_at, true, &bare),
            ("door", &ours_at, false, &ours),
            ("webhook", &ours_at, true, &ours),
        ] {
            let expected = if signed { 200 } else { 403 };
            let round = load::round(address, signed, expected, TURN, server.id()).await;
            rounds.entry(name).or_default().push(round);
        }
        rounds.entry("queue").or_default().push(queue(&world).await);
    }
    print(&rounds);
    drop((bare, ours));
    world.end([]).await;
}

fn address() -> String {
    format!("127.0.0.1:{}", free_port())
}

/// The least that a handler can do: read the form and answer the same.
async fn serve_bare(address: &str) {
    let answer = |_form: Bytes| async { ([("content-type", "text/xml")], EMPTY) };
    let routes = Router::new().route(WEBHOOK, post(answer));
    let listener = TcpListener::bind(address).await.unwrap();
    axum::serve(listener, routes).await.unwrap();
}

/// As many publishers as there are connections, and nothing else.
async fn queue(world: &World) -> Round {
    let queue = Arc::new(world.queue.clone());
    let machine = load::machine_time();
    let began = Instant::now();
    let mut publishers = JoinSet::new();
    let lanes: Vec<Lane> = Lane::all().collect();
    for &lane in lanes.iter().cycle().take(CONNECTIONS) {
        let queue = Arc::clone(&queue);
        publishers.spawn(async move {
            let mut times = Vec::new();
            while began.elapsed() < TURN {
                let id = uuid::Uuid::new_v4().simple().to_string();
                let sid = MessageSid::parse(&format!("SM{id}")).unwrap();
                let sender = SenderHash::from_stored(&id[..16]).unwrap();
                let outgoing = Outgoing {
                    subject: queue.topology().inbound_subject(lane, &sender),
                    id: PublishId::message(&sid),
                    headers: Headers::new(),
                    payload: vec![b'x'; 400].into(),
                };
                let asked = Instant::now();
                queue.publish(outgoing).await.unwrap();
                times.push(asked.elapsed());
            }
            times
        });
    }
    let times = publishers.join_all().await.concat();
    Round::new(times, began.elapsed(), Duration::ZERO, machine)
}

fn print(rounds: &BTreeMap<&str, Vec<Round>>) {
    let middle = |name: &str| {
        let mut of: Vec<&Round> = rounds[name].iter().collect();
        of.sort_by(|a, b| a.rate.total_cmp(&b.rate));
        of[of.len() / 2]
    };
    println!("\n{CONNECTIONS} connections, the middle one of {TURNS} turns of {TURN:?}\n");
    println!("          a second   median      99 %   processor of its own");
    for name in ["bare", "door", "webhook", "queue"] {
        let round = middle(name);
        println!(
            "{name:<8} {:>9.0} {:>6.2} ms {:>6.2} ms   {:>5.0} µs each",
            round.rate,
            round.quantile(50),
            round.quantile(99),
            round.processor_micros()
        );
    }
    let ratio = |a: &str, b: &str| middle(a).rate / middle(b).rate;
    println!("\nwebhook / bare   {:.3}", ratio("webhook", "bare"));
    println!("door / bare      {:.3}", ratio("door", "bare"));
    println!("webhook / queue  {:.3}", ratio("webhook", "queue"));
    print_bound(middle("webhook"));
}

/// What keeps the webhook from being faster: the processors that it shares with NATS, Redis and
/// this load, or the queue, which flushes its disk for every message.
fn print_bound(webhook: &Round) {
    let (own, all) = webhook.busy();
    let bound = if all > 0.9 {
        "the processors"
    } else {
        "the queue's flushes of its disk"
    };
    println!("\nthe webhook is bounded by {bound}");
    println!(
        "of the processors ingest uses {:.0} %, NATS, Redis and this load {:.0} %",
        own * 100.0,
        (all - own) * 100.0
    );
}
