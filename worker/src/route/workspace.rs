//! `/workspace`: found only among the user's own.

use common::database::{act_as_self, act_as_user};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    account::Link,
    answer::Answer,
    menu::{self, Choice, Entry},
    turn::Turn,
};
use crate::{failure::Failure, session::ListOf};

/// Every workspace of the user, by row-level security and nothing else; the one that the user
/// last wrote in comes first.
pub(super) async fn all(conn: &mut PgConnection, link: &Link) -> Result<Vec<Entry>, Failure> {
    let used = sqlx::query_scalar!(
        r#"select workspace_id as "workspace_id!" from whatsapp_messages
           where user_id = $1 and workspace_id is not null
           group by workspace_id order by max(received_at) desc"#,
        link.user_id
    )
    .fetch_all(&mut *conn)
    .await?;
    act_as_user(conn, link.user_id).await?;
    let rows = sqlx::query!("select id, name from workspaces order by lower(name), id limit 1000")
        .fetch_all(&mut *conn)
        .await?;
    act_as_self(conn).await?;
    let mut workspaces: Vec<Entry> = rows
        .into_iter()
        .map(|row| Entry {
            id: row.id,
            line: row.name.clone(),
            name: row.name,
        })
        .collect();
    let rank = |id: &Uuid| used.iter().position(|of| of == id).unwrap_or(usize::MAX);
    workspaces.sort_by_key(|workspace| rank(&workspace.id));
    Ok(workspaces)
}

/// `/workspace`, with a name or without.
pub(super) async fn choose(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
    name: Option<&str>,
) -> Result<Answer, Failure> {
    let workspaces = all(conn, link).await?;
    match menu::choose(turn, link, ListOf::Workspaces, &workspaces, name) {
        Choice::One(id) => Ok(choose_among(turn, link, &workspaces, id)),
        Choice::Asked(answer) => Ok(*answer),
    }
}

/// A workspace picked from a list.
pub(super) async fn choose_id(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
    id: Uuid,
) -> Result<Answer, Failure> {
    let workspaces = all(conn, link).await?;
    Ok(choose_among(turn, link, &workspaces, id))
}

fn choose_among(turn: &Turn<'_>, link: &Link, workspaces: &[Entry], id: Uuid) -> Answer {
    match workspaces.iter().find(|workspace| workspace.id == id) {
        Some(workspace) => chosen(turn, link, workspace),
        // It is out of reach since the list was shown.
        None => menu::ask(turn, link, ListOf::Workspaces, workspaces),
    }
}

/// Another workspace leaves no project chosen.
fn chosen(turn: &Turn<'_>, link: &Link, workspace: &Entry) -> Answer {
    let mut session = turn.session_or_new(link);
    if session.workspace_id != Some(workspace.id) {
        session.project_id = None;
    }
    session.workspace_id = Some(workspace.id);
    session.shown = None;
    let name = ("workspace", workspace.name.as_str().into());
    Answer::saying(turn.say("workspace-chosen", &[name])).keeping(session)
}
