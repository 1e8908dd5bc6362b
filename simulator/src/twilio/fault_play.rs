//! Plays the fault that a rule asks for around a call to Twilio's API.

use std::{sync::Arc, time::Duration};

use axum::response::{IntoResponse as _, Response};

use super::answer::Answer;
use crate::{
    connection::Connection,
    fault::twilio::{Action, Operation},
    simulator::Simulator,
};

/// Picks the fault for a call, if a rule wants one.
#[must_use]
pub fn pick(simulator: &Simulator, operation: Operation, to: &str, body: &str) -> Option<Action> {
    simulator.change(|world| {
        world
            .twilio_rules
            .pick(|rule| rule.covers(operation, to, body))
    })
}

/// Does `call` with `fault` around it. `None` means that the connection is to be cut.
pub async fn play(fault: Option<Action>, call: impl FnOnce() -> Answer + Send) -> Option<Answer> {
    match fault {
        None | Some(Action::AsyncFailure { .. } | Action::ListLate { reset: false, .. }) => {
            Some(call())
        }
        Some(Action::Status {
            status,
            code,
            retry_after,
        }) => Some(Answer {
            retry_after,
            ..Answer::on_demand(status, code)
        }),
        Some(Action::Page { status }) => Some(Answer::page(status)),
        Some(Action::Reset) => None,
        Some(Action::Delay { ms }) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            Some(call())
        }
        Some(Action::AcceptThenTimeout { delay_ms }) => {
            call();
            tokio::time::sleep(Duration::from_millis(delay_ms)).await;
            None
        }
        Some(Action::AcceptThenReset | Action::ListLate { reset: true, .. }) => {
            call();
            None
        }
        Some(Action::AcceptThenStatus { status, code }) => {
            call();
            Some(Answer::on_demand(status, code))
        }
    }
}

/// The same for a call, with its body, of which nothing is written down, as a response.
pub async fn around(
    simulator: &Arc<Simulator>,
    connection: &Connection,
    (operation, body): (Operation, &str),
    call: impl FnOnce(&Simulator) -> Answer + Send + 'static,
) -> Response {
    let fault = pick(simulator, operation, "", body);
    let inner = Arc::clone(simulator);
    let played = simulator.spawn(async move { play(fault, || call(&inner)).await });
    respond(played.await.ok().flatten(), connection)
}

/// The answer, or a cut connection.
#[must_use]
pub fn respond(answer: Option<Answer>, connection: &Connection) -> Response {
    if answer.is_none() {
        connection.cut();
    }
    answer.map(Answer::into_response).unwrap_or_default()
}
