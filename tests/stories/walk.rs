//! The documentation's own walk: link, list, choose, ask, and get a proposal.

use chrono::{Datelike, Duration, NaiveDate, Weekday};
use harness::{Setup, USER, until};

/// The next Friday strictly after today, in the user's time zone.
fn next_friday() -> NaiveDate {
    let today = common::clock::Clock::system()
        .now()
        .with_timezone(&chrono_tz::America::Mexico_City)
        .date_naive();
    (1..=7)
        .map(|days| today + Duration::days(days))
        .find(|day| day.weekday() == Weekday::Fri)
        .expect("a week has a Friday")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_becomes_a_proposal_and_its_reply_reaches_the_phone_that_wrote() {
    let world = Setup::default().start().await;
    let phone = world.phone("whatsapp:+5215555550100");

    assert_eq!(
        phone.links(USER, "+52 55 5555 0100").await,
        "✅ WhatsApp linked to your Foco account!\nYou can now send proposals and receive notifications."
    );
    let projects = phone.asks("/list projects").await;
    assert!(
        projects.contains("1. App móvil (Estudio Jacaranda)"),
        "{projects}"
    );
    let list = phone.asks("/project").await;
    assert!(list.contains("2. Sitio web (Estudio Jacaranda)"), "{list}");
    assert!(phone.asks("2").await.contains("*Sitio web*"));

    let text = "Need to add login page and user dashboard by Friday. Should take about 8 hours.";
    let sid = phone.sends(text).await;
    let reply = phone.gets(5).await;

    let proposal: uuid::Uuid = sqlx::query_scalar("select id from foco_proposals")
        .fetch_one(world.pool())
        .await
        .unwrap();
    let fixed = format!(
        "✅ Proposal created!\n\n📝 2 items\n⏱️ 8 hours estimated\n\nView: {}/proposals/{proposal}\n",
        world.simulator.url()
    );
    assert!(reply.starts_with(&fixed), "{reply}");
    its_items_are_as_asked_for(&world, proposal).await;

    let sends = world.simulator.accepted(&phone.address).await;
    assert!(
        sends
            .iter()
            .all(|send| send.to == "whatsapp:+5215555550100"),
        "{sends:?}"
    );
    until(
        "the reply to be read",
        || status_of(&world, &sid),
        |status| status == "read",
    )
    .await;
    world.ends_clean().await;
}

/// Two items, due next Friday, eight hours together.
async fn its_items_are_as_asked_for(world: &harness::World, proposal: uuid::Uuid) {
    let items: Vec<(String, f64, NaiveDate)> = sqlx::query_as(
        "select title, estimated_hours::float8, due_date from foco_proposal_items
         where proposal_id = $1 order by position",
    )
    .bind(proposal)
    .fetch_all(world.pool())
    .await
    .unwrap();
    assert_eq!(items.len(), 2);
    assert!(
        items[0].0.to_lowercase().contains("login page"),
        "{items:?}"
    );
    assert!(
        items[1].0.to_lowercase().contains("user dashboard"),
        "{items:?}"
    );
    assert!(
        items.iter().all(|item| item.2 == next_friday()),
        "{items:?}"
    );
    assert!(
        (items.iter().map(|item| item.1).sum::<f64>() - 8.0).abs() < 1e-9,
        "{items:?}"
    );
}

/// The message's status by `focobot message`.
async fn status_of(world: &harness::World, sid: &str) -> String {
    let output = world.runs("focobot", &["message", sid, "--json"]).await;
    let story: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    story["status"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_model_reads_the_request_where_one_is_configured() {
    let world = Setup::default().with_model().start().await;
    let phone = world.phone_at_work().await;
    let reply = phone
        .asks("Need to add login page and user dashboard. 8 hours.")
        .await;
    assert!(
        reply.contains("📝 2 items\n⏱️ 8 hours estimated"),
        "{reply}"
    );
    assert!(!reply.contains("Rough estimate"), "{reply}");
    assert_eq!(world.simulator.model_requests().await, 1);
    let reader: String = sqlx::query_scalar("select metadata ->> 'model' from foco_proposals")
        .fetch_one(world.pool())
        .await
        .unwrap();
    assert_eq!(reader, "gpt-5.4-mini");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_cannot_answer_is_stood_in_for_and_the_reply_says_so() {
    let world = Setup::default().with_model().start().await;
    let phone = world.phone_at_work().await;
    let refused = serde_json::json!([{"times": 9, "action": {"kind": "status", "status": 503}}]);
    world.simulator.openai_faults(refused).await;
    let reply = phone.asks("Hay que arreglar el login, 3 horas").await;
    assert!(
        reply.contains("📝 1 tarea\n⏱️ 3 horas estimadas"),
        "{reply}"
    );
    assert!(reply.contains("\n⚠️ Estimación aproximada\n"), "{reply}");
    world.ends_clean().await;
}
