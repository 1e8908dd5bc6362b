//! Scoring the configured model against labelled messages, for `cargo xtask eval`: the same
//! requests, answers and rules as in the parse stage, without anything being stored.

use std::{collections::BTreeMap, time::Duration};

use common::{clock::Clock, settings::ModelSettings};
use parser::{
    ParsedProposal, Request,
    eval::{self, Labelled, Outcome},
};

pub use crate::parse::Tokens;
use crate::parse::{Model, ModelError};

/// A model that was scored.
#[derive(Debug)]
pub struct Evaluation {
    /// Messages that it read, with their scores.
    pub outcomes: Vec<Outcome>,
    /// Messages that it did not read, by reason.
    pub failures: BTreeMap<&'static str, usize>,
    /// What it cost.
    pub tokens: Tokens,
}

/// Lets the model read one message after another, each within `limit`. It stops early when the
/// model refuses all requests.
///
/// # Errors
/// When the system's certificates cannot be read.
pub async fn evaluate(
    settings: ModelSettings,
    limit: Duration,
    messages: &[Labelled],
) -> Result<Evaluation, reqwest::Error> {
    let model = Model::new(settings, limit, Clock::system())?;
    let mut read: Vec<(Labelled, ParsedProposal)> = Vec::new();
    let mut failures = BTreeMap::new();
    let mut tokens = Tokens::default();
    for message in messages {
        let reading = model.read(&request(message)).await;
        tokens.add(reading.tokens);
        match reading.result {
            Ok(proposal) => read.push((message.clone(), proposal)),
            Err(error) => {
                *failures.entry(error.reason()).or_default() += 1;
                if matches!(error, ModelError::Quota | ModelError::Misconfigured(_)) {
                    break;
                }
            }
        }
    }
    let (messages, proposals): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    let mut proposals = proposals.into_iter();
    // As many proposals as messages, in the same order.
    let outcomes = eval::run(&messages, |request| {
        proposals.next().unwrap_or_else(|| parser::parse(request))
    });
    Ok(Evaluation {
        outcomes,
        failures,
        tokens,
    })
}

fn request(message: &Labelled) -> Request<'_> {
    Request {
        text: &message.text,
        sent_at: message.sent_at.with_timezone(&message.timezone),
        language: None,
        project: "",
        members: &[],
    }
}
