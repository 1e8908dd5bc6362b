//! A person is erased: a search through everything that is stored finds neither phone nor texts,
//! and nothing brings them back.

use common::{
    identity::WaAddress,
    sender::{HashKeys, Lane},
};
use harness::{Foco, Phone, Setup, World, printed, until};
use secrecy::SecretString;
use serde_json::{Value, json};

on_each_foco! {
    nothing_of_a_forgotten_person_is_found_anywhere_and_their_messages_stay_forgotten,
    what_is_in_flight_at_every_stage_is_forgotten_too,
}

/// The digits that every spelling of the phone has.
const DIGITS: &str = "5555550100";

/// What `focobot forget` says that it erased.
async fn forget(world: &World, person: &str) -> Value {
    let arguments = ["forget", person, "--yes", "--json"];
    let output = world.runs("focobot", &arguments).await;
    assert!(output.status.success(), "{output:?}");
    printed(&output)["erased"].clone()
}

/// The lane and the hash that stand in the subjects of a phone.
fn subject(world: &World, phone: &Phone) -> String {
    let secret = SecretString::from(world.variables()["FOCO_SECRET"].clone());
    let keys = HashKeys::new(vec![secret]).unwrap();
    let identity = WaAddress::parse(&phone.address).unwrap().identity();
    format!("{}.{}", Lane::of(&identity), keys.sender(&identity))
}

async fn states(world: &World) -> Vec<(String, i64)> {
    sqlx::query_as("select state, count(*) from whatsapp_messages group by state order by state")
        .fetch_all(world.pool())
        .await
        .unwrap()
}

async fn is_nowhere(world: &World, texts: &[&str]) {
    for text in texts {
        let found = world.places_of(text).await;
        assert!(found.is_empty(), "{text}: {found:#?}");
    }
}

async fn nothing_of_a_forgotten_person_is_found_anywhere_and_their_messages_stay_forgotten(
    foco: Foco,
) {
    let world = Setup::on(foco).start().await;
    let phone = world.phone_at_work().await;
    let colleague = world.links_another(1).await;
    colleague.asks("Colgar el rotulo amarillo, 2 horas").await;
    let draft = "Arreglar el tlacoyo azul, 4 horas";
    phone.asks(draft).await;
    let work = "Pintar la barda norte mañana, 5 horas";
    phone.asks(work).await;
    let stored = world.proposals().await;
    let kept = stored
        .iter()
        .find(|proposal| proposal.description.as_deref() == Some(work));
    world.accepts(kept.unwrap().id).await;
    let garbage = r#"{"type":"inbound/1","text":"Lavar el zaguan verde"#;
    let inbound = format!("inbound.{}", subject(&world, &phone));
    world.streams.publish(&inbound, garbage).await;
    let letters = || world.count("select count(*) from whatsapp_dead_letters");
    until("the dead letter", letters, |count| *count == 1).await;
    world.streams.are_quiet().await;
    let subject = subject(&world, &phone);
    let (_, hash) = subject.split_once('.').unwrap();
    let texts = [DIGITS, hash, draft, work, "tlacoyo azul", "zaguan verde"];
    for text in texts {
        assert!(!world.places_of(text).await.is_empty(), "{text}");
    }

    let refused = world.runs("focobot", &["forget", "55 5555 0100"]).await;
    assert_eq!(refused.status.code(), Some(2), "nobody said yes");
    let erased = forget(&world, "+52 1 55 5555 0100").await;
    for (what, count) in [
        ("messages", 4),
        ("replies", 4),
        ("links", 1),
        ("dead_letters", 1),
        ("proposals", 1),
        ("proposals_kept", 1),
    ] {
        assert_eq!(erased[what], count, "{what}: {erased}");
    }
    assert!(erased["queued"].as_i64() > Some(10) && erased["sessions"].as_i64() > Some(0));
    is_nowhere(&world, &texts).await;
    assert_eq!(
        states(&world).await,
        [("forgotten".into(), 4), ("proposed".into(), 1)]
    );
    assert_eq!(forget(&world, "5555550100").await["messages"], 0);
    assert!(!world.places_of("rotulo amarillo").await.is_empty());
    nothing_brings_them_back(&world, &phone, draft).await;
    world.ends_clean().await;
}

