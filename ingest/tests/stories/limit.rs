//! Ten messages a minute and sender, over all ingesters, with Redis and without.

use std::time::Instant;

use common::{payload::StatusPayload, queue::StreamName};
use harness::Cable;
use tokio::task::JoinSet;

use crate::{
    twilio::{EMPTY, Form, WEBHOOK, sender, text},
    world::{Ingester, World, has_all_servers, until},
};

/// Posts many messages at once, by turns to each ingester; every answer has to be 200.
/// Gives the bodies that are not empty TwiML.
async fn post_all(ingesters: &[&Ingester], forms: &[Form]) -> Vec<String> {
    let mut posts = JoinSet::new();
    for (form, ingester) in forms.iter().zip(ingesters.iter().cycle()) {
        posts.spawn(ingester.webhook(WEBHOOK, form).send());
    }
    let mut told = Vec::new();
    while let Some(answer) = posts.join_next().await {
        let answer = answer.unwrap().unwrap();
        assert_eq!(answer.status(), 200);
        told.push(answer.text().await.unwrap());
    }
    told.retain(|body| body != EMPTY);
    told
}

/// Asserts that exactly ten were accepted, and one more for every six seconds that it took.
async fn assert_ten(world: &World, began: Instant) -> u64 {
    let accepted = world.stored(StreamName::Inbound).await;
    let regained = began.elapsed().as_secs() / 6;
    assert!(
        (10..=10 + regained).contains(&accepted),
        "{accepted} with {regained} regained"
    );
    assert_eq!(world.stored(StreamName::Refused).await, 30 - accepted);
    accepted
}

