//! Unlinking, by every way there is: at once, with all that hung on the link, and both sides know.

use common::kill_point::KillPoint;
use harness::{Phone, Setup, USER, World, until};
use reqwest::Method;
use serde_json::{Value, json};

const WAITS: &str = "Paint the shed, 3 hours";

/// Every message of this world has exactly one final reply.
async fn each_message_has_one_final_reply(world: &World) {
    let without = "select count(*) from whatsapp_messages m where 1 <> (select count(*)
        from whatsapp_replies r where r.message_sid = m.message_sid and r.kind = 'final')";
    assert_eq!(world.count(without).await, 0);
}

/// A phone with a request that waits for a project, and one in a workspace chosen.
async fn somebody_who_waits(world: &World) -> Phone {
    let phone = world.phone("whatsapp:+5215555550100");
    phone.links(USER, "+52 55 5555 0100").await;
    phone.asks("/workspace Taller Norte").await;
    let asked = phone.asks(WAITS).await;
    assert!(asked.contains("/project"), "{asked}");
    let sessions = world.sessions().await;
    assert!(sessions[0].contains("workspace_id"), "{sessions:?}");
    phone
}

/// What the record says of links that ended: why, and from where.
async fn endings(world: &World) -> Vec<(String, String)> {
    sqlx::query_as(
        "select outcome, origin from whatsapp_link_events where event = 'unlink' order by id",
    )
    .fetch_all(world.pool())
    .await
    .unwrap()
}

