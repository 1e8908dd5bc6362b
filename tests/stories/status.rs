//! The status says in one line what is wrong and which command comes next; a stage can rest.

use harness::{Setup, World, printed, until};
use serde_json::{Value, json};

async fn status(world: &World) -> Value {
    let output = world.runs("focobot", &["status", "--json"]).await;
    let status = printed(&output);
    let code = i32::from(status["ok"] == false);
    assert_eq!(output.status.code(), Some(code), "{status}");
    status
}

/// The status, once its verdict contains that.
async fn verdict(world: &World, says: &str) -> Value {
    let contains = |status: &Value| status["verdict"].as_str().unwrap().contains(says);
    until(says, || status(world), contains).await
}

fn stage(status: &Value, name: &str) -> Value {
    let stages = status["stages"].as_array().unwrap();
    let stage = stages.iter().find(|stage| stage["stage"] == name);
    stage.unwrap().clone()
}

async fn command(world: &World, arguments: &[&str]) {
    let output = world.runs("focobot", arguments).await;
    assert!(output.status.success(), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_stage_keeps_what_comes_across_restarts_until_it_is_resumed() {
    let mut world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    let well = verdict(&world, "ok").await;
    for name in ["route", "parse", "send", "status", "dead"] {
        assert_eq!(stage(&well, name)["workers"], 1, "{well}");
    }
    world.streams.are_quiet().await;
    command(&world, &["pause", "parse"]).await;
    world.kill_worker().await;
    world.start_worker(&[]).await;
    phone.sends("Fix the login, 2 hours").await;
    assert!(phone.asks("/help").await.contains("What I can do"));
    let paused = verdict(&world, "focobot resume parse").await;
    assert_eq!(stage(&paused, "parse")["paused"], true);
    assert_eq!(stage(&paused, "parse")["waiting"], 1);
    assert_eq!(stage(&paused, "route")["paused"], false);
    let labels = [("stage", "parse")];
    until(
        "the metric",
        || world.metric("stage_paused", &labels),
        |value| *value > 0.5,
    )
    .await;
    assert_eq!(world.count("select count(*) from foco_proposals").await, 0);
    command(&world, &["resume", "parse"]).await;
    until(
        "the proposal",
        || world.count("select count(*) from foco_proposals"),
        |count| *count == 1,
    )
    .await;
    until(
        "the metric",
        || world.metric("stage_paused", &labels),
        |value| *value < 0.5,
    )
    .await;

    // All lanes rest, whoever writes.
    command(&world, &["pause", "route"]).await;
    phone.sends("/status").await;
    let paused = verdict(&world, "focobot resume route").await;
    assert_eq!(stage(&paused, "route")["waiting"], 1);
    command(&world, &["resume", "route"]).await;
    world.streams.are_quiet().await;
    verdict(&world, "ok").await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_without_workers_a_model_that_is_away_and_the_dead_are_named() {
    let mut world = Setup::default().with_model().start().await;
    let phone = world.phone_at_work().await;
    let refuse = json!({"kind": "status", "status": 401});
    let refuse = json!([{"times": 100, "action": refuse}]);
    world.simulator.openai_faults(refuse).await;
    phone.asks("Fix the login, 2 hours").await;
    let open = verdict(&world, "the model cannot answer").await;
    assert_eq!(open["model_breaker"]["open"], 1, "{open}");

    world.worker.take().unwrap().stop().await;
    verdict(&world, "no worker runs route").await;
    world.start_worker(&[]).await;
    world.streams.publish("parse.0123456789abcdef", "{").await;
    let dead = verdict(&world, "focobot dead list").await;
    assert_eq!(dead["dead"], 1);
    assert_eq!(dead["dead_by_reason"]["undecodable"], 1, "{dead}");
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_is_a_verdict_too() {
    let world = Setup::default().start().await;
    for (name, value, says) in [
        ("NATS_URL", "nats://127.0.0.1:1", "NATS"),
        (
            "DATABASE_URL",
            "postgres://foco@127.0.0.1:1/foco",
            "PostgreSQL",
        ),
        ("REDIS_URL", "redis://127.0.0.1:1", "Redis"),
        ("FOCO_STREAM_PREFIX", "nobody", "streams are missing"),
    ] {
        let mut variables = world.variables().clone();
        variables.insert(name.to_owned(), value.to_owned());
        let arguments = ["status", "--json"];
        let output = world.runs_with("focobot", &arguments, &variables).await;
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let status = printed(&output);
        let verdict = status["verdict"].as_str().unwrap();
        assert!(verdict.contains(says), "{name}: {verdict}");
        assert!(verdict.ends_with("focobot doctor"), "{verdict}");
        assert_eq!(status["ok"], false);
    }
    world.ends_clean().await;
}
