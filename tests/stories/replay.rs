//! `focobot replay`: of what was processed, what is missing is repeated, and nothing else.

use harness::{Phone, Setup, World, printed, until};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;

/// Runs it; the exit code and what it printed.
async fn replay(world: &World, arguments: &[&str]) -> (Option<i32>, Value) {
    let arguments = [&["replay", "--json"], arguments].concat();
    let output = world.runs("focobot", &arguments).await;
    let report = if output.stdout.is_empty() {
        Value::Null
    } else {
        printed(&output)
    };
    (output.status.code(), report)
}

/// Waits until so many messages are found to have something missing: what was stored a moment ago
/// may still be on its way.
async fn until_missing(world: &World, count: u64) -> Value {
    let look = || async { replay(world, &["--since", "1h", "--dry-run"]).await.1 };
    until("what is missing to be found", look, |report| {
        report["missing"] == json!(count)
    })
    .await
}

async fn run(world: &World, statement: &str, sid: &str) {
    sqlx::query(AssertSqlSafe(statement.replace("$1", &format!("'{sid}'"))))
        .execute(world.pool())
        .await
        .unwrap();
}

/// The database forgets that the request was ever read.
async fn loses_its_reading(world: &World, sid: &str) {
    for statement in [
        "delete from foco_proposals where metadata ->> 'message_sid' = $1",
        "delete from whatsapp_replies where message_sid = $1",
        "delete from whatsapp_message_stages where message_sid = $1 and stage = 'parse'",
        "update whatsapp_messages set state = 'routed', proposal_id = null, replied_at = null
         where message_sid = $1",
    ] {
        run(world, statement, sid).await;
    }
}

