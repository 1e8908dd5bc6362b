//! Who wants no more messages gets none, and who asks what this is hears it.

use harness::{Phone, Setup, World, until};
use serde_json::json;

/// Sends a text that Twilio's opt-out management has answered itself.
async fn sends_to_twilio(world: &World, phone: &Phone, text: &str, kind: &str) {
    let message = json!({"from": phone.address, "body": text, "params": {"OptOutType": kind}});
    let (_, responses) = world.simulator.inbound(message).await;
    assert_eq!(responses[0]["status"], 200, "{responses:?}");
}

/// How the parts of a person's replies stand: state, Twilio's code, and why they were withheld.
async fn withheld(world: &World) -> Vec<(String, Option<i32>, bool)> {
    sqlx::query_as(
        "select state, error_code, told from whatsapp_reply_parts where withheld = 'opted_out'
         order by id",
    )
    .fetch_all(world.pool())
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn while_somebody_is_out_at_twilio_nothing_is_sent_or_kept_and_they_come_back_to_nothing_old()
{
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    let before = phone.replies().await.len();
    sends_to_twilio(&world, &phone, "STOP", "STOP").await;
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), before);

    // Twilio refuses what is posted to somebody who is out.
    let out = json!([{"match": {"operation": "send"},
        "times": 9,
        "action": {"kind": "status", "status": 400, "code": 21610}}]);
    world.simulator.twilio_faults(out).await;
    phone.sends("Arreglar la puerta, 2 horas").await;
    phone.sends("/status").await;
    until("both to end", || withheld(&world), |parts| parts.len() >= 2).await;
    let ended = withheld(&world).await;
    let expected = ("failed".to_owned(), Some(21610), true);
    assert!(ended.iter().all(|part| *part == expected), "{ended:?}");
    world.streams.are_quiet().await;
    let letters = "select count(*) from whatsapp_dead_letters";
    assert_eq!(world.count(letters).await, 0);

    world.simulator.twilio_faults(json!([])).await;
    sends_to_twilio(&world, &phone, "START", "START").await;
    world.streams.are_quiet().await;
    assert_eq!(
        phone.replies().await.len(),
        before,
        "{:?}",
        phone.replies().await
    );
    let said = phone.asks("/status").await;
    assert!(said.starts_with("🏢"), "{said}");
    assert_eq!(phone.replies().await.len(), before + 1);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_twilio_takes_and_does_not_deliver_to_somebody_who_is_out_is_not_kept_either() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    let out = json!([{"match": {"operation": "send"},
        "action": {"kind": "async_failure", "code": 21610, "status": "undelivered"}}]);
    world.simulator.twilio_faults(out).await;
    phone.sends("/status").await;
    until("it to end", || withheld(&world), |parts| parts.len() == 1).await;
    world.streams.are_quiet().await;
    assert_eq!(withheld(&world).await[0].0, "failed");
    assert_eq!(
        world
            .count("select count(*) from whatsapp_dead_letters")
            .await,
        0
    );
    world.simulator.twilio_faults(json!([])).await;
    // Nor is anybody told of it.
    let said = phone.asks("/help").await;
    assert!(said.starts_with("💡"), "{said}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_twilios_opt_out_a_short_answer_says_how_to_leave_and_nothing_is_filed() {
    let world = Setup::default().start().await;
    let stranger = world.phone("whatsapp:+5215555550177");
    for (text, says) in [
        ("BAJA", "Este teléfono no está vinculado a ninguna cuenta"),
        ("Stop", "This phone is linked to no account"),
    ] {
        let said = stranger.asks(text).await;
        assert!(
            said.starts_with(says) && said.contains("WhatsApp"),
            "{text}: {said}"
        );
    }
    let phone = world.phone_at_work().await;
    for (text, says) in [
        ("Hola, quiero darme de baja por favor", "/desvincular"),
        ("ALTO", "/desvincular"),
        ("please stop texting me", "/unlink"),
    ] {
        let said = phone.asks(text).await;
        assert!(said.contains(says), "{text}: {said}");
    }
    // Nor what an advertisement makes people write first.
    let said = phone.asks("¡Hola! Quiero más información.").await;
    assert!(said.starts_with("💡"), "{said}");
    let said = phone
        .asks("Ajustar los precios de temporada baja, 2 horas")
        .await;
    assert!(said.contains("temporada baja"), "{said}");
    let proposals = world.count("select count(*) from foco_proposals").await;
    assert_eq!(proposals, 1);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_linked_and_asks_what_this_is_hears_it_in_both_languages() {
    let world = Setup::default()
        .with("FOCO_LINK_URL", "https://foco.mx/whatsapp")
        .start()
        .await;
    let stranger = world.phone("whatsapp:+5215555550177");
    let (english, spanish) = ("I am FocoBot", "Soy FocoBot");
    for (text, first, second) in [
        ("soporte", spanish, english),
        ("¡Hola! Quiero más información.", spanish, english),
        ("/ayuda", spanish, english),
        ("help", english, spanish),
        ("What is this?", english, spanish),
    ] {
        let said = stranger.asks(text).await;
        let at = |what| said.find(what).unwrap_or_else(|| panic!("{text}: {said}"));
        assert!(at(first) < at(second), "{text}: {said}");
        assert_eq!(
            said.matches("https://foco.mx/whatsapp").count(),
            2,
            "{said}"
        );
    }
    let said = stranger.asks("Arreglar la puerta").await;
    assert!(said.starts_with("Este teléfono todavía no"), "{said}");
    assert_eq!(world.count("select count(*) from foco_proposals").await, 0);
    world.ends_clean().await;
}
