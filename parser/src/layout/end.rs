//! Where a sentence ends: points, colons and the like that are not part of something else.

use crate::{
    lexicon::Class,
    mark::Marks,
    token::{Shape, Token},
};

/// Whether nothing but when, how long or how urgent is said from here to the next mark of
/// punctuation.
fn says_when(tokens: &[Token], marks: &Marks, at: usize) -> bool {
    let mut end = at;
    while let Some(mark) = marks.at(end).filter(|mark| mark.meaning.leaves_title()) {
        end = mark.span.end.max(end + 1);
    }
    end > at && tokens.get(end).is_none_or(|next| next.word().is_empty())
}

pub(super) fn ends_sentence(tokens: &[Token], at: usize, marks: &Marks) -> bool {
    let next_glued = tokens
        .get(at + 1)
        .is_some_and(|next| next.glued && matches!(next.shape, Shape::Word | Shape::Number));
    match tokens[at].shape {
        Shape::Mark('!' | '?' | ';') => !closes_bracket(tokens, at),
        // "Paint the fence: 20 hours" says it of the fence.
        Shape::Mark(':') if at > 0 && is_reference(&tokens[at - 1].norm) => false,
        // "Fix the page: https://…": the address only says which.
        Shape::Mark(':')
            if tokens
                .get(at + 1)
                .is_some_and(|next| next.shape == Shape::Link) =>
        {
            false
        }
        Shape::Mark(':') => !next_glued && !says_when(tokens, marks, at + 1),
        Shape::Mark('.') => {
            !next_glued
                && at.checked_sub(1).is_none_or(|before| {
                    !is_abbreviation(&tokens[before].norm)
                        && !counts(&tokens[before].norm, tokens.get(at + 1))
                })
        }
        _ => false,
    }
}

/// "no. 5": the abbreviation of "number", where a number follows; otherwise it only denies.
fn counts(word: &str, next: Option<&Token>) -> bool {
    word == "no" && next.is_some_and(|next| next.shape == Shape::Number)
}

/// "re: the invoice"
fn is_reference(word: &str) -> bool {
    matches!(word, "re" | "cc" | "fwd" | "ref" | "att" | "attn")
}

/// "(urgent!!)": the exclamation is the bracket's.
fn closes_bracket(tokens: &[Token], at: usize) -> bool {
    tokens[at + 1..]
        .iter()
        .take(3)
        .find(|token| !matches!(token.shape, Shape::Mark('!' | '?')))
        .is_some_and(|token| token.is_mark(')'))
}

fn is_abbreviation(word: &str) -> bool {
    Class::EndAbbreviations.has(word)
}
