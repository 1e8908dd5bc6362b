//! `/workspace`: found only among the user's own.

use std::{cmp::Reverse, collections::HashMap};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    account::Link,
    answer::Answer,
    menu::{self, Choice, Entry, Page},
    project,
    route_context::RouteContext,
};
use crate::{engine::stage_error::StageError, foco, reply::bold, session::ListOf};

/// Every workspace of the user; the one that the user last wrote in comes first.
pub(super) async fn all(conn: &mut PgConnection, link: &Link) -> Result<Vec<Entry>, StageError> {
    let mut workspaces: Vec<Entry> = foco::workspaces(conn, link.user_id)
        .await?
        .into_iter()
        .map(|workspace| Entry {
            id: workspace.id,
            group: None,
            line: workspace.name.clone(),
            name: workspace.name,
        })
        .collect();
    let ids: Vec<Uuid> = workspaces.iter().map(|workspace| workspace.id).collect();
    let used = used(conn, link, &ids).await?;
    workspaces.sort_by_key(|workspace| Reverse(used.get(&workspace.id).copied()));
    Ok(workspaces)
}

/// When the user last wrote in each of these workspaces: one look into an index for each, however
/// much was written.
async fn used(
    conn: &mut PgConnection,
    link: &Link,
    workspaces: &[Uuid],
) -> Result<HashMap<Uuid, DateTime<Utc>>, StageError> {
    let rows = sqlx::query!(
        r#"select w.id as "workspace_id!", last.at as "at!"
           from unnest($2::uuid[]) as w (id)
           cross join lateral (
               select m.received_at as at from whatsapp_messages m
               where m.user_id = $1 and m.workspace_id = w.id
               order by m.received_at desc limit 1) as last"#,
        link.user_id,
        workspaces
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.workspace_id, row.at))
        .collect())
}

/// `/workspace`, with a name or without.
pub(super) async fn choose(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
    name: Option<&str>,
) -> Result<Answer, StageError> {
    let workspaces = all(conn, link).await?;
    match menu::choose(route, link, ListOf::Workspaces, &workspaces, name) {
        Choice::One(id) => choose_among(route, conn, link, &workspaces, id).await,
        Choice::Asked(answer) => Ok(*answer),
    }
}

/// A workspace picked from a list.
pub(super) async fn choose_id(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
    id: Uuid,
) -> Result<Answer, StageError> {
    let workspaces = all(conn, link).await?;
    choose_among(route, conn, link, &workspaces, id).await
}

async fn choose_among(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
    workspaces: &[Entry],
    id: Uuid,
) -> Result<Answer, StageError> {
    match workspaces.iter().find(|workspace| workspace.id == id) {
        Some(workspace) => chosen(route, conn, link, workspace).await,
        // It is out of reach since the list was shown.
        None => Ok(menu::ask(route, link, ListOf::Workspaces, workspaces)),
    }
}

/// The workspace that is chosen already keeps its project; another one leaves none chosen and
/// shows its own.
async fn chosen(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
    workspace: &Entry,
) -> Result<Answer, StageError> {
    let name = ("workspace", bold(&workspace.name).into());
    let mut projects = project::all(route, conn, link).await?;
    projects.retain(|project| project.workspace_id == workspace.id);
    let mut session = route.session_or_new(link);
    session.workspace_id = Some(workspace.id);
    session.shown = None;
    let kept = projects.iter().find(|p| Some(p.id) == session.project_id);
    if let Some(project) = kept {
        let project = ("project", bold(&project.name).into());
        let text = route.say("workspace-chosen-same", &[name, project]);
        return Ok(Answer::saying(text).keeping(session));
    }
    session.project_id = None;
    if projects.is_empty() {
        let text = route.say(
            "workspace-chosen-empty",
            &[name, ("link", route.link_page())],
        );
        return Ok(Answer::saying(text).keeping(session));
    }
    let mut page = Page::first(ListOf::Projects, &project::entries(&projects));
    page.shown.workspace_id = Some(workspace.id);
    let text = page.text(route, &route.say("workspace-chosen", &[name]));
    session.shown = Some(page.shown);
    Ok(Answer::saying(text).asking(session))
}
