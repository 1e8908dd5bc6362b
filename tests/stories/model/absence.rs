//! A model that is away for longer: the breaker, and requests that wait for it.

use harness::until;
use serde_json::json;

use super::{ROUGH, TEXT, plays, scene, status, with_model};

#[tokio::test(flavor = "multi_thread")]
async fn after_an_unpaid_bill_the_model_is_not_asked_for_a_while() {
    // A pause that no machine is slow enough to see the end of.
    let (world, phone) = with_model(&[("TWILIO_SETTLE_SECONDS", "600")]).await;
    let body = json!({"error": {"message": "Pay.", "type": "insufficient_quota", "code": null}});
    let headers = json!({"retry-after-ms": "80", "x-should-retry": "true"});
    let unpaid = json!({"kind": "status", "status": 429, "headers": headers, "body": body});
    let down = || status(500, &json!({"x-should-retry": "false"}));
    let open = || world.metric("model_breaker_open", &[]);
    for scene in [
        scene("down", vec![down()], 1, Some("unavailable")),
        scene("down again", vec![down()], 1, Some("unavailable")),
        scene("works", vec![], 1, None),
    ] {
        plays(&world, &phone, &scene).await;
        assert!(open().await < 0.5, "{}", scene.name);
    }
    for scene in [
        scene("unpaid", vec![unpaid], 1, Some("quota")),
        scene("open", vec![], 0, Some("breaker")),
        scene("still open", vec![], 0, Some("breaker")),
    ] {
        plays(&world, &phone, &scene).await;
        assert!(open().await > 0.5, "{}", scene.name);
    }
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_ai_fallback_wait_requests_are_held_until_a_probe_finds_the_model_back() {
    let (world, phone) = with_model(&[("AI_FALLBACK", "wait")]).await;
    let down = status(503, &json!({"x-should-retry": "false"}));
    let refused = json!({"times": 1000, "action": down});
    world.simulator.openai_faults(json!([refused])).await;
    for _ in 0..3 {
        phone.sends(TEXT).await;
    }
    let open = || world.metric("model_breaker_open", &[]);
    until("three outages to open the breaker", open, |open| {
        *open > 0.5
    })
    .await;
    // Everyone has been told once, however often their requests have come back since.
    let waiting = phone.gets(5).await;
    assert!(
        waiting.starts_with("⏳ I cannot read requests right now"),
        "{waiting}"
    );
    let asked = || world.simulator.model_requests();
    until("the model to be probed", asked, |count| *count >= 4).await;
    world.simulator.openai_faults(json!([])).await;
    phone.gets(8).await;
    until("the breaker to close", open, |open| *open < 0.5).await;
    world.streams.are_quiet().await;
    let replies = phone.replies().await.split_off(2);
    assert_eq!(replies.len(), 6, "{replies:#?}");
    for reply in &replies[3..] {
        assert!(reply.starts_with("✅ Proposal created!"), "{reply}");
        assert!(!reply.contains(ROUGH), "{reply}");
    }
    world.ends_clean().await;
}
