//! One message, one effect, one reply: whatever comes twice.

use harness::Setup;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_comes_five_times_at_once_is_acted_on_once() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    let message = json!({"from": phone.address, "body": "Fix the login, 2 hours", "repeat": 5});
    let (_, responses) = world.simulator.inbound(message).await;
    assert_eq!(responses.len(), 5);
    for response in responses {
        assert_eq!(response["status"], 200, "{response}");
        let empty = r#"<?xml version="1.0" encoding="UTF-8"?><Response></Response>"#;
        assert_eq!(response["body"], empty);
    }
    phone.gets(3).await;
    world.streams.are_quiet().await;
    assert_eq!(world.count("select count(*) from foco_proposals").await, 1);
    assert_eq!(phone.replies().await.len(), 3);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_message_leaves_nothing_behind() {
    let world = Setup::default().start().await;
    for signature in ["missing", "wrong"] {
        let from = "whatsapp:+5215555550101";
        let message = json!({"from": from, "body": "Fix it", "signature": signature});
        let (_, responses) = world.simulator.inbound(message).await;
        assert_eq!(responses[0]["status"], 403);
    }
    assert_eq!(world.streams.stored("inbound").await, 0);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_people_type_is_answered_once() {
    let world = Setup::default()
        .with("RATE_LIMIT_PER_MINUTE", "1000")
        .start()
        .await;
    let phone = world.phone_at_work().await;
    let long = "arreglar la página ".repeat(215);
    for text in [
        "Fix the\0 login, 2 hours",
        "'); drop table whatsapp_messages; --",
        "\u{202e}gro.elpmaxe//:sptth \u{200b}\u{feff}",
        "👩‍👩‍👧‍👦🏳️‍🌈",
        "/project %_*'\\",
        "{\"type\":\"inbound/9\"}",
        &long,
    ] {
        let before = phone.replies().await.len();
        phone.asks(text).await;
        world.streams.are_quiet().await;
        assert!(phone.replies().await.len() > before, "{text}");
    }
    let finals = "select count(*) from whatsapp_replies where kind = 'final'";
    assert_eq!(world.count(finals).await, 9);
    world.ends_clean().await;
}
