//! One failure after another, and a model that works in between.

use serde_json::{Value, json};

use super::{Scene, answer, plays, scene, status, with_model};

#[tokio::test(flavor = "multi_thread")]
async fn too_many_requests_are_waited_out_as_the_model_asks_for_it() {
    let (world, phone) = with_model(&[]).await;
    let date = common::clock::Clock::system().now() + chrono::Duration::seconds(2);
    let date = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let busy = |headers: Value| vec![status(429, &headers)];
    for scene in [
        scene(
            "retry-after-ms",
            busy(json!({"retry-after-ms": "80"})),
            2,
            None,
        ),
        scene("a date", busy(json!({"retry-after": date})), 2, None),
        scene("seconds", busy(json!({"retry-after": "1"})), 2, None),
        scene("no header", busy(json!({})), 2, None),
        scene(
            "a long wait",
            busy(json!({"retry-after": "60"})),
            1,
            Some("unavailable"),
        ),
        scene(
            "a wait for ever",
            busy(json!({"retry-after": "Wed, 21 Oct 2099 07:28:00 GMT"})),
            1,
            Some("unavailable"),
        ),
        scene("works", vec![], 1, None),
        scene(
            "told not to retry",
            busy(json!({"retry-after-ms": "80", "x-should-retry": "false"})),
            1,
            Some("unavailable"),
        ),
        scene(
            "told to retry",
            vec![status(400, &json!({"x-should-retry": "true"}))],
            2,
            None,
        ),
    ] {
        plays(&world, &phone, &scene).await;
    }
    world.ends_clean().await;
}

/// Between two outages the model answers, so that the breaker stays shut.
fn other_failures() -> Vec<Scene> {
    let down = || status(503, &json!({"retry-after-ms": "80"}));
    let reset = || json!({"kind": "reset"});
    let text = |text: &str| json!({"kind": "content", "content": text});
    let past = || answer(&[("/items/0/due", json!("2020-01-01"))]);
    vec![
        scene("down for a moment", vec![down()], 2, None),
        scene("down", vec![down(), down()], 2, Some("unavailable")),
        scene(
            "refusal",
            vec![json!({"kind": "refusal"})],
            1,
            Some("refusal"),
        ),
        scene("a broken connection", vec![reset()], 2, None),
        scene(
            "broken connections",
            vec![reset(), reset()],
            2,
            Some("unreachable"),
        ),
        scene(
            "cut off",
            vec![json!({"kind": "length"})],
            1,
            Some("length"),
        ),
        scene(
            "too slow",
            vec![json!({"kind": "delay", "ms": 4000})],
            1,
            Some("timeout"),
        ),
        scene(
            "filtered",
            vec![json!({"kind": "content_filter"})],
            1,
            Some("content_filter"),
        ),
        scene(
            "this one request",
            vec![status(400, &json!({}))],
            1,
            Some("rejected"),
        ),
        scene("no JSON once", vec![text("Sure! {")], 2, None),
        scene(
            "no JSON",
            vec![text("Sure! {"), text("{}")],
            2,
            Some("malformed"),
        ),
        scene("a rule broken once", vec![past()], 2, None),
        scene("a rule broken", vec![past(), past()], 2, Some("invalid")),
        scene("down, then a rule broken", vec![down(), past()], 3, None),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_failure_is_handled_in_its_own_way() {
    // A token of an answer costs two millionths of a dollar, and asking nothing.
    let (world, phone) = with_model(&[("OPENAI_PRICES", "0,0,2")]).await;
    for scene in other_failures() {
        plays(&world, &phone, &scene).await;
    }
    let tokens = world
        .metric("model_tokens_total", &[("kind", "completion")])
        .await;
    assert!(tokens > 0.0);
    let of_workspace = world
        .metric("model_workspace_tokens_total", &[("kind", "completion")])
        .await;
    assert!((tokens - of_workspace).abs() < 0.5);
    let cost = world
        .metric("model_workspace_cost_microdollars_total", &[])
        .await;
    assert!((cost - 2.0 * tokens).abs() < 0.5, "{cost} for {tokens}");
    let open = world.metric("model_breaker_open", &[]).await;
    assert!(open < 0.5);
    world.ends_clean().await;
}
