//! Eight faults that deployments have: `doctor` or `status` names each and what mends it. Where
//! that can be done here, it is, and mends it.

use harness::{OlderNats, OwnServer, Setup, World, printed, until};

use crate::doctor::{change, complaint, doctor};

/// One migration that is missing, as in a database that an older release has migrated.
const WITHOUT_A_MIGRATION: [&str; 2] = [
    "drop table whatsapp_code_sends",
    "delete from _sqlx_migrations where version = 20261126171800",
];

/// With these settings that check is wrong: its line says what is wrong and what mends it.
async fn is_named(world: &World, changed: &[(&str, &str)], check: &str, [what, fix]: [&str; 2]) {
    let said = complaint(&doctor(world, changed).await, check);
    assert!(said.contains(what) && said.contains(fix), "{said}");
}

/// Whether a check has nothing to change.
async fn is_well(world: &World, check: &str) -> bool {
    let lines = doctor(world, &[]).await;
    let mut of_check = lines.iter().filter(|line| line["check"] == check);
    of_check.all(|line| line["ok"] == true)
}

async fn verdict(world: &World) -> String {
    let output = world.runs("focobot", &["status", "--json"]).await;
    printed(&output)["verdict"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_and_a_wrong_key_of_the_model_are_named() {
    let world = Setup::default().with_model().start().await;
    let token = ("TWILIO_AUTH_TOKEN", "ffffffffffffffffffffffffffffffff");
    let says = ["refuses our auth token", "TWILIO_AUTH_TOKEN"];
    is_named(&world, &[token], "twilio", says).await;
    let key = ("OPENAI_API_KEY", "sk-wrong");
    is_named(&world, &[key], "model", ["401", "OPENAI_API_KEY"]).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_are_careless_old_or_locked_are_named() {
    let world = Setup::default().start().await;
    let nats = OwnServer::careless_nats().await;
    let (url, monitor) = (format!("nats://{}", nats.address()), nats.monitor());
    let changed = [("NATS_URL", url.as_str()), ("NATS_MONITOR_URL", &monitor)];
    let says = ["may be lost", "sync_interval: always"];
    is_named(&world, &changed, "nats_sync", says).await;

    let old = OlderNats::of("2.11.9").await;
    let url = format!("nats://{}", old.address());
    let changed = [("NATS_URL", url.as_str())];
    let says = ["version 2.11.9", "2.12 or newer"];
    is_named(&world, &changed, "nats", says).await;
    let mut variables = world.variables().clone();
    variables.insert("NATS_URL".to_owned(), url);
    let refused = world.runs_with("worker", &[], &variables).await;
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("needs nats-server 2.12 or newer"), "{said}");

    let redis = OwnServer::redis_with("right").await;
    for user in ["", ":wrong@"] {
        let url = format!("redis://{user}{}", redis.address());
        let says = ["refuses our password", "REDIS_PASSWORD"];
        is_named(&world, &[("REDIS_URL", &url)], "redis", says).await;
    }
    let cluster = OwnServer::redis_cluster().await;
    let url = format!("redis://{}", cluster.address());
    let says = ["a Redis Cluster", "of one server"];
    is_named(&world, &[("REDIS_URL", &url)], "redis", says).await;
    for program in ["ingest", "worker"] {
        let mut variables = world.variables().clone();
        for (name, value) in [
            ("REDIS_URL", url.as_str()),
            ("INGEST_ADDR", "127.0.0.1:0"),
            ("METRICS_ADDR", "127.0.0.1:0"),
        ] {
            variables.insert(name.to_owned(), value.to_owned());
        }
        let refused = world.runs_with(program, &[], &variables).await;
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(2), "{program}: {said}");
        assert!(
            said.contains("REDIS_URL: a Redis Cluster"),
            "{program}: {said}"
        );
    }
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_migration_a_stream_that_drifted_and_a_stage_without_workers_are_mended_as_said()
{
    let mut world = Setup::default().start().await;
    for statement in WITHOUT_A_MIGRATION {
        change(&world, statement).await;
    }
    is_named(&world, &[], "migrations", ["missing", "focobot migrate"]).await;
    let migrated = world.runs("focobot", &["migrate"]).await;
    assert!(migrated.status.success(), "{migrated:?}");
    assert!(is_well(&world, "migrations").await);

    world.streams.has_room("inbound", 8 << 20).await;
    let says = ["max_bytes is 8388608", "restart one worker"];
    is_named(&world, &[], "streams", says).await;
    world.worker.take().unwrap().stop().await;
    world.start_worker_of("route,send,status,dead").await;
    assert!(is_well(&world, "streams").await);

    let says = "no worker runs parse: start one with: worker --stages parse";
    until("the verdict", || verdict(&world), |said| said == says).await;
    world.worker.take().unwrap().stop().await;
    world
        .start_worker_of("route,parse,send,status,dead,sweep")
        .await;
    let says = "no worker runs reconcile: start one with: worker --stages reconcile";
    until("the verdict", || verdict(&world), |said| said == says).await;
    world.worker.take().unwrap().stop().await;
    world.start_worker(&[]).await;
    until(
        "the verdict",
        || verdict(&world),
        |said| said.starts_with("ok"),
    )
    .await;
    world.ends_clean().await;
}
