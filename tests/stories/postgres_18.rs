//! PostgreSQL 18: since 16, whoever makes a role is not thereby able to become it, and Supabase has
//! moved on to later versions than the one that everything else here runs on.

use harness::{Foco, Phone, Postgres, Setup, World};

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_18_people_get_their_proposals_whatever_foco_they_are_on() {
    let postgres = Postgres::of_version_18().await;
    // The stand-in first: it makes the roles that Supabase's server has from the beginning.
    for foco in Foco::ALL {
        let world = Setup::on(foco).on_server(&postgres).start().await;
        let version = "select current_setting('server_version_num')::bigint / 10000";
        assert_eq!(world.count(version).await, 18);
        let phone = world.phone_at_work().await;
        a_request_is_proposed_listed_and_taken_back(&world, &phone).await;
        let again = world.runs("focobot", &migrates(foco)).await;
        assert!(again.status.success(), "{foco:?}: {again:?}");
        let forgotten = ["forget", "+525555550100", "--yes"];
        let forgotten = world.runs("focobot", &forgotten).await;
        assert!(forgotten.status.success(), "{foco:?}: {forgotten:?}");
        world.ends_clean().await;
    }
}

fn migrates(foco: Foco) -> Vec<&'static str> {
    match foco {
        Foco::StandIn => vec!["migrate", "--standalone"],
        Foco::A | Foco::B => vec!["migrate"],
    }
}

async fn a_request_is_proposed_listed_and_taken_back(world: &World, phone: &Phone) {
    let foco = world.foco;
    let tasks = phone.asks("/list tasks").await;
    assert!(tasks.contains("Cambiar el logotipo"), "{foco:?}: {tasks}");
    let reply = phone.asks("Fix the login, 2 hours").await;
    assert!(
        reply.starts_with("✅ Proposal created!"),
        "{foco:?}: {reply}"
    );
    assert_eq!(world.proposals().await.len(), 1, "{foco:?}");
    let reply = phone.asks("/undo").await;
    assert!(reply.contains("Fix the login"), "{foco:?}: {reply}");
    assert!(world.proposals().await.is_empty(), "{foco:?}");
}
