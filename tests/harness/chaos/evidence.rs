//! Both sides' records: what the ledger says of each message, and what Twilio took.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::{
    failure::{Failed, part_of},
    world::World,
};

/// A message as the ledger has it.
#[derive(Debug, FromRow)]
pub(super) struct Message {
    pub(super) sid: String,
    pub(super) state: String,
    pub(super) identity: Option<String>,
    pub(super) generation: i32,
    pub(super) user_id: Option<Uuid>,
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
    /// Why it was told to nobody.
    pub(super) withheld: Option<String>,
    /// Whether the link has ended under which its message was written.
    pub(super) unlinked: bool,
    /// Whether it is no final reply, and its final reply is there.
    pub(super) outlived: bool,
}

/// Something that became of a link.
#[derive(Clone, Debug, FromRow)]
pub(super) struct LinkEvent {
    pub(super) event: String,
    pub(super) at: DateTime<Utc>,
    pub(super) user_id: Option<Uuid>,
    pub(super) link_id: Option<Uuid>,
    pub(super) message_sid: Option<String>,
}

/// What Twilio took for a number.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) at: DateTime<Utc>,
    pub(super) sid: String,
    pub(super) to: String,
    pub(super) body: String,
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
    /// Whether Twilio did not say that it failed.
    pub(super) arrived: bool,
}

/// Everything that is compared.
#[derive(Debug, Default)]
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
    /// How many people write.
    pub(super) senders: u32,
    /// What became of links, in order.
    pub(super) links: Vec<LinkEvent>,
    /// Of each proposal: the message that asked for it, and the account that has it.
    pub(super) owners: HashMap<String, (String, Uuid)>,
    /// Everything that Twilio took.
    pub(super) said: Vec<Said>,
    /// When a worker was frozen, and until when.
    pub(super) frozen: Vec<[DateTime<Utc>; 2]>,
}

const MESSAGES: &str =
    "select message_sid as sid, state, identity, generation, user_id, stream_sequence, routed_at
     from whatsapp_messages";
const PARTS: &str =
    "select p.id, coalesce(r.message_sid, r.notice_key) as message_sid, r.id as reply_id,
         r.kind, p.state, p.twilio_sid, p.withheld,
         m.link_id is not null and l.id is null as unlinked,
         r.kind <> 'final' and exists (select from whatsapp_replies f
             where f.message_sid = r.message_sid and f.kind = 'final') as outlived
     from whatsapp_reply_parts p join whatsapp_replies r on r.id = p.reply_id
     left join whatsapp_messages m on m.message_sid = r.message_sid
     left join whatsapp_user_links l on l.id = m.link_id
     order by r.position, p.part";

impl Evidence {
    /// Collects it. A post of which Twilio said that it did not arrive is none.
    pub(super) async fn collect(world: &World, failed: &[Failed]) -> Self {
        let (pool, senders) = (&world.pool, world.senders);
        let sends = world.simulator.sends().await;
        let accepted = sends.into_iter().filter(|send| send["accepted"] == true);
        let accepted: Vec<Value> = accepted.collect();
        let messages: Vec<Message> = rows(pool, MESSAGES).await;
        let proposals: Vec<(Option<String>, i64)> = rows(
            pool,
            "select metadata ->> 'message_sid', count(*) from foco_proposals group by 1",
        )
        .await;
        let parts: Vec<Part> = rows(pool, PARTS).await;
        let (taken, strangers) = taken(&accepted, &parts, failed);
        let owners: Vec<(Uuid, Option<String>, Uuid)> = rows(
            pool,
            "select id, metadata ->> 'message_sid', owner_id from foco_proposals",
        )
        .await;
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
            senders,
            links: rows(
                pool,
                "select event, at, user_id, link_id, message_sid from whatsapp_link_events
                 where event in ('link', 'unlink', 'suspend') order by id",
            )
            .await,
            owners: owners
                .into_iter()
                .map(|(id, sid, owner)| (id.to_string(), (sid.unwrap_or_default(), owner)))
                .collect(),
            said: accepted.iter().filter_map(said).collect(),
            frozen: world.frozen.clone(),
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

    /// How often Twilio took a part, and did not say that it failed.
    pub(super) fn arrivals(&self, part: &Part) -> usize {
        let taken = self.taken.get(&part.id).into_iter().flatten();
        taken.filter(|taken| taken.arrived).count()
    }

    /// Whether the part is told to nobody, and is not to be: its link has ended, or what could not be
    /// delivered has been outlived by the final reply.
    pub(super) fn is_kept_back(part: &Part) -> bool {
        part.withheld.is_some() || (part.unlinked || part.outlived) && part.state == "failed"
    }

    /// Whether an operator may have repeated work on the message.
    pub(super) fn is_repeated(&self, sid: &str) -> bool {
        let message = self.messages.get(sid);
        message.is_some_and(|message| message.generation > 1)
            || self
                .dead
                .iter()
                .any(|dead| dead.message_sid.as_deref() == Some(sid))
    }

    /// Whether the message was turned away: over the limit.
    pub(super) fn is_refused(&self, sid: &str) -> bool {
        self.messages
            .get(sid)
            .is_some_and(|message| message.state == "refused")
    }
}

/// The sends that Twilio took, by the part that their callback address names.
fn taken(
    accepted: &[Value],
    parts: &[Part],
    failed: &[Failed],
) -> (HashMap<Uuid, Vec<Taken>>, Vec<String>) {
    let mut taken: HashMap<Uuid, Vec<Taken>> =
        parts.iter().map(|part| (part.id, Vec::new())).collect();
    let mut strangers = Vec::new();
    for send in accepted {
        let sid = send["sid"].as_str().unwrap_or_default().to_owned();
        let place = send["n"].as_i64().unwrap_or_default();
        let arrived = !failed.iter().any(|failed| failed.sid == sid);
        match part_of(send).and_then(|part| taken.get_mut(&part)) {
            Some(entries) => entries.push(Taken {
                place,
                sid,
                arrived,
            }),
            None => strangers.push(format!("{sid}: {}", send["to"])),
        }
    }
    (taken, strangers)
}

fn said(send: &Value) -> Option<Said> {
    let text = |name: &str| Some(send[name].as_str()?.to_owned());
    Some(Said {
        at: send["at"].as_str()?.parse().ok()?,
        sid: text("sid")?,
        to: text("to")?,
        body: text("body")?,
    })
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
