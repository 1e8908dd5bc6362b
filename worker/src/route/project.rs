//! `/project` and `/list projects`: found only among the user's own.

use std::{cmp::Reverse, collections::HashMap};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    account::Link,
    answer::Answer,
    menu::{self, Choice, Entry, Page},
    request,
    route_context::RouteContext,
};
use crate::{
    engine::stage_error::StageError,
    foco,
    reply::bold,
    session::{ListOf, Session},
};

/// A project that the user sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Project {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) workspace_id: Uuid,
    pub(super) workspace: String,
    /// The user's time zone there, where one was chosen.
    pub(super) timezone: Option<String>,
    /// When something last changed in it.
    active_at: Option<DateTime<Utc>>,
    /// When the user last wrote for it or chose it.
    used_at: Option<DateTime<Utc>>,
}

impl From<foco::Project> for Project {
    fn from(seen: foco::Project) -> Self {
        Self {
            id: seen.id,
            name: seen.name,
            workspace_id: seen.workspace_id,
            workspace: seen.workspace,
            timezone: seen.timezone,
            active_at: seen.active_at,
            used_at: None,
        }
    }
}

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

/// `/project`, with a name or without.
pub(super) async fn choose(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
    name: Option<&str>,
) -> Result<Answer, StageError> {
    let projects = all(route, conn, link).await?;
    let entries = entries(&projects);
    match menu::choose(route, link, ListOf::Projects, &entries, name) {
        Choice::One(id) => choose_among(route, conn, link, &projects, id).await,
        Choice::Asked(answer) => Ok(*answer),
    }
}

/// A project picked from a list.
pub(super) async fn choose_id(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
    id: Uuid,
) -> Result<Answer, StageError> {
    let projects = all(route, conn, link).await?;
    choose_among(route, conn, link, &projects, id).await
}

async fn choose_among(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
    projects: &[Project],
    id: Uuid,
) -> Result<Answer, StageError> {
    match projects.iter().find(|project| project.id == id) {
        Some(project) => chosen(route, conn, link, project).await,
        // It was archived, or is out of reach, since the list was shown.
        None => Ok(menu::ask(route, link, ListOf::Projects, &entries(projects))),
    }
}

/// `/list projects`.
pub(super) async fn list(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Answer, StageError> {
    let entries = entries(&all(route, conn, link).await?);
    let heading = route.say("projects", &[]);
    Ok(menu::show(
        route,
        link,
        ListOf::Projects,
        &entries,
        &heading,
    ))
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

/// A project is chosen: it sets the workspace too, and releases what waited for it.
async fn chosen(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
    project: &Project,
) -> Result<Answer, StageError> {
    let released = request::release_waiting(route, conn, link, project).await?;
    let names = [
        ("project", bold(&project.name).into()),
        ("workspace", project.workspace.as_str().into()),
    ];
    let text = if released.is_empty() {
        route.say("project-chosen", &names)
    } else {
        let [project, workspace] = names;
        let count = ("count", released.len().into());
        route.say("project-chosen-waiting", &[project, workspace, count])
    };
    let session = Session {
        workspace_id: Some(project.workspace_id),
        project_id: Some(project.id),
        shown: None,
        ..route.session_or_new(link)
    };
    let mut answer = Answer::saying(text).keeping(session);
    answer.next = released;
    answer.project = Some((project.workspace_id, project.id));
    Ok(answer)
}
