//! `/workspace`: found only among the user's own.

use common::database::{act_as_self, act_as_user};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    account::Link,
    answer::Answer,
    menu::{self, Choice, Entry, Page},
    project,
    turn::Turn,
};
use crate::{failure::Failure, reply::bold, session::ListOf};

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
            group: None,
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
        Choice::One(id) => choose_among(turn, conn, link, &workspaces, id).await,
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
    choose_among(turn, conn, link, &workspaces, id).await
}

async fn choose_among(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
    workspaces: &[Entry],
    id: Uuid,
) -> Result<Answer, Failure> {
    match workspaces.iter().find(|workspace| workspace.id == id) {
        Some(workspace) => chosen(turn, conn, link, workspace).await,
        // It is out of reach since the list was shown.
        None => Ok(menu::ask(turn, link, ListOf::Workspaces, workspaces)),
    }
}

/// The workspace that is chosen already keeps its project; another one leaves none chosen and
/// shows its own.
async fn chosen(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
    workspace: &Entry,
) -> Result<Answer, Failure> {
    let name = ("workspace", bold(&workspace.name).into());
    let mut projects = project::all(turn, conn, link).await?;
    projects.retain(|project| project.workspace_id == workspace.id);
    let mut session = turn.session_or_new(link);
    session.workspace_id = Some(workspace.id);
    session.shown = None;
    let kept = projects.iter().find(|p| Some(p.id) == session.project_id);
    if let Some(project) = kept {
        let project = ("project", bold(&project.name).into());
        let text = turn.say("workspace-chosen-same", &[name, project]);
        return Ok(Answer::saying(text).keeping(session));
    }
    session.project_id = None;
    if projects.is_empty() {
        let text = turn.say(
            "workspace-chosen-empty",
            &[name, ("link", turn.link_page())],
        );
        return Ok(Answer::saying(text).keeping(session));
    }
    let mut page = Page::first(ListOf::Projects, &project::entries(&projects));
    page.shown.workspace_id = Some(workspace.id);
    let text = page.text(turn, &turn.say("workspace-chosen", &[name]));
    session.shown = Some(page.shown);
    Ok(Answer::saying(text).keeping(session))
}
