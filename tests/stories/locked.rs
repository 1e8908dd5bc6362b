//! A PostgreSQL that is locked or slow is not down, and what waits for it is nobody's fault: nothing
//! is given up however long it lasts, and all comes out in its order afterwards. What fails while the
//! server does all else is given up.

use harness::{Setup, World, printed, until};
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgTransaction};

use crate::doctor::change;

/// Tries of one message, one every two seconds: five deliveries of ten quick tries each were sooner
/// over, and once were its death.
const MANY: usize = 40;
/// People who write, and how often each does.
const PHONES: u8 = 4;
const EACH: u8 = 3;

/// Time-outs of a tenth of the usual.
fn quick() -> Setup {
    Setup::default()
        .with("FOCO_ACK_WAIT_SECONDS", "1")
        .with("RATE_LIMIT_PER_MINUTE", "1000")
}

/// Holds locks until it is dropped.
async fn locks(world: &World, statement: &str) -> PgTransaction<'static> {
    let mut transaction = world.pool().begin().await.unwrap();
    let statement = AssertSqlSafe(statement.to_owned());
    sqlx::raw_sql(statement)
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction
}

/// How often the worker has waited for PostgreSQL: it says so at each try.
fn tries(world: &World) -> usize {
    let logged = world.worker.as_ref().expect("a worker").logged();
    logged.matches("PostgreSQL: error").count()
}

/// Waits until so many more have failed.
async fn until_tried(world: &World, more: usize) {
    let enough = tries(world) + more;
    let tried = || async { tries(world) };
    until("many tries", tried, |tried| *tried >= enough).await;
}

