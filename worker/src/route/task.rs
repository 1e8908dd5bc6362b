//! `/list tasks`: what is open in the chosen project.

use sqlx::PgConnection;

use super::{
    account::Link,
    answer::Answer,
    menu::{self, Entry},
    project::{self, Project},
    turn::Turn,
};
use crate::{failure::Failure, foco, reply::bold, session::ListOf};

/// `/list tasks`.
pub(super) async fn list(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Answer, Failure> {
    let Some(project) = chosen(turn, conn, link).await? else {
        return Ok(Answer::saying(turn.say("tasks-no-project", &[])));
    };
    let tasks = open(conn, link, &project).await?;
    let name = [("project", bold(&project.name).into())];
    if tasks.is_empty() {
        return Ok(Answer::saying(turn.say("tasks-none", &name)));
    }
    let heading = turn.say("tasks", &name);
    Ok(menu::show(turn, link, ListOf::Tasks, &tasks, &heading))
}

/// The open tasks of the chosen project, for `/more`.
pub(super) async fn of_chosen(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Vec<Entry>, Failure> {
    match chosen(turn, conn, link).await? {
        Some(project) => open(conn, link, &project).await,
        None => Ok(Vec::new()),
    }
}

/// The chosen project, or the only one.
async fn chosen(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Option<Project>, Failure> {
    if turn.project.is_some() {
        return Ok(turn.project.clone());
    }
    let mut projects = project::all(turn, conn, link).await?;
    Ok(projects.pop().filter(|_| projects.is_empty()))
}

/// What is open in a project.
async fn open(
    conn: &mut PgConnection,
    link: &Link,
    project: &Project,
) -> Result<Vec<Entry>, Failure> {
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
