//! The documentation's own walk: link, list, choose, ask, and get a proposal.

use chrono::{Datelike, Duration, NaiveDate, Weekday};
use harness::{Foco, PROJECT_WEB, Setup, USER, WORKSPACE, until};

on_each_foco! {
    a_request_becomes_a_proposal_and_its_reply_reaches_the_phone_that_wrote,
    the_model_reads_the_request_where_one_is_configured,
}

/// The next Friday strictly after today, in the user's time zone.
fn next_friday() -> NaiveDate {
    let today = common::clock::Clock::system()
        .now()
        .with_timezone(&timezone::Zone::mexico_city())
        .date_naive();
    (1..=7)
        .map(|days| today + Duration::days(days))
        .find(|day| day.weekday() == Weekday::Fri)
        .expect("a week has a Friday")
}

async fn a_request_becomes_a_proposal_and_its_reply_reaches_the_phone_that_wrote(foco: Foco) {
    let world = Setup::on(foco).start().await;
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

    let stored = world.proposals().await;
    let [proposal] = stored.as_slice() else {
        panic!("{stored:?}");
    };
    assert_eq!(proposal.user_id, USER);
    assert_eq!(proposal.project_id, PROJECT_WEB);
    assert_eq!(proposal.workspace_id, WORKSPACE);
    assert_eq!(proposal.description.as_deref(), Some(text));
    // Where Foco has a trigger for it, the first item brings the draft before whoever decides.
    let status = match foco {
        Foco::StandIn => "draft",
        Foco::A | Foco::B => "pending_review",
    };
    assert_eq!(proposal.status, status);
    let fixed = format!(
        "✅ Proposal created!\n\n📝 2 items\n⏱️ 8 hours estimated\n\nView: {}/proposals/{}\n",
        world.simulator.url(),
        proposal.id
    );
    assert!(reply.starts_with(&fixed), "{reply}");
    its_items_are_as_asked_for(&world, proposal.id).await;

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
    let items = world.items().await;
    assert_eq!(items.len(), 2);
    for (item, title) in items.iter().zip(["login page", "user dashboard"]) {
        assert_eq!(item.proposal_id, proposal);
        assert!(item.title.to_lowercase().contains(title), "{items:?}");
        assert_eq!(item.due_date, Some(next_friday()), "{items:?}");
    }
    let hours: f64 = items.iter().filter_map(|item| item.hours).sum();
    assert!((hours - 8.0).abs() < 1e-9, "{items:?}");
}

/// The message's status by `focobot message`.
async fn status_of(world: &harness::World, sid: &str) -> String {
    let output = world.runs("focobot", &["message", sid, "--json"]).await;
    let story: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    story["status"].as_str().unwrap_or_default().to_owned()
}

async fn the_model_reads_the_request_where_one_is_configured(foco: Foco) {
    let world = Setup::on(foco).with_model().start().await;
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
    let stored = world.proposals().await;
    assert_eq!(stored[0].provenance["model"], "gpt-5.4-mini", "{stored:?}");
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

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_is_looked_at_where_the_setting_says() {
    let page = "https://foco.example/proposals?from=wa&open={id}";
    let setup = Setup::on(Foco::A).with("FOCO_PROPOSAL_URL", page);
    let world = setup.start().await;
    let phone = world.phone_at_work().await;
    let reply = phone.asks("Fix the login, 2 hours").await;
    let proposal = world.proposals().await[0].id;
    let link = format!("View: https://foco.example/proposals?from=wa&open={proposal}\n");
    assert!(reply.contains(&link), "{reply}");
    world.ends_clean().await;
}
