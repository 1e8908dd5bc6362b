//! Who reads a request: the model where one is configured and answers, else the built-in parser.
//! Whoever it was, the same rules are checked before anything is stored.

use std::time::Duration;

use anyhow::anyhow;
use common::{payload::ParseRequest, settings::ModelFallback};
use parser::{ParsedProposal, Request, validate};

use super::{Parse, load::Surroundings, model::ModelError};
use crate::failure::Failure;

/// How long a request waits before the model is asked again (`AI_FALLBACK=wait`).
const WAIT: Duration = Duration::from_secs(30);

/// A request that was read.
#[derive(Debug)]
pub(super) struct Understood {
    pub(super) proposal: ParsedProposal,
    /// `builtin` or the model's name.
    pub(super) reader: String,
    /// Tokens that the model counted: prompt and completion.
    pub(super) tokens: Option<(u64, u64)>,
    /// A model was configured and could not answer.
    pub(super) rough: bool,
    pub(super) took: Duration,
    pub(super) members: Vec<super::load::Member>,
    /// The zone that dates were counted in.
    pub(super) timezone: chrono_tz::Tz,
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
    ) -> Result<Understood, Failure> {
        let started = tokio::time::Instant::now();
        let timezone = asked
            .timezone
            .parse()
            .unwrap_or(chrono_tz::America::Mexico_City);
        let names: Vec<String> = surroundings
            .members
            .iter()
            .map(|m| m.name.clone())
            .collect();
        let request = Request {
            text: asked.text.reveal(),
            sent_at: asked.sent_at.with_timezone(&timezone),
            language: None,
            project: &surroundings.project,
            members: &names,
        };
        let (proposal, reader, tokens) = match self.ask_model(&request).await {
            Some(Ok(answer)) => (answer.proposal, answer.model, Some(answer.tokens)),
            Some(Err(error)) => {
                tracing::warn!(sid = %asked.message_sid, %error, "the model did not answer");
                metrics::counter!("model_failures_total", "reason" => error.reason()).increment(1);
                if self.waits_for_model() && error.is_outage() {
                    return Err(Failure::Retry(WAIT, anyhow!("the model is away: {error}")));
                }
                (built_in(&request), "builtin".to_owned(), None)
            }
            None => (built_in(&request), "builtin".to_owned(), None),
        };
        Ok(Understood {
            proposal,
            rough: self.model.is_some() && reader == "builtin",
            reader,
            tokens,
            took: started.elapsed(),
            members: surroundings.members.clone(),
            timezone,
        })
    }

    async fn ask_model(
        &self,
        request: &Request<'_>,
    ) -> Option<Result<super::model::Answer, ModelError>> {
        match &self.model {
            Some(model) => Some(model.read(request).await),
            None => None,
        }
    }

    fn waits_for_model(&self) -> bool {
        let model = self.context.settings.model.as_ref();
        model.is_some_and(|model| model.fallback == ModelFallback::Wait)
    }
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
