//! What was written under one link is never carried out by another: however late a message comes,
//! and whoever has its number by then.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use harness::{Phone, Setup, USER, USER_OF_ANOTHER_WORKSPACE, World, ago, printed, until};
use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

/// How a message comes late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Late {
    /// It waited in its lane.
    Waited,
    /// It is fetched from Twilio's log.
    Recovered,
    /// An operator replays what is missing.
    Replayed,
    /// An operator replays its dead letter.
    DeadLetter,
    /// PostgreSQL was restored from a backup that knows nothing of it.
    Restored,
}

const WORDS: &str = "Pintar la barda de mi mamá, 3 horas";
const NOT_THEN: &str =
    "⏳ Ese mensaje me llegó tarde: cuando lo mandaste, este teléfono todavía no";

fn user(n: u8) -> Uuid {
    Uuid::from_u128(USER.as_u128() + 0x100 + u128::from(n))
}

async fn run(world: &World, statement: &str) {
    let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(world.pool())
        .await;
    done.unwrap();
}

async fn focobot(world: &World, arguments: &[&str]) {
    let output = world.runs("focobot", arguments).await;
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

/// The number of the first one is the second one's from now on.
async fn changes_hands(world: &World, [first, second]: [u8; 2]) {
    world.signs_in(user(first)).await.unlinks().await;
    world.links_another(second).await;
    let statement = format!(
        "update whatsapp_user_links set phone = '+5255555502{first:02}', linked_at = now()
         where phone = '+5255555502{second:02}'"
    );
    run(world, &statement).await;
}

async fn proposals_of(world: &World, n: u8) -> i64 {
    let count = "select count(*) from foco_proposals where workspace_id = $1";
    let count = sqlx::query_scalar(count)
        .bind(user(n))
        .fetch_one(world.pool());
    count.await.unwrap()
}

/// Dies of routing that message until it is a dead letter.
async fn dies(world: &World, sid: &str) -> String {
    let point = format!("panic:route.claimed@{sid}");
    let panicking = world.spawn_worker(&[("FOCO_KILL_AT", &point)]);
    let letters = || async {
        let output = world.runs("focobot", &["dead", "list", "--json"]).await;
        printed(&output).as_array().cloned().unwrap_or_default()
    };
    let one = |letters: &Vec<Value>| letters.len() == 1;
    let letter = until("a dead letter", letters, one).await.remove(0);
    assert_eq!(letter["message_sid"], sid);
    panicking.stop().await;
    letter["id"].to_string()
}

/// The first one writes, and the number changes hands before it is read.
async fn comes_late(world: &mut World, phone: &Phone, late: Late) {
    if late == Late::Recovered {
        phone.lost(WORDS, 2).await;
        changes_hands(world, [1, 2]).await;
        focobot(world, &["reconcile", "--since", "1h"]).await;
        return;
    }
    world.worker.take().unwrap().stop().await;
    let sid = phone.sends(WORDS).await;
    match late {
        Late::DeadLetter => {
            let letter = dies(world, &sid).await;
            changes_hands(world, [1, 2]).await;
            world.start_worker(&[]).await;
            focobot(world, &["dead", "replay", &letter]).await;
        }
        Late::Waited => {
            changes_hands(world, [1, 2]).await;
            world.start_worker(&[]).await;
        }
        Late::Replayed | Late::Restored => {
            world.start_worker(&[]).await;
            until(
                "its proposal",
                || proposals_of(world, 1),
                |count| *count == 1,
            )
            .await;
            world.streams.are_quiet().await;
            changes_hands(world, [1, 2]).await;
            world.streams.are_quiet().await;
            world.worker.take().unwrap().stop().await;
            run(world, "delete from foco_proposals").await;
            run(world, "delete from whatsapp_messages").await;
            if late == Late::Restored {
                focobot(world, &["restored", "--yes"]).await;
            } else {
                world.streams.forget_marks().await;
                let replay = ["replay", "--since", "1h", "--yes", "--json"];
                let look = || async { printed(&world.runs("focobot", &replay).await) };
                until("a replay", look, |report| report["replayed"] == 1).await;
            }
            world.start_worker(&[]).await;
        }
        Late::Recovered => {}
    }
}

async fn is_asked_to_be_sent_again(late: Late) {
    let mut world = Setup::default().start().await;
    let phone = world.links_another(1).await;
    comes_late(&mut world, &phone, late).await;
    let told = |replies: &Vec<String>| replies.iter().any(|reply| reply.starts_with(NOT_THEN));
    let replies = until("the answer", || phone.replies(), told).await;
    world.streams.are_quiet().await;
    assert_eq!(proposals_of(&world, 2).await, 0, "{replies:#?}");
    assert_eq!(proposals_of(&world, 1).await, 0, "{replies:#?}");
    // What the one writes who has the number now is theirs.
    phone.asks("Arreglar la puerta, 1 hora").await;
    assert_eq!(proposals_of(&world, 2).await, 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_while_its_number_changed_hands_is_asked_for_again() {
    is_asked_to_be_sent_again(Late::Waited).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recovered_after_its_number_changed_hands_is_asked_for_again() {
    is_asked_to_be_sent_again(Late::Recovered).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_replayed_after_its_number_changed_hands_is_asked_for_again() {
    is_asked_to_be_sent_again(Late::Replayed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_that_is_replayed_after_its_number_changed_hands_is_asked_for_again() {
    is_asked_to_be_sent_again(Late::DeadLetter).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_restored_after_its_number_changed_hands_is_asked_for_again() {
    is_asked_to_be_sent_again(Late::Restored).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_before_a_number_was_linked_shows_nothing_of_its_account() {
    let world = Setup::default().start().await;
    let phone = world.phone("whatsapp:+5215555550100");
    phone
        .links(USER_OF_ANOTHER_WORKSPACE, "+52 55 5555 0100")
        .await;
    let before = phone.replies().await.len();
    phone.lost(WORDS, 60).await;
    phone.lost("/list tasks", 55).await;
    focobot(&world, &["reconcile", "--since", "6h"]).await;
    phone.gets(before + 2).await;
    let replies = phone.replies().await.split_off(before);
    for expected in [
        NOT_THEN,
        "⏳ That message reached me late: when you sent it, this phone was not",
    ] {
        let said = replies.iter().filter(|text| text.starts_with(expected));
        assert_eq!(said.count(), 1, "{expected}: {replies:#?}");
    }
    assert!(world.proposals().await.is_empty());
    world.ends_clean().await;
}

/// Fetches what somebody sent at that moment, by a link that was made at this one.
async fn recovers(world: &World, n: u8, sent: DateTime<Utc>, linked: DateTime<Utc>) -> String {
    let phone = world.links_another(n).await;
    sqlx::query("update whatsapp_user_links set linked_at = $1 where user_id = $2")
        .bind(linked)
        .bind(user(n))
        .execute(world.pool())
        .await
        .unwrap();
    let message = json!({"from": phone.address, "body": WORDS, "sent_at": sent, "lost": true});
    world.simulator.inbound(message).await;
    focobot(world, &["reconcile", "--since", "1h"]).await;
    phone.gets(1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_second_of_a_link_nobody_can_say_whose_a_recovered_message_is() {
    let world = Setup::default().start().await;
    let sent = ago(5).trunc_subsecs(0);
    let second = TimeDelta::seconds(1);
    let before = recovers(&world, 1, sent, sent - second).await;
    assert!(before.starts_with("✅ ¡Propuesta creada!"), "{before}");
    for (n, linked) in [
        (2, sent - second + TimeDelta::milliseconds(1)),
        (3, sent),
        (4, sent + second),
    ] {
        let then = recovers(&world, n, sent, linked).await;
        assert!(then.starts_with(NOT_THEN), "{n}: {then}");
    }
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_says_is_of_the_same_person_is_carried_out_where_they_wrote_lately() {
    let world = Setup::default().start().await;
    let phone = world.links_another(1).await;
    run(
        &world,
        "update whatsapp_user_links set linked_at = now() - interval '90 days'",
    )
    .await;
    let params = json!({"ExternalUserId": "whatsapp:MX.ANA1"});
    let message = json!({"from": phone.address, "body": "/estado", "params": params});
    world.simulator.inbound(message).await;
    phone.gets(1).await;
    world.streams.are_quiet().await;
    // Twilio's log does not say the id.
    let pass = |days: u8| {
        format!(
            "update whatsapp_recipients set shown_at = now() - interval '{days} days';
             update whatsapp_messages set received_at = now() - interval '{days} days',
                 routed_at = now() - interval '{days} days'"
        )
    };
    run(&world, &pass(29)).await;
    phone.lost("Arreglar la puerta, 1 hora", 20).await;
    focobot(&world, &["reconcile", "--since", "1h"]).await;
    let proposed = phone.gets(2).await;
    assert!(proposed.starts_with("✅ ¡Propuesta creada!"), "{proposed}");
    world.streams.are_quiet().await;

    run(&world, &pass(31)).await;
    phone.lost(WORDS, 10).await;
    focobot(&world, &["reconcile", "--since", "1h"]).await;
    let asked = phone.gets(3).await;
    assert!(
        asked.contains("no puedo estar seguro de que lo mandaste tú"),
        "{asked}"
    );
    world.streams.are_quiet().await;
    assert_eq!(proposals_of(&world, 1).await, 1);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_follows_a_verify_is_carried_out_by_the_link_however_late_both_are_read() {
    let mut world = Setup::default().start().await;
    let phone = world.phone("whatsapp:+5215555550100");
    let (_, answer) = world.signs_in(USER).await.asks("+52 55 5555 0100").await;
    world.worker.take().unwrap().stop().await;
    phone.sends("¿Hola?").await;
    let code = answer["code"].as_str().unwrap();
    phone.sends(&format!("VERIFICAR {code}")).await;
    phone.sends("/proyecto Bodega").await;
    world.start_worker(&[]).await;
    phone.gets(3).await;
    let replies = phone.replies().await;
    assert!(
        replies[0].contains("todavía no está vinculado"),
        "{replies:#?}"
    );
    assert!(replies[1].starts_with("✅ ¡WhatsApp"), "{replies:#?}");
    assert!(replies[2].contains("*Bodega*"), "{replies:#?}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_begins_no_sooner_than_the_one_before_it_ended() {
    let mut world = Setup::default().start().await;
    let phone = world.phone("whatsapp:+5215555550100");
    let ana = world.signs_in(USER).await;
    let eve = world.signs_in(USER_OF_ANOTHER_WORKSPACE).await;
    let codes = [
        ana.asks("+52 55 5555 0100").await.1,
        eve.asks("+52 55 5555 0100").await.1,
    ];
    let [first, second] = codes.map(|answer| answer["code"].as_str().unwrap().to_owned());
    phone.asks(&format!("VERIFICAR {first}")).await;
    world.worker.take().unwrap().stop().await;
    // The other one proves it first, and it is read after the end of the link that stood then.
    phone.sends(&format!("VERIFICAR {second}")).await;
    phone.sends(WORDS).await;
    ana.unlinks().await;
    world.start_worker(&[]).await;
    let told = |replies: &Vec<String>| replies.iter().any(|reply| reply.starts_with(NOT_THEN));
    let replies = until("the answer", || phone.replies(), told).await;
    world.streams.are_quiet().await;
    let linked = replies
        .iter()
        .filter(|reply| reply.starts_with("✅ ¡WhatsApp"));
    assert_eq!(linked.count(), 2, "{replies:#?}");
    assert!(world.proposals().await.is_empty(), "{replies:#?}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_one_before_asked_for_is_not_taken_back_by_whoever_has_the_number_now() {
    let mut world = Setup::default().start().await;
    let phone = world.links_another(1).await;
    world.worker.take().unwrap().stop().await;
    let sid = phone.sends(WORDS).await;
    dies(&world, &sid).await;
    changes_hands(&world, [1, 2]).await;
    world.start_worker(&[]).await;
    let before = phone.replies().await.len();
    phone.asks("/deshacer").await;
    world.streams.are_quiet().await;
    let replies = phone.replies().await.split_off(before);
    assert!(
        replies.iter().all(|reply| !reply.contains("barda")),
        "{replies:#?}"
    );
    world.ends().await;
}

/// Somebody who linked yesterday, and wrote last longer ago than a conversation lasts.
async fn whose_conversation_is_over(world: &World) -> Phone {
    let phone = world.phone("whatsapp:+5215555550100");
    phone.links(USER, "+52 55 5555 0100").await;
    world.streams.are_quiet().await;
    run(
        world,
        "update whatsapp_user_links set linked_at = now() - interval '1 day';
         update whatsapp_messages set received_at = received_at - interval '50 minutes',
             routed_at = routed_at - interval '50 minutes'",
    )
    .await;
    world.forget_sessions().await;
    phone
}

async fn is_proposed_in_bodega(world: &World) {
    let project = "select count(*) from foco_proposals p
        join foco_projects j on j.id = p.project_id where j.name = 'Bodega'";
    until("its proposal", || world.count(project), |count| *count == 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_message_does_not_bring_an_expired_conversation_back() {
    let world = Setup::default().start().await;
    let phone = whose_conversation_is_over(&world).await;
    // Longer ago than a conversation lasts; nothing was written since.
    phone.lost("/proyecto Bodega", 45).await;
    phone.lost("Arreglar la báscula, 2 horas", 44).await;
    focobot(&world, &["reconcile", "--since", "2h"]).await;
    is_proposed_in_bodega(&world).await;
    world.streams.are_quiet().await;
    let sessions = world.sessions().await;
    assert!(sessions.is_empty(), "{sessions:?}");
    let status = phone.asks("/estado").await;
    assert!(!status.contains("Bodega"), "{status}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_an_old_message_was_answered_with_can_be_picked_from() {
    let world = Setup::default().start().await;
    let phone = whose_conversation_is_over(&world).await;
    phone.lost("Arreglar la báscula, 2 horas", 44).await;
    focobot(&world, &["reconcile", "--since", "2h"]).await;
    let asked = phone.gets(2).await;
    assert!(asked.contains("3. Bodega"), "{asked}");
    phone.sends("3").await;
    is_proposed_in_bodega(&world).await;
    world.ends_clean().await;
}
