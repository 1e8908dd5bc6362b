//! The doctor names what is wrong with a deployment and what mends it, and changes nothing.

use harness::{Setup, World, printed};
use serde_json::Value;
use sqlx::AssertSqlSafe;

/// What is checked whatever else is wrong.
const CHECKS: [&str; 7] = [
    "webhook",
    "clock",
    "nats",
    "redis",
    "postgresql",
    "twilio",
    "model",
];

/// A setting, a wrong value, the check that sees it, and what its line contains.
const WRONG_SETTINGS: [(&str, &str, &str, &str); 9] = [
    (
        "TWILIO_AUTH_TOKEN",
        "ffffffffffffffffffffffffffffffff",
        "webhook",
        "TWILIO_AUTH_TOKEN",
    ),
    (
        "TWILIO_AUTH_TOKEN",
        "ffffffffffffffffffffffffffffffff",
        "twilio",
        "TWILIO_AUTH_TOKEN",
    ),
    (
        "PUBLIC_BASE_URL",
        "http://127.0.0.1:1",
        "webhook",
        "PUBLIC_BASE_URL",
    ),
    ("OPENAI_API_KEY", "sk-wrong", "model", "OPENAI_API_KEY"),
    ("REDIS_URL", "redis://127.0.0.1:1", "redis", "REDIS_URL"),
    (
        "DATABASE_URL",
        "postgres://foco@127.0.0.1:1/foco",
        "postgresql",
        "DATABASE_URL",
    ),
    ("FOCO_STREAM_MAX_BYTES", "33554432", "streams", "max_bytes"),
    (
        "FOCO_STREAM_PREFIX",
        "nobody",
        "streams",
        "FOCO_STREAM_PREFIX",
    ),
    ("FOCO_SECRET", "short", "settings", "FOCO_SECRET"),
];

