//! From a message's text to tasks, hours, dates and priorities, without a network.
//! The seam that every parser fills (the model or the built-in one), the rules that hold
//! whoever made a proposal, and the built-in parser itself: total, fast, no clock, no chance.

#[macro_use]
mod words;

mod proposal;
mod schema;
mod share;
mod validate;

mod assumption;
mod builtin;
mod clause;
mod command;
mod correction;
mod date;
mod document;
mod draft;
mod effort;
mod fault;
mod kind;
mod language;
mod layout;
mod lead;
mod lexicon;
mod literal;
mod mark;
mod number;
mod order;
mod people;
mod phrase;
mod priority;
mod role;
mod rule;
mod scope;
mod series;
mod table;
mod talk;
mod title;
mod token;
mod verb;

pub mod eval;
pub mod explain;

pub use proposal::{Item, Kind, Language, ParsedProposal, Priority, Request, UnknownLanguage};
pub use rule::Rule;
pub use schema::{ModelAnswer, ModelItem, json_schema};
pub use share::share_hours;
pub use talk::{Talk, talk};
pub use validate::{Complaint, validate};

/// Reads a message with the built-in grammar: English, Spanish or both.
///
/// It never fails: text that asks for no work gives a proposal that is not actionable.
/// What it returns always passes [`validate`] for the same request.
#[must_use]
pub fn parse(request: &Request<'_>) -> ParsedProposal {
    builtin::parse(request, rule::Rules::default())
}

/// The language that supplies most of the text's grammar, or nothing for an emoji, "ok"
/// or gibberish.
#[must_use]
pub fn detect_language(text: &str) -> Option<Language> {
    let text = document::own(text);
    language::detect(&text, &token::tokenize(&text))
}
