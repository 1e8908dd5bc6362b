//! What Twilio does not tell, and who speaks in its place: a list that it refuses for good, and a
//! proxy's page.

use harness::{Setup, World, printed, until};
use serde_json::{Value, json};

async fn letters(world: &World) -> Vec<Value> {
    let output = world.runs("focobot", &["dead", "list", "--json"]).await;
    printed(&output).as_array().expect("a list").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_twilio_refuses_for_good_ends_in_a_letter_and_the_next_reply_goes_out() {
    let world = Setup::default()
        .with("TWILIO_TIMEOUT_SECONDS", "1")
        .with("TWILIO_SETTLE_SECONDS", "1")
        .start()
        .await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    let silence = json!({"drop_probability": 1.0});
    world.simulator.callback_faults(silence).await;
    let faults = json!([
        {"match": {"operation": "send"}, "action": {"kind": "accept_then_reset"}},
        {"match": {"operation": "list"}, "times": 1000,
            "action": {"kind": "status", "status": 403, "code": 70051}},
    ]);
    world.simulator.twilio_faults(faults).await;
    let sid = phone.sends("/help").await;
    phone.sends("/status").await;
    let seen = || async { (phone.replies().await, doubts(&world).await) };
    let (replies, _) = until("the next reply", seen, |(replies, _)| replies.len() == 4).await;
    assert!(replies[3].contains("Sitio web"), "{replies:#?}");
    let found = || letters(&world);
    let letters = until("a dead letter", found, |letters| letters.len() == 1).await;
    assert_eq!(
        (&letters[0]["reason"], &letters[0]["message_sid"]),
        (&json!("refused"), &json!(sid))
    );
    let id = letters[0]["id"].to_string();
    let shown = world
        .runs("focobot", &["dead", "show", &id, "--json"])
        .await;
    let error = printed(&shown)["error"].to_string();
    assert!(error.contains("(403, error 70051)"), "{error}");
    world.ends().await;
}

/// How often something was asked of a part, which rises while it is.
async fn doubts(world: &World) -> i64 {
    world
        .count("select coalesce(sum(doubts), 0)::bigint from whatsapp_reply_parts")
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_proxy_is_no_answer_of_twilios() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    let pages = json!([
        {"match": {"operation": "send"}, "action": {"kind": "page", "status": 400}},
        {"match": {"operation": "send"}, "action": {"kind": "page", "status": 403}},
        {"match": {"operation": "send"}, "action": {"kind": "page", "status": 404}},
    ]);
    world.simulator.twilio_faults(pages).await;
    assert!(phone.asks("/help").await.contains("What I can do"));
    let worker = world.worker.as_ref().expect("a worker");
    assert!(!worker.logged().contains("nothing can be sent"));
    world.ends_clean().await;
}
