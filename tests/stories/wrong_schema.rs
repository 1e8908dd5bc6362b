//! A database that is not as this release asks for it is no server that is away: what asks for the
//! missing is given up soon, told and replayed, its lane goes on, and everybody who asks how the
//! system is hears of it at once. Where nothing can be registered, everything waits.

use common::{identity::WaAddress, sender::Lane};
use harness::{Phone, Setup, USER, World, printed, until};
use serde_json::{Value, json};

use crate::doctor::{change, complaint, doctor};

/// What `/readyz` of ingester and worker name; empty where all is well.
async fn failing(world: &World) -> [String; 2] {
    let mut said = [String::new(), String::new()];
    for (url, said) in world.metrics_urls().iter().zip(&mut said) {
        let url = url.replace("/metrics", "/readyz");
        let answer = reqwest::get(&url).await.unwrap();
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.unwrap();
        body["failing"]
            .as_str()
            .unwrap_or_default()
            .clone_into(said);
        assert_eq!(status == 503, !said.is_empty(), "{body}");
    }
    said
}

/// Waits until the worker's `/readyz` names that.
async fn worker_says(world: &World, what: &str) {
    let said = || failing(world);
    until("the worker's /readyz", said, |said| said[1] == what).await;
}

async fn letters(world: &World) -> Vec<Value> {
    let output = world.runs("focobot", &["dead", "list", "--json"]).await;
    printed(&output).as_array().expect("a list").clone()
}

async fn letter(world: &World) -> Value {
    let one = |letters: &Vec<Value>| letters.len() == 1;
    let mut letters = until("a dead letter", || letters(world), one).await;
    assert_eq!(letters[0]["reason"], "schema", "{letters:#?}");
    letters.remove(0)
}

async fn verdict(world: &World) -> String {
    let output = world.runs("focobot", &["status", "--json"]).await;
    printed(&output)["verdict"].as_str().unwrap().to_owned()
}

/// Everybody who asks hears of it: `/readyz`, the metric, `status`, `doctor` and the log.
async fn is_said_aloud(world: &World, said: &str) {
    worker_says(world, "schema").await;
    assert!(world.metric("database_schema_wrong", &[]).await > 0.5);
    let verdict = || verdict(world);
    until("the verdict", verdict, |verdict| verdict.contains(said)).await;
    let found = complaint(&doctor(world, &[]).await, "schema");
    assert!(found.contains(said), "{found}");
    let logged = world.worker.as_ref().unwrap().logged();
    assert!(logged.contains(said), "PostgreSQL's own words are missing");
}

/// Nobody hears of it any more.
async fn is_over(world: &World) {
    worker_says(world, "").await;
    assert!(world.metric("database_schema_wrong", &[]).await < 0.5);
    let lines = doctor(world, &[]).await;
    let of_schema = lines.iter().find(|line| line["check"] == "schema").unwrap();
    assert_eq!(of_schema["ok"], true, "{of_schema}");
}

/// A stranger whose messages go the same lane.
fn neighbour(world: &World, phone: &Phone) -> Phone {
    let lane = |address: &str| Lane::of(&WaAddress::parse(address).unwrap().identity());
    let of_lane = lane(&phone.address);
    let addresses = (101..200).map(|n| format!("whatsapp:+5215555550{n}"));
    let mut others = addresses.filter(|address| lane(address) == of_lane);
    world.phone(&others.next().expect("one of a hundred in 32 lanes"))
}

