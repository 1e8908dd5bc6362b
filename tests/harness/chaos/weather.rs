//! Bad weather at Twilio and OpenAI: faults drawn anew every few seconds. None of them takes a
//! post later than the settle time, nor hides one from the listing: those two cannot be told from
//! a lost post by anybody, and the documentation says so.

use rand::{RngExt, rngs::StdRng};
use serde_json::{Value, json};

use crate::simulator::Simulator;

/// Draws new weather.
pub(super) async fn changes(simulator: &Simulator, rng: &mut StdRng) {
    simulator.twilio_faults(twilio(rng)).await;
    simulator.openai_faults(openai(rng)).await;
    simulator.callback_faults(callbacks(rng)).await;
}

/// Nothing fails any more.
pub(super) async fn clears(simulator: &Simulator) {
    let none = json!([]);
    simulator.twilio_faults(none.clone()).await;
    simulator.openai_faults(none).await;
    simulator.callback_faults(json!({})).await;
}

fn twilio(rng: &mut StdRng) -> Value {
    let mut often = || rng.random_range(0.0..0.04);
    let sends = [
        (
            often(),
            json!({"kind": "status", "status": 429, "retry_after": 1}),
        ),
        (often(), json!({"kind": "status", "status": 500})),
        (often(), json!({"kind": "reset"})),
        (often(), json!({"kind": "delay", "ms": 800})),
        (often(), json!({"kind": "delay", "ms": 2600})),
        (
            often(),
            json!({"kind": "accept_then_timeout", "delay_ms": 2500}),
        ),
        (often(), json!({"kind": "accept_then_reset"})),
        (
            often(),
            json!({"kind": "accept_then_status", "status": 500}),
        ),
    ];
    let lists = [
        (0.1, json!({"kind": "status", "status": 500})),
        (0.1, json!({"kind": "delay", "ms": 2600})),
        (0.1, json!({"kind": "reset"})),
    ];
    let rule = |operation: &str, (probability, action): (f64, Value)| {
        json!({
            "match": {"operation": operation},
            "probability": probability,
            "action": action,
        })
    };
    let sends = sends.into_iter().map(|entry| rule("send", entry));
    let lists = lists.into_iter().map(|entry| rule("list", entry));
    let rules: Vec<Value> = sends.chain(lists).collect();
    json!({"seed": rng.random::<u32>(), "rules": rules})
}

fn openai(rng: &mut StdRng) -> Value {
    let rules = [
        json!({"kind": "status", "status": 429, "headers": {"retry-after": "1"}}),
        json!({"kind": "status", "status": 500}),
        json!({"kind": "reset"}),
        json!({"kind": "refusal"}),
        json!({"kind": "delay", "ms": 1500}),
        json!({"kind": "delay", "ms": 6000}),
    ]
    .map(|action| json!({"probability": rng.random_range(0.0..0.06), "action": action}));
    json!({"seed": rng.random::<u32>(), "rules": rules})
}

fn callbacks(rng: &mut StdRng) -> Value {
    json!({
        "out_of_order": rng.random_bool(0.5),
        "duplicate": rng.random_bool(0.3),
        "drop_probability": if rng.random_bool(0.5) { 0.3 } else { 0.0 },
        "delay_ms": rng.random_range(0..600),
        // What has arrived cannot fail any more.
        "last_status": if rng.random_bool(0.7) { "sent" } else { "read" },
        "seed": rng.random::<u32>(),
    })
}
