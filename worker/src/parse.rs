//! From a request to a proposal: the model or the built-in parser reads it, and one transaction
//! stores proposal, reply and outcome, if the sender may still have it.

mod account;
mod breaker;
mod budget;
mod guard;
mod load;
mod model;
mod order;
mod proposal;
mod summary;
mod typing;
mod understand;

use std::{pin::pin, sync::Arc, time::Duration};

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use common::{
    kill_point::KillPoint,
    payload::{Due, ParsePayload, ParseRequest, decode},
    sender::SenderHash,
    stage::StageName,
    texts::Texts,
};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

pub use self::model::Tokens;
pub(crate) use self::{
    guard::{GuardedModel, REASONS_WITHOUT_A_MODEL},
    model::{Model, ModelError},
    typing::Typing,
};
use self::{load::Surroundings, order::ReadOrder, understand::Understood};
use crate::{
    delay,
    engine::{
        context::Context,
        delivery::Delivery,
        idempotent_stage::IdempotentStage,
        ledger::{Attempt, StageKey},
        outbox::{DeliverPoints, Next, Outcome, due_message},
        stage_error::StageError,
    },
    foco::Access,
    reply::{self, Parting, ReplyKind},
    small_talk,
};

/// How long somebody waits before they are told that it takes a while.
const PATIENCE: Duration = Duration::from_secs(10);

/// The parse stage.
pub(crate) struct Parse {
    pub(crate) context: Arc<Context>,
    /// The model, where one is configured.
    pub(crate) model: Option<GuardedModel>,
    /// The dots on the sender's phone.
    pub(crate) typing: Typing,
}

/// What a request comes to.
enum Verdict {
    /// A proposal, stored under this id.
    Proposed(Uuid, String),
    /// No proposal, for this reason.
    Declined(String),
    /// No proposal, since the link has ended.
    Unlinked(String),
}

impl IdempotentStage for Parse {
    type Payload = ParseRequest;

    const NAME: &'static str = StageName::Parse.name();
    const CLAIMED: KillPoint = KillPoint::ParseClaimed;
    const DELIVER: DeliverPoints = DeliverPoints {
        recorded: Some(KillPoint::ParseRecorded),
        session_written: None,
        delivered: Some(KillPoint::ParseFollowed),
    };

    fn attempt_limit(&self) -> Duration {
        let timings = self.context.settings.database.timings;
        timings.model + timings.ack_wait * 3
    }

    fn decode(&self, delivery: &Delivery) -> Result<(StageKey, ParseRequest), StageError> {
        let ParsePayload::V1(request) = decode(delivery.payload())?;
        let key = StageKey {
            message_sid: request.message_sid.clone(),
            stage: Self::NAME,
            generation: request.generation,
        };
        Ok((key, request))
    }

    async fn register(
        &self,
        _: &mut PgConnection,
        _: &Delivery,
        _: &ParseRequest,
    ) -> Result<(), StageError> {
        Ok(())
    }

    async fn work(
        &self,
        attempt: &Attempt,
        delivery: &Delivery,
        request: ParseRequest,
    ) -> Result<Value, StageError> {
        let context = &self.context;
        if delivery.delivered() == 1 {
            self.typing.show(&request.message_sid, &context.shutdown);
        }
        let mut conn = context.pool.acquire().await?;
        let turn = order::before_reading(&mut conn, context, &request).await?;
        if let ReadOrder::Later(later) = turn {
            drop(conn);
            if later.for_model {
                self.say_once(&request, ReplyKind::WaitingModel).await?;
            }
            return Err(later.failure);
        }
        let surroundings = load::surroundings(&mut conn, &request).await?;
        drop(conn);
        let understood = tokio::select! {
            understood = self.understand_in_time(&request, &surroundings) => understood,
            () = context.shutdown.nearly_over() => {
                return Err(StageError::RetryAfter(Duration::ZERO, anyhow!("the worker stops")));
            }
        };
        let understood = match understood {
            Ok(understood) => understood,
            Err(waiting) => {
                self.say_once(&request, ReplyKind::WaitingModel).await?;
                return Err(waiting);
            }
        };
        if matches!(turn, ReadOrder::BehindAnother) {
            order::wait_for_older(context, &request).await?;
        }
        context.reach(KillPoint::ParseUnderstood);
        let mut transaction = context.pool.begin().await?;
        attempt.hold(&mut transaction).await?;
        let outcome = match load::addressee(&mut transaction, &request).await? {
            Some(addressee) => {
                let verdict = self
                    .propose(&mut transaction, &request, &understood, addressee.recipient)
                    .await?;
                let said = (&context.texts, understood.proposal.language);
                settle(&mut transaction, &request, &addressee, verdict, said).await?
            }
            // Cancelled, refused or forgotten meanwhile: settled by whoever did that.
            None => Outcome::default().to_value()?,
        };
        attempt.record(&mut transaction, &outcome).await?;
        transaction.commit().await?;
        Ok(outcome)
    }
}

