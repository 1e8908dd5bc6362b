//! The model: one OpenAI-compatible chat completion with strict structured output, bounded in
//! time, and asked a second time only where that can help.

mod answer;
mod api_error;
mod error;
mod prompt;

use std::time::Duration;

use common::{clock::Clock, http, settings::ModelSettings, trace};
use parser::{ParsedProposal, Request, json_schema, validate};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tracing::Instrument as _;

pub use self::answer::Tokens;
use self::{
    answer::{Completion, read_answer},
    api_error::ApiError,
};
pub(crate) use self::{
    error::{Condition, ModelError},
    prompt::VERSION as PROMPT_VERSION,
};

/// Bounds what one answer can cost: fifty items, and the thoughts before them.
const MOST_TOKENS: u32 = 16_000;
/// What the model is told about an answer that is not the JSON that was asked for.
const NOT_AN_ANSWER: &str =
    "It must be one JSON object that fits the schema, and its dates must be days that exist.";

/// What became of a request to the model.
#[derive(Debug)]
pub(crate) struct Reading {
    /// The proposal, which keeps all rules.
    pub(crate) result: Result<ParsedProposal, ModelError>,
    /// What was spent, on answers that could not be used too.
    pub(crate) tokens: Tokens,
}

/// An answer that cannot be used, and what is wrong with it.
struct Objection {
    answer: String,
    complaints: Vec<String>,
}

/// Why one call gave no proposal.
struct Miss {
    error: ModelError,
    objection: Option<Objection>,
}

impl From<ModelError> for Miss {
    fn from(error: ModelError) -> Self {
        Self {
            error,
            objection: None,
        }
    }
}

/// The configured model.
pub(crate) struct Model {
    client: reqwest::Client,
    settings: ModelSettings,
    /// The model in all, its second try included.
    limit: Duration,
    clock: Clock,
}

impl Model {
    /// A client for the configured model.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub(crate) fn new(
        settings: ModelSettings,
        limit: Duration,
        clock: Clock,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            client: http::client(limit)?,
            settings,
            limit,
            clock,
        })
    }

    /// The model's name.
    pub(crate) fn name(&self) -> &str {
        &self.settings.model
    }

    /// Reads a request within the limit.
    pub(crate) async fn read(&self, request: &Request<'_>) -> Reading {
        let mut tokens = Tokens::default();
        let tries = self.read_with_tries(request, &mut tokens);
        let result = tokio::time::timeout(self.limit, tries)
            .await
            .unwrap_or(Err(ModelError::TimedOut));
        Reading { result, tokens }
    }

    /// Asks again once after a failed call, and once after an answer that cannot be used.
    async fn read_with_tries(
        &self,
        request: &Request<'_>,
        tokens: &mut Tokens,
    ) -> Result<ParsedProposal, ModelError> {
        let mut turns = prompt::opening(request);
        let (mut may_repeat, mut may_object) = (true, true);
        loop {
            let miss = match self.read_once(request, &turns, tokens).await {
                Ok(proposal) => return Ok(proposal),
                Err(miss) => miss,
            };
            match (miss.objection, miss.error.again()) {
                (Some(it), _) if may_object => {
                    may_object = false;
                    turns.extend(prompt::objection(request, &it.answer, &it.complaints));
                }
                (None, Some(wait)) if may_repeat => {
                    may_repeat = false;
                    tokio::time::sleep(wait).await;
                }
                _ => return Err(miss.error),
            }
        }
    }

    async fn read_once(
        &self,
        request: &Request<'_>,
        turns: &[Value],
        tokens: &mut Tokens,
    ) -> Result<ParsedProposal, Miss> {
        let started = tokio::time::Instant::now();
        let span = self.span();
        let body = self.body(turns);
        let answered = self.post(&body).instrument(span.clone()).await;
        match &answered {
            Ok(completion) => {
                let tokens = completion.tokens();
                trace::note(&span, "gen_ai.usage.input_tokens", as_signed(tokens.prompt));
                trace::note(
                    &span,
                    "gen_ai.usage.output_tokens",
                    as_signed(tokens.completion),
                );
            }
            Err(error) => trace::failed(&span, error.reason()),
        }
        let outcome = answered.as_ref().map_or_else(ModelError::reason, |_| "ok");
        let labels = [("outcome", outcome)];
        metrics::counter!("model_requests_total", &labels).increment(1);
        metrics::histogram!("model_request_duration_seconds", &labels)
            .record(started.elapsed().as_secs_f64());
        let completion = answered?;
        tokens.add(self.count(completion.tokens()));
        let text = completion.into_text()?;
        let answer = match read_answer(&text) {
            Ok(answer) => answer,
            Err(error) => return Err(object(error, text, vec![NOT_AN_ANSWER.to_owned()])),
        };
        validate(ParsedProposal::from(answer), request).map_err(|complaints| {
            let complaints: Vec<String> = complaints.iter().map(ToString::to_string).collect();
            object(ModelError::Invalid(complaints.len()), text, complaints)
        })
    }

    /// The span of one call, by OpenTelemetry's conventions for models: no prompt and no answer.
    fn span(&self) -> tracing::Span {
        let model = &self.settings.model;
        let span = trace::call(&format!("chat {model}"), "POST", &self.settings.base_url);
        trace::note(&span, "gen_ai.operation.name", "chat");
        trace::note(&span, "gen_ai.provider.name", "openai");
        trace::note(&span, "gen_ai.request.model", model.clone());
        span
    }

    /// Counts what a call cost.
    fn count(&self, tokens: Tokens) -> Tokens {
        for (kind, number) in tokens.by_kind() {
            let model = self.settings.model.clone();
            metrics::counter!("model_tokens_total", "kind" => kind, "model" => model)
                .increment(number);
        }
        tokens
    }

    async fn post(&self, body: &Value) -> Result<Completion, ModelError> {
        let url = format!("{}/chat/completions", self.settings.base_url);
        let key = self.settings.api_key.expose_secret();
        let call = self.client.post(url).bearer_auth(key).json(body);
        let response = call
            .send()
            .await
            .map_err(|error| ModelError::of_connection(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response
            .bytes()
            .await
            .map_err(|error| ModelError::of_connection(&error))?;
        if status.is_success() {
            return Completion::read(&bytes);
        }
        let error = ApiError::read(&bytes);
        let now = self.clock.now();
        Err(ModelError::of_response(status, &headers, &error, now))
    }

    fn body(&self, turns: &[Value]) -> Value {
        let mut body = json!({
            "model": self.settings.model,
            "messages": turns,
            "max_completion_tokens": MOST_TOKENS,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "proposal", "strict": true, "schema": json_schema()}
            }
        });
        if let Some(effort) = &self.settings.effort {
            body["reasoning_effort"] = json!(effort);
        }
        body
    }
}

fn object(error: ModelError, answer: String, complaints: Vec<String>) -> Miss {
    let objection = Some(Objection { answer, complaints });
    Miss { error, objection }
}

fn as_signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
