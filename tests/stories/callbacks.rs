//! Status callbacks: out of order, twice, unknown, or saying that it failed after all.

use harness::{Setup, World, until};
use serde_json::json;

/// The message's status by `focobot message`, and the reply's error code.
async fn story(world: &World, sid: &str) -> (String, String) {
    let output = world.runs("focobot", &["message", sid, "--json"]).await;
    let story: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let text = |key: &str| story[key].as_str().unwrap_or_default().to_owned();
    (text("status"), text("error_code"))
}

#[tokio::test(flavor = "multi_thread")]
async fn callbacks_that_overtake_and_repeat_each_other_only_move_forward() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world
        .simulator
        .callback_faults(json!({"out_of_order": true, "duplicate": true}))
        .await;
    let sid = phone.sends("/status").await;
    phone.gets(3).await;
    until(
        "it to be read",
        || story(&world, &sid),
        |story| story.0 == "read",
    )
    .await;
    world.streams.are_quiet().await;
    assert_eq!(story(&world, &sid).await.0, "read");
    let status: Vec<String> = sqlx::query_scalar("select status from whatsapp_reply_parts")
        .fetch_all(world.pool())
        .await
        .unwrap();
    assert!(status.iter().all(|status| status == "read"), "{status:?}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_cannot_be_delivered_is_failed_with_its_code_and_not_repeated() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world
        .simulator
        .twilio_faults(json!([{"action": {"kind": "async_failure", "code": 63024}}]))
        .await;
    let sid = phone.sends("/status").await;
    let failed = |story: &(String, String)| story.0 == "failed" && story.1 == "63024";
    until("it to be failed", || story(&world, &sid), failed).await;
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), 3);
    let reply = phone.asks("/help").await;
    assert!(reply.contains("What I can do"), "{reply}");
    assert!(
        reply.ends_with("Send your message again if you still need it."),
        "{reply}"
    );
    let reply = phone.asks("/ayuda").await;
    assert!(!reply.contains("última respuesta"), "told twice: {reply}");
    let letters = "select count(*) from whatsapp_dead_letters where stage = 'send'";
    assert_eq!(world.count(letters).await, 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_hit_a_rate_limit_is_posted_again_later() {
    let world = Setup::default()
        .with("TWILIO_SETTLE_SECONDS", "1")
        .with("TWILIO_TIMEOUT_SECONDS", "1")
        .start()
        .await;
    let phone = world.phone_at_work().await;
    world
        .simulator
        .twilio_faults(json!([{"action": {"kind": "async_failure", "code": 63018}}]))
        .await;
    let sid = phone.sends("/status").await;
    // The first that Twilio took was not delivered; the second is.
    phone.gets(4).await;
    until(
        "it to be read",
        || story(&world, &sid),
        |story| story.0 == "read",
    )
    .await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_not_taken_for_one_in_the_same_words_that_did_not_arrive() {
    let world = Setup::default()
        .with("TWILIO_SETTLE_SECONDS", "1")
        .with("TWILIO_TIMEOUT_SECONDS", "1")
        .start()
        .await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    let before = phone.replies().await.len();
    let stays = json!({"last_status": "sent"});
    world.simulator.callback_faults(stays).await;
    phone.asks("/status").await;
    world.streams.are_quiet().await;
    let sends = world.simulator.sends_to(&phone.address).await;
    let first = sends.last().unwrap();
    world.simulator.says_undelivered(first, "63018").await;
    // It is posted once more.
    phone.gets(before + 2).await;
    world.streams.are_quiet().await;
    let fault = json!([{"match": {"operation": "send"}, "action": {"kind": "reset"}}]);
    world.simulator.twilio_faults(fault).await;
    phone.sends("/status").await;
    // Twilio lists the first one still as sent.
    phone.gets(before + 3).await;
    world.streams.are_quiet().await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_stays_at_sent_is_no_failure() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world
        .simulator
        .callback_faults(json!({"last_status": "sent"}))
        .await;
    let sid = phone.sends("/status").await;
    until(
        "it to be sent",
        || story(&world, &sid),
        |story| story.0 == "sent",
    )
    .await;
    world.ends_clean().await;
}
