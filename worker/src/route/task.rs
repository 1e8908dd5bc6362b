//! `/list tasks`: what is open in the chosen project.

use common::database::{act_as_self, act_as_user};
use sqlx::PgConnection;

use super::{account::Link, answer::Answer, choice::numbered, project, turn::Turn};
use crate::failure::Failure;

/// The first open tasks of the chosen project, the most pressing first.
pub(super) async fn list(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Answer, Failure> {
    let projects = project::all(conn, link).await?;
    let chosen = turn.session.as_ref().and_then(|session| session.project_id);
    let project = match (
        projects.iter().find(|p| Some(p.id) == chosen),
        projects.as_slice(),
    ) {
        (Some(project), _) => project,
        (None, [only]) => only,
        (None, _) => return Ok(Answer::saying(turn.say("tasks-no-project", &[]))),
    };
    act_as_user(conn, link.user_id).await?;
    let titles = sqlx::query_scalar!(
        "select title from work_items where project_id = $1 and status <> 'done'
         order by due_date nulls last,
             array_position(array['urgent', 'high', 'medium', 'low'], priority), title, id
         limit 10",
        project.id
    )
    .fetch_all(&mut *conn)
    .await?;
    act_as_self(conn).await?;
    let name = [("project", project.name.as_str().into())];
    if titles.is_empty() {
        return Ok(Answer::saying(turn.say("tasks-none", &name)));
    }
    let list = numbered(titles.iter().map(String::as_str));
    Ok(Answer::saying(format!(
        "{}\n{list}",
        turn.say("tasks", &name)
    )))
}
