//! Linking codes that are sent to a phone: made as they are sent, kept by nobody, redeemed only on
//! the web, and never sent twice by guesswork.

use common::kill_point::KillPoint;
use harness::{Account, GUEST, Phone, Setup, USER, USER_OF_ANOTHER_WORKSPACE, World, until};
use serde_json::{Value, json};

const TYPED: &str = "55 5555 0100";
const TEMPLATE: &str = "HX0123456789abcdef0123456789abcdef";

/// A phone that has written to us, and an account that wants it.
async fn somebody(world: &World) -> (Phone, Account) {
    let phone = world.phone("whatsapp:+5215555550100");
    phone.asks("Hola, ¿qué es esto?").await;
    (phone, world.signs_in(USER).await)
}

/// The code in a text.
fn code_in(text: &str) -> String {
    assert!(text.starts_with("🔑 "), "{text}");
    text.split_whitespace().nth(1).unwrap().to_owned()
}

fn refusal(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["code"].as_str().unwrap_or_default())
}

/// A value of a call to Twilio's Messages API.
fn param<'a>(send: &'a Value, name: &str) -> Option<&'a str> {
    let params = send["params"].as_array()?;
    let found = params.iter().find(|pair| pair[0] == name)?;
    found[1].as_str()
}

async fn states(world: &World) -> Vec<String> {
    sqlx::query_scalar("select state from whatsapp_code_sends order by created_at")
        .fetch_all(world.pool())
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_was_sent_to_the_phone_is_redeemed_on_the_web_and_nowhere_else() {
    let world = Setup::default().start().await;
    let (phone, web) = somebody(&world).await;
    let (status, answer) = web.asks_to_deliver("044 55 5555 0100").await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        (&answer["code"], &answer["deepLink"]),
        (&json!(null), &json!(null))
    );
    assert!(answer["expiresAt"].is_string(), "{answer}");
    let said = phone.gets(2).await;
    assert!(said.contains("es tu código para vincular"), "{said}");
    let code = code_in(&said);

    // Whoever asked is on the web: the phone must not be talked into linking by a reply.
    let tried = phone.asks(&format!("VERIFY {code}")).await;
    assert!(tried.starts_with("That code is not right"), "{tried}");
    assert_eq!(
        refusal(&web.verifies(TYPED, "000000").await),
        (400, "invalid_code")
    );
    let spaced = format!(" {}-{} ", &code[..3], &code[3..]);
    let (status, answer) = web.verifies(TYPED, &spaced).await;
    assert_eq!((status, &answer["linked"]), (200, &json!(true)), "{answer}");
    assert_eq!(web.linked().await["phone"], "+525555550100");
    // Used.
    assert_eq!(
        refusal(&web.verifies(TYPED, &code).await),
        (400, "invalid_code")
    );
    let chosen = phone.asks("/project Sitio web").await;
    assert!(chosen.contains("*Sitio web*"), "{chosen}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_has_five_attempts_by_chat_and_web_together() {
    let world = Setup::default().start().await;
    let (phone, web) = somebody(&world).await;
    web.asks_to_deliver(TYPED).await;
    let code = code_in(&phone.gets(2).await);
    for _ in 0..2 {
        phone.asks("VERIFY 000000").await;
    }
    for _ in 0..3 {
        assert_eq!(
            refusal(&web.verifies(TYPED, "000000").await),
            (400, "invalid_code")
        );
    }
    let void = web.verifies(TYPED, &code).await;
    assert_eq!(refusal(&void), (429, "too_many_attempts"));
    web.asks_to_deliver(TYPED).await;
    let fresh = code_in(&phone.gets(5).await);
    assert_eq!(web.verifies(TYPED, &fresh).await.0, 200);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_of_the_24_hours_only_a_template_carries_a_code() {
    let mut world = Setup::default().start().await;
    let web = world.signs_in(USER).await;
    assert_eq!(
        refusal(&web.asks_to_deliver(TYPED).await),
        (409, "cannot_deliver")
    );
    let template = [("TWILIO_CODE_CONTENT_SID", TEMPLATE)];
    world.restart_ingest(&template).await;
    world.worker.take().expect("a worker").stop().await;
    world.start_worker(&template).await;
    // WhatsApp knows this number in its other form only.
    let unknown = json!([{"match": {"to": "+525555550100"},
        "action": {"kind": "async_failure", "code": 63024}}]);
    world.simulator.twilio_faults(unknown).await;
    assert_eq!(web.asks_to_deliver(TYPED).await.0, 200);
    let two = |sends: &Vec<Value>| sends.len() == 2;
    let sends = until("both forms to be tried", || world.simulator.sends(), two).await;
    assert_eq!(sends[0]["to"], "whatsapp:+525555550100");
    assert_eq!(sends[1]["to"], "whatsapp:+5215555550100");
    for send in &sends {
        assert_eq!(param(send, "ContentSid"), Some(TEMPLATE));
        assert_eq!(param(send, "Body"), None);
    }
    let code = |send: &Value| {
        let values: Value = serde_json::from_str(param(send, "ContentVariables").unwrap()).unwrap();
        values["1"].as_str().unwrap().to_owned()
    };
    assert_ne!(code(&sends[0]), code(&sends[1]), "each post makes its own");
    let wrong = web.verifies(TYPED, &code(&sends[0])).await;
    assert_eq!(refusal(&wrong), (400, "invalid_code"));
    assert_eq!(web.verifies(TYPED, &code(&sends[1])).await.0, 200);
    let form = "select count(*) from whatsapp_recipients where wa_address like '%+521%'";
    until(
        "the form that worked to be kept",
        || world.count(form),
        |count| *count == 1,
    )
    .await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_without_an_answer_is_not_repeated_and_its_code_is_good() {
    let world = Setup::default().start().await;
    let (phone, web) = somebody(&world).await;
    let lost = json!([{"action": {"kind": "accept_then_reset"}}]);
    world.simulator.twilio_faults(lost).await;
    world
        .simulator
        .callback_faults(json!({"drop_probability": 1.0}))
        .await;
    web.asks_to_deliver(TYPED).await;
    let code = code_in(&phone.gets(2).await);
    until(
        "the send to be settled",
        || states(&world),
        |states| states == &["unknown"],
    )
    .await;
    phone.asks("/ayuda").await;
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), 3);
    assert_eq!(web.verifies(TYPED, &code).await.0, 200);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_twilio_surely_did_not_take_is_sent_again_as_another_code() {
    let world = Setup::default().start().await;
    let (phone, web) = somebody(&world).await;
    let busy = json!([{"times": 2, "action": {"kind": "status", "status": 429}}]);
    world.simulator.twilio_faults(busy).await;
    web.asks_to_deliver(TYPED).await;
    let code = code_in(&phone.gets(2).await);
    let sends = world.simulator.sends().await;
    let codes = sends.iter().filter_map(|send| param(send, "Body"));
    let codes: Vec<String> = codes
        .filter(|body| body.starts_with("🔑"))
        .map(code_in)
        .collect();
    assert_eq!(codes.len(), 3);
    assert_eq!(codes[2], code);
    for refused in &codes[..2] {
        let tried = web.verifies(TYPED, refused).await;
        assert_eq!(refusal(&tried), (400, "invalid_code"));
    }
    assert_eq!(web.verifies(TYPED, &code).await.0, 200);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_code_voids_one_that_is_still_to_be_sent() {
    let mut world = Setup::default().start().await;
    let (phone, web) = somebody(&world).await;
    world.streams.are_quiet().await;
    world.worker.take().expect("a worker").stop().await;
    web.asks_to_deliver(TYPED).await;
    web.asks_to_deliver(TYPED).await;
    let (_, shown) = web.asks(TYPED).await;
    assert_eq!(states(&world).await, ["void", "void"]);
    world.start_worker(&[]).await;
    world.streams.are_quiet().await;
    assert_eq!(phone.replies().await.len(), 1);
    let linked = phone
        .asks(&format!("VERIFY {}", shown["code"].as_str().unwrap()))
        .await;
    assert!(linked.starts_with("✅ WhatsApp linked"), "{linked}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_killed_while_it_sends_a_code_sends_none_twice() {
    let mut world = Setup::default().start().await;
    let (phone, web) = somebody(&world).await;
    for (point, sent) in [
        (KillPoint::SendCodeIntended, false),
        (KillPoint::SendCodePosted, true),
    ] {
        world.streams.are_quiet().await;
        let before = phone.replies().await.len();
        world.worker.take().expect("a worker").stop().await;
        let mut doomed = world.spawn_worker(&[("FOCO_KILL_AT", point.name())]);
        web.asks_to_deliver(TYPED).await;
        doomed.ended().await;
        world.start_worker(&[]).await;
        world.streams.are_quiet().await;
        let replies = phone.replies().await;
        assert_eq!(replies.len(), before + usize::from(sent), "{point:?}");
        if sent {
            let code = code_in(&replies[before]);
            assert_eq!(web.verifies(TYPED, &code).await.0, 200);
        }
    }
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ingester_killed_once_a_code_was_redeemed_leaves_the_rest_to_the_workers() {
    let mut world = Setup::default().start().await;
    let old = world.phone_at_work().await;
    let phone = world.phone("whatsapp:+5215555550107");
    phone.asks("Hola").await;
    world
        .restart_ingest(&[("FOCO_KILL_AT", KillPoint::IngestLinked.name())])
        .await;
    let web = world.signs_in(USER).await;
    web.asks_to_deliver("55 5555 0107").await;
    let code = code_in(&phone.gets(2).await);
    let body = json!({"phone": "55 5555 0107", "code": code});
    let answer = web.tries(reqwest::Method::POST, "verify", body).await;
    assert!(answer.is_err(), "{answer:?}");
    world.restart_ingest(&[]).await;
    assert_eq!(web.linked().await["phone"], "+525555550107");
    let left = "select count(*) from whatsapp_ended_links";
    until(
        "the conversation to be cleared",
        || world.count(left),
        |left| *left == 0,
    )
    .await;
    // Its notice goes out with whatever is said next.
    let before = old.replies().await.len();
    old.sends("/status").await;
    old.gets(before + 2).await;
    let told = old.replies().await;
    assert!(told[before].contains("another phone now"), "{told:?}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_have_shown_uses_up_nothing_of_what_a_phone_may_be_sent() {
    let world = Setup::default().start().await;
    let (phone, web) = somebody(&world).await;
    let other = world.signs_in(USER_OF_ANOTHER_WORKSPACE).await;
    for nth in 0..12 {
        let (status, _) = other.asks(TYPED).await;
        assert_eq!(status, if nth < 5 { 200 } else { 429 });
    }
    // Nor is a sixth one sent for whoever had five shown, and that costs the phone nothing either.
    let refused = other.asks_to_deliver(TYPED).await;
    assert_eq!(refusal(&refused), (429, "too_many_codes"));
    for _ in 0..5 {
        assert_eq!(web.asks_to_deliver(TYPED).await.0, 200);
    }
    world.streams.are_quiet().await;
    assert!(phone.replies().await.len() <= 6);
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_a_phone_written_to_more_than_five_times_an_hour() {
    let world = Setup::default().start().await;
    let (phone, web) = somebody(&world).await;
    for _ in 0..3 {
        assert_eq!(web.asks_to_deliver(TYPED).await.0, 200);
    }
    let other = world.signs_in(USER_OF_ANOTHER_WORKSPACE).await;
    for _ in 0..2 {
        assert_eq!(other.asks_to_deliver(TYPED).await.0, 200);
    }
    let refused = other.asks_to_deliver(TYPED).await;
    assert_eq!(refusal(&refused), (429, "too_many_codes"));
    // To be shown one bothers nobody, and nobody can use that up for others.
    let third = world.signs_in(GUEST).await;
    let (status, shown) = third.asks(TYPED).await;
    assert_eq!(status, 200, "{shown}");
    world.streams.are_quiet().await;
    assert!(phone.replies().await.len() <= 6);
    world.ends_clean().await;
}
