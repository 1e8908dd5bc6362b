//! Files dead letters into PostgreSQL, where operators find them; whoever waits for an answer is
//! told once that something went wrong.

use std::{sync::Arc, time::Duration};

use common::{
    kill_point::KillPoint,
    queue::{Outgoing, headers},
    sid::MessageSid,
    stage::StageName,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use sqlx::PgConnection;
use store::dead_letter::{Letter, State};

use super::notify_sender;
use crate::{
    engine::{
        attempts, context::Context, delivery::Delivery, failure::Findings,
        isolation::SUSPECT_AFTER, stage::Stage, stage_error::StageError,
    },
    reply::ReplyKind,
};

/// The consumer of dead letters.
pub(crate) struct DeadLetters {
    pub(crate) context: Arc<Context>,
}

impl Stage for DeadLetters {
    fn name(&self) -> &'static str {
        StageName::Dead.name()
    }

    fn attempt_limit(&self) -> Duration {
        self.context.settings.nats.ack_wait * 3
    }

    /// What cannot be filed now is filed later: its sender is told then.
    fn may_give_up(&self, _: &Delivery) -> bool {
        false
    }

    async fn process(
        &self,
        delivery: &Delivery,
        findings: &mut Findings,
    ) -> Result<(), StageError> {
        let pool = &self.context.pool;
        let suspect = attempts::unended(pool, delivery).await? >= SUSPECT_AFTER;
        let _guard = self.context.isolation.enter(suspect).await;
        let filed = match attempts::begin(pool, delivery, findings).await {
            Ok(()) => self.file_and_tell(delivery).await,
            Err(failure) => Err(failure),
        };
        attempts::end(pool, delivery).await;
        match filed {
            // A dead letter about a dead letter helps nobody: it stays in its stream, by its place.
            Err(StageError::Permanent(_, error)) => {
                let error = format!("{error:#}");
                tracing::error!(
                    source = delivery.source(),
                    error,
                    "a dead letter was not filed"
                );
                metrics::counter!("dead_letters_unfiled_total").increment(1);
                Ok(())
            }
            other => other,
        }
    }
}

impl DeadLetters {
    async fn file_and_tell(&self, delivery: &Delivery) -> Result<(), StageError> {
        let context = &self.context;
        let mut transaction = context.pool.begin().await?;
        let sid = message_sid(delivery.payload());
        let about = sid
            .clone()
            .or_else(|| MessageSid::parse(&header(delivery, headers::DEAD_MESSAGE)).ok());
        if is_forgotten(&mut transaction, about.as_ref()).await? {
            return delivery.erase(&context.queue).await;
        }
        if let Some(sid) = &about {
            delivery.is_of_message(sid);
        }
        let is_open = file(&mut transaction, delivery, about.as_ref()).await?;
        let stage = header(delivery, headers::DEAD_STAGE);
        let told = match &sid {
            // One that was replayed or discarded since is nobody's news.
            Some(sid) if is_open && (stage == "route" || stage == "parse") => {
                self.tell(
                    &mut transaction,
                    sid,
                    &header(delivery, headers::DEAD_REASON),
                )
                .await?
            }
            _ => None,
        };
        transaction.commit().await?;
        context.reach(KillPoint::DeadFiled);
        if let Some(message) = told {
            context.queue.publish(message).await?;
        }
        Ok(())
    }

    /// Marks the message as dead and writes the interim reply, if its sender is known.
    async fn tell(
        &self,
        conn: &mut PgConnection,
        sid: &MessageSid,
        reason: &str,
    ) -> Result<Option<Outgoing>, StageError> {
        if !store::message::mark_dead(conn, sid, reason).await? {
            return Ok(None);
        }
        let kind = ReplyKind::FailedForNow;
        notify_sender(&self.context, conn, sid, kind, "failed-for-now").await
    }
}

fn header(delivery: &Delivery, name: &str) -> String {
    delivery
        .headers()
        .get(name)
        .map(|value| value.as_str().to_owned())
        .unwrap_or_default()
}

/// The message's SID, where the payload can be read that far.
fn message_sid(payload: &[u8]) -> Option<MessageSid> {
    #[derive(Deserialize)]
    struct Named {
        message_sid: MessageSid,
    }
    serde_json::from_slice::<Named>(payload)
        .ok()
        .map(|named| named.message_sid)
}

/// Whether the sender of the message was forgotten.
async fn is_forgotten(
    conn: &mut PgConnection,
    sid: Option<&MessageSid>,
) -> Result<bool, StageError> {
    let found = sqlx::query_scalar!(
        r#"select exists(select from whatsapp_messages
               where message_sid = $1 and state = 'forgotten') as "found!""#,
        sid.map(MessageSid::as_str)
    )
    .fetch_one(conn)
    .await?;
    Ok(found)
}

/// Files it once; returns whether it is open, that is neither replayed nor discarded.
async fn file(
    conn: &mut PgConnection,
    delivery: &Delivery,
    sid: Option<&MessageSid>,
) -> Result<bool, StageError> {
    let all: Map<String, Value> = delivery
        .headers()
        .iter()
        .filter_map(|(name, values)| Some((name.to_string(), values.first()?.as_str().into())))
        .collect();
    let named = |name| header(delivery, name);
    let (source, subject) = (named(headers::DEAD_SOURCE), named(headers::DEAD_SUBJECT));
    let attempts = named(headers::DEAD_ATTEMPTS).parse().unwrap_or(0);
    let letter = Letter {
        source: &source,
        message_sid: sid.map(MessageSid::as_str),
        sender_hash: subject.rsplit('.').next().unwrap_or_default(),
        stage: &named(headers::DEAD_STAGE),
        reason: &named(headers::DEAD_REASON),
        error: &named(headers::DEAD_ERROR),
        attempts,
        subject: &subject,
        payload: delivery.payload(),
        headers: Value::Object(all),
    };
    store::dead_letter::file(conn, &letter).await?;
    let state = sqlx::query_scalar!(
        r#"select state as "state: State" from whatsapp_dead_letters where source = $1 for update"#,
        source
    )
    .fetch_one(conn)
    .await?;
    Ok(state == State::Open)
}
