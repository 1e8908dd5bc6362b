//! The process dies between the stream's acknowledgement and the answer.

use std::{
    process::{Child, Command},
    time::Duration,
};

use common::queue::StreamName;

use crate::{
    twilio::{EMPTY, WEBHOOK, encode, sender, sign, text},
    world::{PUBLIC, World, until},
};

/// What a program of its own needs to be told.
const NAMES: [&str; 12] = [
    "FOCO_ENV",
    "FOCO_SECRET",
    "FOCO_STREAM_PREFIX",
    "FOCO_STREAM_MAX_BYTES",
    "PUBLIC_BASE_URL",
    "DATABASE_URL",
    "NATS_URL",
    "REDIS_URL",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_WHATSAPP_NUMBER",
    "SUPABASE_JWT_SECRET",
];

/// Starts the program, killed at that point, on that address.
fn start(world: &World, address: &str, kill_at: Option<&str>) -> Child {
    let settings = NAMES.map(|name| (name, world.env.get(name).unwrap()));
    Command::new(env!("CARGO_BIN_EXE_ingest"))
        .env_clear()
        .envs(settings)
        .envs([
            ("INGEST_ADDR", address),
            ("METRICS_ADDR", "127.0.0.1:0"),
            ("RUST_LOG", "error"),
        ])
        .envs(kill_at.map(|point| ("FOCO_KILL_AT", point)))
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .spawn()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_stored_but_not_answered_is_stored_once_when_it_comes_again() {
    let world = World::new().await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let http = common::http::client(Duration::from_secs(10)).unwrap();
    let form = text(&sender(), "hola");
    let post = || {
        http.post(format!("http://{address}{WEBHOOK}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header(
                "x-twilio-signature",
                sign(&format!("{PUBLIC}{WEBHOOK}"), &form),
            )
            .body(encode(&form))
            .send()
    };
    let is_up = || async {
        http.get(format!("http://{address}/readyz/webhook"))
            .send()
            .await
            .is_ok()
    };

    let mut dying = start(&world, &address, Some("ingest.published"));
    until("the ingester is up", is_up).await;
    assert!(post().await.is_err());
    assert!(!dying.wait().unwrap().success());
    assert_eq!(world.stored(StreamName::Inbound).await, 1);

    let mut living = start(&world, &address, None);
    until("the ingester is up again", is_up).await;
    let answer = post().await.unwrap();
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.text().await.unwrap().as_str()
        ),
        (200, EMPTY)
    );
    assert_eq!(world.stored(StreamName::Inbound).await, 1);
    living.kill().unwrap();
    living.wait().unwrap();
    world.end([]).await;
}