/// People write while a table is locked, for long; then it is free again.
async fn nothing_is_lost_behind(lock: &str) {
    let world = quick().start().await;
    let mut phones = Vec::new();
    for n in 0..PHONES {
        phones.push(world.links_another(n).await);
    }
    let held = locks(&world, lock).await;
    for round in 0..EACH {
        for (n, phone) in phones.iter().enumerate() {
            let text = format!("Fix fault {n} of round {round}, 1 hour");
            phone.sends(&text).await;
        }
    }
    until_tried(&world, usize::from(PHONES) * MANY).await;
    held.rollback().await.unwrap();
    for phone in &phones {
        phone.gets(usize::from(EACH)).await;
    }
    world.streams.are_quiet().await;
    for phone in &phones {
        assert_eq!(phone.replies().await.len(), usize::from(EACH));
    }
    let proposals = world.count("select count(*) from foco_proposals").await;
    assert_eq!(proposals, i64::from(PHONES * EACH));
    let overtaken = "select count(*) from whatsapp_messages a
        join whatsapp_messages b on b.identity = a.identity
        where a.stream_sequence < b.stream_sequence and a.proposed_at >= b.proposed_at";
    assert_eq!(world.count(overtaken).await, 0, "out of order");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_built_plainly_for_long_buries_nothing() {
    // What `create index` takes.
    nothing_is_lost_behind("lock table whatsapp_messages in share mode").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_that_nobody_may_read_for_long_bury_nothing() {
    nothing_is_lost_behind("lock table whatsapp_replies, foco_projects in access exclusive mode")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_is_filed_once_it_can_be() {
    let world = quick().start().await;
    let held = locks(
        &world,
        "lock table whatsapp_dead_letters in access exclusive mode",
    )
    .await;
    world
        .streams
        .publish("inbound.02.0123456789abcdef", "{")
        .await;
    until_tried(&world, MANY).await;
    held.rollback().await.unwrap();
    let filed = || world.count("select count(*) from whatsapp_dead_letters where stage = 'route'");
    until("the dead letter", filed, |count| *count == 1).await;
    assert!(world.metric("dead_letters_unfiled_total", &[]).await < 0.5);
    world.ends().await;
}

/// Whoever is routed with that text waits for something in the database that never comes.
const SLOW: [&str; 2] = [
    "create function slow() returns trigger language plpgsql as $$
     begin perform pg_sleep(60); return new; end $$",
    "create trigger slow before update on whatsapp_messages for each row
     when (new.body = 'Fix what is slow, 2 hours' and new.state = 'routed')
     execute function slow()",
];

async fn letters(world: &World) -> Vec<Value> {
    let output = world.runs("focobot", &["dead", "list", "--json"]).await;
    printed(&output).as_array().expect("a list").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_while_others_are_served_dies_and_its_senders_are_told() {
    let quick = quick().with("FOCO_ACK_WAIT_SECONDS", "2");
    let world = quick.start().await;
    let phones = [world.phone_at_work().await, world.links_another(1).await];
    let served = world.links_another(2).await;
    world.streams.are_quiet().await;
    for statement in SLOW {
        change(&world, statement).await;
    }
    for phone in &phones {
        phone.sends("Fix what is slow, 2 hours").await;
        phone.sends("/help").await;
    }
    let seen = || async {
        served.asks("/status").await;
        (letters(&world).await, tries(&world))
    };
    let (letters, _) = until("both letters", seen, |(found, _)| found.len() == 2).await;
    for letter in &letters {
        assert_eq!(letter["reason"], "unended", "{letter}");
    }
    let answers = |replies: &Vec<String>| {
        ["Your message is safe", "What I can do"]
            .iter()
            .all(|said| replies.iter().any(|reply| reply.contains(said)))
    };
    for phone in &phones {
        until("both answers", || phone.replies(), answers).await;
    }
    change(&world, "drop trigger slow on whatsapp_messages").await;
    for letter in &letters {
        let id = letter["id"].to_string();
        world.runs("focobot", &["dead", "replay", &id]).await;
    }
    let proposals = || world.count("select count(*) from foco_proposals");
    until("both proposals", proposals, |count| *count == 2).await;
    world.ends_clean_but_for(2).await;
}

/// Stops and starts workers, more often than a message may be handed out that nobody counts.
async fn restarts(world: &mut World, often: usize) {
    for _ in 0..often {
        let before = tries(world);
        let world_now = &*world;
        let more = || async { tries(world_now) - before };
        until("all three stages to wait", more, |more| *more >= 3).await;
        let stopped = world.worker.take().expect("a worker").stop().await;
        assert!(stopped.success(), "{stopped}");
        world.start_worker(&[]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_that_are_restarted_while_they_wait_count_against_nobody() {
    let mut world = quick().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    world.worker.take().expect("a worker").stop().await;
    // One message each for status, parse and dead.
    world.start_worker_of("route,send").await;
    phone.asks("/help").await;
    phone.sends("Fix the login, 2 hours").await;
    let stored = || world.streams.stored("parse");
    until("the request", stored, |stored| *stored == 1).await;
    world
        .streams
        .publish("inbound.02.0123456789abcdef", "{")
        .await;
    let stored = || world.streams.stored("dead");
    until("the dead letter", stored, |stored| *stored == 1).await;
    // As an index that is built holds it: a worker that starts reads, and may work.
    let lock = "lock table whatsapp_message_stages, whatsapp_status_callbacks,
        whatsapp_dead_letters in share mode";
    world.worker.take().expect("a worker").stop().await;
    let held = locks(&world, lock).await;
    world.start_worker(&[]).await;
    restarts(&mut world, 21).await;
    held.rollback().await.unwrap();
    let reply = phone.gets(4).await;
    assert!(reply.starts_with("✅ Proposal created!"), "{reply}");
    world.streams.are_quiet().await;
    let letters = letters(&world).await;
    assert_eq!(letters.len(), 1, "{letters:#?}");
    assert_eq!(letters[0]["reason"], "undecodable");
    assert!(world.metric("dead_letters_unfiled_total", &[]).await < 0.5);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_that_kills_its_worker_is_dead_after_few_deaths() {
    let mut world = quick().start().await;
    world.worker.take().expect("a worker").stop().await;
    let refused = r#"{"type":"refused/1","message_sid":"SMfedcba9876543210fedcba9876543210",
        "refused_at":"2026-11-22T10:00:00Z"}"#;
    world
        .streams
        .publish("status.0123456789abcdef", refused)
        .await;
    let mut deaths = 0;
    while letters(&world).await.is_empty() {
        let mut doomed = world.spawn_worker(&[("FOCO_KILL_AT", "status.recorded")]);
        let filed = || letters(&world);
        let died = tokio::select! {
            _ = doomed.ended() => true,
            _ = until("it to be dead", filed, |letters| letters.len() == 1) => false,
        };
        deaths += usize::from(died);
        assert!(deaths < 10, "it kills workers without end");
        if !died {
            doomed.stop().await;
        }
    }
    let letter = letters(&world).await.remove(0);
    assert_eq!(letter["reason"], "unended");
    assert_eq!(letter["attempts"], 5);
    world.start_worker(&[]).await;
    world.ends().await;
}
