//! Foco, as its user sees it: all that is read of its workspaces, projects and tasks, and the two
//! things that are done in them. By the schema `focobot` (`migrations/layer`), which is made to fit
//! the tables that Foco has; each call acts as the user, so that Foco's own row-level security
//! decides beside it.

use chrono::{DateTime, Utc};
use common::database::{act_as_self, act_as_user};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::engine::stage_error::StageError;

/// Most that is read for a list.
const LISTED: i64 = 5000;

/// A workspace of the user's.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    pub(crate) id: Uuid,
    pub(crate) name: String,
}

/// An open project in one of the user's workspaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Project {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) workspace_id: Uuid,
    pub(crate) workspace: String,
    /// The user's time zone there, where one was chosen.
    pub(crate) timezone: Option<String>,
    /// When something last changed in it.
    pub(crate) active_at: Option<DateTime<Utc>>,
}

/// An open task.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) id: Uuid,
    pub(crate) title: String,
}

/// A member of a workspace: a possible assignee.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) id: Uuid,
    pub(crate) name: String,
}

/// Whether a proposal may be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Yes.
    Granted,
    /// The user is no member, or a guest.
    NotAMember,
    /// The project is archived or gone.
    ProjectClosed,
}

/// Every workspace of the user, by name.
pub(crate) async fn workspaces(
    conn: &mut PgConnection,
    user: Uuid,
) -> Result<Vec<Workspace>, StageError> {
    act_as_user(conn, user).await?;
    let workspaces = sqlx::query_as!(
        Workspace,
        r#"select id as "id!", name as "name!" from focobot.my_workspaces
           order by lower(name), id limit $1"#,
        LISTED
    )
    .fetch_all(&mut *conn)
    .await?;
    act_as_self(conn).await?;
    Ok(workspaces)
}

/// Every open project of the user, by name.
pub(crate) async fn projects(
    conn: &mut PgConnection,
    user: Uuid,
) -> Result<Vec<Project>, StageError> {
    act_as_user(conn, user).await?;
    let projects = sqlx::query_as!(
        Project,
        r#"select p.id as "id!", p.name as "name!", p.workspace_id as "workspace_id!",
               p.workspace as "workspace!", p.timezone, p.active_at
           from focobot.my_projects p
           order by lower(p.workspace), lower(p.name), p.id limit $1"#,
        LISTED
    )
    .fetch_all(&mut *conn)
    .await?;
    act_as_self(conn).await?;
    Ok(projects)
}

/// What is left of a choice: the workspace, if it is still the user's, and the project in it, if
/// that is still open.
pub(crate) async fn chosen(
    conn: &mut PgConnection,
    user: Uuid,
    workspace: Uuid,
    project: Option<Uuid>,
) -> Result<(Option<Workspace>, Option<Project>), StageError> {
    act_as_user(conn, user).await?;
    let row = sqlx::query!(
        r#"select w.id as "workspace_id!", w.name as "workspace!", w.timezone,
               p.id as "project_id?", p.name as "project?", p.active_at as "active_at?"
           from focobot.my_workspaces w
           left join focobot.my_projects p on p.workspace_id = w.id and p.id = $2
           where w.id = $1"#,
        workspace,
        project
    )
    .fetch_optional(&mut *conn)
    .await?;
    act_as_self(conn).await?;
    let Some(row) = row else {
        return Ok((None, None));
    };
    let project = row.project_id.zip(row.project).map(|(id, name)| Project {
        id,
        name,
        workspace_id: row.workspace_id,
        workspace: row.workspace.clone(),
        timezone: row.timezone,
        active_at: row.active_at,
    });
    let workspace = Workspace {
        id: row.workspace_id,
        name: row.workspace,
    };
    Ok((Some(workspace), project))
}

/// What is open in a project, the task in which something happened last first. Not every Foco
/// keeps the time of a change; then the most pressing comes first.
pub(crate) async fn tasks(
    conn: &mut PgConnection,
    user: Uuid,
    project: Uuid,
) -> Result<Vec<Task>, StageError> {
    act_as_user(conn, user).await?;
    let tasks = sqlx::query_as!(
        Task,
        r#"select id as "id!", title as "title!" from focobot.my_tasks where project_id = $1
           order by active_at desc nulls last, due_date nulls last,
               array_position(array['urgent', 'high', 'medium', 'low'], priority), title, id
           limit 1000"#,
        project
    )
    .fetch_all(&mut *conn)
    .await?;
    act_as_self(conn).await?;
    Ok(tasks)
}

/// A project's name, empty where the user no longer sees it, and the members of its workspace who
/// have one.
pub(crate) async fn surroundings(
    conn: &mut PgConnection,
    user: Uuid,
    (workspace, project): (Uuid, Uuid),
) -> Result<(String, Vec<Member>), StageError> {
    act_as_user(conn, user).await?;
    let rows = sqlx::query!(
        r#"with project as materialized (select name from focobot.my_projects where id = $2)
           select (select name from project) as project, m.user_id as "id?", m.name as "name?"
           from (values (1)) as always left join focobot.members($1) m on m.name is not null
           order by m.user_id limit 1000"#,
        workspace,
        project
    )
    .fetch_all(&mut *conn)
    .await?;
    act_as_self(conn).await?;
    let name = rows.first().and_then(|row| row.project.clone());
    let member = |(id, name)| Member { id, name };
    let members = rows.into_iter().filter_map(|row| row.id.zip(row.name));
    Ok((name.unwrap_or_default(), members.map(member).collect()))
}

/// Stores a proposal as the user, if the user may: the object that `focobot.propose` describes.
pub(crate) async fn propose(
    conn: &mut PgConnection,
    user: Uuid,
    (workspace, project): (Uuid, Uuid),
    proposal: &Value,
) -> Result<Access, StageError> {
    act_as_user(conn, user).await?;
    let found = sqlx::query!(
        r#"with access as materialized (
               select coalesce((select role from focobot.my_workspaces where id = $1)
                       in ('owner', 'admin', 'member'), false) as writes,
                   exists(select from focobot.my_projects where id = $2 and workspace_id = $1)
                       as open)
           select writes as "writes!", open as "open!",
               case when writes and open then focobot.propose($3) is null end as proposed
           from access"#,
        workspace,
        project,
        proposal
    )
    .fetch_one(&mut *conn)
    .await?;
    act_as_self(conn).await?;
    Ok(match (found.writes, found.open) {
        (true, true) => Access::Granted,
        (true, false) => Access::ProjectClosed,
        (false, _) => Access::NotAMember,
    })
}

/// A proposal that was taken back.
#[derive(Debug)]
pub(crate) struct TakenBack {
    pub(crate) title: String,
    /// Items that it had.
    pub(crate) items: i64,
}

/// Deletes a proposal of the user's, as the user, unless somebody has decided on it.
pub(crate) async fn take_back(
    conn: &mut PgConnection,
    user: Uuid,
    proposal: Uuid,
) -> Result<Option<TakenBack>, StageError> {
    act_as_user(conn, user).await?;
    let taken = sqlx::query_as!(
        TakenBack,
        r#"select title as "title!", items as "items!" from focobot.take_back($1)"#,
        proposal
    )
    .fetch_optional(&mut *conn)
    .await?;
    act_as_self(conn).await?;
    Ok(taken)
}
