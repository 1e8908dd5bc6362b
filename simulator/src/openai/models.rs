//! `GET /v1/models/{model}`: whether a model is there, for whoever has the key.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use super::request::authenticate;
use crate::simulator::Simulator;

/// Every model is there.
pub async fn fetch(
    State(simulator): State<Arc<Simulator>>,
    Path(model): Path<String>,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = authenticate(&headers, &simulator.settings) {
        return refusal.into_response();
    }
    let owner = "simulator";
    Json(json!({"id": model, "object": "model", "created": 1_800_000_000, "owned_by": owner}))
        .into_response()
}