/// What the doctor says with settings changed.
pub(super) async fn doctor(world: &World, changed: &[(&str, &str)]) -> Vec<Value> {
    let mut variables = world.variables().clone();
    let changed = changed.iter();
    variables.extend(changed.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let arguments = ["doctor", "--json"];
    let output = world.runs_with("focobot", &arguments, &variables).await;
    let lines = printed(&output).as_array().unwrap().clone();
    let well = lines.iter().all(|line| line["ok"] == true);
    assert_eq!(output.status.code(), Some(i32::from(!well)));
    for line in &lines {
        let has_fix = line["fix"].is_string();
        // A line that is ok and says what to change is a warning.
        assert!(line["ok"] == true || has_fix, "{line}");
    }
    lines
}

/// The names of what is wrong. The servers of a test need not keep anything: whether PostgreSQL
/// and NATS write to the disk is theirs.
fn wrong(lines: &[Value]) -> Vec<String> {
    let wrong = lines.iter().filter(|line| line["ok"] == false);
    let mut names: Vec<String> = wrong
        .filter(|line| line["check"] != "nats_sync")
        .filter(|line| !text(line).contains("fsync"))
        .map(|line| line["check"].as_str().unwrap().to_owned())
        .collect();
    names.dedup();
    names
}

fn text(line: &Value) -> String {
    format!("{}: {} {}", line["check"], line["detail"], line["fix"])
}

/// The line of a check that is wrong.
pub(super) fn complaint(lines: &[Value], check: &str) -> String {
    let found = lines
        .iter()
        .find(|line| line["check"] == check && line["ok"] == false);
    assert!(found.is_some(), "{check} is well: {lines:#?}");
    text(found.unwrap())
}

pub(super) async fn change(world: &World, statement: &str) {
    let statement = AssertSqlSafe(statement.to_owned());
    sqlx::query(statement).execute(world.pool()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_that_works_has_nothing_to_change_and_is_left_as_it_is() {
    let world = Setup::default().with_model().start().await;
    let before = doctor(&world, &[]).await;
    assert_eq!(wrong(&before), ["twilio"], "{before:#?}");
    assert!(complaint(&before, "twilio").contains("configure-webhook"));
    let output = world
        .runs("focobot", &["twilio", "configure-webhook"])
        .await;
    assert!(output.status.success());
    let lines = doctor(&world, &[]).await;
    assert_eq!(wrong(&lines), Vec::<String>::new(), "{lines:#?}");
    let webhook = lines.iter().find(|line| line["check"] == "webhook");
    assert!(text(webhook.unwrap()).contains("signed form is accepted"));
    let clock = lines.iter().find(|line| line["check"] == "clock");
    let compared = "as PostgreSQL, Redis, the public address, Twilio";
    assert!(text(clock.unwrap()).contains(compared), "{clock:?}");
    let connections = lines.iter().find(|line| line["check"] == "connections");
    let counted = "1 ingest and 1 worker processes may open 14 connections";
    assert!(
        text(connections.unwrap()).contains(counted),
        "{connections:?}"
    );
    for word in ["inbound", "status", "dead"] {
        assert_eq!(world.streams.stored(word).await, 0, "{word}");
    }
    assert_eq!(world.simulator.model_requests().await, 0);
    let shown = world.runs("focobot", &["doctor"]).await.stdout;
    let shown = String::from_utf8(shown).unwrap();
    assert!(
        shown.lines().all(|line| line.chars().count() <= 80),
        "{shown}"
    );
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_is_named_with_what_mends_it_and_hides_no_other_line() {
    let world = Setup::default().with_model().start().await;
    let ok = wrong(&doctor(&world, &[]).await);
    assert_eq!(ok, ["twilio"]);
    for (name, value, check, says) in WRONG_SETTINGS {
        let lines = doctor(&world, &[(name, value)]).await;
        let said = complaint(&lines, check);
        assert!(said.contains(says), "{name}: {said}");
        assert!(!format!("{lines:?}").contains("ffffffff"));
        for check in CHECKS {
            assert!(lines.iter().any(|line| line["check"] == check), "{check}");
        }
    }
    for (harm, check, says) in [
        (
            "delete from _sqlx_migrations where version =
                (select max(version) from _sqlx_migrations)",
            "migrations",
            "focobot migrate",
        ),
        (
            "alter table whatsapp_replies disable row level security",
            "row_security",
            "whatsapp_replies",
        ),
    ] {
        change(&world, harm).await;
        let said = complaint(&doctor(&world, &[]).await, check);
        assert!(said.contains(says), "{said}");
    }
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_that_the_ingester_verifies_for_is_found_among_the_usual_mistakes() {
    let mut world = Setup::default().start().await;
    let ours = world.ingest_url();
    for (theirs, name) in [
        (ours.replace("http://", "https://"), "scheme"),
        ("https://web.example".to_owned(), "FOCO_WEB_URL"),
    ] {
        world.restart_ingest(&[("PUBLIC_BASE_URL", &theirs)]).await;
        let web = ("FOCO_WEB_URL", "https://web.example");
        let said = complaint(&doctor(&world, &[web]).await, "webhook");
        assert!(said.contains(name) && said.contains(&theirs), "{said}");
    }
    world.restart_ingest(&[("TWILIO_SIGNATURE", "off")]).await;
    let said = complaint(&doctor(&world, &[]).await, "webhook");
    assert!(said.contains("TWILIO_SIGNATURE=enforce"), "{said}");
    world.ends().await;
}

/// Edmonton has not turned its clocks back since 2026 (release 2026f): who has older rules says
/// seven hours in December.
#[tokio::test(flavor = "multi_thread")]
async fn time_zones_that_nobody_has_and_that_postgresql_counts_otherwise_are_named() {
    let world = Setup::default().start().await;
    world.phone_at_work().await;
    let zones = async |world: &World| {
        let lines = doctor(world, &[]).await;
        let zones = lines.iter().filter(|line| line["check"] == "zones");
        assert!(zones.clone().all(|line| line["ok"] == true), "{lines:#?}");
        zones.map(text).collect::<Vec<_>>()
    };
    let [line] = &zones(&world).await[..] else {
        panic!("one line")
    };
    assert!(line.contains("time zones of release 20"), "{line}");
    assert!(line.ends_with("null"), "{line}");

    change(
        &world,
        "update workspace_members set timezone = 'America/Edmonton'",
    )
    .await;
    let hours: i32 = sqlx::query_scalar(
        "select extract(hour from timestamptz '2026-12-15 12:00Z' at time zone 'America/Edmonton')::int4",
    )
    .fetch_one(world.pool())
    .await
    .unwrap();
    let said = zones(&world).await.concat();
    let named = said.contains("America/Edmonton is 60 minutes behind in PostgreSQL");
    assert_eq!(named, hours == 5, "{said}");
    assert_eq!(named, said.contains("update the package tzdata"), "{said}");

    change(&world, "update workspace_members set timezone = 'UTC-6'").await;
    let said = zones(&world).await.concat();
    assert!(said.contains("a time zone that does not exist"), "{said}");
    assert!(said.contains("UTC-6"), "{said}");
    world.ends().await;
}