/// Neither Twilio's own repetition nor its log; and who writes again is a stranger.
async fn nothing_brings_them_back(world: &World, phone: &Phone, draft: &str) {
    let replies = phone.replies().await.len();
    let log = format!("messages?phone={}", phone.address.replace('+', "%2B"));
    let log = world
        .simulator
        .call(reqwest::Method::GET, &log, Value::Null)
        .await;
    let all = log["messages"].as_array().unwrap();
    let sent = all.iter().find(|message| message["body"] == draft).unwrap();
    phone
        .sends_again(sent["sid"].as_str().unwrap(), draft)
        .await;
    world.streams.are_quiet().await;
    let output = world
        .runs("focobot", &["reconcile", "--since", "1h", "--json"])
        .await;
    assert_eq!(printed(&output)["queued"], 0);
    is_nowhere(world, &[DIGITS, draft]).await;
    assert_eq!(phone.replies().await.len(), replies);
    let stranger = phone.asks("hola").await;
    assert!(stranger.contains("no está vinculado"), "{stranger}");
}

/// Lets stages rest, or ends their rest.
async fn all(world: &World, command: &str, stages: &[&str]) {
    for stage in stages {
        let output = world.runs("focobot", &[command, stage]).await;
        assert!(output.status.success(), "{output:?}");
    }
}

/// One message in the model's hands, one that waits to be read, a reply that waits to be sent, and
/// one message that waits in its lane, whose SID this answers.
async fn has_something_everywhere(world: &World, phone: &Phone) -> String {
    let late = json!([{"action": {"kind": "delay", "ms": 4000}}]);
    world.simulator.openai_faults(late).await;
    phone.sends("Fix the lilac door, 2 hours").await;
    let asked = || world.simulator.model_requests();
    until("the model to be asked", asked, |count| *count == 1).await;
    all(world, "pause", &["parse", "send"]).await;
    phone.sends("Fix the mauve window, 2 hours").await;
    phone.sends("/help").await;
    let due = "select count(*) from whatsapp_reply_parts where state = 'pending'";
    until(
        "a reply to be due",
        || world.count(due),
        |count| *count >= 1,
    )
    .await;
    all(world, "pause", &["route"]).await;
    phone.sends("Fix the ochre roof, 2 hours").await
}

async fn what_is_in_flight_at_every_stage_is_forgotten_too(foco: Foco) {
    let world = Setup::on(foco).with_model().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    let waiting = has_something_everywhere(&world, &phone).await;
    let replies = phone.replies().await.len();

    forget(&world, "+525555550100").await;
    all(&world, "resume", &["route", "parse", "send"]).await;
    world.streams.are_quiet().await;
    is_nowhere(
        &world,
        &[DIGITS, "lilac door", "mauve window", "ochre roof"],
    )
    .await;
    assert!(world.proposals().await.is_empty());
    assert_eq!(phone.replies().await.len(), replies);
    assert_eq!(states(&world).await, [("forgotten".into(), 6)]);

    // What a worker published late, having had it in hand: it goes when a stage meets it.
    let request = json!({"type": "parse/1", "message_sid": waiting, "generation": 1,
        "link_id": harness::USER, "user_id": harness::USER, "workspace_id": harness::USER,
        "project_id": harness::USER, "timezone": "America/Mexico_City",
        "sent_at": "2026-11-26T10:00:00Z", "text": "Fix the ochre roof, 2 hours"});
    let subject = subject(&world, &phone);
    let late = format!("parse.{}", subject.split_once('.').unwrap().1);
    world.streams.publish(&late, &request.to_string()).await;
    let stored = || world.streams.stored("parse");
    until("it to be erased", stored, |count| *count == 0).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_forgotten_and_so_is_what_bears_the_hash_of_an_old_secret() {
    let mut world = Setup::default().start().await;
    let phone = world.phone("whatsapp:+5215555550100");
    phone.asks("Quiero el mosaico granate").await;
    world.streams.are_quiet().await;
    let old = world.variables()["FOCO_SECRET"].clone();
    let both = format!("another-secret-for-tests-of-32-characters,{old}");
    world.worker.take().unwrap().stop().await;
    world.restart_ingest(&[("FOCO_SECRET", &both)]).await;
    world.start_worker(&[("FOCO_SECRET", &both)]).await;
    phone.asks("Y el biombo granate").await;
    world.streams.are_quiet().await;
    let mut variables = world.variables().clone();
    variables.insert("FOCO_SECRET".to_owned(), both);
    let arguments = ["forget", "whatsapp:+5215555550100", "--yes", "--json"];
    let output = world.runs_with("focobot", &arguments, &variables).await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(printed(&output)["erased"]["messages"], 2);
    is_nowhere(&world, &[DIGITS, "granate"]).await;
    for word in ["inbound", "outbound", "status"] {
        assert_eq!(world.streams.stored(word).await, 0, "{word}");
    }
    world.ends_clean().await;
}