impl Parse {
    /// Stores the proposal, if there is one to store and the sender may still have it.
    async fn propose(
        &self,
        conn: &mut PgConnection,
        request: &ParseRequest,
        understood: &Understood,
        recipient: Uuid,
    ) -> Result<Verdict, StageError> {
        let language = understood.proposal.language;
        let say = |name| self.context.texts.say(language, name, &[]);
        if !understood.proposal.actionable {
            let (texts, text) = (&self.context.texts, request.text.reveal());
            return Ok(Verdict::Declined(small_talk::answer(texts, language, text)));
        }
        if understood.proposal.items.is_empty() {
            return Ok(Verdict::Declined(say("failed-empty")));
        }
        if !load::still_linked(conn, request).await? {
            return Ok(Verdict::Unlinked(say("failed-not-linked")));
        }
        let id = match proposal::store(conn, request, understood).await? {
            (_, Access::NotAMember) => return Ok(Verdict::Declined(say("failed-no-access"))),
            (_, Access::ProjectClosed) => {
                return Ok(Verdict::Declined(say("failed-project-closed")));
            }
            (id, Access::Granted) => id,
        };
        let link = self.context.settings.process.proposal_link(id);
        let guessed = request.timezone_guessed && summary::shows_a_day(understood);
        let tell = guessed && tell_timezone(conn, recipient, understood).await?;
        let shown = summary::Shown {
            link: &link,
            timezone: tell,
        };
        let text = summary::write(&self.context.texts, request, understood, &shown);
        Ok(Verdict::Proposed(id, text))
    }

    /// Reads a request; the sender is told once where that takes longer than people like to wait.
    async fn understand_in_time(
        &self,
        request: &ParseRequest,
        surroundings: &Surroundings,
    ) -> Result<Understood, StageError> {
        let mut reading = pin!(self.understand(request, surroundings));
        if let Ok(result) = tokio::time::timeout(PATIENCE, &mut reading).await {
            return result;
        }
        let (said, result) = tokio::join!(self.say_once(request, ReplyKind::Working), reading);
        if let Err(failure) = said {
            // The answer itself matters more.
            tracing::warn!(%failure, "saying that it takes a while");
        }
        result
    }

    /// Says something on the way to the final reply, once: that it takes a while, or, with
    /// `AI_FALLBACK=wait`, that the model is away.
    async fn say_once(&self, request: &ParseRequest, kind: ReplyKind) -> Result<(), StageError> {
        let name = match kind {
            ReplyKind::Working => "working",
            _ => "waiting-model",
        };
        let context = &self.context;
        let mut transaction = context.pool.begin().await?;
        let Some(addressee) = load::addressee(&mut transaction, request).await? else {
            return Ok(());
        };
        let language = parser::detect_language(request.text.reveal());
        let language = language.unwrap_or(addressee.language);
        let text = context.texts.say(language, name, &[]);
        let (conn, sid) = (&mut transaction, &request.message_sid);
        let reply_id = reply::write(conn, addressee.recipient, sid, kind, &text).await?;
        transaction.commit().await?;
        let due = Due {
            recipient_id: addressee.recipient,
            reply_id,
        };
        let message = due_message(context, &addressee.sender, due, request.generation);
        context.queue.publish(message).await?;
        Ok(())
    }
}

/// Notes that the recipient is told of the guessed time zone; returns whether that is news.
async fn tell_timezone(
    conn: &mut PgConnection,
    recipient: Uuid,
    understood: &Understood,
) -> Result<bool, StageError> {
    let told = sqlx::query!(
        "update whatsapp_recipients set told_timezone = $2
         where id = $1 and told_timezone is distinct from $2",
        recipient,
        understood.timezone.name()
    )
    .execute(conn)
    .await?;
    Ok(told.rows_affected() > 0)
}

/// Who gets the reply.
struct Addressee {
    recipient: Uuid,
    sender: SenderHash,
    language: parser::Language,
    /// An earlier answer has failed, and they were not told.
    has_untold: bool,
    /// When the message was sent, and when it was fetched from Twilio's log, if its answer is to
    /// say so.
    came: (DateTime<Utc>, Option<DateTime<Utc>>),
}

/// Writes the final reply and the message's story; returns the outcome.
async fn settle(
    conn: &mut PgConnection,
    request: &ParseRequest,
    addressee: &Addressee,
    result: Verdict,
    (texts, language): (&Texts, parser::Language),
) -> Result<Value, StageError> {
    let (proposal_id, text, parting) = match result {
        Verdict::Proposed(id, text) => (Some(id), text, None),
        Verdict::Declined(text) => (None, text, None),
        Verdict::Unlinked(text) => (None, text, Some(Parting::Plain)),
    };
    let sid = &request.message_sid;
    let to = addressee.recipient;
    let text = delay::excused(texts, language, addressee.came, text);
    let text = if addressee.has_untold {
        reply::with_news_of_failure(conn, texts, language, to, text).await?
    } else {
        text
    };
    let reply_id = match parting {
        Some(parting) => reply::write_parting(conn, to, sid, &text, parting).await?,
        None => reply::write(conn, to, sid, ReplyKind::Final, &text).await?,
    };
    sqlx::query!(
        "update whatsapp_messages set
             state = case when $2::uuid is null then 'replied' else 'proposed' end,
             proposal_id = $2, parsed_at = now(), replied_at = now(),
             proposed_at = case when $2::uuid is not null then now() end
         where message_sid = $1",
        sid.as_str(),
        proposal_id
    )
    .execute(conn)
    .await?;
    let due = Due {
        recipient_id: addressee.recipient,
        reply_id,
    };
    let next = vec![Next::Due {
        sender: addressee.sender.clone(),
        due,
    }];
    Outcome {
        next,
        ..Outcome::default()
    }
    .to_value()
}
