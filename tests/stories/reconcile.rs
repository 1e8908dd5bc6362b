//! Messages whose webhooks were never answered: found in Twilio's log, carried out once, and as
//! things stood when they were sent.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use common::kill_point::KillPoint;
use harness::{PROJECT_WEB, Phone, Setup, World, ago, printed, until};
use serde_json::{Value, json};

/// People who write while nobody can hear them, and how much each writes.
const PEOPLE: u8 = 10;
const EACH: usize = 10;

/// What `focobot reconcile` reports.
async fn reconcile(world: &World, since: &str) -> Value {
    let arguments = ["reconcile", "--since", since, "--json"];
    let output = world.runs("focobot", &arguments).await;
    assert!(output.status.success(), "{output:?}");
    printed(&output)
}

async fn proposals(world: &World) -> i64 {
    world.count("select count(*) from foco_proposals").await
}

/// Everything in the ledger happened so much earlier.
async fn lets_pass(world: &World, minutes: i32) {
    sqlx::query(
        "update whatsapp_messages
         set received_at = received_at - make_interval(mins => $1),
             routed_at = routed_at - make_interval(mins => $1)",
    )
    .bind(minutes)
    .execute(world.pool())
    .await
    .unwrap();
}

/// Somebody writes, and the webhook is answered 503; for the log it was five minutes ago.
async fn is_turned_away(world: &World, phone: &Phone, text: &str) -> String {
    let message = json!({"from": phone.address, "body": text, "sent_at": ago(5)});
    let (sid, responses) = world.simulator.inbound(message).await;
    assert_eq!(responses[0]["status"], 503, "{responses:?}");
    sid
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_messages_that_twilio_gave_up_on_are_answered_once_and_refusals_stay_refused() {
    let mut world = Setup::default().with_nats_on_a_cable().start().await;
    let mut phones = Vec::new();
    for n in 0..PEOPLE {
        phones.push(world.links_another(n).await);
    }
    let looked =
        || world.count("select count(*) from whatsapp_reconciliation where watermark is not null");
    until("the first look", looked, |count| *count == 1).await;
    world.cable.as_mut().unwrap().cut().await;
    let mut refused = Vec::new();
    for (n, phone) in phones.iter().enumerate() {
        for count in 0..EACH {
            let text = format!("Fix fault {count} of {n}, 1 hour");
            is_turned_away(&world, phone, &text).await;
        }
        // Over the limit, by one for the first of them and by nine for the last.
        for count in 0..n {
            refused.push(is_turned_away(&world, phone, &format!("Too much {count}")).await);
        }
    }
    world.cable.as_mut().unwrap().restore().await;

    let all = i64::from(PEOPLE) * i64::try_from(EACH).unwrap();
    until(
        "every proposal",
        || proposals(&world),
        |count| *count == all,
    )
    .await;
    world.streams.are_quiet().await;
    for phone in &phones {
        assert_eq!(phone.replies().await.len(), EACH);
    }
    let marked = "select count(*) from whatsapp_messages where recovered_at is not null";
    assert_eq!(world.count(marked).await, all);
    let states: Vec<String> =
        sqlx::query_scalar("select state from whatsapp_messages where message_sid = any($1)")
            .bind(&refused)
            .fetch_all(world.pool())
            .await
            .unwrap();
    assert_eq!(states.len(), refused.len());
    assert!(states.iter().all(|state| state == "refused"), "{states:?}");

    // The command finds nothing that the worker has left.
    let report = reconcile(&world, "1h").await;
    let seen = usize::try_from(all).unwrap() + refused.len();
    assert_eq!(report, json!({"seen": seen, "known": seen, "queued": 0}));
    world.streams.are_quiet().await;
    assert_eq!(proposals(&world).await, all);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_hours_late_is_carried_out_as_things_stood_and_says_that_it_is_late() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    lets_pass(&world, 200).await;
    // Ten minutes after "Sitio web" was chosen, and long before another project is.
    let request = phone.lost("Arreglar la báscula mañana, 2 horas", 190).await;
    let choice = phone.lost("/project Bodega", 185).await;
    let picture = json!({"from": phone.address, "lost": true, "params": {"NumMedia": "1"},
        "sent_at": ago(180)});
    world.simulator.inbound(picture).await;
    phone.asks("/project App móvil").await;

    let before = phone.replies().await.len();
    assert_eq!(reconcile(&world, "6h").await["queued"], 3);
    phone.gets(before + 3).await;
    world.streams.are_quiet().await;
    let replies = phone.replies().await.split_off(before);
    let late = "⏳ Perdón por la demora: tu mensaje me llegó 3 horas después de que lo mandaste.";
    let proposed = replies
        .iter()
        .find(|text| text.contains("Propuesta creada"));
    assert!(proposed.unwrap().ends_with(late), "{replies:#?}");
    let stale = replies
        .iter()
        .filter(|text| text.contains("reached me late"));
    assert_eq!(stale.count(), 1, "{choice}: {replies:#?}");
    let unread = replies
        .iter()
        .find(|text| text.contains("cannot read that kind"));
    assert!(unread.unwrap().contains("⏳"), "{replies:#?}");

    let (project, due, sent): (uuid::Uuid, NaiveDate, DateTime<Utc>) = sqlx::query_as(
        "select p.project_id, i.due_date, m.received_at from foco_proposals p
         join foco_proposal_items i on i.proposal_id = p.id
         join whatsapp_messages m on m.proposal_id = p.id
         where p.metadata ->> 'message_sid' = $1",
    )
    .bind(&request)
    .fetch_one(world.pool())
    .await
    .unwrap();
    let sent = sent.with_timezone(&chrono_tz::America::Mexico_City);
    assert_eq!(project, PROJECT_WEB);
    assert_eq!(due, sent.date_naive() + Duration::days(1));
    let status = phone.asks("/status").await;
    assert!(status.contains("App móvil"), "{status}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_that_was_lost_whole_is_carried_out_in_its_order() {
    let mut world = Setup::default().start().await;
    let phone = world.phone("whatsapp:+5215555550100");
    phone.links(harness::USER, "+52 55 5555 0100").await;
    world.streams.are_quiet().await;
    lets_pass(&world, 20).await;
    world.worker.take().unwrap().stop().await;
    phone.lost("/project Bodega", 10).await;
    phone.lost("Fix the scales, 2 hours", 9).await;
    phone.lost("/project App móvil", 8).await;
    phone.lost("Fix the menu, 3 hours", 7).await;
    assert_eq!(reconcile(&world, "1h").await["queued"], 4);
    // What is queued and not routed yet is not queued again.
    let again = reconcile(&world, "1h").await;
    assert_eq!(again["queued"], 0, "{again}");
    world.start_worker(&[]).await;
    until("both proposals", || proposals(&world), |count| *count == 2).await;
    world.streams.are_quiet().await;
    let projects: Vec<String> = sqlx::query_scalar(
        "select j.name from foco_proposals p join foco_projects j on j.id = p.project_id
         order by p.description",
    )
    .fetch_all(world.pool())
    .await
    .unwrap();
    assert_eq!(projects, ["App móvil", "Bodega"]);
    assert!(phone.asks("/status").await.contains("App móvil"));
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_while_it_recovers_loses_and_doubles_nothing() {
    let mut world = Setup::default().start().await;
    let looked =
        || world.count("select count(*) from whatsapp_reconciliation where watermark is not null");
    until("the first look", looked, |count| *count == 1).await;
    let phone = world.links_another(1).await;
    world.worker.take().unwrap().stop().await;
    for count in 0..3 {
        phone.lost(&format!("Fix fault {count}, 1 hour"), 5).await;
    }
    let point = KillPoint::ReconcileQueued.name();
    let mut doomed = world.spawn_worker(&[("FOCO_KILL_AT", point)]);
    doomed.ended().await;
    // Its right to look has run out.
    sqlx::query("update whatsapp_reconciliation set held_until = clock_timestamp()")
        .execute(world.pool())
        .await
        .unwrap();
    world.start_worker(&[]).await;
    until("three proposals", || proposals(&world), |count| *count == 3).await;
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), 3);
    assert_eq!(reconcile(&world, "1h").await["queued"], 0);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_beyond_a_thousand_newer_messages_is_found() {
    let world = Setup::default().start().await;
    let phone = world.links_another(1).await;
    phone.lost("Fix the first fault, 1 hour", 50).await;
    let mut known = Vec::new();
    for _ in 0..1050 {
        known.push(phone.lost("hola", 40).await);
    }
    sqlx::query(
        "insert into whatsapp_messages (message_sid, state, received_at)
         select sid, 'refused', now() from unnest($1::text[]) s (sid)",
    )
    .bind(&known)
    .execute(world.pool())
    .await
    .unwrap();
    let report = reconcile(&world, "1h").await;
    assert_eq!(report, json!({"seen": 1051, "known": 1050, "queued": 1}));
    phone.gets(1).await;
    assert_eq!(proposals(&world).await, 1);
    world.ends_clean().await;
}
