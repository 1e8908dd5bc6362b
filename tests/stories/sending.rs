//! One reply, whatever Twilio answers: late, not at all, too busy, or with an error.

use harness::{Phone, Setup, World, until};
use serde_json::{Value, json};

/// A world whose Twilio does that to the next request of the phone.
async fn with_fault(action: Value) -> (World, Phone) {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    world
        .simulator
        .twilio_faults(json!([{"match": {"operation": "send"}, "action": action}]))
        .await;
    (world, phone)
}

/// The phone asks for its status and gets exactly one answer.
async fn gets_exactly_one_answer(world: &World, phone: &Phone) {
    let before = phone.replies().await.len();
    let reply = phone.asks("/status").await;
    assert!(reply.contains("Sitio web"), "{reply}");
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), before + 1);
    let settled = world
        .count("select count(*) from whatsapp_reply_parts where state <> 'accepted'")
        .await;
    assert_eq!(settled, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_requests_is_waited_out() {
    let busy = json!({"kind": "status", "status": 429, "code": 20429, "retry_after": 1});
    let (world, phone) = with_fault(busy).await;
    gets_exactly_one_answer(&world, &phone).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_after_the_time_out_is_not_asked_for_twice() {
    let (world, phone) = with_fault(json!({"kind": "accept_then_timeout", "delay_ms": 4000})).await;
    gets_exactly_one_answer(&world, &phone).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_after_the_message_was_taken_makes_no_second() {
    let (world, phone) = with_fault(json!({"kind": "accept_then_reset"})).await;
    gets_exactly_one_answer(&world, &phone).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_error_after_the_message_was_taken_makes_no_second() {
    let (world, phone) = with_fault(json!({"kind": "accept_then_status", "status": 500})).await;
    gets_exactly_one_answer(&world, &phone).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_answer_and_callback_twilios_own_list_settles_it() {
    let (world, phone) = with_fault(json!({"kind": "accept_then_reset"})).await;
    world
        .simulator
        .callback_faults(json!({"drop_probability": 1.0}))
        .await;
    gets_exactly_one_answer(&world, &phone).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_twilio_neither_took_nor_refused_is_posted_once_more() {
    let (world, phone) = with_fault(json!({"kind": "reset"})).await;
    gets_exactly_one_answer(&world, &phone).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_credentials_rest_the_stage_and_lose_nothing() {
    let (world, phone) = with_fault(json!({"kind": "status", "status": 401, "code": 20003})).await;
    gets_exactly_one_answer(&world, &phone).await;
    let worker = world.worker.as_ref().expect("a worker");
    assert!(worker.logged().contains("nothing can be sent"));
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_keep_their_order_when_the_first_has_to_wait() {
    let busy = json!({"kind": "status", "status": 429, "code": 20429, "retry_after": 1});
    let (world, phone) = with_fault(busy).await;
    for text in ["/status", "/list projects", "/help"] {
        phone.sends(text).await;
    }
    phone.gets(5).await;
    let replies = phone.replies().await.split_off(2);
    for (reply, expected) in replies
        .iter()
        .zip(["Language", "Your projects", "What I can do"])
    {
        assert!(reply.contains(expected), "{replies:#?}");
    }
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_the_24_hours_a_reply_is_held_and_sent_first_once_the_person_writes() {
    let (world, phone) =
        with_fault(json!({"kind": "async_failure", "code": 63016, "status": "undelivered"})).await;
    phone.sends("/status").await;
    let held = "select count(*) from whatsapp_reply_parts where state = 'held'";
    until(
        "the reply to be held",
        || world.count(held),
        |count| *count == 1,
    )
    .await;
    phone.sends("/help").await;
    phone.gets(5).await;
    let replies = phone.replies().await.split_off(3);
    assert!(replies[0].contains("Sitio web"), "{replies:#?}");
    assert!(replies[1].contains("What I can do"), "{replies:#?}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_window_is_seen_before_twilio_is_asked() {
    let busy = json!({"kind": "status", "status": 429, "code": 20429, "retry_after": 2});
    let (world, phone) = with_fault(busy).await;
    phone.sends("/status").await;
    let waits = "select count(*) from whatsapp_reply_parts where state = 'pending'
         and not_before is not null";
    until(
        "the reply to wait",
        || world.count(waits),
        |count| *count == 1,
    )
    .await;
    sqlx::query("update whatsapp_recipients set last_inbound_at = now() - interval '24 hours'")
        .execute(world.pool())
        .await
        .unwrap();
    let held = "select count(*) from whatsapp_reply_parts where state = 'held'";
    until(
        "the reply to be held",
        || world.count(held),
        |count| *count == 1,
    )
    .await;
    assert_eq!(phone.replies().await.len(), 2);
    phone.sends("/help").await;
    assert!(phone.gets(3).await.contains("Sitio web"));
    phone.gets(4).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_replies_to_one_person_are_spaced_and_keep_their_order() {
    const MESSAGES: usize = 4;
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    world.streams.are_quiet().await;
    world.spends_the_burst_of_replies().await;
    let before = phone.replies().await.len();
    let mut sids = Vec::new();
    for _ in 0..MESSAGES {
        sids.push(phone.sends("/help").await);
    }
    phone.gets(before + MESSAGES).await;
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), before + MESSAGES);
    let answered = sqlx::query_scalar::<_, String>(
        "select r.message_sid from whatsapp_reply_parts p
         join whatsapp_replies r on r.id = p.reply_id
         where p.state = 'accepted' order by p.accepted_at",
    )
    .fetch_all(world.pool())
    .await
    .unwrap();
    assert!(answered.ends_with(&sids), "{answered:?} for {sids:?}");
    assert!(world.metric("replies_spaced_total", &[]).await >= 1.0);
    world.ends_clean().await;
}
