//! Whether what the session names is still the user's: a project or workspace that was lost is
//! cleared before anything is done in it, and the reply says so.

use common::database::{act_as_self, act_as_user};
use sqlx::PgConnection;

use super::account::Link;
use crate::{failure::Failure, session::Session};

/// Clears what the user has lost; answers whether there was something. Seen as the user, by
/// row-level security and nothing else.
pub(super) async fn clear_lost(
    conn: &mut PgConnection,
    link: &Link,
    session: &mut Session,
) -> Result<bool, Failure> {
    if session.workspace_id.is_none() && session.project_id.is_none() {
        return Ok(false);
    }
    act_as_user(conn, link.user_id).await?;
    let kept = sqlx::query!(
        r#"select exists(select from workspaces where id = $1) as "workspace!",
               exists(select from foco_projects where id = $2 and archived_at is null)
                   as "project!""#,
        session.workspace_id,
        session.project_id
    )
    .fetch_one(&mut *conn)
    .await?;
    act_as_self(conn).await?;
    let workspace = session.workspace_id.filter(|_| kept.workspace);
    let project = session
        .project_id
        .filter(|_| kept.project && kept.workspace);
    let lost = workspace != session.workspace_id || project != session.project_id;
    session.workspace_id = workspace;
    session.project_id = project;
    Ok(lost)
}
