//! Linking a phone as Foco's web pages would: a bearer token for a demo user, and the call to
//! FocoBot's linking endpoint with it.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Refusal;
use crate::{clock, signature, simulator::Simulator};

/// The user of the demonstration.
pub const DEMO_USER: Uuid = Uuid::from_u128(0x0000_0000_0000_4000_8000_0000_0000_0001);

/// Seconds that a token lasts.
const LIFETIME: i64 = 600;

/// Who wants a token.
#[derive(Debug, Deserialize)]
pub struct TokenRequest {
    #[serde(default = "demo_user")]
    user_id: Uuid,
}

/// Who links which phone.
#[derive(Debug, Deserialize)]
pub struct LinkRequest {
    #[serde(default = "demo_user")]
    user_id: Uuid,
    #[serde(default)]
    phone: Option<String>,
}

fn demo_user() -> Uuid {
    DEMO_USER
}

/// `POST /control/token`: a bearer token for a user.
///
/// # Errors
/// Without a secret to sign it.
pub async fn token(
    State(simulator): State<Arc<Simulator>>,
    Json(request): Json<TokenRequest>,
) -> Result<Json<Value>, Refusal> {
    Ok(Json(json!({ "token": mint(&simulator, request.user_id)? })))
}

/// `POST /control/link`: asks FocoBot for a linking code, and passes its answer on.
///
/// # Errors
/// Without a secret to sign the token, or when FocoBot does not answer.
pub async fn link(
    State(simulator): State<Arc<Simulator>>,
    Json(request): Json<LinkRequest>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let token = mint(&simulator, request.user_id)?;
    let mut url = simulator.settings.webhook_url.clone();
    let base = url
        .path()
        .strip_suffix("/webhook")
        .unwrap_or("/api/integrations/whatsapp");
    let path = format!("{base}/link");
    url.set_path(&path);
    url.set_fragment(None);
    let body = request
        .phone
        .map_or_else(|| json!({}), |phone| json!({ "phone": phone }));
    let answer = simulator
        .http
        .post(url)
        .bearer_auth(token)
        .json(&body)
        .send()
        .await?;
    let status = StatusCode::from_u16(answer.status().as_u16()).unwrap_or(StatusCode::BAD_GATEWAY);
    let text = answer.text().await?;
    let json = serde_json::from_str(&text).unwrap_or_else(|_| json!({ "error": text }));
    Ok((status, Json(json)))
}

fn mint(simulator: &Simulator, user_id: Uuid) -> Result<String, Refusal> {
    let secret = simulator.settings.jwt_secret.as_ref();
    let secret = secret.ok_or(Refusal::Setting("--jwt-secret (SUPABASE_JWT_SECRET)"))?;
    let now = clock::now().timestamp();
    let claims = json!({
        "sub": user_id, "aud": "authenticated", "role": "authenticated",
        "iat": now, "exp": now + LIFETIME,
    });
    Ok(signature::token(secret.expose_secret().as_bytes(), &claims))
}
