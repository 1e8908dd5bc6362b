//! The model as the parse stage sees it: within the workspace's budget, behind the breaker.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use common::{clock::Clock, settings::ModelFallback};
use parser::{ParsedProposal, Request};
use redis::aio::ConnectionManager;
use uuid::Uuid;

use super::{
    account::Account,
    breaker::ModelBreaker,
    budget::Budget,
    model::{Condition, Model, ModelError, Tokens},
};
use crate::engine::context::Context;

/// The names of all reasons for which the model may not read a request.
pub(crate) const REASONS_WITHOUT_A_MODEL: [&str; 13] = [
    "unreachable",
    "timeout",
    "unavailable",
    "quota",
    "misconfigured",
    "rejected",
    "refusal",
    "length",
    "content_filter",
    "malformed",
    "invalid",
    "breaker",
    "budget",
];

/// Why the model did not read a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Absence {
    /// It was not asked: the breaker is open.
    #[error("not asked while it is away")]
    Breaker,
    /// It was not asked: the workspace has spent its tokens.
    #[error("the workspace's tokens are spent")]
    Budget,
    /// It was asked.
    #[error(transparent)]
    Error(#[from] ModelError),
}

impl Absence {
    /// The reason's name in metrics and in a proposal's provenance.
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Self::Breaker => "breaker",
            Self::Budget => "budget",
            Self::Error(error) => error.reason(),
        }
    }

    /// Whether the model is away, so that waiting for it helps.
    fn is_outage(&self) -> bool {
        match self {
            Self::Breaker => true,
            Self::Budget => false,
            Self::Error(error) => error.condition() != Condition::Answers,
        }
    }
}

/// What became of a request.
#[derive(Debug)]
pub(super) struct GuardedReading {
    pub(super) result: Result<ParsedProposal, Absence>,
    pub(super) tokens: Tokens,
}

/// The guarded model.
pub(crate) struct GuardedModel {
    model: Model,
    breaker: ModelBreaker,
    budget: Budget,
    fallback: ModelFallback,
    account: Account,
    pause: Duration,
    clock: Clock,
}

impl GuardedModel {
    /// The model that is configured, if there is one.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub(crate) fn configured(
        context: &Context,
        redis: ConnectionManager,
    ) -> Result<Option<Self>, reqwest::Error> {
        let (settings, clock) = (&context.settings, &context.clock);
        let Some(model) = &settings.model else {
            return Ok(None);
        };
        let timings = settings.database.timings;
        // Whatever else is waited for while another company's API is away waits as long.
        let pause = timings.settle;
        let prefix = &settings.redis.prefix;
        Ok(Some(Self {
            model: Model::new(model.clone(), timings.model, clock.clone())?,
            breaker: ModelBreaker::new(Instant::now(), pause, Arc::clone(&context.breaker_open)),
            budget: Budget::new(redis, prefix, model.daily_tokens),
            fallback: model.fallback,
            account: Account::new(model.prices),
            pause,
            clock: clock.clone(),
        }))
    }

    /// The model's name.
    pub(super) fn name(&self) -> &str {
        self.model.name()
    }

    /// How long a request waits before it asks again, where it waits for the model at all.
    pub(super) fn wait_for(&self, absence: &Absence) -> Option<Duration> {
        let waits = self.fallback == ModelFallback::Wait && absence.is_outage();
        waits.then_some(self.pause)
    }

    /// Lets the model read a request of a workspace's, unless something is in the way.
    pub(super) async fn read(&self, request: &Request<'_>, workspace: Uuid) -> GuardedReading {
        let not_asked = |absence| GuardedReading {
            result: Err(absence),
            tokens: Tokens::default(),
        };
        let now = self.now();
        // The budget first: who may not ask must not use up the breaker's probe.
        if !self.budget.allows(workspace, now).await {
            return not_asked(Absence::Budget);
        }
        if !self.breaker.admits(Instant::now()) {
            return not_asked(Absence::Breaker);
        }
        let reading = self.model.read(request).await;
        self.account.count(workspace, reading.tokens);
        let found = reading.result.as_ref().err();
        let found = found.map_or(Condition::Answers, ModelError::condition);
        self.breaker.note(Instant::now(), found);
        self.budget
            .spend(workspace, self.now(), reading.tokens)
            .await;
        GuardedReading {
            result: reading.result.map_err(Absence::from),
            tokens: reading.tokens,
        }
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}
