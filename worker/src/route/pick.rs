//! What goes on from the list that was shown last: a bare number picks from all of it, `/more`
//! shows what comes next.

use sqlx::PgConnection;

use super::{
    account::Link,
    answer::Answer,
    choice::Found,
    menu::{self, Entry, Page},
    project, project_choice,
    route_context::RouteContext,
    task, workspace,
};
use crate::{engine::stage_error::StageError, session::ListOf};

/// A bare number: the entry of all that was shown.
pub(super) async fn pick(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
    number: usize,
) -> Result<Answer, StageError> {
    let Some(shown) = menu::shown(route).filter(|shown| shown.of != ListOf::Tasks) else {
        return Ok(Answer::saying(route.say("pick-nothing", &[])));
    };
    let Some(id) = menu::entry_of(shown, number) else {
        return Ok(menu::out_of_range(route, shown));
    };
    match shown.of {
        ListOf::Workspaces => workspace::choose_id(route, conn, link, id).await,
        ListOf::Projects | ListOf::Tasks => project_choice::choose_id(route, conn, link, id).await,
    }
}

/// `/more`: what comes after what was shown, as the list stands now.
pub(super) async fn more(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Answer, StageError> {
    let Some(shown) = menu::shown(route).cloned() else {
        return Ok(Answer::saying(route.say("more-nothing", &[])));
    };
    let mut entries = match shown.of {
        ListOf::Projects => project::entries(&project::all(route, conn, link).await?),
        ListOf::Workspaces => workspace::all(conn, link).await?,
        ListOf::Tasks => task::of_chosen(route, conn, link).await?,
    };
    if let Some(name) = &shown.name {
        entries = match menu::named(&entries, name) {
            Found::One(entry) => vec![entry.clone()],
            Found::Several(several) => several.into_iter().cloned().collect(),
            Found::Nothing => Vec::new(),
        };
    }
    let within = |entry: &Entry| shown.workspace_id.is_none() || entry.group == shown.workspace_id;
    entries.retain(|entry| within(entry) && !shown.ids.contains(&entry.id));
    if entries.is_empty() {
        return Ok(Answer::saying(route.say("more-end", &[])));
    }
    let heading = route.say("more", &[]);
    Ok(Page::after(shown, &entries).said(route, link, &heading))
}
