//! Nothing is acknowledged that is not stored, and nothing is stored twice.

use common::queue::StreamName;
use tokio::task::JoinSet;

use crate::{
    twilio::{EMPTY, sender, text},
    world::{Ingester, World},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_five_times_is_answered_alike_and_stored_once() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let form = text(&sender(), "hola");
    for _ in 0..5 {
        assert_eq!(ingester.answer(&form).await, (200, EMPTY.to_owned()));
    }
    assert_eq!(world.stored(StreamName::Inbound).await, 1);
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_to_two_ingesters_at_once_counts_and_is_stored_once() {
    let world = World::new().await;
    let ingesters = [world.ingester().await, world.ingester().await];
    let from = sender();
    for _ in 0..10 {
        let form = text(&from, "hola");
        let (first, second, third) = tokio::join!(
            ingesters[0].answer(&form),
            ingesters[1].answer(&form),
            ingesters[0].answer(&form)
        );
        assert_eq!(
            [first, second, third],
            [(); 3].map(|()| (200, EMPTY.to_owned()))
        );
    }
    assert_eq!(world.stored(StreamName::Inbound).await, 10);
    assert_eq!(world.stored(StreamName::Status).await, 0);
    world.end(ingesters).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_stream_is_a_503_and_every_200_is_in_it() {
    let world = World::new().await;
    let env = world.env.clone().with("FOCO_STREAM_MAX_BYTES", "1048576");
    let ingester = Ingester::start(&env).await;
    let body = "x".repeat(40_000);
    let (mut accepted, mut full) = (0, 0);
    while full < 3 {
        let answer = ingester.post(&text(&sender(), &body)).await;
        match answer.status().as_u16() {
            200 => accepted += 1,
            503 => full += u32::from(answer.headers().contains_key("retry-after")),
            other => panic!("{other}"),
        }
        assert!(accepted < 40, "the stream never fills");
    }
    assert_eq!(world.stored(StreamName::Inbound).await, accepted);
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_before_a_stop_is_finished() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let url = ingester.url.clone();
    let http = common::http::client(std::time::Duration::from_secs(30)).unwrap();
    let mut posts = JoinSet::new();
    for _ in 0..100 {
        let request = ingester.webhook(crate::twilio::WEBHOOK, &text(&sender(), "hola"));
        posts.spawn(async move { request.send().await.map(|answer| answer.status().as_u16()) });
    }
    let first = posts.join_next().await.unwrap().unwrap().unwrap();
    assert_eq!(first, 200);
    ingester.stop().await;
    let (mut accepted, mut other) = (1, 0);
    while let Some(answer) = posts.join_next().await {
        match answer.unwrap() {
            Ok(200) => accepted += 1,
            // Not taken any more, or told so: Twilio comes again.
            Ok(503) | Err(_) => other += 1,
            Ok(status) => panic!("{status}"),
        }
    }
    assert_eq!(accepted + other, 100);
    assert!(http.get(url).send().await.is_err());
    // What was stored without an answer is de-duplicated when it comes again.
    assert!(world.stored(StreamName::Inbound).await >= accepted);
    world.end([]).await;
}
