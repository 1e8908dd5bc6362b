//! NATS goes away and comes back.

use common::queue::StreamName;

use crate::{
    proxy::Proxy,
    twilio::{EMPTY, sender, text},
    world::{Ingester, World, until},
};

#[tokio::test(flavor = "multi_thread")]
async fn without_nats_every_answer_is_503_and_with_it_again_the_retry_is_stored_once() {
    let world = World::new().await;
    let address = world
        .env
        .get("NATS_URL")
        .unwrap()
        .trim_start_matches("nats://")
        .to_owned();
    let mut nats = Proxy::to(&address).await;
    let env = world
        .env
        .clone()
        .with("NATS_URL", &format!("nats://{}", nats.address()));
    let ingester = Ingester::start(&env).await;
    let kept = text(&sender(), "before");
    assert_eq!(ingester.answer(&kept).await, (200, EMPTY.to_owned()));

    nats.cut().await;
    let lost = text(&sender(), "during");
    for _ in 0..3 {
        let answer = ingester.post(&lost).await;
        assert_eq!(answer.status(), 503);
        assert!(answer.headers().contains_key("retry-after"));
    }
    assert_eq!(ingester.get("/readyz/webhook").await.0, 503);
    let (status, body) = ingester.get("/readyz").await;
    assert_eq!((status, body.contains("nats")), (503, true));
    assert_eq!(ingester.get("/livez").await.0, 200);

    nats.restore().await;
    until("the webhook takes messages again", || async {
        ingester.get("/readyz/webhook").await.0 == 200
    })
    .await;
    for form in [&lost, &kept, &lost] {
        assert_eq!(ingester.answer(form).await, (200, EMPTY.to_owned()));
    }
    assert_eq!(world.stored(StreamName::Inbound).await, 2);
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_or_postgresql_only_the_whole_is_not_ready() {
    let world = World::new().await;
    for (name, address, part) in [
        ("REDIS_URL", "redis://127.0.0.1:1", "redis"),
        (
            "DATABASE_URL",
            "postgres://nobody@127.0.0.1:1/none",
            "postgresql",
        ),
    ] {
        let ingester = Ingester::start(&world.env.clone().with(name, address)).await;
        let (status, body) = ingester.get("/readyz").await;
        assert_eq!((status, body.contains(part)), (503, true), "{body}");
        assert_eq!(ingester.get("/readyz/webhook").await.0, 200);
        assert_eq!(ingester.answer(&text(&sender(), "hola")).await.0, 200);
        ingester.stop().await;
    }
    world.end([]).await;
}
