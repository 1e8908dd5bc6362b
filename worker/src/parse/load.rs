//! What a request needs from the database: its project and people before it is read, and whether
//! it may still be carried out when its proposal is stored.

use common::{
    database::{act_as_self, act_as_user},
    payload::ParseRequest,
    sender::SenderHash,
};
use parser::Language;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Addressee;
use crate::{
    context::Context,
    failure::{Failure, Reason},
};

/// What is known around a request.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    /// The project's name; empty where the user no longer sees it.
    pub(super) project: String,
    /// The workspace's members: name as people write it, account.
    pub(super) members: Vec<Member>,
}

/// A possible assignee.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) id: Uuid,
    pub(super) name: String,
}

/// Reads project and members as the user.
pub(super) async fn surroundings(
    context: &Context,
    request: &ParseRequest,
) -> Result<Surroundings, Failure> {
    let mut transaction = context.pool.begin().await?;
    act_as_user(&mut transaction, request.user_id).await?;
    let projects = sqlx::query!(
        "select id, name from foco_projects where archived_at is null order by id limit 1000"
    )
    .fetch_all(&mut *transaction)
    .await?;
    let ids = sqlx::query_scalar!(
        "select user_id from workspace_members where workspace_id = $1",
        request.workspace_id
    )
    .fetch_all(&mut *transaction)
    .await?;
    act_as_self(&mut transaction).await?;
    // Accounts are not readable by other users; of members already seen, the name is.
    let members = sqlx::query_as!(
        Member,
        r#"select id, split_part(email, '@', 1) as "name!" from auth.users
           where id = any($1) and email is not null order by id"#,
        &ids
    )
    .fetch_all(&mut *transaction)
    .await?;
    let project = projects
        .iter()
        .find(|project| project.id == request.project_id);
    Ok(Surroundings {
        project: project
            .map(|project| project.name.clone())
            .unwrap_or_default(),
        members,
    })
}

/// Locks the ledger's row; `None` where the message is settled for good by something else. A dead
/// one is being replayed.
pub(super) async fn addressee(
    conn: &mut PgConnection,
    request: &ParseRequest,
) -> Result<Option<Addressee>, Failure> {
    let row = sqlx::query!(
        r#"select m.state, m.language, m.sender_hash, r.id as "recipient?", m.received_at,
               m.recovered_at, exists(select from whatsapp_replies q
                   where q.message_sid = m.message_sid and q.kind = 'choose_project') as "asked!"
           from whatsapp_messages m left join whatsapp_recipients r using (identity)
           where m.message_sid = $1
           for update of m"#,
        request.message_sid.as_str()
    )
    .fetch_optional(conn)
    .await?;
    let Some(row) = row.filter(|row| ["routed", "dead"].contains(&row.state.as_str())) else {
        return Ok(None);
    };
    let broken = || Failure::Fail(Reason::Inconsistent, anyhow::anyhow!("no recipient"));
    Ok(Some(Addressee {
        recipient: row.recipient.ok_or_else(broken)?,
        sender: row
            .sender_hash
            .as_deref()
            .and_then(SenderHash::from_stored)
            .ok_or_else(broken)?,
        language: row
            .language
            .and_then(|tag| tag.parse().ok())
            .unwrap_or(Language::En),
        // Where it was asked for a project, that question said why it came late.
        came: (row.received_at, row.recovered_at.filter(|_| !row.asked)),
    }))
}

/// Whether a proposal may still be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Yes.
    Good,
    /// The phone was unlinked, or linked anew.
    Unlinked,
    /// The user is no member any more, or a guest.
    NoAccess,
    /// The project is archived or gone.
    ProjectClosed,
}

/// Locks the link and looks again at everything that the request was captured with.
pub(super) async fn standing(
    conn: &mut PgConnection,
    request: &ParseRequest,
) -> Result<Standing, Failure> {
    let link = sqlx::query_scalar!(
        "select id from whatsapp_user_links
         where id = $1 and user_id = $2 and verified and suspended_at is null for share",
        request.link_id,
        request.user_id
    )
    .fetch_optional(&mut *conn)
    .await?;
    if link.is_none() {
        return Ok(Standing::Unlinked);
    }
    act_as_user(conn, request.user_id).await?;
    let role = sqlx::query_scalar!(
        "select role from workspace_members where workspace_id = $1 and user_id = $2",
        request.workspace_id,
        request.user_id
    )
    .fetch_optional(&mut *conn)
    .await?;
    let open = sqlx::query_scalar!(
        r#"select exists(select from foco_projects
               where id = $1 and workspace_id = $2 and archived_at is null) as "open!""#,
        request.project_id,
        request.workspace_id
    )
    .fetch_one(&mut *conn)
    .await?;
    act_as_self(conn).await?;
    Ok(match role.as_deref() {
        None | Some("guest") => Standing::NoAccess,
        Some(_) if !open => Standing::ProjectClosed,
        Some(_) => Standing::Good,
    })
}
