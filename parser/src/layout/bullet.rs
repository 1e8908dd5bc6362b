//! Bullets and numbers: what makes a line, or a part of one, a list entry.

use std::ops::Range;

use crate::token::{Shape, Token};

/// How many tokens the bullet at the start of a line takes: `-`, `•`, `1.`, `2)`, `3.-`, an
/// emoji where several lines begin with one.
pub(super) fn length(tokens: &[Token], at: usize, starts_line: bool, emoji: bool) -> usize {
    if !starts_line {
        return 0;
    }
    let token = &tokens[at];
    let next_mark = |ahead: usize, marks: &[char]| {
        tokens
            .get(at + ahead)
            .is_some_and(|next| next.glued && marks.iter().any(|&mark| next.is_mark(mark)))
    };
    let after = |length: usize| {
        tokens
            .get(at + length)
            .is_some_and(|next| next.shape != Shape::Newline)
    };
    let length = match token.shape {
        Shape::Mark('-' | '*' | '•' | '+' | '>' | '#') => 1,
        Shape::Emoji if emoji => 1,
        Shape::Number if token.norm.len() <= 2 && next_mark(1, &['.', ')', '-', ':']) => {
            let spaced = tokens
                .get(at + 2)
                .is_some_and(|next| !next.glued || next.shape != Shape::Number);
            if next_mark(2, &['-', ')']) {
                3
            } else {
                2 * usize::from(spaced)
            }
        }
        Shape::Word if token.norm.len() == 1 && next_mark(1, &[')']) => 2,
        _ => 0,
    };
    if after(length) { length } else { 0 }
}

/// The numbers of an inline enumeration, as spans: 1) … 2) …, (1) … (2) …, 1. … 2. …,
/// 1.- … 2.- …, a) … b) …
pub(super) fn enumeration(tokens: &[Token]) -> Vec<Range<usize>> {
    for lettered in [false, true] {
        for mark in [')', '.'] {
            let mut found: Vec<Range<usize>> = Vec::new();
            for at in 0..tokens.len() {
                if is_nth(&tokens[at], found.len(), lettered) {
                    found.extend(numbered(tokens, at, mark).filter(|_| !lettered || mark == ')'));
                }
            }
            if found.len() > 1 {
                return found;
            }
        }
    }
    Vec::new()
}

fn is_nth(token: &Token, index: usize, lettered: bool) -> bool {
    if lettered {
        let letter = u8::try_from(index)
            .ok()
            .and_then(|index| b'a'.checked_add(index));
        token.norm.len() == 1 && letter.is_some_and(|letter| token.norm.as_bytes()[0] == letter)
    } else {
        token.digits() == u32::try_from(index + 1).ok()
    }
}

/// The tokens of a number in an enumeration, with its brackets, points and dashes.
fn numbered(tokens: &[Token], at: usize, mark: char) -> Option<Range<usize>> {
    let glued = |at: usize, mark: char| {
        tokens
            .get(at)
            .is_some_and(|token| token.glued && token.is_mark(mark))
    };
    let opened = tokens[at].glued && at > 0 && tokens[at - 1].is_mark('(') && mark == ')';
    if !glued(at + 1, mark) || tokens[at].glued && !opened {
        return None;
    }
    let end = at + 2 + usize::from(glued(at + 2, '-'));
    let spaced = tokens
        .get(end)
        .is_some_and(|next| !next.glued && next.shape != Shape::Newline);
    spaced.then(|| at - usize::from(opened)..end)
}
