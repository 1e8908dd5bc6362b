//! Linking, as a signed-in person does it.

use chrono::{DateTime, Utc};
use common::clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    person::{LINK, Person, UNLINK},
    world::World,
};

fn code_of(answer: &(u16, Value)) -> String {
    assert_eq!(answer.0, 200, "{answer:?}");
    answer.1["code"].as_str().unwrap().to_owned()
}

fn refusal(answer: &(u16, Value)) -> (u16, &str) {
    assert!(
        answer.1["error"]
            .as_str()
            .is_some_and(|sentence| sentence.ends_with('.')),
        "{answer:?}"
    );
    (answer.0, answer.1["code"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_made_for_a_phone_and_its_like_is_kept_nowhere() {
    let world = World::with_database().await;
    let (ingester, mut db) = (world.ingester().await, world.connection().await);
    let ana = Person::new(&mut db, &ingester).await;
    let nothing = json!({"linked": false, "phone": null, "verified": false, "linkedAt": null});
    assert_eq!(
        ana.call(Method::GET, LINK, None).await,
        (200, nothing.clone())
    );

    let (status, answer) = ana.ask("044 55 5555 0100").await;
    assert_eq!(status, 200, "{answer}");
    let code = answer["code"].as_str().unwrap();
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(answer["whatsappNumber"], "+14155550100");
    assert_eq!(
        answer["deepLink"],
        format!("https://wa.me/14155550100?text=VERIFY%20{code}")
    );
    assert!(answer["message"].as_str().unwrap().contains(code));
    let expires: DateTime<Utc> = answer["expiresAt"].as_str().unwrap().parse().unwrap();
    let minutes = (expires - Clock::system().now()).num_seconds();
    assert!((500..=660).contains(&minutes), "{minutes}");
    let row: String = sqlx::query_scalar("select l::text from whatsapp_user_links l")
        .fetch_one(&mut db)
        .await
        .unwrap();
    assert!(
        row.contains("+525555550100") && !row.contains(&format!(",{code},")),
        "{row}"
    );

    assert_eq!(ana.prove(&mut db, code).await, 1);
    let (status, linked) = ana.call(Method::GET, UNLINK, None).await;
    assert_eq!(
        (status, &linked["linked"], &linked["verified"]),
        (200, &json!(true), &json!(true))
    );
    assert_eq!(linked["phone"], "+525555550100");
    assert!(linked["linkedAt"].is_string());

    for method in [Method::POST, Method::DELETE] {
        let (status, answer) = ana.call(method, UNLINK, None).await;
        assert_eq!((status, &answer["success"]), (200, &json!(true)));
    }
    assert_eq!(ana.call(Method::GET, LINK, None).await, (200, nothing));
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_code_voids_the_one_before_and_the_sixth_in_an_hour_is_refused() {
    let world = World::with_database().await;
    let (ingester, mut db) = (world.ingester().await, world.connection().await);
    let ana = Person::new(&mut db, &ingester).await;
    let first = code_of(&ana.ask("+525555550100").await);
    let second = code_of(&ana.ask("+525555550101").await);
    assert_eq!(ana.prove(&mut db, &first).await, 0);
    let rows: i64 = sqlx::query_scalar("select count(*) from whatsapp_user_links")
        .fetch_one(&mut db)
        .await
        .unwrap();
    assert_eq!(rows, 1);
    assert_eq!(ana.prove(&mut db, &second).await, 1);
    for n in 3..=5 {
        code_of(&ana.ask(&format!("+52555555010{n}")).await);
    }
    let refused = ana.ask("+525555550109").await;
    assert_eq!(refusal(&refused), (429, "too_many_codes"));
    // The verified link stands until the new claim is proven.
    assert_eq!(
        ana.call(Method::GET, LINK, None).await.1["phone"],
        "+525555550101"
    );
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_once_no_more_than_five_codes_are_made() {
    let world = World::with_database().await;
    let (ingester, mut db) = (world.ingester().await, world.connection().await);
    let ana = Person::new(&mut db, &ingester).await;
    let answers = futures_util::future::join_all((0..12).map(|n| {
        let phone = format!("+5255555502{n:02}");
        let ana = &ana;
        async move {
            loop {
                // A database that is busy asks to come again, and has done nothing.
                let (status, _) = ana.ask(&phone).await;
                if status != 503 {
                    return status;
                }
            }
        }
    }))
    .await;
    assert_eq!(
        answers.iter().filter(|status| **status == 200).count(),
        5,
        "{answers:?}"
    );
    assert_eq!(
        answers.iter().filter(|status| **status == 429).count(),
        7,
        "{answers:?}"
    );
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_blocks_nobody_and_a_linked_phone_is_taken() {
    let world = World::with_database().await;
    let (ingester, mut db) = (world.ingester().await, world.connection().await);
    let ana = Person::new(&mut db, &ingester).await;
    let eve = Person::new(&mut db, &ingester).await;
    for _ in 0..5 {
        code_of(&eve.ask("+525555550100").await);
    }
    let code = code_of(&ana.ask("+525555550100").await);
    assert_eq!(ana.prove(&mut db, &code).await, 1);
    let bob = Person::new(&mut db, &ingester).await;
    assert_eq!(
        refusal(&bob.ask("55 5555 0100").await),
        (409, "phone_taken")
    );
    // Whoever holds it may ask again.
    code_of(&ana.ask("+525555550100").await);
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_is_shown_on_the_web_is_worth_nothing_there_and_trying_voids_it() {
    let world = World::with_database().await;
    let (ingester, mut db) = (world.ingester().await, world.connection().await);
    let ana = Person::new(&mut db, &ingester).await;
    let phone = "+525555550100";
    assert_eq!(
        refusal(&ana.verify(phone, "123456").await),
        (400, "invalid_code")
    );
    assert_eq!(
        refusal(&ana.verify("odd", "123456").await),
        (400, "invalid_code")
    );
    let code = code_of(&ana.ask(phone).await);
    for _ in 0..5 {
        assert_eq!(
            refusal(&ana.verify(phone, &code).await),
            (400, "invalid_code")
        );
    }
    assert_eq!(
        refusal(&ana.verify(phone, &code).await),
        (429, "too_many_attempts")
    );
    assert_eq!(ana.prove(&mut db, &code).await, 0);
    let fresh = code_of(&ana.ask(phone).await);
    assert_eq!(
        refusal(&ana.verify(phone, &fresh).await),
        (400, "invalid_code")
    );
    assert_eq!(ana.prove(&mut db, &fresh).await, 1);
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_without_a_phone_gets_a_longer_code() {
    let world = World::with_database().await;
    let (ingester, mut db) = (world.ingester().await, world.connection().await);
    let ana = Person::new(&mut db, &ingester).await;
    let answer = ana.call(Method::POST, LINK, Some(json!({}))).await;
    let code = code_of(&answer);
    assert_eq!(code.len(), 8);
    assert!(
        !code.contains(['0', 'O', '1', 'I']) && code == code.to_uppercase(),
        "{code}"
    );
    let phone: Option<String> = sqlx::query_scalar("select phone from whatsapp_user_links")
        .fetch_one(&mut db)
        .await
        .unwrap();
    assert_eq!(phone, None);
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_said_and_counts_nothing() {
    let world = World::with_database().await;
    let (ingester, mut db) = (world.ingester().await, world.connection().await);
    let ana = Person::new(&mut db, &ingester).await;
    for (body, code) in [
        (json!({"phone": "hola"}), "invalid_phone"),
        (json!({"phone": ""}), "invalid_phone"),
        (json!({"phone": 5}), "invalid_request"),
        (json!([]), "invalid_request"),
        (json!({"deliver": "whatsapp"}), "invalid_phone"),
        (
            json!({"phone": "+525555550100", "deliver": "pigeon"}),
            "unsupported",
        ),
    ] {
        let answer = ana.call(Method::POST, LINK, Some(body.clone())).await;
        assert_eq!(refusal(&answer), (400, code), "{body}");
    }
    let large = json!({"phone": "5".repeat(20_000)});
    assert_eq!(ana.call(Method::POST, LINK, Some(large)).await.0, 413);
    let made: i64 = sqlx::query_scalar("select count(*) from whatsapp_link_codes")
        .fetch_one(&mut db)
        .await
        .unwrap();
    assert_eq!(made, 0);
    world.end([ingester]).await;
}
