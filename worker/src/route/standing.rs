//! Whether what the session names is still the user's: a project or workspace that was lost is
//! cleared before anything is done in it, and the reply says so.

use sqlx::PgConnection;

use super::{account::Link, visible_project::Project};
use crate::{engine::stage_error::StageError, foco, session::Session};

/// What of the session's choice is still there.
#[derive(Debug, Default)]
pub(super) struct Standing {
    /// Something that it named is not the user's any more.
    pub(super) lost: bool,
    /// The chosen project.
    pub(super) project: Option<Project>,
}

/// Clears what the user has lost, and finds the project that is chosen.
pub(super) async fn clear_lost(
    conn: &mut PgConnection,
    link: &Link,
    session: &mut Session,
) -> Result<Standing, StageError> {
    let (workspace, project) = match session.workspace_id {
        Some(workspace) => foco::chosen(conn, link.user_id, workspace, session.project_id).await?,
        None => (None, None),
    };
    let (workspace_id, project_id) = (
        workspace.map(|workspace| workspace.id),
        project.as_ref().map(|project| project.id),
    );
    let lost = workspace_id != session.workspace_id || project_id != session.project_id;
    session.workspace_id = workspace_id;
    session.project_id = project_id;
    Ok(Standing {
        lost,
        project: project.map(Project::from),
    })
}
