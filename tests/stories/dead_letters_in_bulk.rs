//! Thousands of dead letters: found by what they have in common, replayed at a bounded rate,
//! stopped halfway, and discarded.

use common::{identity::WaAddress, sender::Lane};
use harness::{Setup, World, until};
use serde_json::Value;
use sqlx::AssertSqlSafe;

/// People, and letters of each.
const PEOPLE: u8 = 15;
const EACH: u32 = 10;

/// Runs `focobot dead ...`; its exit code and what it printed.
async fn dead(world: &World, arguments: &[&str]) -> (i32, Value) {
    let arguments = [&["dead"], arguments, &["--json"]].concat();
    let output = world.runs("focobot", &arguments).await;
    let printed = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code().expect("an exit code"), printed)
}

/// Requests that route gave up on before they came into the ledger.
async fn requests_died(world: &World) {
    for n in 0..PEOPLE {
        let phone = world.links_another(n).await;
        let address = WaAddress::parse(&phone.address).unwrap();
        let lane = Lane::of(&address.identity());
        let prefix = &world.variables()["FOCO_STREAM_PREFIX"];
        let statement = format!(
            "insert into whatsapp_dead_letters (source, message_sid, sender_hash, stage, reason,
                 error, attempts, subject, payload, headers)
               select 'story:{n}:' || i, sid, '0123456789abcdef', 'route', 'unended',
                 'The Disk was full', 5, '{prefix}.inbound.{lane}.0123456789abcdef',
                 convert_to(jsonb_build_object('type', 'inbound/1', 'message_sid', sid,
                     'from', '{}', 'text', 'Fix fault ' || i || ', 1 hour', 'content', 'text',
                     'received_at', now())::text, 'UTF8'), '{{}}'
               from generate_series(1, {EACH}) i,
                   lateral (select 'SM' || md5('{n}:' || i) as sid) s",
            phone.address
        );
        sqlx::query(AssertSqlSafe(statement))
            .execute(world.pool())
            .await
            .unwrap();
    }
}

/// Others that have nothing to do with these.
async fn others_died(world: &World) {
    sqlx::query(
        "insert into whatsapp_dead_letters (source, stage, reason, error, attempts, subject,
             payload, headers)
         select 'other:' || i, 'status', 'undecodable', 'no JSON', 1, 'x.status.0', 'x', '{}'
         from generate_series(1, 10000) i",
    )
    .execute(world.pool())
    .await
    .unwrap();
}

/// Filters count right, and nothing is done without a scope, nor to many without a yes.
async fn listed_and_only_touched_with_a_yes(world: &World, all: i64) {
    let (code, listed) = dead(world, &["list", "--error", "disk", "--limit", "10000"]).await;
    assert_eq!(
        (code, listed.as_array().unwrap().len()),
        (0, usize::try_from(all).unwrap())
    );
    for (scope, expected) in [
        // Nothing is done without a scope, nor to many without a yes.
        (["replay", "--dry-run"].as_slice(), (2, Value::Null)),
        (&["replay", "--yes"], (2, Value::Null)),
        (&["replay", "--stage", "route"], (2, all.into())),
        (
            &["replay", "--stage", "route", "--dry-run"],
            (0, all.into()),
        ),
        (
            &["replay", "--stage", "route", "--since", "1h", "--dry-run"],
            (0, all.into()),
        ),
        (
            &["replay", "--stage", "route", "--until", "1h", "--dry-run"],
            (0, 0.into()),
        ),
        (
            &["replay", "--sender", "0123456789abcdef", "--dry-run"],
            (0, all.into()),
        ),
        (
            &["replay", "--sender", "55 5555 0199", "--dry-run"],
            (0, 0.into()),
        ),
        (
            &["replay", "--all", "--dry-run"],
            (0, (all + 10_000).into()),
        ),
    ] {
        let (code, report) = dead(world, scope).await;
        assert_eq!((code, report["matched"].clone()), expected, "{scope:?}");
    }
}

/// The letters that nobody can work on.
async fn the_others_are_discarded(world: &World) {
    let discard = ["discard", "--stage", "status", "--yes", "--rate", "1000"];
    let (code, report) = dead(world, &discard).await;
    assert_eq!((code, report["matched"].as_i64()), (0, Some(10_000)));
    assert_eq!(dead(world, &["list"]).await.1, Value::Array(Vec::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_by_filter_that_was_killed_halfway_goes_on_and_makes_no_doubles() {
    let all = i64::from(PEOPLE) * i64::from(EACH);
    let world = Setup::default().start().await;
    requests_died(&world).await;
    others_died(&world).await;

    listed_and_only_touched_with_a_yes(&world, all).await;
    let replayed = "select count(*) from whatsapp_dead_letters where state = 'replayed'";
    assert_eq!(world.count(replayed).await, 0);

    let command = ["dead", "replay", "--error", "DISK", "--yes", "--rate"];
    let slow = world.starts("focobot", &[&command[..], &["20"]].concat());
    until(
        "some replays",
        || world.count(replayed),
        |count| *count >= 10,
    )
    .await;
    slow.kill().await;
    let halfway = world.count(replayed).await;
    assert!(halfway < all, "killed too late: {halfway}");
    let (code, report) = dead(&world, &[&command[1..], &["1000"]].concat()).await;
    assert_eq!(
        (code, report["replayed"].as_i64()),
        (0, Some(all - halfway))
    );

    until(
        "every proposal",
        || world.count("select count(*) from foco_proposals"),
        |count| *count == all,
    )
    .await;
    world.streams.are_quiet().await;
    assert_eq!(
        world.count("select count(*) from foco_proposals").await,
        all
    );
    let finals = "select count(*) from whatsapp_replies where kind = 'final'";
    assert_eq!(world.count(finals).await, all);
    let by = "select count(*) from whatsapp_dead_letters
              where state = 'replayed' and settled_by is not null and settled_at is not null";
    assert_eq!(world.count(by).await, all);

    the_others_are_discarded(&world).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wrote_a_message_that_is_discarded_gets_one_final_reply() {
    let world = Setup::default().start().await;
    let phone = world.phone("whatsapp:+5215555550100");
    phone.links(harness::USER, "+52 55 5555 0100").await;
    let asked = phone.asks("Arreglar la báscula, 2 horas").await;
    assert!(asked.contains("/proyecto"), "{asked}");
    // As filing leaves a request that died.
    sqlx::raw_sql(
        "update whatsapp_messages set state = 'dead', dead_at = now()
             where state = 'waiting_project';
         insert into whatsapp_dead_letters (source, message_sid, stage, reason, error, attempts,
             subject, payload, headers)
         select 'story', message_sid, 'parse', 'unended', 'x', 5, 'x', 'x', '{}'
         from whatsapp_messages where state = 'dead'",
    )
    .execute(world.pool())
    .await
    .unwrap();
    let (code, report) = dead(&world, &["discard", "--stage", "parse", "--yes"]).await;
    assert_eq!((code, report["matched"].as_i64()), (0, Some(1)));
    let reply = phone.gets(phone.replies().await.len() + 1).await;
    assert!(reply.contains("No pude"), "{reply}");
    let finals = "select count(*) from whatsapp_replies r
         join whatsapp_messages m using (message_sid) where kind = 'final' and state = 'failed'";
    assert_eq!(world.count(finals).await, 1);
    world.ends().await;
}
