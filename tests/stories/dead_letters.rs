//! What fails for good: filed with its reason, the lane goes on, and a replay works without
//! making a double.

use harness::{Setup, World, until};
use serde_json::Value;

/// What `focobot dead list` shows.
async fn dead(world: &World) -> Vec<Value> {
    let output = world.runs("focobot", &["dead", "list", "--json"]).await;
    serde_json::from_slice::<Vec<Value>>(&output.stdout).unwrap_or_default()
}

async fn filed(world: &World, count: usize) -> Vec<Value> {
    until(
        "dead letters",
        || dead(world),
        |letters| letters.len() == count,
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payload_that_cannot_be_read_goes_to_the_dead_letters_alone() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    // Lane 02 is that of the phone's own messages.
    for payload in ["{", r#"{"type":"inbound/9","message_sid":"SM1"}"#] {
        world
            .streams
            .publish("inbound.02.0123456789abcdef", payload)
            .await;
    }
    world
        .streams
        .publish("parse.0123456789abcdef", r#"{"type":"parse/9"}"#)
        .await;
    assert!(phone.asks("/help").await.contains("What I can do"));
    let mut reasons: Vec<String> = filed(&world, 3)
        .await
        .iter()
        .map(|letter| format!("{} {}", letter["stage"], letter["reason"]).replace('"', ""))
        .collect();
    reasons.sort();
    assert_eq!(
        reasons,
        [
            "parse unknown_version",
            "route undecodable",
            "route unknown_version"
        ]
    );
    let id = dead(&world).await[0]["id"].to_string();
    let output = world
        .runs("focobot", &["dead", "show", &id, "--json"])
        .await;
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(shown["headers"]["Foco-Dead-Reason"].is_string(), "{shown}");
    assert!(
        shown["error"].is_string() && !shown["payload"].is_null(),
        "{shown}"
    );
    world.ends().await;
}

/// Starts workers that die whenever they parse that message, until it is in the dead letters.
async fn poison(world: &World, sid: &str) {
    let point = format!("parse.claimed@{sid}");
    for _ in 0..12 {
        let mut doomed = world.spawn_worker(&[("FOCO_KILL_AT", &point)]);
        let letters = || world.count("select count(*) from whatsapp_dead_letters");
        let is_dead = tokio::select! {
            _ = doomed.ended() => false,
            _ = until("the message to die", letters, |count| *count == 1) => true,
        };
        if is_dead {
            doomed.stop().await;
            return;
        }
    }
    assert_eq!(sid, "in the dead letters", "twelve workers died of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_kills_its_worker_dies_alone_and_a_replay_carries_it_out_once() {
    let mut world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    world.worker.take().expect("a worker").stop().await;
    let sid = phone.sends("Fix the poison, 2 hours").await;
    for count in 0..6 {
        phone
            .sends(&format!("Fix neighbour number {count}, 1 hour"))
            .await;
    }
    poison(&world, &sid).await;
    world.start_worker(&[]).await;

    let letters = dead(&world).await;
    assert_eq!(letters[0]["message_sid"], sid.as_str());
    assert_eq!(letters[0]["reason"], "unended");
    until(
        "the neighbours' proposals",
        || world.count("select count(*) from foco_proposals"),
        |count| *count == 6,
    )
    .await;
    let suspects = "select count(*) from whatsapp_message_stages s
         where stage = 'parse' and unended > 2";
    assert_eq!(world.count(suspects).await, 1, "neighbours were counted");
    until(
        "the person to be told",
        || phone.replies(),
        |replies| {
            replies
                .iter()
                .any(|reply| reply.contains("Your message is safe"))
        },
    )
    .await;

    replay_twice(&world, &letters[0]["id"].to_string()).await;
    until(
        "the seventh proposal",
        || world.count("select count(*) from foco_proposals"),
        |count| *count == 7,
    )
    .await;
    world.streams.are_quiet().await;
    assert!(dead(&world).await.is_empty());
    let finals = "select count(*) from whatsapp_replies where kind = 'final'";
    assert_eq!(world.count(finals).await, 9);
    assert_eq!(world.count("select count(*) from foco_proposals").await, 7);
    // Two before, six neighbours, one "failed for now", one final.
    assert_eq!(phone.replies().await.len(), 10);
    world.ends().await;
}

/// A dry run touches nothing; the second replay finds nothing to do.
async fn replay_twice(world: &World, id: &str) {
    for (arguments, replayed) in [
        (["dead", "replay", id, "--json", "--dry-run"].as_slice(), 0),
        (["dead", "replay", id, "--json"].as_slice(), 1),
        (["dead", "replay", id, "--json"].as_slice(), 0),
    ] {
        let output = world.runs("focobot", arguments).await;
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["replayed"], replayed, "{arguments:?}: {report}");
    }
}
