//! Giving up on a message: to the dead letters with all that is known of it, and only then
//! terminated in its own stream.

use common::{
    kill_point::KillPoint,
    queue::{Outgoing, PublishId, headers},
    trace::Trace,
};

use crate::engine::{
    context::Context,
    delivery::Delivery,
    failure::Findings,
    stage_error::{Reason, Schedule},
};

/// Longest error text that is kept, in characters.
const MOST_ERROR: usize = 500;

/// Why a message is given up, and what is known of it.
#[derive(Clone, Copy)]
pub(crate) struct GivenUp<'a> {
    /// The class.
    pub(crate) reason: Reason,
    /// What went wrong.
    pub(crate) error: &'a anyhow::Error,
    /// What was found out before.
    pub(crate) findings: &'a Findings,
}

/// Publishes the dead letter, waits until it is stored, then terminates the message.
pub(crate) async fn publish(
    context: &Context,
    stage: &'static str,
    delivery: &Delivery,
    given_up: GivenUp<'_>,
) {
    let mut tries = 0;
    loop {
        let outgoing = outgoing(context, stage, delivery, given_up);
        match context.queue.publish(outgoing).await {
            Ok(_) => break,
            Err(error) if context.shutdown.soft().is_cancelled() => {
                tracing::warn!(%error, "the dead letter waits for the next worker");
                return;
            }
            Err(error) => {
                tracing::warn!(%error, source = delivery.source(), "storing a dead letter");
                tokio::time::sleep(Schedule::AWAY.delay(tries)).await;
                delivery.progress().await;
                tries += 1;
            }
        }
    }
    context.reach(KillPoint::DeadPublished);
    delivery.terminate().await;
    metrics::counter!("dead_letters_total", "stage" => stage, "reason" => given_up.reason.as_str())
        .increment(1);
}

fn outgoing(
    context: &Context,
    stage: &'static str,
    delivery: &Delivery,
    GivenUp {
        reason,
        error,
        findings,
    }: GivenUp<'_>,
) -> Outgoing {
    let mut with = delivery.headers();
    // Header values are one line.
    let error: String = format!("{error:#}")
        .chars()
        .filter(|c| !c.is_control())
        .take(MOST_ERROR)
        .collect();
    with.insert(headers::DEAD_STAGE, stage);
    with.insert(headers::DEAD_REASON, reason.as_str());
    with.insert(headers::DEAD_ERROR, error.as_str());
    // It keeps the trace of what it is about; the publish is a step in it.
    if let Some(trace) = findings.trace.clone().or_else(Trace::current) {
        trace.put(&mut with);
    }
    let attempts = findings.attempts.map(i64::from);
    let attempts = attempts.unwrap_or_else(|| delivery.delivered());
    with.insert(headers::DEAD_ATTEMPTS, attempts.to_string().as_str());
    if let Some(sid) = &findings.message_sid {
        with.insert(headers::DEAD_MESSAGE, sid.as_str());
    }
    if let Some(reply) = findings.reply {
        with.insert(headers::DEAD_REPLY, reply.to_string().as_str());
    }
    with.insert(headers::DEAD_SUBJECT, delivery.subject());
    with.insert(headers::DEAD_SOURCE, delivery.source().as_str());
    let sender = delivery.subject().rsplit('.').next().unwrap_or_default();
    Outgoing {
        subject: context.queue.topology().dead_subject(stage, sender),
        id: PublishId::dead_letter(&delivery.source()),
        headers: with,
        payload: delivery.payload().to_vec().into(),
    }
}
