//! The story of one message as FocoBot's ledger tells it: what was done to it and when, and what
//! became of each reply. For the phone page; in production `focobot message SID` says the same.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};

use super::Refusal;
use crate::{foco, simulator::Simulator};

/// One message by its own SID or by that of a reply to it. Of each stage the ledger has the last
/// attempt.
const STORY: &str = "
    with message as (
        select m.* from whatsapp_messages m
        where m.message_sid = $1 or m.message_sid in (
            select r.message_sid from whatsapp_replies r
            join whatsapp_reply_parts p on p.reply_id = r.id where p.twilio_sid = $1)
        limit 1
    ), part as (
        select p.*, r.kind, r.position from whatsapp_reply_parts p
        join whatsapp_replies r on r.id = p.reply_id join message m using (message_sid)
    ), event (at, place, what, about) as (
        select received_at, 0, 'received', null from message
        union all select routed_at, 1, 'routed', null from message
        union all select parsed_at, 2, 'parsed', null from message
        union all select proposed_at, 3, 'proposed', null from message
        union all select replied_at, 4, 'replied', null from message
        union all select failed_at, 5, 'failed', error_code::text from message
        union all select dead_at, 6, 'dead', error_code::text from message
        union all select posted_at, 7, 'posted', kind from part
        union all select accepted_at, 8, 'accepted', kind from part
        union all select sent_at, 9, 'sent', kind from part
        union all select delivered_at, 10, 'delivered', kind from part
        union all select read_at, 11, 'read', kind from part
        union all select failed_at, 12, 'undelivered', error_code::text from part
    )
    select jsonb_build_object(
        'message_sid', m.message_sid, 'state', m.state, 'content', m.content,
        'language', m.language, 'generation', m.generation, 'sequence', m.stream_sequence,
        'proposal_id', m.proposal_id, 'error_code', m.error_code,
        'workspace', (select name from {workspaces} w where w.id = m.workspace_id),
        'project', (select name from foco_projects p where p.id = m.project_id),
        'events', (
            select jsonb_agg(jsonb_build_object('what', what, 'at', at, 'about', about)
                order by at, place) from event where at is not null),
        'stages', (
            select coalesce(jsonb_agg(jsonb_build_object('stage', stage, 'attempt', attempt,
                    'started_at', started_at, 'ended_at', ended_at, 'error', last_error)
                order by started_at), '[]')
            from whatsapp_message_stages s where s.message_sid = m.message_sid),
        'replies', (
            select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'part', part, 'sid',
                    twilio_sid, 'state', state, 'status', status, 'posts', post_attempt,
                    'error_code', error_code) order by position, part), '[]') from part),
        'dead_letters', (
            select coalesce(jsonb_agg(jsonb_build_object('id', id, 'stage', stage, 'reason',
                    reason, 'state', state, 'at', dead_at) order by id), '[]')
            from whatsapp_dead_letters d where d.message_sid = m.message_sid)
    )::text
    from message m";

/// `GET /control/story/{sid}`.
///
/// # Errors
/// Without a database, when it cannot be read, and when it does not have the message (yet).
pub async fn story(
    State(simulator): State<Arc<Simulator>>,
    Path(sid): Path<String>,
) -> Result<Response, Refusal> {
    let database = simulator
        .database
        .as_ref()
        .ok_or(Refusal::Setting("--database-url"))?;
    let story: Option<String> = sqlx::query_scalar(foco::says(database, STORY).await?)
        .bind(sid)
        .fetch_optional(database)
        .await?;
    let json = [(header::CONTENT_TYPE, "application/json")];
    Ok((json, story.ok_or(Refusal::Unknown)?).into_response())
}
