//! Choosing, waiting, clearing: the conversation around requests.

use harness::{Foco, PROJECT_APP, PROJECT_WORKSHOP, Setup, USER};
use uuid::Uuid;

on_each_foco! {
    requests_without_a_project_wait_and_are_carried_out_in_order_once_one_is_chosen,
    a_session_that_redis_lost_is_asked_for_again_and_nothing_else_is_lost,
    thanks_make_no_proposal_and_voice_says_what_can_be_sent,
    clear_drops_what_waits_and_says_so,
}

async fn projects_of_proposals(world: &harness::World) -> Vec<(String, Uuid)> {
    let stored = world.proposals().await;
    let each = stored
        .into_iter()
        .map(|proposal| (proposal.title, proposal.project_id));
    each.collect()
}

async fn requests_without_a_project_wait_and_are_carried_out_in_order_once_one_is_chosen(
    foco: Foco,
) {
    let world = Setup::on(foco).start().await;
    let phone = world.phone("whatsapp:+5215555550100");
    phone.links(USER, "5555550100").await;
    for text in ["Arreglar el login, 2 horas", "Pintar la bodega, 3 horas"] {
        let reply = phone.asks(text).await;
        assert!(reply.contains("/proyecto"), "{reply}");
        assert!(reply.contains("3. Bodega (Taller Norte)"), "{reply}");
    }
    phone.sends("3").await;
    let replies = phone.gets(6).await;
    assert!(replies.starts_with("✅ ¡Propuesta creada!"), "{replies}");
    let stored = projects_of_proposals(&world).await;
    assert_eq!(stored.len(), 2);
    assert!(
        stored
            .iter()
            .all(|(_, project)| *project == PROJECT_WORKSHOP),
        "{stored:?}"
    );
    let chosen = &phone.replies().await[3];
    assert!(
        chosen.contains("*Bodega*") && chosen.contains("2 solicitudes"),
        "{chosen}"
    );
    world.ends_clean().await;
}

async fn a_session_that_redis_lost_is_asked_for_again_and_nothing_else_is_lost(foco: Foco) {
    let world = Setup::on(foco).start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    world.forget_sessions().await;
    assert!(phone.asks("/status").await.contains("none chosen yet"));
    let before = phone.replies().await.len();
    let reply = phone.asks("Fix the login, 2 hours").await;
    assert!(reply.contains("/project"), "{reply}");
    phone.sends("/project app").await;
    phone.gets(before + 3).await;
    let stored = projects_of_proposals(&world).await;
    assert_eq!(
        stored
            .iter()
            .map(|(_, project)| *project)
            .collect::<Vec<_>>(),
        [PROJECT_APP]
    );
    world.ends_clean().await;
}

async fn thanks_make_no_proposal_and_voice_says_what_can_be_sent(foco: Foco) {
    let world = Setup::on(foco).start().await;
    let phone = world.phone_at_work().await;
    let reply = phone.asks("¡Muchas gracias!").await;
    assert!(reply.contains("¡Con gusto!"), "{reply}");
    let voice = serde_json::json!({"from": phone.address, "body": "", "params": {
        "NumMedia": "1", "MessageType": "audio", "MediaContentType0": "audio/ogg",
        "MediaUrl0": "https://api.twilio.com/media/1"}});
    world.simulator.inbound(voice).await;
    let reply = phone.gets(4).await;
    assert!(reply.contains("notas de voz"), "{reply}");
    assert!(world.proposals().await.is_empty());
    world.ends_clean().await;
}

async fn clear_drops_what_waits_and_says_so(foco: Foco) {
    let world = Setup::on(foco).start().await;
    let phone = world.phone("whatsapp:+5215555550100");
    phone.links(USER, "+52 1 55 5555 0100").await;
    phone.asks("Fix the login, 2 hours").await;
    let reply = phone.asks("/clear").await;
    assert!(
        reply.contains("I dropped the request that was waiting"),
        "{reply}"
    );
    let reply = phone.asks("/project bodega").await;
    assert!(!reply.contains("waiting"), "{reply}");
    world.streams.are_quiet().await;
    assert!(world.proposals().await.is_empty());
    world.ends_clean().await;
}
