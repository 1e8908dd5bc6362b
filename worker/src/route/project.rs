//! The user's own projects: in what order they are shown, and how.

use std::{cmp::Reverse, collections::HashMap};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    account::Link,
    menu::{Entry, Page},
    route_context::RouteContext,
    visible_project::Project,
};
use crate::{engine::stage_error::StageError, foco, session::ListOf};

/// Every open project of the user: those of the chosen workspace, then the others; the one in which
/// something happened last comes first.
pub(super) async fn all(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Vec<Project>, StageError> {
    let seen = foco::projects(conn, link.user_id).await?;
    let ids: Vec<Uuid> = seen.iter().map(|project| project.id).collect();
    let used = used(conn, link, &ids).await?;
    let mut projects: Vec<Project> = seen
        .into_iter()
        .map(|seen| Project {
            used_at: used.get(&seen.id).copied(),
            ..seen.into()
        })
        .collect();
    projects.sort_by_key(|project| {
        let last = project.active_at.max(project.used_at);
        (!route.works_in(project.workspace_id), Reverse(last))
    });
    Ok(projects)
}

/// When the user last wrote for each of these projects: one look into an index for each, however
/// much was written.
async fn used(
    conn: &mut PgConnection,
    link: &Link,
    projects: &[Uuid],
) -> Result<HashMap<Uuid, DateTime<Utc>>, StageError> {
    let rows = sqlx::query!(
        r#"select p.id as "project_id!", last.at as "at!"
           from unnest($2::uuid[]) as p (id)
           cross join lateral (
               select m.received_at as at from whatsapp_messages m
               where m.user_id = $1 and m.project_id = p.id
               order by m.received_at desc limit 1) as last"#,
        link.user_id,
        projects
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.project_id, row.at))
        .collect())
}

/// The projects as a list shows them; with more than one workspace each shows its own.
pub(super) fn entries(projects: &[Project]) -> Vec<Entry> {
    let several = projects
        .iter()
        .any(|project| project.workspace_id != projects[0].workspace_id);
    let line = |project: &Project| {
        if several {
            format!("{} ({})", project.name, project.workspace)
        } else {
            project.name.clone()
        }
    };
    projects
        .iter()
        .map(|project| Entry {
            id: project.id,
            name: project.name.clone(),
            group: Some(project.workspace_id),
            line: line(project),
        })
        .collect()
}

/// The projects to offer for a request: the user's last one comes first, in the workspace that
/// they have chosen.
pub(super) fn offer(route: &RouteContext<'_>, projects: &[Project]) -> Page {
    let mut projects = projects.to_vec();
    let last = projects
        .iter()
        .enumerate()
        .filter(|(_, project)| project.used_at.is_some())
        .max_by_key(|(_, project)| (route.works_in(project.workspace_id), project.used_at))
        .filter(|(_, last)| {
            route.works_in(last.workspace_id) || !route.works_in(projects[0].workspace_id)
        })
        .map(|(index, _)| index);
    if let Some(index) = last {
        projects[..=index].rotate_right(1);
    }
    Page::first(ListOf::Projects, &entries(&projects))
}
