//! A store that comes back with less than it had: a failover to a replica that lacked something, a
//! disk of yesterday. It is noticed before anything is done by it, and nothing is done twice.

use harness::{Failover, OwnServer, PROJECT_WORKSHOP, Phone, Setup, World, printed, until};
use serde_json::Value;

const OPEN_REPLIES: &str = "select count(*) from whatsapp_reply_parts where state <> 'accepted'";
const PROPOSALS: &str = "select count(*) from foco_proposals";

/// What a worker's `/readyz` names as failing; nothing where it is ready.
async fn failing(world: &World) -> Option<String> {
    let answer = reqwest::get(world.worker_url("/readyz")).await.ok()?;
    let said: Value = answer.json().await.ok()?;
    Some(said["failing"].as_str().unwrap_or_default().to_owned())
}

async fn worker_says(world: &World, what: &str) {
    let said = |failing: &Option<String>| failing.as_deref() == Some(what);
    until(what, || failing(world), said).await;
}

/// A request is proposed and answered, and that is written down.
async fn is_answered(world: &World, phone: &Phone) {
    let reply = phone.asks("Arreglar la báscula, 2 horas").await;
    assert!(reply.contains("Propuesta creada"), "{reply}");
    let open = || world.count(OPEN_REPLIES);
    until("every reply written down", open, |count| *count == 0).await;
    world.streams.are_quiet().await;
}

/// All that says how a system is names that store.
async fn all_name_it(world: &World, store: &str, words: &str) {
    let status = world.runs("focobot", &["status", "--json"]).await;
    assert_eq!(status.status.code(), Some(1), "{status:?}");
    let verdict = printed(&status)["verdict"].to_string();
    assert!(
        verdict.contains(words) && verdict.contains("focobot restored"),
        "{verdict}"
    );
    let doctor = world.runs("focobot", &["doctor", "--json"]).await;
    let doctor = printed(&doctor);
    let lines = doctor.as_array().unwrap();
    let named = lines.iter().any(|line| {
        line["check"] == "stores"
            && line["ok"] == false
            && line["detail"].as_str().unwrap().contains(words)
    });
    assert!(named, "{doctor}");
    assert!(world.metric("store_went_back", &[("store", store)]).await > 0.5);
}

async fn ids(world: &World) -> Vec<uuid::Uuid> {
    sqlx::query_scalar("select id from foco_proposals")
        .fetch_all(world.pool())
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failover_to_a_replica_that_lacks_something_lets_all_rest_until_it_is_mended() {
    let mut failover = Failover::make().await;
    let postgres = failover.postgres();
    let world = Setup::default().on_server(&postgres).start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    failover.replica_has_all().await;
    failover.replica_falls_behind().await;
    is_answered(&world, &phone).await;
    let (made, answered) = (ids(&world).await, phone.replies().await.len());
    assert_eq!(made.len(), 1);

    failover.happens().await;
    worker_says(&world, "postgresql_went_back").await;
    all_name_it(&world, "postgresql", "PostgreSQL went back").await;
    assert_eq!(world.count(PROPOSALS).await, 0);
    // Messages are taken all the same, and wait.
    phone.sends("/help").await;
    let told = world.runs("focobot", &["restored"]).await;
    assert_eq!(told.status.code(), Some(2), "{told:?}");
    assert_eq!(phone.replies().await.len(), answered);

    let mended = world
        .runs("focobot", &["restored", "--yes", "--json"])
        .await;
    assert!(mended.status.success(), "{mended:?}");
    worker_says(&world, "").await;
    phone.gets(answered + 1).await;
    let open = || world.count(OPEN_REPLIES);
    until("every reply settled", open, |count| *count == 0).await;
    world.streams.are_quiet().await;
    assert_eq!(ids(&world).await, made);
    assert_eq!(phone.replies().await.len(), answered + 1);
    assert!(world.metric("store_went_back", &[]).await < 0.5);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failover_to_a_replica_that_has_all_is_gone_on_from_without_anybody() {
    let mut failover = Failover::make().await;
    let postgres = failover.postgres();
    let world = Setup::default().on_server(&postgres).start().await;
    let phone = world.phone_at_work().await;
    is_answered(&world, &phone).await;
    let made = ids(&world).await;
    failover.replica_has_all().await;
    failover.happens().await;
    phone.asks("/help").await;
    assert_eq!(ids(&world).await, made);
    let status = || async { printed(&world.runs("focobot", &["status", "--json"]).await) };
    until("all to be well", status, |status| status["ok"] == true).await;
    let log = world.worker.as_ref().unwrap().logged();
    let said = log
        .matches("is another one, and has all that is marked")
        .count();
    assert_eq!(said, 1, "{log}");
    // Our role may read which server it is.
    assert!(
        log.contains("system: Some(") && log.contains("timeline: Some("),
        "{log}"
    );
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_starts_on_a_server_with_less_rests_until_it_is_led_to_one_that_has_all() {
    let mut failover = Failover::make().await;
    let postgres = failover.postgres();
    let mut world = Setup::default().on_server(&postgres).start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    failover.replica_has_all().await;
    failover.replica_falls_behind().await;
    is_answered(&world, &phone).await;
    let made = ids(&world).await;
    // All that knows of it is what it has marked.
    world.worker.take().unwrap().stop().await;
    // However many have come and gone, the next one has looked through their marks in time.
    world.streams.ended_workers_mark_the_same(2_000).await;
    failover.leads_to_the_replica().await;
    world.worker = Some(world.spawn_worker(&[]));
    worker_says(&world, "postgresql_went_back").await;
    all_name_it(&world, "postgresql", "PostgreSQL went back").await;
    failover.leads_back().await;
    worker_says(&world, "").await;
    phone.asks("/help").await;
    assert_eq!(ids(&world).await, made);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nats_that_comes_back_with_an_older_disk_is_named_and_gives_no_place_twice() {
    let mut nats = OwnServer::careless_nats().await;
    let world = Setup::default().on_nats(&nats.address()).start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    let disk = nats.copies_its_disk().await;
    worker_says(&world, "").await;
    is_answered(&world, &phone).await;
    let place = "select max(stream_sequence) from whatsapp_messages";
    let place = world.count(place).await;
    let marked = "select last_sequence from whatsapp_stream_marks where stream like '%_INBOUND'";
    let marked = || world.count(marked);
    until("the streams to be marked", marked, |mark| *mark >= place).await;
    let answered = phone.replies().await.len();

    nats.comes_back_with(&disk).await;
    worker_says(&world, "nats_went_back").await;
    all_name_it(&world, "nats", "NATS went back").await;
    let mended = world
        .runs("focobot", &["restored", "--yes", "--json"])
        .await;
    assert!(mended.status.success(), "{mended:?}");
    assert_eq!(
        printed(&mended)["streams"]
            .as_u64()
            .map(|streams| streams > 0),
        Some(true)
    );
    worker_says(&world, "").await;

    // What is chosen now counts, although its message would have had a place that was given before.
    phone.asks("/project Bodega").await;
    phone.asks("Pintar la bodega, 3 horas").await;
    let newest = "select max(stream_sequence) from whatsapp_messages";
    assert!(world.count(newest).await > place);
    let projects: Vec<uuid::Uuid> =
        sqlx::query_scalar("select project_id from foco_proposals order by created_at")
            .fetch_all(world.pool())
            .await
            .unwrap();
    assert_eq!(projects.len(), 2);
    assert_eq!(projects[1], PROJECT_WORKSHOP);
    assert_eq!(phone.replies().await.len(), answered + 2);
    world.ends_clean().await;
}
