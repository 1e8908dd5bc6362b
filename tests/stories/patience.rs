//! Waiting: typing dots, one "working on it", and an end to what waits for a project.

use harness::{Setup, USER, World, until};
use reqwest::Method;
use serde_json::{Value, json};

/// Typing indicators that Twilio was asked for.
async fn typing(world: &World) -> Vec<Value> {
    let seen = world
        .simulator
        .call(Method::GET, "typing", Value::Null)
        .await;
    seen["typing"].as_array().cloned().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_long_for_a_reading_sees_dots_and_is_told_once() {
    let world = Setup::default().with_model().start().await;
    let phone = world.phone_at_work().await;
    let before = phone.replies().await.len();
    let late = json!([{"action": {"kind": "delay", "ms": 12_000}}]);
    world.simulator.openai_faults(late).await;
    let sid = phone.sends("Hay que arreglar el login, 3 horas").await;
    let dots = || typing(&world);
    let calls = until("typing dots", dots, |calls| !calls.is_empty()).await;
    assert_eq!(calls[0]["message_sid"], sid.as_str());
    assert_eq!(calls[0]["version"], "v2");
    let answer = phone.gets(before + 2).await;
    assert!(answer.starts_with("✅ ¡Propuesta creada!"), "{answer}");
    assert_eq!(phone.replies().await[before], "⏳ Estoy en eso…");
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), before + 2);
    assert_eq!(typing(&world).await.len(), 1);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_carried_out_all_the_same_while_twilio_shows_no_dots() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    let refused = json!([{"match": {"operation": "typing"}, "times": 9,
        "action": {"kind": "status", "status": 500}}]);
    world.simulator.twilio_faults(refused).await;
    let answer = phone.asks("Fix the login, 2 hours").await;
    assert!(answer.starts_with("✅ Proposal created!"), "{answer}");
    let refused = [("outcome", "refused")];
    let counted = || world.metric("typing_indicators_total", &refused);
    until("the refusal to be counted", counted, |count| *count > 0.5).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_waited_a_day_for_a_project_is_let_go_and_its_sender_told_once() {
    let world = Setup::default().start().await;
    let phone = world.phone("whatsapp:+5215555550100");
    phone.links(USER, "+52 55 5555 0100").await;
    phone.asks("Arreglar el login, 2 horas").await;
    phone.asks("Pintar la bodega, 3 horas").await;
    world.streams.are_quiet().await;
    sqlx::query(
        "update whatsapp_messages set received_at = received_at - interval '24 hours 1 minute'
         where body like 'Arreglar%'",
    )
    .execute(world.pool())
    .await
    .unwrap();
    let told = phone.gets(4).await;
    assert!(
        told.starts_with("⌛ Tu solicitud esperó 24 horas"),
        "{told}"
    );
    assert!(told.contains("“Arreglar el login, 2 horas”"), "{told}");
    // What is younger still waits, and is carried out.
    let chosen = phone.asks("/proyecto bodega").await;
    assert!(
        chosen.contains("la solicitud que estaba en espera"),
        "{chosen}"
    );
    let answer = phone.gets(6).await;
    assert!(answer.starts_with("✅ ¡Propuesta creada!"), "{answer}");
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), 6);
    world.ends_clean().await;
}

/// Also while a message is in hand that is done but for what follows from it.
#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_takes_nothing_is_waited_for_and_no_message_is_given_up() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    world.streams.has_room("outbound", 1).await;
    phone.sends("/help").await;
    let worker = world.worker.as_ref().unwrap();
    let tries = || async { worker.logged().matches("waiting for a server").count() };
    until("more tries than deaths need", tries, |tries| *tries >= 8).await;
    world.streams.has_room("outbound", -1).await;
    assert!(phone.gets(3).await.contains("What I can do"));
    world.ends_clean().await;
}
