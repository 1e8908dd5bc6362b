//! Storing a proposal with its items, as the user.

use common::{payload::ParseRequest, sid::MessageSid};
use parser::share_hours;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    guard::Absence,
    model::PROMPT_VERSION,
    understand::{Reader, Understood},
};
use crate::{
    engine::stage_error::StageError,
    foco::{self, Access},
};

/// Stores the proposal and its items as the user, if the user still may; returns its id.
pub(super) async fn store(
    conn: &mut PgConnection,
    request: &ParseRequest,
    understood: &Understood,
) -> Result<(Uuid, Access), StageError> {
    let id = id_of(&request.message_sid);
    let proposal = json!({
        "id": id,
        "workspace_id": request.workspace_id,
        "project_id": request.project_id,
        "title": understood.proposal.summary,
        "text": request.text.reveal(),
        "provenance": provenance(request, understood),
        "items": items(understood),
    });
    let place = (request.workspace_id, request.project_id);
    let access = foco::propose(conn, request.user_id, place, &proposal).await?;
    Ok((id, access))
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

/// The items, as `focobot.propose` takes them.
fn items(understood: &Understood) -> Vec<Value> {
    let assignee = |name: &String| {
        let member = understood
            .members
            .iter()
            .find(|member| member.name == *name);
        member.map(|member| member.id)
    };
    (1_i32..)
        .zip(&understood.proposal.items)
        .zip(hours_of_items(understood))
        .map(|((position, item), hours)| {
            json!({
                "position": position,
                "kind": item.kind.as_str(),
                "title": item.title,
                "description": item.description,
                "priority": item.priority.as_str(),
                "hours": hours.map(|hours| (hours * 100.0).round() / 100.0),
                "due": item.due,
                "assignee_id": item.assignee.as_ref().and_then(assignee),
                "depends_on": item.depends_on.iter().map(|n| n + 1).collect::<Vec<_>>(),
            })
        })
        .collect()
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
fn provenance(request: &ParseRequest, understood: &Understood) -> Value {
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
