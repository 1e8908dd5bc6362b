//! Taking back: while it is read, while it is a draft, never twice, and never by an old message.

use harness::{Foco, Phone, Setup, World, until};
use serde_json::json;

on_each_foco! {
    a_request_that_is_being_read_makes_no_proposal_once_it_is_taken_back,
    only_the_newest_proposal_is_taken_back_and_the_same_undo_counts_once,
}

/// Every message of this world has exactly one final reply.
async fn each_message_has_one_final_reply(world: &World) {
    let without = "select count(*) from whatsapp_messages m where 1 <> (select count(*)
        from whatsapp_replies r where r.message_sid = m.message_sid and r.kind = 'final')";
    assert_eq!(world.count(without).await, 0);
}

async fn proposals(world: &World) -> i64 {
    world.counts("select count(*) from {proposals}").await
}

/// A phone whose request the model is reading, for so long.
async fn being_read(world: &World, milliseconds: u64) -> (Phone, String) {
    let phone = world.phone_at_work().await;
    let late = json!([{"action": {"kind": "delay", "ms": milliseconds}}]);
    world.simulator.openai_faults(late).await;
    let sid = phone.sends("Fix the login, 2 hours").await;
    let asked = || world.simulator.model_requests();
    until("the model to be asked", asked, |count| *count == 1).await;
    (phone, sid)
}

async fn a_request_that_is_being_read_makes_no_proposal_once_it_is_taken_back(foco: Foco) {
    let world = Setup::on(foco).with_model().start().await;
    let (phone, sid) = being_read(&world, 5000).await;
    let before = phone.replies().await.len();
    phone.sends("/undo").await;
    let settled = phone.gets(before + 2).await;
    assert_eq!(
        settled,
        "🚫 Cancelled, no proposal made: “Fix the login, 2 hours”"
    );
    assert_eq!(
        phone.replies().await[before],
        "↩️ I took back your request “Fix the login, 2 hours”."
    );
    assert_eq!(phone.asks("/undo").await, "There is nothing to take back.");
    world.streams.are_quiet().await;
    assert_eq!(proposals(&world).await, 0);
    assert_eq!(phone.replies().await.len(), before + 3);
    each_message_has_one_final_reply(&world).await;
    // Cancelled is final: Twilio's own repetition of the message changes nothing either.
    phone.sends_again(&sid, "Fix the login, 2 hours").await;
    world.streams.are_quiet().await;
    assert_eq!(proposals(&world).await, 0);
    world.ends_clean().await;
}

async fn only_the_newest_proposal_is_taken_back_and_the_same_undo_counts_once(foco: Foco) {
    let world = Setup::on(foco).start().await;
    let phone = world.phone_at_work().await;
    phone.asks("Fix the login, 2 hours").await;
    phone.asks("Paint the shed, 3 hours").await;
    let before = phone.replies().await.len();
    let sid = phone.sends("/undo").await;
    let answer = phone.gets(before + 1).await;
    assert!(answer.contains("Paint the shed"), "{answer}");
    phone.sends_again(&sid, "/undo").await;
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), before + 1);
    let left = world.proposals().await;
    assert_eq!(left.len(), 1);
    assert!(left[0].title.contains("login"), "{left:?}");
    assert_eq!(world.items().await.len(), 1);
    each_message_has_one_final_reply(&world).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_that_is_replayed_after_newer_messages_takes_nothing_back() {
    let mut world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    phone.asks("Fix the login, 2 hours").await;
    world.streams.are_quiet().await;
    world.worker.take().expect("a worker").stop().await;
    let sid = phone.sends("/undo").await;
    phone.sends("Paint the shed, 3 hours").await;
    let point = format!("route.claimed@{sid}");
    let letters = || world.count("select count(*) from whatsapp_dead_letters");
    for _ in 0..12 {
        let mut doomed = world.spawn_worker(&[("FOCO_KILL_AT", &point)]);
        let is_dead = tokio::select! {
            _ = doomed.ended() => false,
            _ = until("the message to die", letters, |count| *count == 1) => true,
        };
        if is_dead {
            doomed.stop().await;
            break;
        }
    }
    world.start_worker(&[]).await;
    let made = || proposals(&world);
    until("the newer request's proposal", made, |count| *count == 2).await;

    let replayed = world
        .runs("focobot", &["dead", "replay", "--all", "--yes"])
        .await;
    assert!(replayed.status.success(), "{replayed:?}");
    let replies = || phone.replies();
    let late = |replies: &Vec<String>| replies.iter().any(|text| text.contains("reached me late"));
    until("the answer to the replay", replies, late).await;
    world.streams.are_quiet().await;
    assert_eq!(proposals(&world).await, 2);
    world.ends().await;
}