/// The sender is told, somebody else of the same lane is answered, and a replay carries it out once
/// it can be.
async fn dies_alone(world: &World, phone: &Phone, stage: &str) -> String {
    let letter = letter(world).await;
    assert_eq!(letter["stage"], stage, "{letter}");
    let told = |replies: &Vec<String>| replies.iter().any(|r| r.contains("Your message is safe"));
    until("the sender to be told", || phone.replies(), told).await;
    let answer = neighbour(world, phone)
        .asks("Hello, how does this work?")
        .await;
    assert!(answer.contains("link"), "{answer}");
    letter["id"].to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_table_kills_what_asks_for_it_and_holds_up_nobody() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    change(
        &world,
        "alter table whatsapp_link_events rename to elsewhere",
    )
    .await;
    phone.sends("VERIFY 123456").await;
    let letter = dies_alone(&world, &phone, "route").await;
    let said = "42P01: relation \\\"whatsapp_link_events\\\" does not exist";
    worker_says(&world, "schema").await;
    let logged = world.worker.as_ref().unwrap().logged();
    assert!(logged.contains(said), "PostgreSQL's own words are missing");
    is_said_aloud(&world, "whatsapp_link_events").await;
    change(
        &world,
        "alter table elsewhere rename to whatsapp_link_events",
    )
    .await;
    is_over(&world).await;
    let before = phone.replies().await.len();
    world.runs("focobot", &["dead", "replay", &letter]).await;
    let answer = phone.gets(before + 1).await;
    assert!(answer.contains("not right or has expired"), "{answer}");
    world.ends_clean_but_for(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_asks_itself_kills_requests_and_holds_up_nobody() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    let harm = "create policy loop on foco_projects for select to authenticated
        using (exists (select from foco_projects))";
    change(&world, harm).await;
    phone.sends("Fix the login, 2 hours").await;
    let letter = dies_alone(&world, &phone, "route").await;
    is_said_aloud(&world, "infinite recursion").await;
    change(&world, "drop policy loop on foco_projects").await;
    is_over(&world).await;
    world.runs("focobot", &["dead", "replay", &letter]).await;
    let proposals = || world.count("select count(*) from foco_proposals");
    until("the proposal", proposals, |count| *count == 1).await;
    world.ends_clean_but_for(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_given_up_that_cannot_be_registered_or_before_the_database_is_migrated() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    // As a release finds it that is started before `focobot migrate`.
    let latest = world
        .count("select max(version) from _sqlx_migrations")
        .await;
    let unmigrated = format!("delete from _sqlx_migrations where version = {latest}");
    let migrated = format!(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values ({latest}, 'again', true, '', 0)"
    );
    for (what, harm, mend) in [
        (
            "schema",
            "alter table whatsapp_messages rename to elsewhere",
            "alter table elsewhere rename to whatsapp_messages",
        ),
        (
            "migrations",
            "alter table whatsapp_replies rename to elsewhere",
            "alter table elsewhere rename to whatsapp_replies",
        ),
    ] {
        if what == "migrations" {
            change(&world, &unmigrated).await;
        }
        change(&world, harm).await;
        let before = phone.replies().await.len();
        phone.sends("/help").await;
        let worker = world.worker.as_ref().unwrap();
        let waited = worker.logged().matches("another schema").count();
        let tries = || async { worker.logged().matches("another schema").count() - waited };
        until("more tries than deaths need", tries, |tries| *tries >= 10).await;
        worker_says(&world, what).await;
        change(&world, mend).await;
        if what == "migrations" {
            change(&world, &migrated).await;
        }
        assert!(phone.gets(before + 1).await.contains("What I can do"));
        worker_says(&world, "").await;
    }
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ingester_and_a_sweep_that_miss_a_table_say_so_too() {
    let world = Setup::default().start().await;
    let account = world.signs_in(USER).await;
    change(
        &world,
        "alter table whatsapp_link_codes rename to elsewhere",
    )
    .await;
    let (status, answer) = account.asks("+52 55 5555 0100").await;
    assert_eq!((status, &answer["code"]), (500, &json!("internal")));
    let said = || failing(&world);
    until("the ingester", said, |said| said[0] == "schema").await;
    let webhook = format!("{}/readyz/webhook", world.ingest_url());
    assert_eq!(reqwest::get(webhook).await.unwrap().status(), 200);
    change(
        &world,
        "alter table elsewhere rename to whatsapp_link_codes",
    )
    .await;
    until("the ingester", said, |said| said[0].is_empty()).await;
    assert_eq!(account.asks("+52 55 5555 0100").await.0, 200);
    // Nobody writes; the sweep alone asks for it.
    change(
        &world,
        "alter table whatsapp_ended_links rename to elsewhere",
    )
    .await;
    is_said_aloud(&world, "whatsapp_ended_links").await;
    change(
        &world,
        "alter table elsewhere rename to whatsapp_ended_links",
    )
    .await;
    is_over(&world).await;
    world.ends_clean().await;
}
