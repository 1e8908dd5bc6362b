//! The model in every mood: what the person gets, how often the model was asked, and what the
//! worker's metrics say about it.

mod absence;
mod budget;
mod failures;
mod hostile;

use harness::{Phone, Setup, World};
use serde_json::{Value, json};

const ROUGH: &str = "⚠️ Rough estimate";
/// A request that the model and the built-in parser read alike.
const TEXT: &str = "Need to add login page and user dashboard. 8 hours.";

/// A world with a model, and a phone that may write as much as it likes.
async fn with_model(variables: &[(&str, &str)]) -> (World, Phone) {
    let mut setup = Setup::default()
        .with_model()
        .with("RATE_LIMIT_PER_MINUTE", "1000")
        .with("OPENAI_TIMEOUT_SECONDS", "2");
    for (name, value) in variables {
        setup = setup.with(name, value);
    }
    let world = setup.start().await;
    let phone = world.phone_at_work().await;
    (world, phone)
}

/// What the model does, and what comes of it.
struct Scene {
    name: &'static str,
    /// What the model does first; after that it answers.
    actions: Vec<Value>,
    /// How often it is asked.
    asked: usize,
    /// Why its answer was not used in the end.
    reason: Option<&'static str>,
}

fn scene(
    name: &'static str,
    actions: Vec<Value>,
    asked: usize,
    reason: Option<&'static str>,
) -> Scene {
    Scene {
        name,
        actions,
        asked,
        reason,
    }
}

fn status(status: u16, headers: &Value) -> Value {
    json!({"kind": "status", "status": status, "headers": headers})
}

/// The whole answer of a model, with some fields of it changed.
fn answer(changes: &[(&str, Value)]) -> Value {
    let mut content = json!({
        "summary": "Login", "actionable": true, "language": "en", "total_hours": 8,
        "assumptions": [], "confidence": 0.9,
        "items": [{"title": "Login page", "description": "", "kind": "feature", "hours": 8,
            "due": null, "priority": "medium", "assignee": null, "depends_on": []}],
    });
    for (pointer, value) in changes {
        *content.pointer_mut(pointer).expect("a field") = value.clone();
    }
    json!({"kind": "content", "content": content})
}

/// The person asks while the model does that.
async fn plays(world: &World, phone: &Phone, scene: &Scene) {
    let name = scene.name;
    let rules: Vec<Value> = scene
        .actions
        .iter()
        .map(|action| json!({"action": action}))
        .collect();
    world.simulator.openai_faults(json!(rules)).await;
    let asked = world.simulator.model_requests().await;
    let labels = [("reason", scene.reason.unwrap_or_default())];
    let counted = world.metric("model_failures_total", &labels).await;
    let all = world.metric("model_failures_total", &[]).await;

    let reply = phone.asks(TEXT).await;

    assert!(reply.starts_with("✅ Proposal created!"), "{name}: {reply}");
    assert!(reply.contains("⏱️ 8 hours estimated"), "{name}: {reply}");
    assert_eq!(
        reply.contains(ROUGH),
        scene.reason.is_some(),
        "{name}: {reply}"
    );
    let asked = world.simulator.model_requests().await - asked;
    assert_eq!(asked, scene.asked, "{name}");
    let more = f64::from(u8::from(scene.reason.is_some()));
    let now = world.metric("model_failures_total", &[]).await;
    assert!((now - all - more).abs() < 0.5, "{name}");
    if scene.reason.is_some() {
        let now = world.metric("model_failures_total", &labels).await;
        assert!((now - counted - 1.0).abs() < 0.5, "{name}");
    }
}
