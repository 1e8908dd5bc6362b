//! What a request needs from the database: its project and people before it is read, and whether
//! it may still be carried out when its proposal is stored.

use common::{payload::ParseRequest, sender::SenderHash};
use parser::Language;
use sqlx::{Connection as _, PgConnection};
use store::{RecipientId, message::State};

use super::Addressee;
use crate::{
    engine::stage_error::{Reason, StageError},
    foco::{self, Member},
};

/// What is known around a request.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    /// The project's name; empty where the user no longer sees it.
    pub(super) project: String,
    /// The workspace's members: name as people write it, account.
    pub(super) members: Vec<Member>,
}

/// Reads project and members as the user.
pub(super) async fn surroundings(
    conn: &mut PgConnection,
    request: &ParseRequest,
) -> Result<Surroundings, StageError> {
    let mut transaction = conn.begin().await?;
    let place = (request.workspace_id, request.project_id);
    let (project, members) = foco::surroundings(&mut transaction, request.user_id, place).await?;
    Ok(Surroundings { project, members })
}

/// Locks the ledger's row; `None` where the message is settled for good by something else. A dead
/// one is being replayed.
pub(super) async fn addressee(
    conn: &mut PgConnection,
    request: &ParseRequest,
) -> Result<Option<Addressee>, StageError> {
    let row = sqlx::query!(
        r#"select m.state as "state: State", m.language, m.sender_hash, r.id as "recipient?", m.received_at,
               m.recovered_at, exists(select from whatsapp_replies q
                   where q.message_sid = m.message_sid and q.kind = 'choose_project') as "asked!",
               exists(select from whatsapp_reply_parts p where p.recipient_id = r.id
                   and p.state = 'failed' and not p.told) as "has_untold!"
           from whatsapp_messages m left join whatsapp_recipients r using (identity)
           where m.message_sid = $1
           for update of m"#,
        request.message_sid.as_str()
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row.filter(|row| matches!(row.state, State::Routed | State::Dead)) else {
        return Ok(None);
    };
    let broken = || StageError::Permanent(Reason::Inconsistent, anyhow::anyhow!("no recipient"));
    Ok(Some(Addressee {
        recipient: row.recipient.map(RecipientId).ok_or_else(broken)?,
        sender: row
            .sender_hash
            .as_deref()
            .and_then(SenderHash::from_stored)
            .ok_or_else(broken)?,
        language: row
            .language
            .and_then(|tag| tag.parse().ok())
            .unwrap_or(Language::En),
        has_untold: row.has_untold,
        // Where it was asked for a project, that question said why it came late.
        came: (row.received_at, row.recovered_at.filter(|_| !row.asked)),
    }))
}

/// Locks the link that a request was captured with; whether it still stands. Nothing is recorded
/// under it after its end.
pub(super) async fn still_linked(
    conn: &mut PgConnection,
    request: &ParseRequest,
) -> Result<bool, StageError> {
    let link = sqlx::query_scalar!(
        "select id from whatsapp_user_links
         where id = $1 and user_id = $2 and verified and suspended_at is null for share",
        request.link_id,
        request.user_id
    )
    .fetch_optional(conn)
    .await?;
    Ok(link.is_some())
}
