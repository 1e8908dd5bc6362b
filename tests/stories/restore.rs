//! Restore drills, as docs/recovering.md tells them: PostgreSQL from a backup that is older than
//! the streams, and streams that are lost while PostgreSQL stands. Nothing is doubled.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use common::kill_point::KillPoint;
use harness::{
    PROJECT_APP, PROJECT_WEB, PROJECT_WORKSHOP, Phone, Setup, World, ago, printed, until,
};
use serde_json::{Value, json};
use uuid::Uuid;

const OPEN_REPLIES: &str = "select count(*) from whatsapp_reply_parts where state <> 'accepted'";
const UNSETTLED: &str = "select count(*) from whatsapp_messages
    where state not in ('replied', 'proposed', 'refused')";

const REFUSED: &str = "select count(*) from whatsapp_messages where state = 'refused'";

async fn focobot(world: &World, arguments: &[&str]) -> Value {
    let output = world.runs("focobot", arguments).await;
    assert!(output.status.success(), "{output:?}");
    printed(&output)
}

/// Proposals: id, project, what was asked.
async fn proposals(world: &World) -> Vec<(Uuid, Uuid, String)> {
    sqlx::query_as("select id, project_id, description from foco_proposals order by description")
        .fetch_all(world.pool())
        .await
        .unwrap()
}

/// What Twilio took for these phones: the SIDs.
async fn taken(world: &World, phones: &[&Phone]) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for phone in phones {
        let taken = world.simulator.accepted(&phone.address).await;
        all.push(taken.into_iter().map(|send| send.sid).collect());
    }
    all
}

/// What is known of answers: to which message, its kind, Twilio's SID of it.
async fn answers(world: &World) -> BTreeSet<(String, String, String)> {
    let answers: Vec<(String, String, String)> = sqlx::query_as(
        "select r.message_sid, r.kind, p.twilio_sid from whatsapp_reply_parts p
         join whatsapp_replies r on r.id = p.reply_id",
    )
    .fetch_all(world.pool())
    .await
    .unwrap();
    answers.into_iter().collect()
}

/// A request is routed and not read, and an answer is written and not sent.
async fn with_something_on_its_way(world: &World, asks: &Phone, waits: &Phone) {
    for stage in ["parse", "send"] {
        focobot(world, &["pause", stage, "--json"]).await;
    }
    asks.sends("Arreglar la báscula, 2 horas").await;
    waits.sends("/help").await;
    let routed = || world.count("select count(*) from whatsapp_messages where state = 'routed'");
    until("a request on its way", routed, |count| *count == 1).await;
    until(
        "an answer on its way",
        || world.count(OPEN_REPLIES),
        |count| *count == 1,
    )
    .await;
}

/// What the sweep looks for is older than two minutes, and all was before what is fetched.
async fn lets_pass(world: &World) {
    let statements = "alter table whatsapp_reply_parts disable trigger user;
        update whatsapp_messages set received_at = received_at - interval '20 minutes',
            routed_at = routed_at - interval '20 minutes';
        update whatsapp_message_stages set ended_at = ended_at - interval '20 minutes';
        update whatsapp_replies set created_at = created_at - interval '20 minutes';
        update whatsapp_reply_parts set updated_at = updated_at - interval '20 minutes';
        alter table whatsapp_reply_parts enable trigger user;";
    sqlx::raw_sql(statements)
        .execute(world.pool())
        .await
        .unwrap();
}

/// All that came in is answered, and all answers are sent.
async fn all_is_answered(world: &World) {
    until(
        "every message settled",
        || world.count(UNSETTLED),
        |count| *count == 0,
    )
    .await;
    until(
        "every reply sent",
        || world.count(OPEN_REPLIES),
        |count| *count == 0,
    )
    .await;
    world.streams.are_quiet().await;
}

