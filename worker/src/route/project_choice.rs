//! `/project` and `/list projects`: found only among the user's own.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    account::Link,
    answer::Answer,
    menu::{self, Choice},
    project, request,
    route_context::RouteContext,
    visible_project::Project,
};
use crate::{
    engine::stage_error::StageError,
    reply::bold,
    session::{ListOf, Session},
};

/// `/project`, with a name or without.
pub(super) async fn choose(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
    name: Option<&str>,
) -> Result<Answer, StageError> {
    let projects = project::all(route, conn, link).await?;
    let entries = project::entries(&projects);
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
    let projects = project::all(route, conn, link).await?;
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
        None => Ok(menu::ask(
            route,
            link,
            ListOf::Projects,
            &project::entries(projects),
        )),
    }
}

/// `/list projects`.
pub(super) async fn list(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Answer, StageError> {
    let entries = project::entries(&project::all(route, conn, link).await?);
    let heading = route.say("projects", &[]);
    Ok(menu::show(
        route,
        link,
        ListOf::Projects,
        &entries,
        &heading,
    ))
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
