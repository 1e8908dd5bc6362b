//! A reply that is told to nobody any more: an operator who repeats it is told why, and what comes
//! after it goes on.

use harness::{Setup, USER, printed, until};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_was_erased_is_posted_by_nobody() {
    let mut world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    let sid = phone.sends("Fix the login, 2 hours").await;
    phone.gets(3).await;
    // The last of its callbacks: one that came later would say that it was taken after all.
    let unread = "select count(*) from whatsapp_reply_parts where status is distinct from 'read'";
    until(
        "all to be read",
        || world.count(unread),
        |count| *count == 0,
    )
    .await;
    // Its sweep would find the reply too.
    world.worker.take().expect("a worker").stop().await;
    let erased =
        "update whatsapp_reply_parts p set body = '…', state = 'pending', post_attempt = 0,
            twilio_sid = null, status = null
        from whatsapp_replies r where r.id = p.reply_id and r.message_sid = $1";
    let erased = sqlx::query(erased).bind(&sid).execute(world.pool());
    assert_eq!(erased.await.unwrap().rows_affected(), 1);
    // A post that is marked is none any more.
    world.streams.forget_marks().await;
    let output = world
        .runs("focobot", &["replay", "--sid", &sid, "--json"])
        .await;
    let report = printed(&output);
    let why = "the answer's text was erased";
    assert_eq!(report["reasons"][why], 1, "{report}");
    world.start_worker(&[]).await;
    // It stands before the answer to this in the recipient's order.
    assert!(phone.asks("/help").await.contains("What I can do"));
    let withheld = world
        .metric("replies_withheld_total", &[("reason", "erased")])
        .await;
    assert!((withheld - 1.0).abs() < f64::EPSILON, "{withheld}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_of_a_reply_whose_link_has_ended_is_skipped_and_says_why() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    let refused = json!([{"match": {"operation": "send"},
        "action": {"kind": "status", "status": 400, "code": 21408}}]);
    world.simulator.twilio_faults(refused).await;
    phone.sends("Fix the login, 2 hours").await;
    let letters = || world.count("select count(*) from whatsapp_dead_letters");
    until("a letter", letters, |count| *count == 1).await;
    world.signs_in(USER).await.unlinks().await;
    let replay = ["dead", "replay", "--all", "--yes", "--json"];
    let report = printed(&world.runs("focobot", &replay).await);
    let why = "the answer is told to nobody: its phone was unlinked since";
    assert_eq!(
        (&report["replayed"], &report["reasons"][why]),
        (&json!(0), &json!(1)),
        "{report}"
    );
    let open = "select count(*) from whatsapp_dead_letters where state = 'open'";
    assert_eq!(world.count(open).await, 1);
    world.ends().await;
}