/// The hour that will be lost: what was on its way is done, and more comes and is answered.
async fn an_hour_goes_by(world: &World, [phone, other, hasty]: [&Phone; 3]) {
    for stage in ["parse", "send"] {
        focobot(world, &["resume", stage, "--json"]).await;
    }
    phone.gets(3).await;
    other.gets(2).await;
    phone.asks("/project Bodega").await;
    phone.asks("Pintar la bodega, 3 horas").await;
    phone.asks("/project App móvil").await;
    phone.asks("Arreglar el menú, 1 hora").await;
    other.asks("/help").await;
    other.asks("Fix the window, 2 hours").await;
    // In the same words, and more than the limit allows.
    for _ in 0..12 {
        hasty.sends("gracias").await;
    }
    all_is_answered(world).await;
}

/// `focobot restored`: asked what it would do, killed at that message, run again, and again to be
/// sure; returns what it would do.
async fn is_told(world: &World, killed_at: &str) -> Value {
    let asked = world.runs("focobot", &["restored", "--json"]).await;
    assert_eq!(asked.status.code(), Some(2));
    let plan = printed(&asked);
    let mut variables = world.variables().clone();
    let point = format!("{}@{killed_at}", KillPoint::RestoredQueued.name());
    variables.insert("FOCO_KILL_AT".to_owned(), point);
    let killed = world.runs_with("focobot", &["restored", "--yes"], &variables);
    assert!(!killed.await.status.success());
    for _ in 0..2 {
        let report = focobot(world, &["restored", "--yes", "--json"]).await;
        assert_eq!(report["messages"], plan["messages"], "{report}");
    }
    plan
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_older_than_the_streams_doubles_no_proposal_and_no_reply() {
    let mut world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    let (other, hasty) = (world.links_another(1).await, world.links_another(2).await);
    let people = [&phone, &other, &hasty];
    other.asks("Fix the door, 1 hour").await;
    world.streams.are_quiet().await;
    with_something_on_its_way(&world, &phone, &other).await;
    let backup = world.backs_up().await;
    an_hour_goes_by(&world, people).await;
    let refused = world.count(REFUSED).await;
    assert!(refused > 0);
    let (made, sent) = (proposals(&world).await, taken(&world, &people).await);
    let answered = answers(&world).await;
    assert_eq!(made.len(), 5);

    let too_early = world.runs("focobot", &["restored", "--yes"]).await;
    assert_eq!(too_early.status.code(), Some(1), "a worker is at work");
    world.worker.take().unwrap().stop().await;
    let waiting = phone.sends("Probar el menú, 2 horas").await;
    world.restores(&backup).await;
    let in_backup = world.count("select count(*) from whatsapp_messages").await;
    lets_pass(&world).await;
    let lost = i64::try_from(answered.len()).unwrap() - in_backup + 1;
    let plan = json!({"messages": lost, "unsettled": 1, "replies": 1, "refusals": refused});
    let told = is_told(&world, &waiting).await;
    for (name, count) in plan.as_object().unwrap() {
        assert_eq!(&told[name], count, "{told}");
    }

    world.start_worker(&[]).await;
    phone.gets(sent[0].len() + 1).await;
    all_is_answered(&world).await;
    let now = taken(&world, &people).await;
    assert_eq!(now[0][..sent[0].len()], sent[0]);
    assert_eq!(now[0].len(), sent[0].len() + 1);
    assert_eq!(now[1..], sent[1..]);
    assert_eq!(world.count(REFUSED).await, refused);
    // Every answer is known again as the answer to its message, and there is one more.
    let known = answers(&world).await;
    assert!(known.is_superset(&answered), "{known:#?}");
    assert_eq!(known.len(), answered.len() + 1);
    are_as_they_were(&world, made).await;
    assert!(phone.asks("/status").await.contains("App móvil"));
    world.ends_clean().await;
}

/// The proposals, with one more, and each in the project that was chosen when it was asked for.
async fn are_as_they_were(world: &World, made: Vec<(Uuid, Uuid, String)>) {
    let now = proposals(world).await;
    let (new, old): (Vec<_>, Vec<_>) = now.into_iter().partition(|p| p.2.starts_with("Probar"));
    assert_eq!(old, made);
    assert_eq!(new.len(), 1);
    assert_eq!(new[0].1, PROJECT_APP);
    let projects: Vec<Uuid> = made.iter().map(|proposal| proposal.1).collect();
    for project in [PROJECT_WEB, PROJECT_WORKSHOP, PROJECT_APP] {
        assert!(projects.contains(&project), "{projects:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_that_are_lost_are_made_up_for_by_the_ledger_and_by_twilio_s_log() {
    let mut world = Setup::default().start().await;
    let looked =
        || world.count("select count(*) from whatsapp_reconciliation where watermark is not null");
    until("the first look", looked, |count| *count == 1).await;
    let phone = world.phone_at_work().await;
    let other = world.links_another(1).await;
    other.asks("Fix the door, 1 hour").await;
    world.streams.are_quiet().await;
    with_something_on_its_way(&world, &phone, &other).await;
    world.worker.take().unwrap().stop().await;
    // On the stream, and nowhere else but in Twilio's log.
    for (phone, text, at) in [
        (&phone, "/project Bodega", ago(6)),
        (&phone, "Pintar la bodega, 3 horas", ago(5)),
        (&other, "Fix the window, 2 hours", ago(5)),
    ] {
        is_stored(&world, phone, text, at).await;
    }
    world.loses_its_streams().await;
    assert_eq!(world.streams.unfinished().await, 0);
    lets_pass(&world).await;

    world.start_worker(&[]).await;
    phone.gets(5).await;
    other.gets(3).await;
    all_is_answered(&world).await;
    assert_eq!(phone.replies().await.len(), 5);
    assert_eq!(other.replies().await.len(), 3);
    let made = proposals(&world).await;
    assert_eq!(made.len(), 4, "{made:#?}");
    let recovered = "select count(*) from whatsapp_messages where recovered_at is not null";
    assert_eq!(world.count(recovered).await, 3);
    let workshop = made
        .iter()
        .find(|proposal| proposal.2.starts_with("Pintar"));
    assert_eq!(workshop.unwrap().1, PROJECT_WORKSHOP);
    let report = focobot(&world, &["reconcile", "--since", "7d", "--json"]).await;
    assert_eq!(report["queued"], 0, "{report}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_both_have_lost_is_fetched_and_nobody_is_answered_twice() {
    let mut world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    let backup = world.backs_up().await;
    is_stored(&world, &phone, "/project Bodega", ago(130)).await;
    phone.gets(3).await;
    is_stored(&world, &phone, "Pintar la bodega, 3 horas", ago(129)).await;
    phone.gets(4).await;
    all_is_answered(&world).await;
    let (made, answered) = (proposals(&world).await, answers(&world).await);

    world.worker.take().unwrap().stop().await;
    world.restores(&backup).await;
    let statement = "update whatsapp_messages set received_at = received_at - interval '1 day',
            routed_at = routed_at - interval '1 day';
        update whatsapp_user_links set linked_at = linked_at - interval '1 day'";
    sqlx::raw_sql(statement)
        .execute(world.pool())
        .await
        .unwrap();
    world.loses_its_streams().await;
    let report = focobot(&world, &["restored", "--yes", "--json"]).await;
    assert_eq!(report["messages"], 0, "{report}");
    world.start_worker(&[]).await;
    focobot(&world, &["reconcile", "--since", "3h", "--json"]).await;
    let fetched = || world.count("select count(*) from foco_proposals");
    until("what was fetched", fetched, |count| *count == 1).await;
    all_is_answered(&world).await;
    assert_eq!(proposals(&world).await, made);
    assert_eq!(answers(&world).await, answered);
    assert_eq!(phone.replies().await.len(), 4);
    world.ends_clean().await;
}

/// Somebody writes, and the webhook is answered 200; for the log it was a while ago.
async fn is_stored(world: &World, phone: &Phone, text: &str, at: DateTime<Utc>) {
    let message = json!({"from": phone.address, "body": text, "sent_at": at});
    let (_, responses) = world.simulator.inbound(message).await;
    assert_eq!(responses[0]["status"], 200, "{responses:?}");
}