async fn sessions_are_cleared(world: &World) {
    let cleared = |sessions: &Vec<String>| sessions.iter().all(String::is_empty);
    until(
        "the conversation to be cleared",
        || world.sessions(),
        cleared,
    )
    .await;
    let left = "select count(*) from whatsapp_ended_links";
    until(
        "nothing to be left to clear",
        || world.count(left),
        |left| *left == 0,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_was_held_under_a_link_is_told_to_nobody_after_it() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    let proposed = phone.asks("Fix the login, 2 hours").await;
    assert!(proposed.contains("login"), "{proposed}");
    let unread = "select count(*) from whatsapp_reply_parts where status is distinct from 'read'";
    until(
        "all to be read",
        || world.count(unread),
        |unread| *unread == 0,
    )
    .await;
    // As if its 24 hours had ended before it could go out: before the link's end, and after it.
    let hold = "update whatsapp_reply_parts set state = 'held', told = false, twilio_sid = null,
        status = null, post_attempt = 0, posted_at = null where body like '%login%'";
    let first = sqlx::query(hold).execute(world.pool()).await.unwrap();
    assert_eq!(first.rows_affected(), 1);
    world.signs_in(USER).await.unlinks().await;
    let given_up = "select count(*) from whatsapp_reply_parts where state = 'failed' and told";
    assert_eq!(world.count(given_up).await, 1);
    sqlx::query(hold).execute(world.pool()).await.unwrap();
    // Whoever has the number now.
    let before = phone.replies().await.len();
    phone.asks("hola").await;
    world.streams.are_quiet().await;
    let told = phone.replies().await.split_off(before);
    assert!(
        told.iter().all(|reply| !reply.contains("login")),
        "{told:?}"
    );
    assert_eq!(world.count(given_up).await, 1);
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_chat_it_asks_once_and_then_does_it() {
    let world = Setup::default().start().await;
    let phone = somebody_who_waits(&world).await;
    let web = world.signs_in(USER).await;

    let asked = phone.asks("/unlink").await;
    assert!(asked.starts_with("❓ Shall I unlink this phone"), "{asked}");
    assert_eq!(phone.asks("no").await, "👍 This phone stays linked.");
    phone.asks("/unlink").await;
    // Something else is no answer, and takes the question away.
    phone.asks("/status").await;
    phone.asks("/desvincular").await;
    assert_eq!(web.linked().await["linked"], true);

    let before = phone.replies().await.len();
    phone.sends("Sí, por favor").await;
    phone.gets(before + 2).await;
    let replies = phone.replies().await;
    assert!(
        replies[before].starts_with("🔌 Listo: este teléfono ya no está vinculado"),
        "{replies:?}"
    );
    assert_eq!(
        replies[before + 1],
        format!("🚫 Cancelled, no proposal made: “{WAITS}”")
    );
    let nothing = json!({"linked": false, "phone": null, "verified": false, "linkedAt": null});
    assert_eq!(web.linked().await, nothing);
    sessions_are_cleared(&world).await;
    assert_eq!(
        endings(&world).await,
        [("asked".to_owned(), "chat".to_owned())]
    );
    let told = phone.asks("/project Bodega").await;
    assert!(told.starts_with("This phone is not linked"), "{told}");
    world.streams.are_quiet().await;
    each_message_has_one_final_reply(&world).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_web_it_is_done_at_once_and_the_phone_is_told() {
    let world = Setup::default().start().await;
    let phone = somebody_who_waits(&world).await;
    let web = world.signs_in(USER).await;
    let before = phone.replies().await.len();
    web.unlinks().await;
    assert_eq!(world.sessions().await, [""], "gone before the answer");
    phone.gets(before + 2).await;
    let replies = phone.replies().await;
    assert!(
        replies[before].starts_with("🔌 This phone was unlinked from your Foco account"),
        "{replies:?}"
    );
    assert_eq!(
        replies[before + 1],
        format!("🚫 Cancelled, no proposal made: “{WAITS}”")
    );
    // A second time there is nothing to end, and nothing to say.
    web.unlinks().await;
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), before + 2);
    assert_eq!(
        endings(&world).await,
        [("asked".to_owned(), "web".to_owned())]
    );
    each_message_has_one_final_reply(&world).await;
    world.ends_clean().await;
}

/// The model takes its time with a request of a linked phone.
async fn being_read(world: &World) -> Phone {
    let phone = world.phone_at_work().await;
    let late = json!([{"action": {"kind": "delay", "ms": 4000}}]);
    world.simulator.openai_faults(late).await;
    phone.sends("Fix the login, 2 hours").await;
    let asked = || world.simulator.model_requests();
    until("the model to be asked", asked, |count| *count == 1).await;
    phone
}

async fn it_makes_no_proposal(world: &World, phone: &Phone) {
    let why = "This phone was unlinked before I had read your request, so I made no proposal.";
    let replies = || phone.replies();
    let told = |replies: &Vec<String>| replies.iter().any(|reply| reply == why);
    until("the reason", replies, told).await;
    world.streams.are_quiet().await;
    assert_eq!(world.count("select count(*) from foco_proposals").await, 0);
    each_message_has_one_final_reply(world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_being_read_makes_no_proposal_once_the_web_has_unlinked_its_phone() {
    let world = Setup::default().with_model().start().await;
    let phone = being_read(&world).await;
    world.signs_in(USER).await.unlinks().await;
    it_makes_no_proposal(&world, &phone).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_being_read_makes_no_proposal_once_the_phone_has_unlinked_itself() {
    let world = Setup::default().with_model().start().await;
    let phone = being_read(&world).await;
    phone.sends("/unlink").await;
    phone.sends("/unlink").await;
    it_makes_no_proposal(&world, &phone).await;
    assert_eq!(
        endings(&world).await,
        [("asked".to_owned(), "chat".to_owned())]
    );
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_whose_account_has_proven_another_one_is_told_and_keeps_nothing() {
    let world = Setup::default().start().await;
    let phone = somebody_who_waits(&world).await;
    let before = phone.replies().await.len();
    let other = world.phone("whatsapp:+5215555550101");
    other.links(USER, "55 5555 0101").await;
    phone.gets(before + 2).await;
    let replies = phone.replies().await;
    assert!(
        replies[before].contains("linked to another phone now"),
        "{replies:?}"
    );
    assert!(
        replies[before + 1].starts_with("🚫 Cancelled"),
        "{replies:?}"
    );
    let of_old = |sessions: &Vec<String>| sessions.iter().filter(|s| s.is_empty()).count() == 1;
    until(
        "one conversation to be cleared",
        || world.sessions(),
        of_old,
    )
    .await;
    assert_eq!(
        endings(&world).await,
        [("replaced".to_owned(), "chat".to_owned())]
    );
    // The same phone anew: another link, and no news of an end.
    let again = other.links(USER, "55 5555 0101").await;
    assert!(again.starts_with("✅ WhatsApp linked"), "{again}");
    assert_eq!(other.replies().await.len(), 2);
    each_message_has_one_final_reply(&world).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_worker_left_to_be_done_does_not_bring_a_cleared_conversation_back() {
    let mut world = Setup::default().start().await;
    let phone = somebody_who_waits(&world).await;
    world.streams.are_quiet().await;
    world.worker.take().expect("a worker").stop().await;
    let mut doomed = world.spawn_worker(&[("FOCO_KILL_AT", KillPoint::RouteRecorded.name())]);
    phone.sends("/workspace Estudio Jacaranda").await;
    doomed.ended().await;
    world.signs_in(USER).await.unlinks().await;
    assert_eq!(world.sessions().await, [""]);
    // Its outcome holds a session of the link that was, newer than what is in Redis.
    world.start_worker(&[]).await;
    world.streams.are_quiet().await;
    assert_eq!(world.sessions().await, [""]);
    each_message_has_one_final_reply(&world).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_ingester_left_to_be_done_the_workers_do() {
    let mut world = Setup::default().start().await;
    let phone = somebody_who_waits(&world).await;
    let before = phone.replies().await.len();
    world
        .restart_ingest(&[("FOCO_KILL_AT", KillPoint::IngestUnlinked.name())])
        .await;
    let web = world.signs_in(USER).await;
    let answer = web.tries(Method::DELETE, "unlink", Value::Null).await;
    assert!(answer.is_err(), "{answer:?}");
    world.restart_ingest(&[]).await;
    web.unlinks().await;
    // As if it had been a while ago.
    sqlx::raw_sql(
        "alter table whatsapp_reply_parts disable trigger whatsapp_reply_parts_updated_at;
         update whatsapp_reply_parts set updated_at = now() - interval '10 minutes';
         update whatsapp_replies set created_at = now() - interval '10 minutes';
         alter table whatsapp_reply_parts enable trigger whatsapp_reply_parts_updated_at;",
    )
    .execute(world.pool())
    .await
    .unwrap();
    phone.gets(before + 2).await;
    sessions_are_cleared(&world).await;
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), before + 2);
    each_message_has_one_final_reply(&world).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_waits_for_a_person_who_has_not_written_for_a_day() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    let before = phone.replies().await.len();
    sqlx::query("update whatsapp_recipients set last_inbound_at = now() - interval '25 hours'")
        .execute(world.pool())
        .await
        .unwrap();
    world.signs_in(USER).await.unlinks().await;
    let held = "select count(*) from whatsapp_reply_parts where state = 'held'";
    until(
        "the notice to be held",
        || world.count(held),
        |held| *held == 1,
    )
    .await;
    phone.sends("Fix the login, 2 hours").await;
    phone.gets(before + 2).await;
    let replies = phone.replies().await;
    assert!(replies[before].contains("unlinked"), "{replies:?}");
    assert!(
        replies[before + 1].starts_with("This phone is not linked"),
        "{replies:?}"
    );
    assert_eq!(
        world
            .count("select count(*) from whatsapp_user_links")
            .await,
        0
    );
    world.ends_clean().await;
}
