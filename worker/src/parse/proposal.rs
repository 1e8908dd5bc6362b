//! Storing a proposal with its items, as the user.

use common::{
    database::{act_as_self, act_as_user},
    payload::ParseRequest,
    sid::MessageSid,
};
use parser::share_hours;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    guard::Absence,
    model::PROMPT_VERSION,
    understand::{Reader, Understood},
};
use crate::failure::Failure;

/// Inserts the proposal and its items under row-level security; answers the proposal's id.
pub(super) async fn insert(
    conn: &mut PgConnection,
    request: &ParseRequest,
    understood: &Understood,
) -> Result<Uuid, Failure> {
    let id = id_of(&request.message_sid);
    act_as_user(conn, request.user_id).await?;
    sqlx::query!(
        "insert into foco_proposals (id, workspace_id, project_id, owner_id, title, description,
             status, source_type, metadata)
         values ($1, $2, $3, $4, $5, $6, 'draft', 'whatsapp', $7)",
        id,
        request.workspace_id,
        request.project_id,
        request.user_id,
        understood.proposal.summary,
        request.text.reveal(),
        provenance(request, understood)
    )
    .execute(&mut *conn)
    .await?;
    insert_items(conn, id, understood).await?;
    act_as_self(conn).await?;
    Ok(id)
}

/// A proposal's id follows from its message: where it is made again, since the database was restored
/// from a backup, the link that its owner was sent leads to it all the same. Not from the moment,
/// of which Twilio's log has another notion than its webhook.
fn id_of(message: &MessageSid) -> Uuid {
    let mut bytes = [0; 16];
    let digest = Sha256::digest(message.as_str().as_bytes());
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

async fn insert_items(
    conn: &mut PgConnection,
    proposal: Uuid,
    understood: &Understood,
) -> Result<(), Failure> {
    for ((position, item), hours) in (1_i32..)
        .zip(&understood.proposal.items)
        .zip(hours_of_items(understood))
    {
        let assignee = item.assignee.as_ref().and_then(|name| {
            understood
                .members
                .iter()
                .find(|member| member.name == *name)
                .map(|member| member.id)
        });
        sqlx::query!(
            "insert into foco_proposal_items (proposal_id, position, type, title, description,
                 priority, estimated_hours, due_date, assignee_id, metadata)
             values ($1, $2, $3, $4, $5, $6, round($7::float8::numeric, 2), $8, $9, $10)",
            proposal,
            position,
            item.kind.as_str(),
            item.title,
            item.description,
            item.priority.as_str(),
            hours,
            item.due,
            assignee,
            json!({"depends_on": item.depends_on.iter().map(|n| n + 1).collect::<Vec<_>>()})
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Hours of each item, shared out so that they add up to the total.
pub(super) fn hours_of_items(understood: &Understood) -> Vec<Option<f64>> {
    let own: Vec<Option<f64>> = understood
        .proposal
        .items
        .iter()
        .map(|item| item.hours)
        .collect();
    match understood.proposal.total_hours {
        Some(total) => share_hours(total, &own),
        None => own,
    }
}

/// How the proposal came about.
fn provenance(request: &ParseRequest, understood: &Understood) -> serde_json::Value {
    let (parser, model) = match &understood.reader {
        Reader::Model(name) => ("openai", Some(name)),
        Reader::BuiltIn(_) => ("builtin", None),
    };
    let fallback = match &understood.reader {
        Reader::BuiltIn(absence) => absence.as_ref().map(Absence::reason),
        Reader::Model(_) => None,
    };
    let tokens = Some(understood.tokens).filter(|tokens| tokens.sum() > 0);
    json!({
        "message_sid": request.message_sid,
        "parser": parser,
        "model": model,
        "prompt_version": model.map(|_| PROMPT_VERSION),
        "fallback": fallback,
        "tokens": tokens,
        "duration_ms": u64::try_from(understood.took.as_millis()).unwrap_or(u64::MAX),
        "confidence": understood.proposal.confidence,
        "assumptions": understood.proposal.assumptions,
        "language": understood.proposal.language,
        "timezone": request.timezone,
        "timezone_guessed": request.timezone_guessed,
        "total_hours": understood.proposal.total_hours,
        "rough": understood.is_rough(),
    })
}
