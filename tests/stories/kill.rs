//! `kill -9` between any two steps: still one proposal, one reply.

use common::kill_point::KillPoint;
use harness::{Setup, World};

/// Kills the worker at each point in turn while it carries out a request, starts another, and
/// counts.
async fn survives(points: &[KillPoint]) {
    let mut world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    let mut replies = phone.replies().await.len();
    for (count, point) in (1..).zip(points) {
        world.streams.are_quiet().await;
        world.worker.take().expect("a worker").stop().await;
        let mut doomed = world.spawn_worker(&[("FOCO_KILL_AT", point.name())]);
        phone
            .sends(&format!("Fix the login number {count}, 2 hours"))
            .await;
        doomed.ended().await;
        world.start_worker(&[]).await;
        replies += 1;
        let reply = phone.gets(replies).await;
        assert!(
            reply.starts_with("✅ Proposal created!"),
            "{point:?}: {reply}"
        );
        world.streams.are_quiet().await;
        assert_eq!(proposals(&world).await, count, "{point:?}");
        assert_eq!(phone.replies().await.len(), replies, "{point:?}");
    }
    world.ends_clean().await;
}

async fn proposals(world: &World) -> i64 {
    world.count("select count(*) from foco_proposals").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_while_it_routes_loses_and_doubles_nothing() {
    survives(&[
        KillPoint::RouteClaimed,
        KillPoint::RouteRecorded,
        KillPoint::RouteSessionWritten,
        KillPoint::RouteFollowed,
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_while_it_parses_loses_and_doubles_nothing() {
    survives(&[
        KillPoint::ParseClaimed,
        KillPoint::ParseUnderstood,
        KillPoint::ParseRecorded,
        KillPoint::ParseFollowed,
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_while_it_sends_loses_and_doubles_nothing() {
    survives(&[
        KillPoint::SendClaimed,
        KillPoint::SendIntended,
        KillPoint::SendPosted,
        KillPoint::SendRecorded,
        KillPoint::StatusRecorded,
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_while_it_gives_up_files_one_dead_letter() {
    let mut world = Setup::default().start().await;
    for (count, point) in (1..).zip([KillPoint::DeadPublished, KillPoint::DeadFiled]) {
        world.worker.take().expect("a worker").stop().await;
        let mut doomed = world.spawn_worker(&[("FOCO_KILL_AT", point.name())]);
        world
            .streams
            .publish("inbound.02.0123456789abcdef", "{")
            .await;
        doomed.ended().await;
        world.start_worker(&[]).await;
        world.streams.are_quiet().await;
        let filed = world
            .count("select count(*) from whatsapp_dead_letters")
            .await;
        assert_eq!(filed, count, "{point:?}");
    }
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ingester_killed_before_its_answer_is_asked_again_and_the_message_counts_once() {
    let mut world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world
        .restart_ingest(&[("FOCO_KILL_AT", KillPoint::IngestPublished.name())])
        .await;
    let sid = phone.is_cut_off("Fix the login, 2 hours").await;
    world.restart_ingest(&[]).await;
    phone.sends_again(&sid, "Fix the login, 2 hours").await;
    phone.gets(3).await;
    world.streams.are_quiet().await;
    assert_eq!(proposals(&world).await, 1);
    assert_eq!(phone.replies().await.len(), 3);
    world.ends_clean().await;
}
