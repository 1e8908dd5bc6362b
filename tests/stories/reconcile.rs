//! Messages whose webhooks were never answered: found in Twilio's log, carried out once, and as
//! things stood when they were sent.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use common::kill_point::KillPoint;
use harness::{PROJECT_WEB, Phone, Setup, World, ago, printed, until};
use reqwest::Method;
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
    sqlx::query("update whatsapp_user_links set linked_at = linked_at - make_interval(mins => $1)")
        .bind(minutes)
        .execute(world.pool())
        .await
        .unwrap();
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
        // On a busy machine some are told first that it takes a while.
        let mut replies = phone.replies().await;
        replies.retain(|reply| !reply.starts_with('⏳'));
        assert_eq!(replies.len(), EACH, "{replies:#?}");
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
    let sent = sent.with_timezone(&timezone::Zone::mexico_city());
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

/// The next look at the log is not put off; the last days were looked through a day ago.
async fn a_look_is_due(world: &World) {
    let due = "update whatsapp_reconciliation set looked_at = null,
        looked_again_at = looked_again_at - interval '25 hours'";
    sqlx::query(due).execute(world.pool()).await.unwrap();
}

async fn looks(world: &World) {
    let looked = || {
        world.count(
            "select count(*) from whatsapp_reconciliation where looked_at is not null
            and watermark is not null and holder is null",
        )
    };
    until("a look", looked, |count| *count == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_appears_in_the_log_two_days_late_is_found_the_day_after() {
    let mut world = Setup::default().start().await;
    let phone = world.links_another(1).await;
    phone.asks("/help").await;
    looks(&world).await;
    world.streams.are_quiet().await;
    lets_pass(&world, 5 * 24 * 60).await;
    world.worker.take().unwrap().stop().await;
    let sid = phone
        .lost("Arreglar la báscula, 2 horas", 2 * 24 * 60)
        .await;
    a_look_is_due(&world).await;
    world.start_worker(&[]).await;
    until("its proposal", || proposals(&world), |count| *count == 1).await;
    let recovered: bool = sqlx::query_scalar(
        "select recovered_at is not null from whatsapp_messages where message_sid = $1",
    )
    .bind(&sid)
    .fetch_one(world.pool())
    .await
    .unwrap();
    assert!(recovered);
    let again = "select count(*) from whatsapp_reconciliation
        where looked_again_at > now() - interval '1 hour'";
    until("a second look", || world.count(again), |count| *count == 1).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_far_the_log_was_read_never_moves_back() {
    let mut world = Setup::default().start().await;
    looks(&world).await;
    world.worker.take().unwrap().stop().await;
    // As far as another worker came, before which a message waits in a lane now.
    let mark: DateTime<Utc> = sqlx::query_scalar(
        "update whatsapp_reconciliation set watermark = now() + interval '2 minutes'
         returning watermark",
    )
    .fetch_one(world.pool())
    .await
    .unwrap();
    a_look_is_due(&world).await;
    world.start_worker(&[]).await;
    looks(&world).await;
    let now: DateTime<Utc> = sqlx::query_scalar("select watermark from whatsapp_reconciliation")
        .fetch_one(world.pool())
        .await
        .unwrap();
    assert_eq!(now, mark);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_fails_does_not_end_a_look() {
    let mut world = Setup::default().start().await;
    let phone = world.links_another(1).await;
    looks(&world).await;
    world.worker.take().unwrap().stop().await;
    phone.lost("Fix the scales, 1 hour", 5).await;
    let fault = json!([{"match": {"operation": "list"},
        "action": {"kind": "status", "status": 500}}]);
    world.simulator.twilio_faults(fault).await;
    assert_eq!(reconcile(&world, "1h").await["queued"], 1);
    world.start_worker(&[]).await;
    until("its proposal", || proposals(&world), |count| *count == 1).await;
    world.ends_clean().await;
}

/// Who is at it, until when, and whether anything was written down since it is due.
async fn lease(world: &World) -> Option<(uuid::Uuid, DateTime<Utc>, bool)> {
    sqlx::query_as(
        "select holder, held_until, looked_at is not null from whatsapp_reconciliation
         where holder is not null",
    )
    .fetch_optional(world.pool())
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_slow_page_keeps_the_right_to_look() {
    let mut world = Setup::default().start().await;
    let phone = world.links_another(1).await;
    looks(&world).await;
    world.worker.take().unwrap().stop().await;
    phone.lost("Fix the scales, 1 hour", 5).await;
    // Longer than it takes until the first sign of life.
    let slow = json!([{"match": {"operation": "list"}, "action": {"kind": "delay", "ms": 17_000}}]);
    world.simulator.twilio_faults(slow).await;
    a_look_is_due(&world).await;
    world.start_worker(&[]).await;
    let taken = |seen: &Option<(uuid::Uuid, DateTime<Utc>, bool)>| seen.is_some();
    let first = until("a look", || lease(&world), taken).await.unwrap();
    let renewed = |seen: &Option<(uuid::Uuid, DateTime<Utc>, bool)>| {
        seen.is_some_and(|(holder, until, has_read)| {
            holder == first.0 && until > first.1 && !has_read
        })
    };
    until("more time for it", || lease(&world), renewed).await;
    until("its proposal", || proposals(&world), |count| *count == 1).await;
    looks(&world).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_of_more_pages_than_one_look_reads_is_read_to_its_end_by_the_next_ones() {
    let mut world = Setup::default().start().await;
    let phone = world.links_another(1).await;
    looks(&world).await;
    world.worker.take().unwrap().stop().await;
    // Newest first: it stands on the last page.
    phone.lost("Fix the scales, 1 hour", 6).await;
    let mut known = Vec::new();
    for _ in 0..220 {
        known.push(phone.lost("hola", 5).await);
    }
    sqlx::query(
        "insert into whatsapp_messages (message_sid, state, received_at)
         select sid, 'refused', now() from unnest($1::text[]) s (sid)",
    )
    .bind(&known)
    .execute(world.pool())
    .await
    .unwrap();
    let short = json!({"most": 1});
    world.simulator.call(Method::PUT, "pages", short).await;
    let due = "update whatsapp_reconciliation set looked_at = null";
    sqlx::query(due).execute(world.pool()).await.unwrap();
    world.start_worker(&[]).await;
    // One look reads a hundred.
    let gone_on = "select count(*) from whatsapp_reconciliation
        where (progress #>> '{first,pages}')::int > 100";
    until(
        "the next look",
        || world.count(gone_on),
        |count| *count == 1,
    )
    .await;
    until("its proposal", || proposals(&world), |count| *count == 1).await;
    world.ends_clean().await;
}
