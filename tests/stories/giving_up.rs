//! Replies in trouble: what is given up on is filed, once, and nothing behind it waits for ever;
//! what Twilio took after all is not posted again.

use common::kill_point::KillPoint;
use harness::{Phone, Setup, World, printed, until};
use serde_json::{Value, json};

/// A world whose phone is at work and quiet, and whose worker has been stopped.
async fn without_worker() -> (World, Phone) {
    let mut world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    world.worker.take().expect("a worker").stop().await;
    (world, phone)
}

async fn letters(world: &World) -> Vec<Value> {
    let output = world.runs("focobot", &["dead", "list", "--json"]).await;
    printed(&output).as_array().expect("a list").clone()
}

async fn filed(world: &World) -> Value {
    let one = |letters: &Vec<Value>| letters.len() == 1;
    until("a dead letter", || letters(world), one)
        .await
        .remove(0)
}

async fn until_parts(world: &World, what: &str, query: &'static str) {
    until(what, || world.count(query), |count| *count == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_after_a_refusal_leaves_its_dead_letter_behind() {
    let (mut world, phone) = without_worker().await;
    let refused = json!([{"match": {"operation": "send"},
        "action": {"kind": "status", "status": 400, "code": 21211}}]);
    world.simulator.twilio_faults(refused).await;
    let sid = phone.sends("/help").await;
    let point = KillPoint::SendRecorded.name();
    let mut doomed = world.spawn_worker(&[("FOCO_KILL_AT", point)]);
    doomed.ended().await;
    let letter = filed(&world).await;
    assert_eq!(
        (&letter["stage"], &letter["reason"], &letter["message_sid"]),
        (&json!("send"), &json!("refused"), &json!(sid))
    );
    world.start_worker(&[]).await;
    let id = letter["id"].to_string();
    world.runs("focobot", &["dead", "replay", &id]).await;
    assert!(phone.gets(3).await.contains("What I can do"));
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), 3);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_kills_its_worker_dies_alone_and_the_next_one_goes_out() {
    let (mut world, phone) = without_worker().await;
    phone.sends("/help").await;
    let killer = [("FOCO_KILL_AT", KillPoint::SendClaimed.name())];
    for _ in 0..6 {
        let mut doomed = world.spawn_worker(&killer);
        doomed.ended().await;
    }
    phone.sends("/status").await;
    world.start_worker(&[]).await;
    assert!(phone.gets(3).await.contains("Sitio web"));
    let letter = filed(&world).await;
    assert_eq!(letter["reason"], "unended");
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), 3);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_kills_its_worker_after_its_outcome_dies_and_its_lane_goes_on() {
    let (mut world, phone) = without_worker().await;
    phone.sends("/help").await;
    let killer = [("FOCO_KILL_AT", KillPoint::RouteSessionWritten.name())];
    for _ in 0..7 {
        if letters(&world).await.is_empty() {
            let mut doomed = world.spawn_worker(&killer);
            let died = tokio::select! {
                _ = doomed.ended() => true,
                _ = filed(&world) => false,
            };
            if !died {
                doomed.stop().await;
                break;
            }
        }
    }
    world.start_worker(&[]).await;
    let letter = filed(&world).await;
    assert_eq!(
        (&letter["stage"], &letter["reason"]),
        (&json!("route"), &json!("unended"))
    );
    // Its answer was written, and goes out with the next one.
    phone.sends("/status").await;
    phone.gets(4).await;
    let answers = phone.replies().await.split_off(2);
    assert!(answers[0].contains("What I can do"), "{answers:#?}");
    assert!(answers[1].contains("Sitio web"), "{answers:#?}");
    let id = letter["id"].to_string();
    world.runs("focobot", &["dead", "replay", &id]).await;
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), 4);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_account_rests_the_stage_and_loses_nothing() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    let suspended = json!([{"match": {"operation": "send"},
        "action": {"kind": "status", "status": 403, "code": 20005}}]);
    world.simulator.twilio_faults(suspended).await;
    assert!(phone.asks("/help").await.contains("What I can do"));
    let worker = world.worker.as_ref().expect("a worker");
    assert!(worker.logged().contains("nothing can be sent"));
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wrote_since_the_post_is_not_waited_for_once_more() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    // The callback that the 24 hours were over comes after the person has written again.
    world
        .simulator
        .callback_faults(json!({"delay_ms": 3000}))
        .await;
    let outside = json!([{"match": {"operation": "send"},
        "action": {"kind": "async_failure", "code": 63016, "status": "undelivered"}}]);
    world.simulator.twilio_faults(outside).await;
    phone.sends("/help").await;
    let posts = || world.simulator.sends();
    until("the post", posts, |sends| sends.len() == 3).await;
    phone.sends("/status").await;
    let replies = until(
        "both answers",
        || phone.replies(),
        |replies| {
            replies
                .iter()
                .filter(|r| r.contains("What I can do"))
                .count()
                == 2
        },
    )
    .await;
    assert_eq!(
        replies.iter().filter(|r| r.contains("Sitio web")).count(),
        2,
        "{replies:#?}"
    );
    world.streams.are_quiet().await;
    let held = "select count(*) from whatsapp_reply_parts where state = 'held'";
    assert_eq!(world.count(held).await, 0);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_for_an_earlier_post_settles_the_reply_before_another_is_made() {
    let world = Setup::default()
        .with("TWILIO_SETTLE_SECONDS", "4")
        .start()
        .await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    // Taken without an answer and listed late; then Twilio is busy; then its callback comes.
    world
        .simulator
        .callback_faults(json!({"delay_ms": 7000}))
        .await;
    let faults = json!([
        {"match": {"operation": "send"}, "action": {"kind": "list_late", "ms": 60000, "reset": true}},
        {"match": {"operation": "send"},
            "action": {"kind": "status", "status": 429, "code": 20429, "retry_after": 20}},
    ]);
    world.simulator.twilio_faults(faults).await;
    phone.sends("/help").await;
    until_parts(
        &world,
        "the reply to be settled",
        "select count(*) from whatsapp_reply_parts where state = 'accepted' and post_attempt = 2",
    )
    .await;
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), 3);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_off_for_long_is_announced_again_and_does_not_fill_the_queue() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    let busy = json!([{"match": {"operation": "send"},
        "action": {"kind": "status", "status": 429, "code": 20429, "retry_after": 200}}]);
    world.simulator.twilio_faults(busy).await;
    phone.sends("/help").await;
    until_parts(
        &world,
        "the reply to wait",
        "select count(*) from whatsapp_reply_parts
         where state = 'pending' and not_before > now() + interval '1 minute'",
    )
    .await;
    world.streams.are_quiet().await;
    sqlx::query(
        "update whatsapp_reply_parts set not_before = now() - interval '1 minute'
                 where state = 'pending'",
    )
    .execute(world.pool())
    .await
    .unwrap();
    world.forgets_that_twilio_was_busy().await;
    assert!(phone.gets(3).await.contains("What I can do"));
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_is_stopped_while_twilio_is_slow_ends_well_and_nothing_is_doubled() {
    let mut world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    let slow = json!([{"match": {"operation": "send"}, "action": {"kind": "delay", "ms": 1500}}]);
    world.simulator.twilio_faults(slow).await;
    for text in ["/help", "/status", "/list projects"] {
        phone.sends(text).await;
    }
    until_parts(
        &world,
        "a post under way",
        "select count(*) from whatsapp_reply_parts where state = 'posting'",
    )
    .await;
    let stopped = world.worker.take().expect("a worker").stop().await;
    assert!(stopped.success(), "{stopped}");
    let unended = "select count(*) from whatsapp_recipients where held_until is not null";
    assert_eq!(
        world.count(unended).await,
        0,
        "the recipient was not let go"
    );
    world.start_worker(&[]).await;
    phone.gets(5).await;
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), 5);
    world.ends_clean().await;
}
