//! `/project` and `/list projects`: found only among the user's own.

use common::database::{act_as_self, act_as_user};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    account::Link,
    answer::Answer,
    choice::{Found, SHOWN, find, numbered},
    request,
    turn::Turn,
};
use crate::{
    failure::Failure,
    session::{Choices, Session},
};

/// A project that the user sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Project {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) workspace_id: Uuid,
    pub(super) workspace: String,
}

/// Every open project of the user, by row-level security and nothing else.
pub(super) async fn all(conn: &mut PgConnection, link: &Link) -> Result<Vec<Project>, Failure> {
    act_as_user(conn, link.user_id).await?;
    let projects = sqlx::query_as!(
        Project,
        "select p.id, p.name, p.workspace_id, w.name as workspace
         from foco_projects p join workspaces w on w.id = p.workspace_id
         where p.archived_at is null
         order by lower(w.name), lower(p.name), p.id
         limit 1000"
    )
    .fetch_all(&mut *conn)
    .await?;
    act_as_self(conn).await?;
    Ok(projects)
}

/// `/project`, with a name or without.
pub(super) async fn choose(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
    name: Option<&str>,
) -> Result<Answer, Failure> {
    let projects = all(conn, link).await?;
    if projects.is_empty() {
        return Ok(Answer::saying(
            turn.say("project-none", &[("link", turn.link_page())]),
        ));
    }
    let Some(name) = name else {
        return Ok(ask(turn, link, &projects.iter().collect::<Vec<_>>()));
    };
    match find(&projects, name, |project| &project.name) {
        Found::One(project) => chosen(turn, conn, link, project).await,
        Found::Several(several) => Ok(ask(turn, link, &several)),
        Found::Nothing => Ok(Answer::saying(
            turn.say("project-unknown", &[("name", name.into())]),
        )),
    }
}

/// A project picked from a list.
pub(super) async fn choose_id(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
    id: Uuid,
) -> Result<Answer, Failure> {
    let projects = all(conn, link).await?;
    match projects.iter().find(|project| project.id == id) {
        Some(project) => chosen(turn, conn, link, project).await,
        // It was archived, or is out of reach, since the list was shown.
        None => Ok(ask(turn, link, &projects.iter().collect::<Vec<_>>())),
    }
}

/// `/list projects`.
pub(super) async fn list(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Answer, Failure> {
    let projects = all(conn, link).await?;
    if projects.is_empty() {
        return Ok(Answer::saying(
            turn.say("project-none", &[("link", turn.link_page())]),
        ));
    }
    let shown: Vec<&Project> = projects.iter().collect();
    let text = format!("{}\n{}", turn.say("projects", &[]), menu(turn, &shown));
    Ok(Answer::saying(text).keeping(offering(turn, link, &shown)))
}

/// Shows projects to pick from.
fn ask(turn: &Turn<'_>, link: &Link, projects: &[&Project]) -> Answer {
    let text = format!(
        "{}\n{}",
        turn.say("project-choose", &[]),
        menu(turn, projects)
    );
    Answer::saying(text).keeping(offering(turn, link, projects))
}

/// The numbered names; with more than one workspace each shows its own.
pub(super) fn menu(turn: &Turn<'_>, projects: &[&Project]) -> String {
    let several = projects
        .iter()
        .any(|p| p.workspace_id != projects[0].workspace_id);
    let names: Vec<String> = projects
        .iter()
        .map(|p| {
            if several {
                format!("{} ({})", p.name, p.workspace)
            } else {
                p.name.clone()
            }
        })
        .collect();
    let list = numbered(names.iter().map(String::as_str));
    match projects.len().checked_sub(SHOWN) {
        None | Some(0) => list,
        Some(more) => format!(
            "{list}\n{}",
            turn.say("projects-more", &[("count", more.into())])
        ),
    }
}

/// The session in which a bare number picks one of these.
pub(super) fn offering(turn: &Turn<'_>, link: &Link, projects: &[&Project]) -> Session {
    let mut session = turn.session_or_new(link);
    let ids = projects
        .iter()
        .take(SHOWN)
        .map(|project| project.id)
        .collect();
    session.choices = Some(Choices::Projects(ids));
    session
}

/// A project is chosen: it sets the workspace too, and releases what waited for it.
async fn chosen(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
    project: &Project,
) -> Result<Answer, Failure> {
    let released = request::release_waiting(turn, conn, link, project).await?;
    let names = [
        ("project", project.name.as_str().into()),
        ("workspace", project.workspace.as_str().into()),
    ];
    let text = if released.is_empty() {
        turn.say("project-chosen", &names)
    } else {
        let [project, workspace] = names;
        let count = ("count", released.len().into());
        turn.say("project-chosen-waiting", &[project, workspace, count])
    };
    let mut session = turn.session_or_new(link);
    session.workspace_id = Some(project.workspace_id);
    session.project_id = Some(project.id);
    session.choices = None;
    let mut answer = Answer::saying(text).keeping(session);
    answer.next = released;
    Ok(answer)
}
