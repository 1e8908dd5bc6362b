//! A missing or contradictory setting stops a program with one line that names it.

use std::{collections::BTreeSet, fs, path::Path};

use harness::{Setup, World};
use regex::Regex;

/// Starts a program with one setting changed (`None` removes it) and reads what it says.
async fn complaint(world: &World, program: &str, name: &str, value: Option<&str>) -> String {
    let mut variables = world.variables().clone();
    match value {
        Some(value) => variables.insert(name.to_owned(), value.to_owned()),
        None => variables.remove(name),
    };
    let output = world.runs_with(program, &[], &variables).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success(),
        "{program} started with {name}={value:?}"
    );
    assert_eq!(
        said.lines().count(),
        1,
        "{program} {name}={value:?}: {said}"
    );
    assert!(!said.contains("panicked"), "{said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn every_missing_setting_is_named() {
    let world = Setup::default().start().await;
    let both = [
        "FOCO_SECRET",
        "PUBLIC_BASE_URL",
        "DATABASE_URL",
        "TWILIO_ACCOUNT_SID",
        "TWILIO_AUTH_TOKEN",
        "TWILIO_WHATSAPP_NUMBER",
    ];
    for name in both {
        for program in ["ingest", "worker"] {
            let said = complaint(&world, program, name, None).await;
            assert!(said.contains(name) && said.contains("is missing"), "{said}");
        }
    }
    let said = complaint(&world, "ingest", "SUPABASE_JWT_SECRET", None).await;
    assert!(said.contains("SUPABASE_JWT_SECRET"), "{said}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_contradictory_setting_is_named_and_no_secret_is_shown() {
    let world = Setup::default().start().await;
    for (name, value) in [
        ("FOCO_ENV", "staging"),
        ("FOCO_SECRET", "too-short"),
        ("PUBLIC_BASE_URL", "http://example.com"),
        ("PUBLIC_BASE_URL", "https://example.com/"),
        ("FOCO_WEB_URL", "not an address"),
        ("FOCO_PROPOSAL_URL", "https://foco.example/proposals"),
        ("FOCO_PROPOSAL_URL", "http://foco.example/proposals/{id}"),
        ("DATABASE_URL", "mysql://localhost/foco"),
        ("NATS_URL", "nowhere"),
        ("FOCO_STREAM_PREFIX", "a.b"),
        ("FOCO_STREAM_REPLICAS", "2"),
        ("FOCO_ACK_WAIT_SECONDS", "0"),
        ("REDIS_URL", "http://localhost"),
        ("REDIS_HOST", "localhost"),
        ("TWILIO_ACCOUNT_SID", "AC1"),
        ("TWILIO_AUTH_TOKEN", "short"),
        ("TWILIO_WHATSAPP_NUMBER", "5555"),
        ("TWILIO_API_KEY_SID", "SK1"),
        ("TWILIO_SIGNATURE", "maybe"),
        ("TWILIO_SENDS_PER_SECOND", "many"),
        ("TWILIO_SETTLE_SECONDS", "1"),
        ("SESSION_TTL_SECONDS", "0"),
        ("METRICS_ADDR", "nowhere"),
        ("LOG_FORMAT", "xml"),
        ("FOCO_KILL_AT", "nowhere"),
    ] {
        for program in ["ingest", "worker"] {
            let said = complaint(&world, program, name, Some(value)).await;
            let about = if name == "REDIS_HOST" {
                "REDIS_URL"
            } else {
                name
            };
            let about = if name == "TWILIO_API_KEY_SID" {
                "TWILIO_API_KEY_SECRET"
            } else {
                about
            };
            assert!(said.contains(about), "{name}={value}: {said}");
            assert!(!said.contains("too-short"), "{said}");
        }
    }
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_sweeps_has_more_than_one_connection() {
    let world = Setup::default().start().await;
    let said = complaint(&world, "worker", "DATABASE_MAX_CONNECTIONS", Some("1")).await;
    assert!(said.contains("DATABASE_MAX_CONNECTIONS"), "{said}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_are_kept_for_longer_than_the_queue_keeps_them() {
    let world = Setup::default().start().await;
    for days in ["0", "7", "month"] {
        let said = complaint(&world, "worker", "FOCO_RETENTION_DAYS", Some(days)).await;
        assert!(said.contains("FOCO_RETENTION_DAYS"), "{said}");
    }
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_development_may_do_is_refused_in_production() {
    let world = Setup::default().start().await;
    let mut variables = world.variables().clone();
    variables.insert("FOCO_ENV".to_owned(), "production".to_owned());
    for (name, value) in [
        ("TWILIO_SIGNATURE", "off"),
        ("FOCO_KILL_AT", "route.claimed"),
    ] {
        let mut variables = variables.clone();
        variables.insert(name.to_owned(), value.to_owned());
        for program in ["ingest", "worker"] {
            let output = world.runs_with(program, &[], &variables).await;
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(
                !output.status.success() && said.contains(name),
                "{program}: {said}"
            );
        }
    }
    world.ends_clean().await;
}

/// The names of variables in the sources of a folder: whole strings in capitals.
fn read_in(folder: &str, found: &mut BTreeSet<String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let name = Regex::new(r#""([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)""#).unwrap();
    for entry in fs::read_dir(root.join(folder)).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let code = fs::read_to_string(path).unwrap();
            let names = name.captures_iter(&code).map(|name| name[1].to_owned());
            // Cargo's own are no settings.
            found.extend(names.filter(|name| !name.starts_with("CARGO_")));
        }
    }
}

#[test]
fn every_setting_that_is_read_stands_in_the_readme() {
    let mut read = BTreeSet::new();
    for folder in [
        "common/src/settings",
        "ingest/src",
        "worker/src",
        "ops/src/doctor",
    ] {
        read_in(folder, &mut read);
    }
    assert!(read.len() > 40, "{read:?}");
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let missing: Vec<&String> = read
        .iter()
        .filter(|name| !readme.contains(&format!("`{name}`")))
        .collect();
    assert!(missing.is_empty(), "README.md lacks {missing:?}");
}
