//! The reply to a request: the lines whose wording is fixed, then what was understood.

use chrono::{Datelike, NaiveDate};
use common::{payload::ParseRequest, texts::Texts};
use parser::{Item, Language, Priority};

use super::understand::Understood;

/// Items shown; the rest is a count and the link.
const SHOWN: usize = 8;

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
    let say = |name: &str, values: &[_]| texts.say(proposal.language, name, values);
    let hours = match proposal.total_hours {
        Some(hours) => say("proposal-hours", &[("count", hours.into())]),
        None => say("proposal-no-hours", &[]),
    };
    let mut lines = vec![
        say("proposal-created", &[]),
        String::new(),
        say("proposal-items", &[("count", proposal.items.len().into())]),
        hours,
        String::new(),
        say("proposal-view", &[("link", shown.link.into())]),
    ];
    if understood.is_rough() {
        lines.push(say("proposal-rough", &[]));
    }
    lines.push(String::new());
    lines.extend(
        proposal
            .items
            .iter()
            .take(SHOWN)
            .map(|item| item_line(texts, proposal.language, item)),
    );
    if let Some(more) = proposal
        .items
        .len()
        .checked_sub(SHOWN)
        .filter(|more| *more > 0)
    {
        lines.push(say("proposal-more-items", &[("count", more.into())]));
    }
    if request.context_lost {
        lines.push(say("context-lost", &[]));
    }
    if request.only_project {
        lines.push(say("proposal-project-only", &[]));
    }
    if shown.timezone {
        let name = understood.timezone.name();
        let city = name.rsplit('/').next().unwrap_or(name);
        lines.push(say("proposal-timezone", &[("city", city.into())]));
    }
    lines.join("\n")
}

/// `• Title – 4 h, Fri 5 Dec, urgent`.
fn item_line(texts: &Texts, language: Language, item: &Item) -> String {
    let hours = item
        .hours
        .map(|hours| texts.say(language, "proposal-item-hours", &[("hours", hours.into())]));
    let due = item.due.map(|date| date_words(texts, language, date));
    let priority = match item.priority {
        Priority::Medium => None,
        Priority::Low => Some("priority-low"),
        Priority::High => Some("priority-high"),
        Priority::Urgent => Some("priority-urgent"),
    };
    let priority = priority.map(|name| texts.say(language, name, &[]));
    let facts: Vec<String> = [hours, due, priority].into_iter().flatten().collect();
    // WhatsApp's marks of emphasis in a title would change how the rest looks.
    let title = item.title.replace(['*', '_', '~', '`'], " ");
    if facts.is_empty() {
        format!("• {title}")
    } else {
        format!("• {title} – {}", facts.join(", "))
    }
}

fn date_words(texts: &Texts, language: Language, date: NaiveDate) -> String {
    let weekday = f64::from(date.weekday().number_from_monday());
    let month = f64::from(date.month());
    texts.say(
        language,
        "date",
        &[
            ("weekday", weekday.into()),
            ("day", f64::from(date.day()).into()),
            ("month", month.into()),
        ],
    )
}
