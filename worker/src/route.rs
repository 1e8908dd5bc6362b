//! The first stage: works out what a message is, carries out commands and VERIFY, and turns
//! requests into parse requests. It is quick and never calls Twilio or the model, since it holds
//! up its lane.

mod account;
mod answer;
mod cancel;
mod choice;
mod code;
mod command;
mod dispatch;
mod intent;
mod lateness;
mod menu;
mod number;
mod pick;
mod project;
mod project_choice;
mod request;
mod route_context;
mod side_effects;
mod standing;
mod suggestion;
mod task;
mod undo;
mod unlink;
mod verify;
mod visible_project;
mod wish;
mod workspace;

use std::{sync::Arc, time::Duration};

use common::{
    kill_point::KillPoint,
    payload::{Due, InboundMessage, InboundPayload, decode},
    sender::SenderHash,
    sid::MessageSid,
    trace::Trace,
};
use serde_json::Value;
use sqlx::PgConnection;
use store::{ReplyId, message::Routed};

use self::{
    account::Arrival, answer::Answer, intent::Intent, lateness::Lateness,
    route_context::RouteContext,
};
pub(crate) use self::{request::WAITS, suggestion::forgotten_slash};
use crate::{
    engine::{
        context::Context,
        delivery::Delivery,
        idempotent_stage::IdempotentStage,
        ledger::{Attempt, StageKey},
        outbox::{DeliverPoints, Next, Outcome},
        stage_error::StageError,
    },
    recipient::{self, Recipient},
    reply::{self, Parting, ReplyKind},
    session::{Lasts, SessionWrite},
};

/// The route stage.
pub(crate) struct Route {
    pub(crate) context: Arc<Context>,
}

impl IdempotentStage for Route {
    type Payload = InboundMessage;

    const STAGE: store::stage::Stage = store::stage::Stage::Route;
    const CLAIMED: KillPoint = KillPoint::RouteClaimed;
    const DELIVER: DeliverPoints = DeliverPoints {
        recorded: Some(KillPoint::RouteRecorded),
        session_written: Some(KillPoint::RouteSessionWritten),
        delivered: Some(KillPoint::RouteFollowed),
    };

    fn attempt_limit(&self) -> Duration {
        self.context.settings.nats.ack_wait * 3
    }

    fn decode(&self, delivery: &Delivery) -> Result<(StageKey, InboundMessage), StageError> {
        let InboundPayload::V1(message) = decode(delivery.payload())?;
        let key = StageKey {
            message_sid: message.message_sid.clone(),
            stage: Self::STAGE,
            generation: delivery.generation(),
        };
        Ok((key, message))
    }

    /// Puts the message into the ledger, or completes a row that an operator's replay has begun or
    /// that came without a stream. The digits of a code are masked there.
    async fn register(
        &self,
        conn: &mut PgConnection,
        delivery: &Delivery,
        message: &InboundMessage,
    ) -> Result<(), StageError> {
        let identity = message.from.identity();
        let place = delivery.place();
        let keys = &self.context.settings.process.keys;
        let sender = keys.sender(&identity);
        let live = verify::live(conn, keys, message.text.reveal()).await?;
        let body = code::masked(message.text.reveal(), &live);
        let arrival = store::message::Arrival {
            message_sid: &message.message_sid,
            generation: delivery.generation(),
            sender_hash: sender.as_str(),
            identity: identity.reveal(),
            wa_address: message.from.reveal(),
            body: &body,
            content: &content_word(message),
            place: (place.created_at(), place.sequence),
            received_at: message.received_at,
            traceparent: Trace::current().map(|trace| trace.traceparent()),
            recovered_at: delivery.recovered_at(),
        };
        Ok(store::message::register(conn, &arrival).await?)
    }

