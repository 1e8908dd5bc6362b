//! How large the streams have to be follows from what a message really makes on them; and a stream
//! that is full stops nothing but itself.

use common::{
    queue::{Headers, Outgoing, PublishError, PublishId, Queue, StreamName},
    settings::{Environment, NatsSettings},
};
use harness::{Phone, Setup, World, ago, printed, until};
use serde_json::{Value, json};

use crate::doctor::doctor;

/// People, and requests of each.
const PEOPLE: u8 = 5;
const EACH: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_has_room_for_what_a_message_makes_on_it() {
    let world = Setup::default().start().await;
    for n in 0..PEOPLE {
        let phone = world.links_another(n).await;
        for count in 0..EACH {
            let text = format!(
                "Necesitamos agregar la página de acceso {count} y el tablero de usuarios antes \
                 del viernes, son como ocho horas. Lo ve Ana, y es urgente."
            );
            phone.sends(&text).await;
        }
        phone.gets(EACH).await;
    }
    world.streams.are_quiet().await;
    let mut faults = Vec::new();
    for (stream, word) in [
        (StreamName::Inbound, "inbound"),
        (StreamName::Parse, "parse"),
        (StreamName::Outbound, "outbound"),
        (StreamName::Status, "status"),
    ] {
        let (messages, bytes) = world.streams.size(word).await;
        let bytes = bytes / messages.max(1);
        let of_a_hundred = messages * 100 / (u64::from(PEOPLE) * EACH as u64);
        let share = stream.share();
        // Of these all ask for work.
        let most = share.of_a_hundred.max(100);
        let is_right = (bytes..=bytes * 3 / 2).contains(&share.bytes) && of_a_hundred <= most;
        if !is_right {
            faults.push(format!(
                "{word}: {bytes} bytes, {of_a_hundred} of a hundred"
            ));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    world.ends_clean().await;
}

/// Somebody writes; what their webhook was answered.
async fn writes(world: &World, phone: &Phone, text: &str) -> u64 {
    let message = json!({"from": phone.address, "body": text, "sent_at": ago(5)});
    let (_, responses) = world.simulator.inbound(message).await;
    responses[0]["status"].as_u64().expect("an answer")
}

/// The stream of callbacks has no room; that is seen wherever an operator looks.
async fn is_seen_to_be_full(world: &World) {
    let lines = doctor(world, &[]).await;
    let is_full = |line: &Value| line["ok"] == false && line.to_string().contains("% full");
    assert!(lines.iter().any(is_full), "{lines:#?}");
    let status = printed(&world.runs("focobot", &["status", "--json"]).await);
    let verdict = status["verdict"].to_string();
    let names = verdict.contains("_STATUS is") && verdict.contains("focobot sizing");
    assert!(names, "{status}");
    for (name, least) in [("stream_bytes", 1.0), ("stream_max_bytes", 16_777_216.0)] {
        let seen = || world.metric(name, &[]);
        until("how full they are", seen, |bytes| *bytes > least).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_stream_stops_only_itself() {
    let setup = Setup::default().with("RATE_LIMIT_PER_MINUTE", "1");
    let mut world = setup.with_nats_on_a_cable().start().await;
    let [first, second, third] = [
        world.links_another(1).await,
        world.links_another(2).await,
        world.links_another(3).await,
    ];
    let looked =
        || world.count("select count(*) from whatsapp_reconciliation where watermark is not null");
    until("the first look", looked, |count| *count == 1).await;
    assert_eq!(writes(&world, &first, "Fix fault 1, 1 hour").await, 200);
    let called_back = || world.streams.size("status");
    until("a callback", called_back, |(count, _)| *count > 0).await;
    world.streams.has_room("status", 1).await;
    is_seen_to_be_full(&world).await;

    // Over the limit: refused as ever, and stored.
    assert_eq!(writes(&world, &first, "Fix fault 2, 1 hour").await, 200);
    assert_eq!(world.streams.size("refused").await.0, 1);
    // What never reached us is fetched, whether somebody was refused before them or not.
    world.cable.as_mut().expect("a cable").cut().await;
    for phone in [&second, &third] {
        for text in [
            "Fix fault 1, 1 hour",
            "Fix fault 2, 1 hour",
            "Fix fault 3, 1 hour",
        ] {
            assert_eq!(writes(&world, phone, text).await, 503);
        }
    }
    world.cable.as_mut().expect("a cable").restore().await;
    let made = || world.count("select count(*) from foco_proposals");
    until("every proposal", made, |count| *count == 3).await;
    let refused = || world.count("select count(*) from whatsapp_messages where state = 'refused'");
    until("every refusal", refused, |count| *count == 5).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_is_told_which_sizes_a_rate_needs() {
    let world = Setup::default().start().await;
    let sizing = async |rate: &str| {
        let arguments = ["sizing", "--per-second", rate, "--json"];
        printed(&world.runs("focobot", &arguments).await)
    };
    let [usual, busy] = [sizing("1").await, sizing("10").await];
    for stream in usual["streams"].as_array().expect("streams") {
        assert!(
            stream["max_bytes"].as_i64() >= stream["needs"].as_i64(),
            "{usual}"
        );
    }
    let bytes = |sizing: &Value| sizing["FOCO_STREAM_MAX_BYTES"].as_i64().unwrap();
    assert!(bytes(&busy) > bytes(&usual) * 9, "{busy}");
    for wrong in ["0", "-1", "a few"] {
        let arguments = ["sizing", "--per-second", wrong];
        assert!(!world.runs("focobot", &arguments).await.status.success());
    }
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_more_than_the_server_has_is_told_what_to_change() {
    let world = Setup::default().start().await;
    let mut variables = world.variables().clone();
    for (name, value) in [
        ("FOCO_STREAM_PREFIX", "too-large"),
        ("FOCO_STREAM_MAX_BYTES", "1099511627776"),
        ("INGEST_ADDR", "127.0.0.1:0"),
        ("METRICS_ADDR", "127.0.0.1:0"),
    ] {
        variables.insert(name.to_owned(), value.to_owned());
    }
    for program in ["ingest", "worker"] {
        let output = world.runs_with(program, &[], &variables).await;
        assert_eq!(output.status.code(), Some(1), "{program}: {output:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().last().unwrap_or_default();
        for word in ["NATS_MAX_FILE", "FOCO_STREAM_MAX_BYTES", "focobot sizing"] {
            assert!(last.contains(word), "{program}: {said}");
        }
    }
    world.ends_clean().await;
}

/// The streams of that size, as programs make them when they connect.
async fn streams_of(world: &World, max_bytes: &str) -> Queue {
    let env = Environment::of([
        ("NATS_URL", world.variables()["NATS_URL"].as_str()),
        ("FOCO_STREAM_PREFIX", "shrinks"),
        ("FOCO_STREAM_MAX_BYTES", max_bytes),
    ]);
    let settings = NatsSettings::load(&env).unwrap();
    Queue::connect(&settings).await.unwrap()
}

/// Messages on the stream of dead letters, and its size.
async fn dead_letters(queue: &Queue) -> (u64, i64) {
    let name = queue.topology().stream(StreamName::Dead);
    let stream = queue.context().get_stream(&name).await.unwrap();
    let info = stream.cached_info();
    (info.state.messages, info.config.max_bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_holds_more_than_its_new_size_loses_nothing() {
    const LETTERS: u64 = 30;
    let world = Setup::default().start().await;
    let queue = streams_of(&world, "16777216").await;
    for n in 0..LETTERS {
        let letter = Outgoing {
            subject: queue.topology().dead_subject("parse", "0123456789abcdef"),
            id: PublishId::dead_letter(&format!("letter {n}")),
            headers: Headers::new(),
            payload: vec![b' '; 32 * 1024].into(),
        };
        queue.publish(letter).await.unwrap();
    }
    // It takes no more until it was emptied, and drops none of what it has.
    let smaller = streams_of(&world, "1048576").await;
    assert_eq!(dead_letters(&smaller).await, (LETTERS, 1_048_576 / 4));
    let one_more = Outgoing {
        subject: smaller.topology().dead_subject("parse", "0123456789abcdef"),
        id: PublishId::dead_letter("one more"),
        headers: Headers::new(),
        payload: "x".into(),
    };
    let refused = smaller.publish(one_more).await;
    assert!(matches!(refused, Err(PublishError::Full)), "{refused:?}");
    assert_eq!(dead_letters(&smaller).await.0, LETTERS);
    for stream in StreamName::ALL {
        let name = smaller.topology().stream(stream);
        smaller.context().delete_stream(name).await.unwrap();
    }
    world.ends_clean().await;
}
