//! The sweep's steps stand alone: one that cannot be done stops no other.

use harness::{Setup, World, printed, until};
use sqlx::{Connection, PgConnection};

async fn focobot(world: &World, arguments: &[&str]) {
    let output = world.runs("focobot", arguments).await;
    assert!(output.status.success(), "{output:?}");
    drop(printed(&output));
}

/// A request that was handed on, and that the queue has lost since.
async fn one_request_is_lost(world: &mut World) {
    focobot(world, &["pause", "parse", "--json"]).await;
    let phone = world.phone_at_work().await;
    phone.sends("Pintar la barda norte, 2 horas").await;
    let routed = || world.count("select count(*) from whatsapp_messages where state = 'routed'");
    until("a request on its way", routed, |count| *count == 1).await;
    // With what it remembers of ids; whoever starts makes it anew.
    world.worker.take().unwrap().stop().await;
    world.streams.lose("parse").await;
    let earlier = "update whatsapp_messages set routed_at = routed_at - interval '20 minutes'
            where state = 'routed';
        update whatsapp_message_stages set ended_at = ended_at - interval '20 minutes';";
    sqlx::raw_sql(earlier).execute(world.pool()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_lost_is_found_while_another_step_cannot_be_done() {
    let mut world = Setup::default().start().await;
    one_request_is_lost(&mut world).await;
    // Codes that were never sent cannot be looked for as long as this is locked.
    let mut conn = PgConnection::connect(&world.variables()["DATABASE_URL"])
        .await
        .unwrap();
    let mut lock = conn.begin().await.unwrap();
    sqlx::query("lock table whatsapp_code_sends in access exclusive mode")
        .execute(&mut *lock)
        .await
        .unwrap();
    world.start_worker(&[]).await;
    let made = || world.count("select count(*) from foco_proposals");
    until("its proposal", made, |count| *count == 1).await;
    let failed = || world.metric("sweep_failures_total", &[("step", "codes")]);
    until("a step that failed", failed, |count| *count > 0.0).await;
    lock.rollback().await.unwrap();
    world.ends_clean().await;
}