fn thirty(from: &str) -> Vec<Form> {
    (0..30).map(|_| text(from, "hola, una cosa más")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_ingesters_accept_exactly_ten_of_thirty_messages_of_one_sender() {
    let world = World::new().await;
    let ingesters = [world.ingester().await, world.ingester().await];
    let (began, forms) = (Instant::now(), thirty(&sender()));
    let told = post_all(&[&ingesters[0], &ingesters[1]], &forms).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].contains("<Response><Message>") && told[0].contains('6'),
        "{told:?}"
    );
    let accepted = assert_ten(&world, began).await;
    let (_, id, payload) = world.message(StreamName::Refused, 1).await;
    let StatusPayload::Refused(refused) = payload else {
        panic!("another payload")
    };
    assert_eq!(id, format!("refused:{}", refused.message_sid));

    // The same again, to the other ingester each: nothing is counted, nothing changes its mind.
    let again = post_all(&[&ingesters[1], &ingesters[0]], &forms).await;
    assert_eq!(again, told);
    assert_eq!(world.stored(StreamName::Inbound).await, accepted);

    // Nobody else is held up.
    assert_eq!(ingesters[0].answer(&text(&sender(), "hola")).await.1, EMPTY);
    assert_eq!(world.stored(StreamName::Inbound).await, accepted + 1);
    world.end(ingesters).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_forms_of_a_mexican_number_share_one_limit() {
    let world = World::new().await;
    let env = world.env.clone().with("RATE_LIMIT_PER_MINUTE", "2");
    let ingester = Ingester::start(&env).await;
    let (with_one, without) = ("whatsapp:+5215555550177", "whatsapp:+525555550177");
    let forms = [
        text(with_one, "a"),
        text(without, "b"),
        text(with_one, "c"),
        text(without, "d"),
    ];
    post_all(&[&ingester], &forms).await;
    assert_eq!(world.stored(StreamName::Inbound).await, 2);
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_each_ingester_limits_alone_and_answers() {
    let world = World::new().await;
    let mut redis = Cable::to("127.0.0.1:1").await;
    redis.cut().await;
    let env = world
        .env
        .clone()
        .with("REDIS_URL", &format!("redis://{}", redis.address()));
    let ingesters = [Ingester::start(&env).await, Ingester::start(&env).await];
    let (began, forms) = (Instant::now(), thirty(&sender()));
    let told = post_all(&[&ingesters[0]], &forms).await;
    assert_eq!(told.len(), 1, "{told:?}");
    let accepted = assert_ten(&world, began).await;
    assert_eq!(post_all(&[&ingesters[0]], &forms).await, told);
    assert_eq!(world.stored(StreamName::Inbound).await, accepted);
    // The other has heard nothing of that sender, nor of what was told.
    assert_eq!(post_all(&[&ingesters[1]], &forms).await.len(), 1);
    world.end(ingesters).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_going_away_gives_no_fresh_allowance_and_its_return_is_noticed() {
    let world = World::new().await;
    let address: reqwest::Url = world.env.get("REDIS_URL").unwrap().parse().unwrap();
    let target = format!(
        "{}:{}",
        address.host_str().unwrap(),
        address.port().unwrap_or(6379)
    );
    let mut redis = Cable::to(&target).await;
    let env = world
        .env
        .clone()
        .with("REDIS_URL", &format!("redis://{}", redis.address()));
    let ingester = Ingester::start(&env).await;
    let (began, forms) = (Instant::now(), thirty(&sender()));
    post_all(&[&ingester], &forms[..10]).await;
    redis.cut().await;
    post_all(&[&ingester], &forms[10..]).await;
    assert_ten(&world, began).await;
    redis.restore().await;
    until("Redis is used again", || async {
        has_all_servers(&ingester.get("/readyz").await)
    })
    .await;
    assert_eq!(post_all(&[&ingester], &forms).await.len(), 1);
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_told_to_wait_once_in_the_language_of_its_country() {
    let world = World::new().await;
    let ingester = world.ingester().await;
    let from = sender();
    let forms: Vec<Form> = (0..125).map(|_| text(&from, "👍")).collect();
    let began = Instant::now();
    let told = post_all(&[&ingester], &forms).await;
    // Nothing else is told, unless it took over a minute.
    let minutes = usize::try_from(began.elapsed().as_secs() / 60).unwrap();
    assert!((1..=1 + minutes).contains(&told.len()), "{told:?}");
    assert!(told[0].contains("este mensaje no lo leí"), "{told:?}");
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_without_redis_is_accepted_by_everybody_later() {
    let world = World::new().await;
    let url: reqwest::Url = world.env.get("REDIS_URL").unwrap().parse().unwrap();
    let target = format!("127.0.0.1:{}", url.port().unwrap_or(6379));
    let mut cable = Cable::to(&target).await;
    let env = world.env.clone().with("RATE_LIMIT_PER_MINUTE", "2");
    let behind = format!("redis://{}", cable.address());
    let cut_off = Ingester::start(&env.clone().with("REDIS_URL", &behind)).await;
    let other = Ingester::start(&env).await;
    let from = sender();
    cable.cut().await;
    let alone = text(&from, "one");
    assert_eq!(cut_off.answer(&alone).await.1, EMPTY);
    // Its sender has written as often as they may, as far as Redis knows.
    post_all(&[&other], &[text(&from, "two"), text(&from, "three")]).await;
    cable.restore().await;

    let client = redis::Client::open(url.as_str()).unwrap();
    let redis = client.get_multiplexed_async_connection().await.unwrap();
    let prefix = world.env.get("FOCO_STREAM_PREFIX").unwrap();
    let key = format!("{prefix}:limit:judged:{}", alone[0].1);
    until("Redis is told", || async {
        let (mut exists, mut redis) = (redis::cmd("EXISTS"), redis.clone());
        exists.arg(&key).query_async(&mut redis).await.unwrap()
    })
    .await;
    assert_eq!(other.answer(&alone).await.1, EMPTY);
    assert_eq!(world.stored(StreamName::Inbound).await, 3);
    assert_eq!(world.stored(StreamName::Refused).await, 0);
    world.end([cut_off, other]).await;
}
