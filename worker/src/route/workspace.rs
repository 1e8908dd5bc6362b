//! `/workspace`: found only among the user's own.

use common::database::{act_as_self, act_as_user};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    account::Link,
    answer::Answer,
    choice::{Found, SHOWN, find, numbered},
    turn::Turn,
};
use crate::{failure::Failure, session::Choices};

/// A workspace that the user belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Workspace {
    pub(super) id: Uuid,
    pub(super) name: String,
}

/// Every workspace of the user, by row-level security and nothing else.
pub(super) async fn all(conn: &mut PgConnection, link: &Link) -> Result<Vec<Workspace>, Failure> {
    act_as_user(conn, link.user_id).await?;
    let workspaces = sqlx::query_as!(
        Workspace,
        "select id, name from workspaces order by lower(name), id limit 1000"
    )
    .fetch_all(&mut *conn)
    .await?;
    act_as_self(conn).await?;
    Ok(workspaces)
}

/// `/workspace`, with a name or without.
pub(super) async fn choose(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
    name: Option<&str>,
) -> Result<Answer, Failure> {
    let workspaces = all(conn, link).await?;
    if workspaces.is_empty() {
        return Ok(Answer::saying(
            turn.say("workspace-none", &[("link", turn.link_page())]),
        ));
    }
    let Some(name) = name else {
        return Ok(ask(turn, link, workspaces.iter().collect()));
    };
    Ok(match find(&workspaces, name, |workspace| &workspace.name) {
        Found::One(workspace) => chosen(turn, link, workspace),
        Found::Several(several) => ask(turn, link, several),
        Found::Nothing => Answer::saying(turn.say("workspace-unknown", &[("name", name.into())])),
    })
}

/// A workspace picked from a list.
pub(super) async fn choose_id(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
    id: Uuid,
) -> Result<Answer, Failure> {
    let workspaces = all(conn, link).await?;
    Ok(
        match workspaces.iter().find(|workspace| workspace.id == id) {
            Some(workspace) => chosen(turn, link, workspace),
            None => ask(turn, link, workspaces.iter().collect()),
        },
    )
}

fn ask(turn: &Turn<'_>, link: &Link, workspaces: Vec<&Workspace>) -> Answer {
    let names = numbered(workspaces.iter().map(|workspace| workspace.name.as_str()));
    let mut session = turn.session_or_new(link);
    let ids = workspaces
        .into_iter()
        .take(SHOWN)
        .map(|workspace| workspace.id)
        .collect();
    session.choices = Some(Choices::Workspaces(ids));
    Answer::saying(format!("{}\n{names}", turn.say("workspace-choose", &[]))).keeping(session)
}

/// Another workspace leaves no project chosen.
fn chosen(turn: &Turn<'_>, link: &Link, workspace: &Workspace) -> Answer {
    let mut session = turn.session_or_new(link);
    if session.workspace_id != Some(workspace.id) {
        session.project_id = None;
    }
    session.workspace_id = Some(workspace.id);
    session.choices = None;
    let name = ("workspace", workspace.name.as_str().into());
    Answer::saying(turn.say("workspace-chosen", &[name])).keeping(session)
}
