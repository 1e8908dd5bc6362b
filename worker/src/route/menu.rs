//! Lists that a person sees and chooses from, ten at a time. Projects and workspaces are chosen by
//! name here and nowhere else.

use std::fmt::Write;

use uuid::Uuid;

use super::{
    account::Link,
    answer::Answer,
    choice::{Found, find},
    number,
    route_context::RouteContext,
};
use crate::{
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
pub(super) fn named<'e>(entries: &'e [Entry], name: &str) -> Found<'e, Entry> {
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
pub(super) fn shown<'t>(route: &'t RouteContext<'_>) -> Option<&'t Shown> {
    route
        .session
        .as_ref()
        .and_then(|session| session.shown.as_ref())
}

/// The entry with that number, of all that was shown.
pub(super) fn entry_of(shown: &Shown, number: usize) -> Option<Uuid> {
    let index = number.checked_sub(1)?;
    shown.ids.get(index).copied()
}

/// Says that the list has no such number.
pub(super) fn out_of_range(route: &RouteContext<'_>, shown: &Shown) -> Answer {
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
    pub(super) fn after(mut shown: Shown, entries: &[Entry]) -> Self {
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

    /// The answer that shows them under a heading.
    pub(super) fn said(self, route: &RouteContext<'_>, link: &Link, heading: &str) -> Answer {
        let text = self.text(route, heading);
        Answer::saying(text).asking(self.session(route, link))
    }
}
