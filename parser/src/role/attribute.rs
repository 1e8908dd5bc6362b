//! Attributes: words that say nothing but when, how long, how urgent, and of which items.

use std::ops::Range;

use super::{Role, Seen, Words};
use crate::{lexicon::Class, mark::Meaning, token::Shape};

/// Whether the words say nothing but when, how long, how urgent, and of which items.
pub(super) fn is_attribute(words: Words<'_>, span: Range<usize>) -> bool {
    let Words { tokens, marks, .. } = words;
    span.into_iter().all(|at| {
        let marked = marks.meaning(at).is_some_and(|meaning| {
            meaning.leaves_title() || matches!(meaning, Meaning::Clock | Meaning::Quote)
        });
        marked
            || !matches!(tokens[at].shape, Shape::Word | Shape::Number | Shape::Link)
            || is_attribute_word(&tokens[at].norm)
    })
}

fn is_attribute_word(word: &str) -> bool {
    Class::AttributeWords.has(word)
}

/// "Budget 6 hours", "hay que apartar 6 horas": hours, and words that only say that it takes them.
pub(super) fn tells_effort(seen: &Seen<'_>) -> Option<Role> {
    let Words { tokens, marks, .. } = seen.words;
    let span = seen.clause.span.clone();
    let timed = marks
        .within(span.clone())
        .any(|mark| matches!(mark.meaning, Meaning::Effort(_)));
    let only = timed
        && span.into_iter().all(|at| {
            !marks.is_free(at)
                || !matches!(tokens[at].shape, Shape::Word | Shape::Number | Shape::Link)
                || is_attribute_word(&tokens[at].norm)
                || tokens[at].is(Class::AttributeOfEffort)
        });
    only.then_some(Role::Attribute)
}

/// "The client expects it Monday", "lo prometimos para el lunes", "que no pase del lunes": a day,
/// and words that only say that it binds.
pub(super) fn tells_deadline(seen: &Seen<'_>) -> Option<Role> {
    let Words { tokens, marks, .. } = seen.words;
    let span = seen.clause.span.clone();
    let dated = marks
        .within(span.clone())
        .any(|mark| matches!(mark.meaning, Meaning::Due(due) if due.day.is_some()));
    let points = span.clone().any(|at| {
        tokens[at].is(Class::Pronouns)
            || tokens[at].is(Class::AttributeOfDeadlines)
                && !matches!(tokens[at].word(), "no" | "he" | "she")
    });
    let only = dated
        && points
        && span.into_iter().all(|at| {
            !marks.is_free(at)
                || !matches!(tokens[at].shape, Shape::Word | Shape::Number | Shape::Link)
                || is_attribute_word(&tokens[at].norm)
                || tokens[at].is(Class::AttributeOfDeadlines)
        });
    only.then_some(Role::Attribute)
}
