//! Setting faults and scripts, and taking them back.

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Refusal;
use crate::{
    fault::{
        RuleBook, RuleList,
        callbacks::{CallbackFaults, CallbackRules},
    },
    simulator::Simulator,
};

/// `PUT /control/faults/twilio`.
///
/// # Errors
/// When it is not a list of rules.
pub async fn twilio(
    State(simulator): State<Arc<Simulator>>,
    Json(json): Json<Value>,
) -> Result<StatusCode, Refusal> {
    let rules = RuleList::parse(json)?;
    simulator.change(|world| world.twilio_rules.set(rules));
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /control/faults/openai`.
///
/// # Errors
/// When it is not a list of rules.
pub async fn openai(
    State(simulator): State<Arc<Simulator>>,
    Json(json): Json<Value>,
) -> Result<StatusCode, Refusal> {
    let rules = RuleList::parse(json)?;
    simulator.change(|world| world.openai_rules.set(rules));
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /control/faults/callbacks`.
pub async fn callbacks(
    State(simulator): State<Arc<Simulator>>,
    Json(faults): Json<CallbackFaults>,
) -> StatusCode {
    simulator.change(|world| world.callback_rules = CallbackRules::new(faults));
    StatusCode::NO_CONTENT
}

/// `GET /control/faults`: what is still in force.
pub async fn show(State(simulator): State<Arc<Simulator>>) -> Json<Value> {
    Json(simulator.look(|world| {
        json!({
            "twilio": world.twilio_rules.rules(),
            "openai": world.openai_rules.rules(),
            "callbacks": world.callback_rules.faults(),
        })
    }))
}

/// How long the log's pages are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// Most messages on one; as many as are asked for where it is missing.
    most: Option<usize>,
}

/// `PUT /control/pages`.
pub async fn pages(
    State(simulator): State<Arc<Simulator>>,
    Json(pages): Json<Pages>,
) -> StatusCode {
    simulator.change(|world| world.longest_page = pages.most);
    StatusCode::NO_CONTENT
}

/// `DELETE /control/faults`.
pub async fn clear(State(simulator): State<Arc<Simulator>>) -> StatusCode {
    simulator.change(|world| {
        world.twilio_rules = RuleBook::default();
        world.openai_rules = RuleBook::default();
        world.callback_rules = CallbackRules::default();
        world.longest_page = None;
    });
    StatusCode::NO_CONTENT
}
