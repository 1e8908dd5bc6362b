//! Lists that a person sees and chooses from: ten at a time, `/more` goes on, a bare number picks
//! from all that was shown. Projects and workspaces are chosen by name here and nowhere else.

use std::fmt::Write;

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    account::Link,
    answer::Answer,
    choice::{Found, find},
    number, project,
    route_context::RouteContext,
    task, workspace,
};
use crate::{
    engine::stage_error::StageError,
    reply::quoted,
    session::{ListOf, Session, Shown},
};

/// Entries shown at once: more would not fit a phone.
const PAGE: usize = 10;

/// Something in a list, as it is named and as its line shows it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) line: String,
    /// The workspace of a project.
    pub(super) group: Option<Uuid>,
}

/// What a name chose.
pub(super) enum Choice {
    /// This one.
    One(Uuid),
    /// None yet; this is said.
    Asked(Box<Answer>),
}

impl ListOf {
    /// The name of a text about these.
    fn text(self, suffix: &str) -> String {
        let word = match self {
            Self::Projects => "project",
            Self::Workspaces => "workspace",
            Self::Tasks => "tasks",
        };
        format!("{word}-{suffix}")
    }
}

/// Chooses by name among a user's own, or shows what there is to choose from.
pub(super) fn choose(
    route: &RouteContext<'_>,
    link: &Link,
    of: ListOf,
    entries: &[Entry],
    name: Option<&str>,
) -> Choice {
    let Some(name) = name.filter(|_| !entries.is_empty()) else {
        return Choice::Asked(Box::new(ask(route, link, of, entries)));
    };
    match named(entries, name) {
        Found::One(entry) => Choice::One(entry.id),
        Found::Several(several) => {
            let several: Vec<Entry> = several.into_iter().cloned().collect();
            let mut page = Page::first(of, &several);
            page.shown.name = Some(name.to_owned());
            let heading = route.say(&of.text("choose"), &[]);
            Choice::Asked(Box::new(page.said(route, link, &heading)))
        }
        Found::Nothing => not_found(route, link, of, entries, name),
    }
}

/// By name, else by the line that a list shows: "Sitio (Norte)".
fn named<'e>(entries: &'e [Entry], name: &str) -> Found<'e, Entry> {
    match find(entries, name, |entry| &entry.name) {
        Found::Nothing => find(entries, name, |entry| &entry.line),
        found => found,
    }
}

/// A number after the command picks as a bare one does, from the list that was shown; for anything
/// else there is the list.
fn not_found(
    route: &RouteContext<'_>,
    link: &Link,
    of: ListOf,
    entries: &[Entry],
    name: &str,
) -> Choice {
    let shown = shown(route).filter(|shown| shown.of == of);
    if let (Some(shown), Some(number)) = (shown, number::bare(name)) {
        return match entry_of(shown, number) {
            Some(id) => Choice::One(id),
            None => Choice::Asked(Box::new(out_of_range(route, shown))),
        };
    }
    let name = ("name", quoted(Some(name)).into());
    let heading = route.say(&of.text("unknown"), &[name]);
    Choice::Asked(Box::new(show(route, link, of, entries, &heading)))
}

/// The list that was shown last.
fn shown<'t>(route: &'t RouteContext<'_>) -> Option<&'t Shown> {
    route
        .session
        .as_ref()
        .and_then(|session| session.shown.as_ref())
}

fn entry_of(shown: &Shown, number: usize) -> Option<Uuid> {
    let index = number.checked_sub(1)?;
    shown.ids.get(index).copied()
}

fn out_of_range(route: &RouteContext<'_>, shown: &Shown) -> Answer {
    let count = ("count", shown.ids.len().into());
    Answer::saying(route.say("pick-out-of-range", &[count]))
}

/// Asks which one.
pub(super) fn ask(route: &RouteContext<'_>, link: &Link, of: ListOf, entries: &[Entry]) -> Answer {
    show(
        route,
        link,
        of,
        entries,
        &route.say(&of.text("choose"), &[]),
    )
}

/// Shows the first entries under a heading, or says that there are none.
pub(super) fn show(
    route: &RouteContext<'_>,
    link: &Link,
    of: ListOf,
    entries: &[Entry],
    heading: &str,
) -> Answer {
    if entries.is_empty() {
        let page = ("link", route.link_page());
        return Answer::saying(route.say(&of.text("none"), &[page]));
    }
    Page::first(of, entries).said(route, link, heading)
}

/// A bare number: the entry of all that was shown.
pub(super) async fn pick(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
    number: usize,
) -> Result<Answer, StageError> {
    let Some(shown) = shown(route).filter(|shown| shown.of != ListOf::Tasks) else {
        return Ok(Answer::saying(route.say("pick-nothing", &[])));
    };
    let Some(id) = entry_of(shown, number) else {
        return Ok(out_of_range(route, shown));
    };
    match shown.of {
        ListOf::Workspaces => workspace::choose_id(route, conn, link, id).await,
        ListOf::Projects | ListOf::Tasks => project::choose_id(route, conn, link, id).await,
    }
}

/// `/more`: what comes after what was shown, as the list stands now.
pub(super) async fn more(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Answer, StageError> {
    let Some(shown) = shown(route).cloned() else {
        return Ok(Answer::saying(route.say("more-nothing", &[])));
    };
    let mut entries = match shown.of {
        ListOf::Projects => project::entries(&project::all(route, conn, link).await?),
        ListOf::Workspaces => workspace::all(conn, link).await?,
        ListOf::Tasks => task::of_chosen(route, conn, link).await?,
    };
    if let Some(name) = &shown.name {
        entries = match named(&entries, name) {
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

/// Some entries of a list, and where it stands after them.
pub(super) struct Page {
    pub(super) lines: String,
    pub(super) shown: Shown,
    left: usize,
}

impl Page {
    /// The first entries.
    pub(super) fn first(of: ListOf, entries: &[Entry]) -> Self {
        let shown = Shown {
            of,
            name: None,
            workspace_id: None,
            ids: Vec::new(),
        };
        Self::after(shown, entries)
    }

    /// The next entries; `entries` are those that were not shown yet.
    fn after(mut shown: Shown, entries: &[Entry]) -> Self {
        let mut lines = String::new();
        for (number, entry) in (shown.ids.len() + 1..).zip(entries.iter().take(PAGE)) {
            // Tasks are not picked, so a number would promise too much.
            let written = match shown.of {
                ListOf::Tasks => write!(lines, "\n• {}", entry.line),
                ListOf::Projects | ListOf::Workspaces => {
                    write!(lines, "\n{number}. {}", entry.line)
                }
            };
            debug_assert!(written.is_ok());
        }
        shown
            .ids
            .extend(entries.iter().take(PAGE).map(|entry| entry.id));
        Self {
            lines,
            shown,
            left: entries.len().saturating_sub(PAGE),
        }
    }

    /// The text under a heading.
    pub(super) fn text(&self, route: &RouteContext<'_>, heading: &str) -> String {
        let mut text = format!("{heading}{}", self.lines);
        if self.left > 0 {
            text.push('\n');
            text.push_str(&route.say("list-more", &[("count", self.left.into())]));
        }
        text
    }

    /// The session in which a bare number picks, and `/more` goes on.
    pub(super) fn session(self, route: &RouteContext<'_>, link: &Link) -> Session {
        Session {
            shown: Some(self.shown),
            ..route.session_or_new(link)
        }
    }

    fn said(self, route: &RouteContext<'_>, link: &Link, heading: &str) -> Answer {
        let text = self.text(route, heading);
        Answer::saying(text).asking(self.session(route, link))
    }
}
