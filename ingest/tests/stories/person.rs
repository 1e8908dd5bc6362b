//! A signed-in person, and what the worker does when that person sends a code from the phone.

use common::{clock::Clock, sender::HashKeys, token_crypto};
use jsonwebtoken::{EncodingKey, Header};
use reqwest::Method;
use secrecy::SecretString;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::world::{Ingester, JWT_SECRET};

pub(crate) const LINK: &str = "/api/integrations/whatsapp/link";
pub(crate) const VERIFY: &str = "/api/integrations/whatsapp/verify";
pub(crate) const UNLINK: &str = "/api/integrations/whatsapp/unlink";

/// A signed-in account.
pub(crate) struct Person<'a> {
    pub(crate) id: Uuid,
    pub(crate) token: String,
    pub(crate) ingester: &'a Ingester,
}

impl<'a> Person<'a> {
    pub(crate) async fn new(connection: &mut PgConnection, ingester: &'a Ingester) -> Self {
        let id = Uuid::new_v4();
        sqlx::query("insert into auth.users (id) values ($1)")
            .bind(id)
            .execute(connection)
            .await
            .unwrap();
        Self {
            id,
            token: token(id),
            ingester,
        }
    }

    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let url = format!("{}{path}", self.ingester.url);
        let mut request = self
            .ingester
            .http
            .request(method.clone(), url)
            .bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        self.ingester
            .assert_described(method.as_str(), path, status)
            .await;
        (status, answer.json().await.unwrap())
    }

    pub(crate) async fn ask(&self, phone: &str) -> (u16, Value) {
        self.call(Method::POST, LINK, Some(json!({"phone": phone})))
            .await
    }

    pub(crate) async fn verify(&self, phone: &str, code: &str) -> (u16, Value) {
        self.call(
            Method::POST,
            VERIFY,
            Some(json!({"phone": phone, "code": code})),
        )
        .await
    }

    /// What the worker does when the right code comes from the phone.
    pub(crate) async fn prove(&self, connection: &mut PgConnection, code: &str) -> u64 {
        let keys =
            HashKeys::new(vec![SecretString::from("0123456789abcdef0123456789abcdef")]).unwrap();
        let redeem = "update whatsapp_user_links set verified = true, linked_at = now(),
                verification_code_hash = null
            where user_id = $1 and not verified and verification_code_hash = any($2)
                and verification_code_expires_at > now() and verification_attempts < 5";
        let redeemed = sqlx::query(redeem)
            .bind(self.id)
            .bind(keys.codes(code))
            .execute(connection)
            .await;
        redeemed.unwrap().rows_affected()
    }
}

pub(crate) fn claims(user: Uuid) -> Value {
    let exp = Clock::system().now().timestamp() + 600;
    json!({"sub": user, "aud": "authenticated", "exp": exp})
}

pub(crate) fn token(user: Uuid) -> String {
    token_crypto::install();
    jsonwebtoken::encode(
        &Header::default(),
        &claims(user),
        &EncodingKey::from_secret(JWT_SECRET.as_bytes()),
    )
    .unwrap()
}
