//! `/list tasks`: what is open in the chosen project.

use sqlx::PgConnection;

use super::{
    account::Link,
    answer::Answer,
    menu::{self, Entry},
    project,
    route_context::RouteContext,
    visible_project::Project,
};
use crate::{engine::stage_error::StageError, foco, reply::bold, session::ListOf};

/// `/list tasks`.
pub(super) async fn list(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Answer, StageError> {
    let Some(project) = chosen(route, conn, link).await? else {
        return Ok(Answer::saying(route.say("tasks-no-project", &[])));
    };
    let tasks = open(conn, link, &project).await?;
    let name = [("project", bold(&project.name).into())];
    if tasks.is_empty() {
        return Ok(Answer::saying(route.say("tasks-none", &name)));
    }
    let heading = route.say("tasks", &name);
    Ok(menu::show(route, link, ListOf::Tasks, &tasks, &heading))
}

/// The open tasks of the chosen project, for `/more`.
pub(super) async fn of_chosen(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Vec<Entry>, StageError> {
    match chosen(route, conn, link).await? {
        Some(project) => open(conn, link, &project).await,
        None => Ok(Vec::new()),
    }
}

/// The chosen project, or the only one.
async fn chosen(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Option<Project>, StageError> {
    if route.project.is_some() {
        return Ok(route.project.clone());
    }
    let mut projects = project::all(route, conn, link).await?;
    Ok(projects.pop().filter(|_| projects.is_empty()))
}

/// What is open in a project.
async fn open(
    conn: &mut PgConnection,
    link: &Link,
    project: &Project,
) -> Result<Vec<Entry>, StageError> {
    let tasks = foco::tasks(conn, link.user_id, project.id).await?;
    Ok(tasks
        .into_iter()
        .map(|task| Entry {
            id: task.id,
            group: None,
            line: task.title.clone(),
            name: task.title,
        })
        .collect())
}