async fn request(phone: &Phone, text: &str) -> String {
    let before = phone.replies().await.len();
    let sid = phone.sends(text).await;
    let answer = phone.gets(before + 1).await;
    assert!(answer.starts_with("✅ ¡Propuesta creada!"), "{answer}");
    sid
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_repeated_and_nothing_else() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    let unknown = request(&phone, "Pintar la barda, 2 horas").await;
    let unread = request(&phone, "Arreglar el portón, 3 horas").await;
    let unsent = request(&phone, "Comprar pintura blanca, 1 hora").await;
    world.streams.are_quiet().await;
    assert_eq!(replay(&world, &[]).await, (Some(2), Value::Null));
    let (_, report) = replay(&world, &["--since", "1h", "--yes"]).await;
    assert_eq!(
        (&report["matched"], &report["replayed"], &report["skipped"]),
        (&json!(5), &json!(0), &json!(5))
    );

    run(
        &world,
        "delete from foco_proposals where metadata ->> 'message_sid' = $1",
        &unknown,
    )
    .await;
    run(
        &world,
        "delete from whatsapp_messages where message_sid = $1",
        &unknown,
    )
    .await;
    loses_its_reading(&world, &unread).await;
    run(
        &world,
        "update whatsapp_reply_parts set state = 'pending', twilio_sid = null, status = null,
             accepted_at = null, post_attempt = 0, posted_at = null
         where reply_id = (select id from whatsapp_replies where message_sid = $1)",
        &unsent,
    )
    .await;
    let found = until_missing(&world, 3).await;
    assert_eq!(found["replayed"], 0);
    let of_one = ["--sid", unread.as_str(), "--dry-run"];
    assert_eq!(replay(&world, &of_one).await.1["matched"], 1);
    let of_nobody = ["--since", "1h", "--sender", "55 5555 0199", "--dry-run"];
    assert_eq!(replay(&world, &of_nobody).await.1["matched"], 0);
    assert_eq!(replay(&world, &["--since", "1h"]).await.0, Some(2));
    assert_eq!(
        world.count("select count(*) from whatsapp_replays").await,
        0
    );

    let before = phone.replies().await.len();
    let (code, report) = replay(&world, &["--since", "1h", "--yes"]).await;
    assert_eq!((code, &report["replayed"]), (Some(0), &json!(3)));
    // Twilio has the answer to the one that the ledger had lost: it is found there, not repeated.
    phone.gets(before + 2).await;
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), before + 2);
    let proposals = "select count(*) from foco_proposals";
    assert_eq!(world.count(proposals).await, 3);
    let (_, report) = replay(&world, &["--since", "1h", "--yes"]).await;
    assert_eq!(report["replayed"], 0, "{report}");
    let noted = "select count(*) from whatsapp_replays r
         join whatsapp_operations o on o.id = r.operation_id
         where o.command = 'replay' and o.ended_at is not null and o.operator like '% as %'";
    assert_eq!(world.count(noted).await, 3);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_back_refused_or_forgotten_stays_so() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    request(&phone, "Pintar la barda, 2 horas").await;
    phone.asks("/deshacer").await;
    let forgotten = world.links_another(1).await;
    forgotten.asks("Lavar el patio, 1 hora").await;
    world.streams.are_quiet().await;
    let digits = forgotten.address.trim_start_matches("whatsapp:");
    world.runs("focobot", &["forget", digits, "--yes"]).await;
    // It died before it came into the ledger, and somebody has decided about it.
    let discarded = phone.sends("/estado").await;
    world.streams.are_quiet().await;
    for statement in [
        "delete from whatsapp_messages where message_sid = $1",
        "insert into whatsapp_dead_letters (source, message_sid, stage, reason, error, attempts,
             subject, payload, headers, state)
         values ('story', $1, 'route', 'unended', 'x', 5, 'x', 'x', '{}', 'discarded')",
    ] {
        run(&world, statement, &discarded).await;
    }
    for n in 0..12 {
        phone.sends(&format!("/estado {n}")).await;
    }
    world.streams.are_quiet().await;
    let replies = phone.replies().await.len();
    let (_, report) = replay(&world, &["--since", "1h", "--yes"]).await;
    assert_eq!(report["replayed"], 0, "{report}");
    let reasons = report["reasons"].as_object().unwrap();
    for (reason, least) in [
        ("taken back by its sender", 1),
        ("its sender was forgotten", 1),
        ("refused: over the limit", 1),
        ("a dead letter that was discarded", 1),
    ] {
        assert!(reasons[reason].as_i64() >= Some(least), "{report}");
    }
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), replies);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_that_was_killed_halfway_goes_on_and_makes_no_doubles() {
    let world = Setup::default().start().await;
    let mut sids = Vec::new();
    for n in 1..=8 {
        let phone = world.links_another(n).await;
        for text in ["Pintar la barda, 2 horas", "Lavar el patio, 1 hora"] {
            sids.push(request(&phone, text).await);
        }
    }
    world.streams.are_quiet().await;
    for sid in &sids {
        loses_its_reading(&world, sid).await;
    }
    let all = u64::try_from(sids.len()).unwrap();
    until_missing(&world, all).await;
    let noted = || world.count("select count(*) from whatsapp_replays");
    let slow = ["replay", "--since", "1h", "--yes", "--rate", "2"];
    let slow = world.starts("focobot", &slow);
    until("some replays", noted, |count| *count >= 3).await;
    slow.kill().await;
    world.streams.are_quiet().await;
    let halfway = noted().await;
    assert!(
        halfway < i64::try_from(all).unwrap(),
        "killed too late: {halfway}"
    );
    let rest = || async { replay(&world, &["--since", "1h", "--yes"]).await.1 };
    until("nothing to be missing", rest, |report| {
        report["missing"] == 0 && report["reasons"].get("still on its way").is_none()
    })
    .await;
    world.streams.are_quiet().await;
    for (what, query) in [
        ("proposals", "select count(*) from foco_proposals"),
        (
            "messages with a proposal",
            "select count(distinct metadata ->> 'message_sid') from foco_proposals",
        ),
        (
            "messages with an answer",
            "select count(*) from whatsapp_messages m where state = 'proposed' and 1 = (
                 select count(*) from whatsapp_replies r
                 where r.message_sid = m.message_sid and r.kind = 'final')",
        ),
        ("replays", "select count(*) from whatsapp_replays"),
    ] {
        assert_eq!(
            world.count(query).await,
            i64::try_from(all).unwrap(),
            "{what}"
        );
    }
    world.ends().await;
}
