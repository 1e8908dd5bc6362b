//! `focobot message SID`: the story of one message, from the ledger.

use std::process::ExitCode;

use chrono::{DateTime, Utc};
use common::{settings::Environment, sid::MessageSid};
use serde::Serialize;
use store::message::State;
use uuid::Uuid;

use crate::connections;

/// One thing that happened to the message.
#[derive(Serialize)]
struct Event {
    status: &'static str,
    at: DateTime<Utc>,
}

/// What is printed.
#[derive(Serialize)]
struct Story {
    message_sid: String,
    status: &'static str,
    events: Vec<Event>,
    proposal_id: Option<Uuid>,
    reply_sids: Vec<String>,
    error_code: Option<String>,
}

/// Prints the story.
pub(crate) async fn run(
    env: &Environment,
    sid: &MessageSid,
    json: bool,
) -> anyhow::Result<ExitCode> {
    let pool = connections::database(env).await?;
    let Some(story) = load(&pool, sid).await? else {
        anyhow::bail!("no message {sid} in the ledger: it never reached the route stage");
    };
    if json {
        println!("{}", serde_json::to_string(&story)?);
        return Ok(ExitCode::SUCCESS);
    }
    println!("{}  {}", story.message_sid, story.status);
    for event in &story.events {
        println!(
            "  {}  {}",
            event.at.format("%Y-%m-%d %H:%M:%S%.3f UTC"),
            event.status
        );
    }
    if let Some(id) = story.proposal_id {
        println!("  proposal {id}");
    }
    for sid in &story.reply_sids {
        println!("  reply {sid}");
    }
    if let Some(code) = &story.error_code {
        println!("  error {code}");
    }
    Ok(ExitCode::SUCCESS)
}

async fn load(pool: &sqlx::PgPool, sid: &MessageSid) -> anyhow::Result<Option<Story>> {
    let message = sqlx::query!(
        r#"select state as "state: State", proposal_id, error_code, received_at, routed_at, parsed_at,
               proposed_at, replied_at, failed_at, dead_at
           from whatsapp_messages where message_sid = $1"#,
        sid.as_str()
    )
    .fetch_optional(pool)
    .await?;
    let Some(message) = message else {
        return Ok(None);
    };
    let replies = sqlx::query!(
        r#"select p.twilio_sid, p.error_code, p.accepted_at, p.sent_at, p.delivered_at, p.read_at,
               p.failed_at, p.withheld
           from whatsapp_reply_parts p join whatsapp_replies r on r.id = p.reply_id
           where r.message_sid = $1 order by r.position, p.part"#,
        sid.as_str()
    )
    .fetch_all(pool)
    .await?;
    let mut events = Vec::new();
    let mut note = |status, at: Option<DateTime<Utc>>| {
        if let Some(at) = at {
            events.push(Event { status, at });
        }
    };
    note("received", Some(message.received_at));
    note("routed", message.routed_at);
    note("parsed", message.parsed_at);
    note("proposed", message.proposed_at);
    note("replied", message.replied_at);
    note("failed", message.failed_at);
    note("dead", message.dead_at);
    for reply in &replies {
        note("sent", reply.sent_at.or(reply.accepted_at));
        note("delivered", reply.delivered_at);
        note("read", reply.read_at);
        note("failed", reply.failed_at);
    }
    events.sort_by_key(|event| event.at);
    let error_of_reply = replies.iter().find_map(|reply| {
        let code = reply.error_code.map(|code| code.to_string());
        reply.withheld.clone().or(code)
    });
    Ok(Some(Story {
        message_sid: sid.to_string(),
        status: status(message.state, &events),
        events,
        proposal_id: message.proposal_id,
        reply_sids: replies
            .into_iter()
            .filter_map(|reply| reply.twilio_sid)
            .collect(),
        error_code: message.error_code.or(error_of_reply),
    }))
}

/// The furthest that it came; a death or failure overrides what came before it.
fn status(state: State, events: &[Event]) -> &'static str {
    const ORDER: [&str; 8] = [
        "received",
        "routed",
        "parsed",
        "proposed",
        "replied",
        "sent",
        "delivered",
        "read",
    ];
    let reached = |status| events.iter().any(|event| event.status == status);
    if state == State::Dead {
        return "dead";
    }
    if reached("failed") {
        return "failed";
    }
    ORDER
        .into_iter()
        .rev()
        .find(|status| reached(status))
        .unwrap_or("received")
}