    async fn work(
        &self,
        attempt: &Attempt,
        delivery: &Delivery,
        message: InboundMessage,
    ) -> Result<Value, StageError> {
        let context = &self.context;
        let identity = message.from.identity();
        let sender = context.settings.process.keys.sender(&identity);
        let session = context.sessions.read(&sender).await?;
        let mut transaction = context.pool.begin().await?;
        let held = attempt.hold(&mut transaction).await?;
        let outcome = if held.is_settled() {
            // Forgotten while it was in hand: nothing follows, and nothing is kept.
            Outcome::default().to_value()?
        } else {
            let lateness = Lateness {
                recovered_at: held.recovered_at,
                replayed: attempt.key.generation > 1,
            };
            let at = message.received_at;
            let conn = &mut *transaction;
            let names = (&identity, account::external_id(&message));
            let recipient = recipient::wrote(conn, names, &sender, &message.from, at).await?;
            let arrival = Arrival {
                message: &message,
                lateness,
                recipient: recipient.id,
            };
            let mut route = RouteContext::open(context, conn, arrival, session).await?;
            route.generation = attempt.key.generation;
            let answer = route.dispatch(conn, &Intent::of(&message)).await?;
            let written = Written {
                context,
                recipient,
                sender,
                delivery,
                message: &message,
                lateness,
            };
            written.record(conn, answer).await?
        };
        attempt.record(&mut transaction, &outcome).await?;
        transaction.commit().await?;
        Ok(outcome)
    }
}

/// The word for the kind of message, as in its payload.
fn content_word(message: &InboundMessage) -> String {
    match serde_json::to_value(message.content) {
        Ok(Value::String(word)) => word,
        _ => "unknown".to_owned(),
    }
}

/// Where an answer is written down.
struct Written<'a> {
    context: &'a Context,
    recipient: Recipient,
    sender: SenderHash,
    delivery: &'a Delivery,
    message: &'a InboundMessage,
    lateness: Lateness,
}

impl Written<'_> {
    /// Stores the answer's effects on the ledger and its reply; returns the outcome.
    async fn record(
        &self,
        conn: &mut PgConnection,
        mut answer: Answer,
    ) -> Result<Value, StageError> {
        let (sid, texts) = (&self.message.message_sid, &self.context.texts);
        let mut next = std::mem::take(&mut answer.next);
        // What was held for this recipient goes out before anything new.
        if self.recipient.has_held
            && let Some(reply_id) = store::part::release_held(conn, self.recipient.id).await?
        {
            next.push(self.due(reply_id));
        }
        if let Some(said) = answer.reply.take() {
            let text = match (said.kind, answer.language) {
                (ReplyKind::Final, Some(language)) if self.recipient.has_untold => {
                    let to = self.recipient.id;
                    reply::with_news_of_failure(conn, texts, language, to, said.text).await?
                }
                _ => said.text,
            };
            let parting = answer.ends_link.then_some(Parting::Plain);
            let answers = (sid, said.kind);
            next.push(self.write(conn, answers, &text, parting).await?);
        }
        for request in &answer.cancelled {
            let parting = answer.ends_link.then_some(Parting::Quoting);
            let answers = (&request.message_sid, ReplyKind::Final);
            next.push(self.write(conn, answers, &request.text, parting).await?);
        }
        let link = answer.link.as_ref();
        let routed = Routed {
            state: answer.state,
            language: answer.language.map(parser::Language::tag),
            link: link.map(|link| (link.id, link.user_id)),
            project: answer.project,
        };
        store::message::route(conn, sid, &routed).await?;
        let writes = answer.session.is_some() || answer.ends_link;
        let session = writes.then(|| SessionWrite {
            sender: self.sender.clone(),
            place: self.delivery.place(),
            lasts: Some(self.lasts(answer.asks)),
            session: answer.session.filter(|_| !answer.ends_link),
        });
        next.extend(answer.side_effects.next);
        let ended = answer.side_effects.ended;
        Outcome {
            session,
            next,
            ended,
        }
        .to_value()
    }

    /// Until when the session lasts: a late message's no longer than if it had come in time.
    fn lasts(&self, asks: bool) -> Lasts {
        let now = self.context.clock.now();
        let written = if self.lateness.is_late() {
            self.message.received_at
        } else {
            now
        };
        Lasts::of((written, now), self.context.sessions.time_to_live(), asks)
    }

    /// Writes one reply; returns what announces it.
    async fn write(
        &self,
        conn: &mut PgConnection,
        (sid, kind): (&MessageSid, ReplyKind),
        text: &str,
        parting: Option<Parting>,
    ) -> Result<Next, StageError> {
        let to = self.recipient.id;
        let reply_id = match parting {
            Some(parting) => reply::write_parting(conn, to, sid, text, parting).await?,
            None => reply::write(conn, to, sid, kind, text).await?,
        };
        Ok(self.due(reply_id))
    }

    fn due(&self, reply: ReplyId) -> Next {
        Next::Due {
            sender: self.sender.clone(),
            due: Due {
                recipient_id: self.recipient.id.0,
                reply_id: reply.0,
            },
        }
    }
}
