//! Choosing, waiting, clearing: the conversation around requests.

use harness::{PROJECT_APP, PROJECT_WORKSHOP, Setup, USER};
use uuid::Uuid;

async fn projects_of_proposals(world: &harness::World) -> Vec<(String, Uuid)> {
    sqlx::query_as("select title, project_id from foco_proposals order by created_at, id")
        .fetch_all(world.pool())
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_without_a_project_wait_and_are_carried_out_in_order_once_one_is_chosen() {
    let world = Setup::default().start().await;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_redis_lost_is_asked_for_again_and_nothing_else_is_lost() {
    let world = Setup::default().start().await;
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

#[tokio::test(flavor = "multi_thread")]
async fn thanks_make_no_proposal_and_voice_says_what_can_be_sent() {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    let reply = phone.asks("¡Muchas gracias!").await;
    assert!(reply.contains("¡Con gusto!"), "{reply}");
    let voice = serde_json::json!({"from": phone.address, "body": "", "params": {
        "NumMedia": "1", "MessageType": "audio", "MediaContentType0": "audio/ogg",
        "MediaUrl0": "https://api.twilio.com/media/1"}});
    world.simulator.inbound(voice).await;
    let reply = phone.gets(4).await;
    assert!(reply.contains("notas de voz"), "{reply}");
    assert_eq!(world.count("select count(*) from foco_proposals").await, 0);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clear_drops_what_waits_and_says_so() {
    let world = Setup::default().start().await;
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
    assert_eq!(world.count("select count(*) from foco_proposals").await, 0);
    world.ends_clean().await;
}
