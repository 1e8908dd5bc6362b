//! The reply to a request: the lines whose wording is fixed, then what was understood.

use chrono::{Datelike, Duration, NaiveDate};
use common::{
    payload::ParseRequest,
    texts::{Texts, Value},
};
use parser::{Item, ParsedProposal, Priority};

use super::{proposal::hours_of_items, understand::Understood};
use crate::reply::beginning_of;

/// Items shown; the rest is a count and the link.
const SHOWN: usize = 8;
/// Characters of a title that are shown: two lines of a phone.
const TITLE: usize = 72;
/// A day that is further away is shown with its year.
const FAR: Duration = Duration::days(300);

/// What a reply shows beside the proposal itself.
pub(super) struct Shown<'a> {
    /// Where the proposal is.
    pub(super) link: &'a str,
    /// Whether the guessed time zone is said.
    pub(super) timezone: bool,
}

/// Whether any day was counted.
pub(super) fn shows_a_day(understood: &Understood) -> bool {
    let items = &understood.proposal.items;
    items.iter().any(|item| item.due.is_some())
}

/// The whole reply.
pub(super) fn write(
    texts: &Texts,
    request: &ParseRequest,
    understood: &Understood,
    shown: &Shown<'_>,
) -> String {
    let proposal = &understood.proposal;
    let say = |name: &str, values: &[(&str, Value<'_>)]| texts.say(proposal.language, name, values);
    let mut lines = vec![
        say("proposal-created", &[]),
        String::new(),
        say("proposal-items", &[("count", proposal.items.len().into())]),
        hours(proposal, &say),
        String::new(),
        say("proposal-view", &[("link", shown.link.into())]),
    ];
    if understood.is_rough() {
        lines.push(say("proposal-rough", &[]));
    }
    lines.push(say(
        "proposal-project",
        &[("project", beginning_of(&understood.project, TITLE).into())],
    ));
    lines.push(String::new());
    let sent = request.sent_at.with_timezone(&understood.timezone);
    // As they are stored: hours stated for several together are shared out.
    let items = proposal.items.iter().zip(hours_of_items(understood));
    let line = |(item, hours)| item_line(item, hours, sent.date_naive(), &say);
    lines.extend(items.take(SHOWN).map(line));
    let more = proposal.items.len().saturating_sub(SHOWN);
    if more > 0 {
        lines.push(say("proposal-more-items", &[("count", more.into())]));
    }
    let notes = notes(request, understood, shown, &say);
    if !notes.is_empty() {
        lines.push(String::new());
        lines.extend(notes);
    }
    lines.join("\n")
}

/// Says a text in the proposal's language.
type Say<'a> = dyn Fn(&str, &[(&str, Value<'_>)]) -> String + 'a;

/// The total, else what is known of it: the items' own hours.
fn hours(proposal: &ParsedProposal, say: &Say<'_>) -> String {
    let known: f64 = proposal.items.iter().filter_map(|item| item.hours).sum();
    match proposal.total_hours.unwrap_or(known) {
        hours if hours > 0.0 => say("proposal-hours", &[("count", hours.into())]),
        _ => say("proposal-no-hours", &[]),
    }
}

/// What was assumed, in lines below the items.
fn notes(
    request: &ParseRequest,
    understood: &Understood,
    shown: &Shown<'_>,
    say: &Say<'_>,
) -> Vec<String> {
    let mut notes = Vec::new();
    let items = &understood.proposal.items;
    let without = items.iter().filter(|item| item.hours.is_none()).count();
    if understood.proposal.total_hours.is_none() && (1..items.len()).contains(&without) {
        notes.push(say("proposal-hours-missing", &[("count", without.into())]));
    }
    if request.context_lost {
        notes.push(say("context-lost", &[]));
    }
    if request.only_project {
        notes.push(say("proposal-project-only", &[]));
    }
    if shown.timezone {
        let name = understood.timezone.name();
        let city = name.rsplit('/').next().unwrap_or(name);
        notes.push(say("proposal-timezone", &[("city", city.into())]));
    }
    notes
}

/// `• Title – 4 h · Friday, December 5 · urgent`.
fn item_line(item: &Item, hours: Option<f64>, sent: NaiveDate, say: &Say<'_>) -> String {
    let hours = hours.map(|hours| {
        let minutes = (hours * 60.0).round();
        if hours < 1.0 {
            say("proposal-item-minutes", &[("minutes", minutes.into())])
        } else {
            say("proposal-item-hours", &[("hours", hours.into())])
        }
    });
    let due = item.due.map(|date| date_words(date, sent, say));
    let priority = match item.priority {
        Priority::Medium => None,
        Priority::Low => Some("priority-low"),
        Priority::High => Some("priority-high"),
        Priority::Urgent => Some("priority-urgent"),
    };
    let priority = priority.map(|name| say(name, &[]));
    let facts: Vec<String> = [hours, due, priority].into_iter().flatten().collect();
    let title = beginning_of(&item.title, TITLE);
    if facts.is_empty() {
        format!("• {title}")
    } else {
        format!("• {title} – {}", facts.join(" · "))
    }
}

fn date_words(date: NaiveDate, sent: NaiveDate, say: &Say<'_>) -> String {
    let name = if date - sent > FAR {
        "date-far"
    } else {
        "date"
    };
    let values = [
        (
            "weekday",
            f64::from(date.weekday().number_from_monday()).into(),
        ),
        ("day", f64::from(date.day()).into()),
        ("month", f64::from(date.month()).into()),
        ("year", date.year().to_string().into()),
    ];
    say(name, &values)
}
