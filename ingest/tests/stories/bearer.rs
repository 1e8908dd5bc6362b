//! Whose token is right, and by which keys that is told.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use common::token_crypto;
use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
use reqwest::Method;
use serde_json::json;
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::{
    person::{LINK, Person, UNLINK, VERIFY, claims, token},
    world::{Ingester, World},
};

/// Made for tests, and used for nothing else.
const EC: &str = include_str!("../data/ec_key.b64");

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_verified_by_keys_that_are_fetched_once() {
    let world = World::with_database().await;
    let mut db = world.connection().await;
    token_crypto::install();
    let key = EncodingKey::from_ec_der(&STANDARD.decode(EC.trim()).unwrap());
    let mut jwk =
        serde_json::to_value(Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap()).unwrap();
    jwk["kid"] = json!("known");
    let fetches = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&fetches);
    let routes = axum::Router::new().route(
        "/keys",
        axum::routing::get(move || {
            count.fetch_add(1, Ordering::Relaxed);
            let keys = json!({"keys": [jwk]});
            async move { axum::Json(keys) }
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap());
    let server = tokio::spawn(async move { axum::serve(listener, routes).await });
    let env = world
        .env
        .clone()
        .with("SUPABASE_JWT_SECRET", "")
        .with("SUPABASE_JWKS_URL", &url);
    let ingester = Ingester::start(&env).await;
    let mut ana = Person::new(&mut db, &ingester).await;
    for (kid, status) in [
        ("known", 200),
        ("unknown", 401),
        ("unknown", 401),
        ("known", 200),
    ] {
        let header = Header {
            kid: Some(kid.to_owned()),
            ..Header::new(Algorithm::ES256)
        };
        ana.token = jsonwebtoken::encode(&header, &claims(ana.id), &key).unwrap();
        assert_eq!(ana.call(Method::GET, LINK, None).await.0, status, "{kid}");
    }
    assert_eq!(fetches.load(Ordering::Relaxed), 1);
    let genuine = std::mem::replace(&mut ana.token, token(ana.id));
    // The secret's algorithm is none of theirs.
    assert_eq!(ana.call(Method::GET, LINK, None).await.0, 401);
    ingester.stop().await;

    // While the keys cannot be fetched nobody can tell a right token from a wrong one.
    server.abort();
    let ingester = Ingester::start(&env).await;
    let mut somebody = Person::new(&mut db, &ingester).await;
    somebody.token = genuine;
    assert_eq!(somebody.call(Method::GET, LINK, None).await.0, 503);
    world.end([ingester]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_right_token_there_is_one_answer() {
    let world = World::with_database().await;
    let ingester = world.ingester().await;
    let nobody = token(Uuid::new_v4());
    let mut wordings = Vec::new();
    for (method, path) in [
        (Method::GET, LINK),
        (Method::POST, LINK),
        (Method::POST, VERIFY),
        (Method::GET, UNLINK),
        (Method::POST, UNLINK),
        (Method::DELETE, UNLINK),
    ] {
        for header in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer x.y.z",
            "Basic YTpi",
            &format!("Token {nobody}"),
        ] {
            let request = ingester
                .http
                .request(method.clone(), format!("{}{path}", ingester.url));
            let answer = request
                .header("authorization", header)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 401, "{method} {path} {header}");
            wordings.push(answer.text().await.unwrap());
        }
    }
    // An account that is gone, although its token is not.
    let request = ingester
        .http
        .post(format!("{}{LINK}", ingester.url))
        .bearer_auth(nobody);
    let answer = request
        .json(&json!({"phone": "+525555550100"}))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
    wordings.push(answer.text().await.unwrap());
    wordings.dedup();
    assert_eq!(wordings.len(), 1, "{wordings:?}");
    world.end([ingester]).await;
}
