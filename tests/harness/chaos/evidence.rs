//! Both sides' records: what the ledger says of each message, and what Twilio took.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use crate::simulator::Simulator;

/// A message as the ledger has it.
#[derive(Debug, FromRow)]
pub(super) struct Message {
    pub(super) sid: String,
    pub(super) state: String,
    pub(super) identity: Option<String>,
    pub(super) stream_sequence: Option<i64>,
    pub(super) routed_at: Option<DateTime<Utc>>,
}

/// A part of a reply.
#[derive(Debug, FromRow)]
pub(super) struct Part {
    pub(super) id: Uuid,
    pub(super) message_sid: String,
    pub(super) reply_id: Uuid,
    pub(super) kind: String,
    pub(super) state: String,
    pub(super) twilio_sid: Option<String>,
}

/// A dead letter.
#[derive(Debug, FromRow)]
pub(super) struct DeadLetter {
    pub(super) message_sid: Option<String>,
    pub(super) stage: String,
    pub(super) reason: String,
    pub(super) error: String,
}

/// A message of ours that Twilio took.
#[derive(Debug)]
pub(super) struct Taken {
    /// Its place among all sends.
    pub(super) place: i64,
    pub(super) sid: String,
}

/// Everything that is compared.
#[derive(Debug)]
pub(super) struct Evidence {
    /// By SID.
    pub(super) messages: BTreeMap<String, Message>,
    /// Proposals of each message.
    pub(super) proposals: HashMap<String, i64>,
    pub(super) parts: Vec<Part>,
    /// What Twilio took for each part, by the job that it was to call back with.
    pub(super) taken: HashMap<Uuid, Vec<Taken>>,
    /// What Twilio took for no part that the database knows.
    pub(super) strangers: Vec<String>,
    pub(super) dead: Vec<DeadLetter>,
}

impl Evidence {
    /// Collects it.
    pub(super) async fn collect(pool: &PgPool, simulator: &Simulator) -> Self {
        let messages: Vec<Message> = rows(
            pool,
            "select message_sid as sid, state, identity, stream_sequence, routed_at
             from whatsapp_messages",
        )
        .await;
        let proposals: Vec<(Option<String>, i64)> = rows(
            pool,
            "select metadata ->> 'message_sid', count(*) from foco_proposals group by 1",
        )
        .await;
        let parts: Vec<Part> = rows(
            pool,
            "select p.id, r.message_sid, r.id as reply_id, r.kind, p.state, p.twilio_sid
             from whatsapp_reply_parts p join whatsapp_replies r on r.id = p.reply_id
             order by r.position, p.part",
        )
        .await;
        let (taken, strangers) = taken(simulator, &parts).await;
        Self {
            messages: messages
                .into_iter()
                .map(|message| (message.sid.clone(), message))
                .collect(),
            proposals: proposals
                .into_iter()
                .map(|(sid, count)| (sid.unwrap_or_default(), count))
                .collect(),
            parts,
            taken,
            strangers,
            dead: rows(
                pool,
                "select message_sid, stage, reason, error from whatsapp_dead_letters order by id",
            )
            .await,
        }
    }

    /// How often Twilio took a part.
    pub(super) fn times(&self, part: &Part) -> usize {
        self.taken.get(&part.id).map_or(0, Vec::len)
    }

    /// Whether the message was turned away: over the limit.
    pub(super) fn is_refused(&self, sid: &str) -> bool {
        self.messages
            .get(sid)
            .is_some_and(|message| message.state == "refused")
    }
}

/// The sends that Twilio took, by the part that their callback address names.
async fn taken(simulator: &Simulator, parts: &[Part]) -> (HashMap<Uuid, Vec<Taken>>, Vec<String>) {
    let mut taken: HashMap<Uuid, Vec<Taken>> =
        parts.iter().map(|part| (part.id, Vec::new())).collect();
    let mut strangers = Vec::new();
    for send in simulator.sends().await {
        if send["accepted"] != true {
            continue;
        }
        let sid = send["sid"].as_str().unwrap_or_default().to_owned();
        let place = send["n"].as_i64().unwrap_or_default();
        match part_of(&send).and_then(|part| taken.get_mut(&part)) {
            Some(entries) => entries.push(Taken { place, sid }),
            None => strangers.push(format!("{sid}: {}", send["to"])),
        }
    }
    (taken, strangers)
}

/// The part in `StatusCallback=...?job=<part>.<attempt>`.
fn part_of(send: &Value) -> Option<Uuid> {
    let params = send["params"].as_array()?;
    let callback = params.iter().find(|pair| pair[0] == "StatusCallback")?;
    let (_, job) = callback[1].as_str()?.split_once("?job=")?;
    job.split_once('.')?.0.parse().ok()
}

async fn rows<T>(pool: &PgPool, query: &'static str) -> Vec<T>
where
    T: for<'r> FromRow<'r, sqlx::postgres::PgRow> + Send + Unpin,
{
    let found = sqlx::query_as(query).fetch_all(pool).await;
    found.expect(query)
}

/// Everything that the database knows of a message, for whoever looks for the cause.
pub(super) async fn story(pool: &PgPool, sid: &str) -> String {
    let query = "select jsonb_build_object(
            'message', to_jsonb(m),
            'stages', (select jsonb_agg(to_jsonb(s)) from whatsapp_message_stages s
                where s.message_sid = m.message_sid),
            'replies', (select jsonb_agg(to_jsonb(r) || jsonb_build_object('parts',
                    (select jsonb_agg(to_jsonb(p)) from whatsapp_reply_parts p
                     where p.reply_id = r.id)))
                from whatsapp_replies r where r.message_sid = m.message_sid),
            'dead', (select jsonb_agg(to_jsonb(d) - 'payload' - 'headers')
                from whatsapp_dead_letters d where d.message_sid = m.message_sid))
        from whatsapp_messages m where m.message_sid = $1";
    let found: Option<Value> = sqlx::query_scalar(query)
        .bind(sid)
        .fetch_optional(pool)
        .await
        .expect("the ledger");
    match found {
        Some(story) => format!("{sid}: {story:#}"),
        None => format!("{sid}: not in the ledger"),
    }
}
