//! Who reads a request: the model where one is configured and answers, else the built-in parser.
//! Whoever it was, the same rules are checked before anything is stored.

use std::time::Duration;

use anyhow::anyhow;
use common::payload::ParseRequest;
use parser::{ParsedProposal, Request, validate};

use super::{
    Parse,
    guard::{Absence, GuardedModel},
    load::Surroundings,
    model::Tokens,
};
use crate::{engine::stage_error::StageError, foco::Member};

/// Who read a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reader {
    /// The model of this name.
    Model(String),
    /// The built-in parser; the reason why a configured model did not.
    BuiltIn(Option<Absence>),
}

/// A request that was read.
#[derive(Debug)]
pub(super) struct Understood {
    pub(super) proposal: ParsedProposal,
    pub(super) reader: Reader,
    /// What the model was paid for, even where its answer could not be used.
    pub(super) tokens: Tokens,
    pub(super) took: Duration,
    pub(super) members: Vec<Member>,
    /// Name of the project that the proposal is for.
    pub(super) project: String,
    /// The zone that dates were counted in.
    pub(super) timezone: timezone::Zone,
}

impl Understood {
    /// A model was configured and could not answer.
    pub(super) fn is_rough(&self) -> bool {
        matches!(self.reader, Reader::BuiltIn(Some(_)))
    }
}

impl Parse {
    /// Reads a request.
    ///
    /// # Errors
    /// Only with `AI_FALLBACK=wait`: the model is away and the request waits for it.
    pub(super) async fn understand(
        &self,
        asked: &ParseRequest,
        surroundings: &Surroundings,
    ) -> Result<Understood, StageError> {
        let started = tokio::time::Instant::now();
        let timezone = asked
            .timezone
            .parse()
            .unwrap_or(timezone::Zone::mexico_city());
        let names: Vec<String> = surroundings
            .members
            .iter()
            .map(|m| m.name.clone())
            .collect();
        let request = Request {
            text: asked.text.reveal(),
            sent_at: asked.sent_at.with_timezone(&timezone),
            language: asked.language,
            project: &surroundings.project,
            members: &names,
        };
        let (mut proposal, reader, tokens) = match &self.model {
            Some(model) => read_by_model(model, &request, asked).await?,
            None => (built_in(&request), Reader::BuiltIn(None), Tokens::default()),
        };
        // A model guesses a language even where the text shows none, and the titles are the text's.
        let language = asked
            .language
            .or_else(|| parser::detect_language(request.text));
        proposal.language = language.unwrap_or(proposal.language);
        Ok(Understood {
            proposal,
            reader,
            tokens,
            took: started.elapsed(),
            members: surroundings.members.clone(),
            project: surroundings.project.clone(),
            timezone,
        })
    }
}

/// The model's proposal, or the built-in parser's where the model is not there or of no use.
async fn read_by_model(
    model: &GuardedModel,
    request: &Request<'_>,
    asked: &ParseRequest,
) -> Result<(ParsedProposal, Reader, Tokens), StageError> {
    let reading = model.read(request, asked.workspace_id).await;
    let absence = match reading.result {
        Ok(proposal) => {
            let reader = Reader::Model(model.name().to_owned());
            return Ok((proposal, reader, reading.tokens));
        }
        Err(absence) => absence,
    };
    metrics::counter!("model_failures_total", "reason" => absence.reason()).increment(1);
    match absence {
        // One line when the breaker opened is enough; a spent budget is no fault.
        Absence::Breaker | Absence::Budget => {
            tracing::debug!(%absence, "without the model");
        }
        Absence::Error(_) => {
            tracing::warn!(%absence, "without the model");
        }
    }
    if let Some(pause) = model.wait_for(&absence) {
        let error = anyhow!("the model is away: {absence}");
        return Err(StageError::RetryAfter(pause, error));
    }
    let reader = Reader::BuiltIn(Some(absence));
    Ok((built_in(request), reader, reading.tokens))
}

/// The built-in parser's proposal. It keeps the rules by itself; a proposal that did not would be
/// a bug, and is declined rather than stored.
fn built_in(request: &Request<'_>) -> ParsedProposal {
    let proposal = parser::parse(request);
    let (language, summary) = (proposal.language, proposal.summary.clone());
    validate(proposal, request).unwrap_or_else(|complaints| {
        let complaints: Vec<String> = complaints.iter().map(ToString::to_string).collect();
        tracing::error!(?complaints, "the built-in parser broke its own rules");
        ParsedProposal {
            summary,
            actionable: true,
            language,
            items: Vec::new(),
            total_hours: None,
            assumptions: Vec::new(),
            confidence: 0.0,
        }
    })
}
