//! NATS is killed and started again while thousands of messages come in: what was answered 200 is
//! in the stream, and every other answer is a 503.
#![expect(clippy::print_stdout, reason = "the counts are what this is for")]

use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};

use common::queue::StreamName;
use futures_util::{StreamExt as _, stream};
use tokio::task::JoinSet;

use crate::{
    program::Nats,
    twilio::{EMPTY, Form, WEBHOOK, sender, text},
    world::{Ingester, World, environment, until},
};

/// Messages a second: what a release build has to stand, and what a debug build can make.
const RATE: u32 = if cfg!(debug_assertions) { 400 } else { 2000 };
/// How long there is load; NATS dies after a third of it.
const SECONDS: u32 = 6;
/// How long it is away.
const AWAY: Duration = Duration::from_secs(1);
/// So many messages are sent at once, and then there is a break.
const BATCHES_A_SECOND: u32 = 100;

#[tokio::test(flavor = "multi_thread")]
async fn nats_dying_under_load_costs_503s_and_no_message_that_was_answered_200() {
    let mut nats = Nats::start();
    nats.listens().await;
    let env = environment()
        .with("NATS_URL", &nats.url())
        .with("FOCO_STREAM_MAX_BYTES", "67108864");
    let world = World::of(env).await;
    let ingester = world.ingester().await;

    let forms: Vec<Form> = (0..RATE * SECONDS)
        .map(|_| text(&sender(), "Fix the login, 2 hours"))
        .collect();
    let answers = storm(&ingester, &mut nats, &forms).await;
    let mut counts = BTreeMap::<u16, usize>::new();
    for status in answers.values() {
        *counts.entry(*status).or_default() += 1;
    }
    println!("{RATE} a second for {SECONDS} s, NATS away for {AWAY:?}: {counts:?}");
    assert_eq!(answers.len(), forms.len());
    assert!(
        counts.keys().all(|status| [200, 503].contains(status)),
        "{counts:?}"
    );
    assert!(counts.len() == 2, "NATS was not missed: {counts:?}");
    let lost = |stored: &HashSet<String>| {
        let acknowledged = answers.iter().filter(|(_, status)| **status == 200);
        acknowledged
            .filter(|(sid, _)| !stored.contains(*sid))
            .count()
    };
    assert_eq!(lost(&stored(&world).await), 0);

    // Twilio comes again with what it got a 503 for, and with what it has a 200 for.
    for form in &forms {
        until("the retry is taken", || async {
            ingester.answer(form).await == (200, EMPTY.to_owned())
        })
        .await;
    }
    assert_eq!(stored(&world).await.len(), forms.len());
    let messages = world.stored(StreamName::Inbound).await;
    assert_eq!(
        messages,
        u64::try_from(forms.len()).unwrap(),
        "one was stored twice"
    );
    world.end([ingester]).await;
}

/// Posts all at the rate while NATS dies and comes back; the status of every message.
async fn storm(ingester: &Ingester, nats: &mut Nats, forms: &[Form]) -> BTreeMap<String, u16> {
    let mut posts = JoinSet::new();
    let mut pace = tokio::time::interval(Duration::from_secs(1) / BATCHES_A_SECOND);
    let batch = usize::try_from(RATE / BATCHES_A_SECOND).unwrap();
    let (dies, returns) = (
        forms.len() / 3,
        forms.len() / 3 + usize::try_from(RATE).unwrap(),
    );
    for (n, form) in forms.iter().enumerate() {
        if n % batch == 0 {
            pace.tick().await;
        }
        if n == dies {
            nats.kill();
        }
        if n == returns {
            nats.restart();
        }
        let (sid, post) = (form[0].1.clone(), ingester.webhook(WEBHOOK, form));
        posts.spawn(async move { (sid, post.send().await.unwrap().status().as_u16()) });
    }
    posts.join_all().await.into_iter().collect()
}

/// The ids of all messages in the stream.
async fn stored(world: &World) -> HashSet<String> {
    until("NATS answers", || async {
        let name = world.queue.topology().stream(StreamName::Inbound);
        world.queue.context().get_stream(name).await.is_ok()
    })
    .await;
    let last = world.stored(StreamName::Inbound).await;
    let name = world.queue.topology().stream(StreamName::Inbound);
    let inbound = world.queue.context().get_stream(name).await.unwrap();
    stream::iter(1..=last)
        .map(|sequence| inbound.get_raw_message(sequence))
        .buffer_unordered(64)
        .map(|message| {
            message
                .unwrap()
                .headers
                .get("Nats-Msg-Id")
                .unwrap()
                .to_string()
        })
        .collect()
        .await
}
