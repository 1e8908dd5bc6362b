//! What a phone or a forger posts to the webhook, and starting over.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Refusal;
use crate::{
    message::Status,
    signature::Params,
    simulator::Simulator,
    twilio::callbacks,
    webhook::{
        delivery::{Delivery, Signing},
        inbound,
        post::Post,
        target::Target,
        written::Inbound,
    },
};

/// `POST /control/inbound`: somebody writes on a phone.
///
/// # Errors
/// When the sender's webhook is not a URL.
pub async fn inbound(
    State(simulator): State<Arc<Simulator>>,
    Json(request): Json<Inbound>,
) -> Result<Json<Value>, Refusal> {
    let received = inbound::receive(&simulator, request).await?;
    let responses: Vec<Value> = received.deliveries.iter().map(response).collect();
    Ok(Json(
        json!({ "message_sid": received.message_sid, "responses": responses }),
    ))
}

/// A request that is posted to the webhook as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawWebhook {
    /// The form, repeated keys included.
    params: Params,
    /// The URL to sign and to call; the configured webhook where it is missing.
    #[serde(default)]
    url: Option<String>,
    /// Whether it is signed.
    #[serde(default = "yes")]
    sign: bool,
    /// Headers beside Twilio's own, replacing them where they have the same name.
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

fn yes() -> bool {
    true
}

/// `POST /control/webhook`: a raw request; nothing of it enters the account's log.
///
/// # Errors
/// When `url` is not a URL.
pub async fn webhook(
    State(simulator): State<Arc<Simulator>>,
    Json(raw): Json<RawWebhook>,
) -> Result<Json<Value>, Refusal> {
    let target = match &raw.url {
        Some(url) => Target::resolve(url, &simulator.settings)?,
        None => Target::configured(&simulator.settings)?,
    };
    let signature = if raw.sign {
        Signing::Valid
    } else {
        Signing::Missing
    };
    let headers = raw.headers.into_iter().collect();
    let post = Post {
        target,
        params: raw.params,
        signature,
        headers,
    };
    let delivery = post.deliver(&simulator).await;
    inbound::settle(&simulator, &delivery);
    Ok(Json(response(&delivery)))
}

fn response(delivery: &Delivery) -> Value {
    json!({
        "status": delivery.status,
        "body": delivery.body,
        "content_type": delivery.content_type,
        "elapsed_ms": delivery.elapsed_ms,
        "attempts": delivery.attempts,
        "error": delivery.error,
    })
}

/// What becomes of a message that was taken.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LateFailure {
    /// The message.
    message_sid: String,
    /// Why, in Twilio's numbers.
    code: u32,
    /// `undelivered` where it is missing.
    #[serde(default = "undelivered")]
    status: Status,
}

fn undelivered() -> Status {
    Status::Undelivered
}

/// `POST /control/failures`: a message that was taken long ago is not delivered after all.
pub async fn failure(
    State(simulator): State<Arc<Simulator>>,
    Json(request): Json<LateFailure>,
) -> Json<Value> {
    let why = (request.status, request.code);
    let delivery = callbacks::fails_late(&simulator, &request.message_sid, why).await;
    Json(json!({ "callback": delivery.as_ref().map(response) }))
}

/// `POST /control/reset`: forgets everything, faults included.
pub async fn reset(State(simulator): State<Arc<Simulator>>) -> StatusCode {
    simulator.reset();
    StatusCode::NO_CONTENT
}
