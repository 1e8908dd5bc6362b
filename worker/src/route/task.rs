//! `/list tasks`: what is open in the chosen project.

use common::database::{act_as_self, act_as_user};
use sqlx::PgConnection;

use super::{
    account::Link,
    answer::Answer,
    menu::{self, Entry},
    project::{self, Project},
    turn::Turn,
};
use crate::{failure::Failure, reply::bold, session::ListOf};

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
    let mut projects = project::all(turn, conn, link).await?;
    let chosen = turn.session.as_ref().and_then(|session| session.project_id);
    let position = projects.iter().position(|p| Some(p.id) == chosen);
    Ok(match (position, projects.len()) {
        (Some(position), _) => Some(projects.swap_remove(position)),
        (None, 1) => projects.pop(),
        (None, _) => None,
    })
}

/// What is open in a project, the task in which something happened last first. Not every Foco
/// keeps the time of a change; then the most pressing comes first.
async fn open(
    conn: &mut PgConnection,
    link: &Link,
    project: &Project,
) -> Result<Vec<Entry>, Failure> {
    act_as_user(conn, link.user_id).await?;
    let tasks = sqlx::query!(
        "select id, title from work_items t where project_id = $1 and status <> 'done'
         order by (to_jsonb(t) ->> 'updated_at')::timestamptz desc nulls last,
             due_date nulls last,
             array_position(array['urgent', 'high', 'medium', 'low'], priority), title, id
         limit 1000",
        project.id
    )
    .fetch_all(&mut *conn)
    .await?;
    act_as_self(conn).await?;
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
