//! Bullets and numbers: what makes a line, or a part of one, a list entry.

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
    let boxed = tokens
        .get(at + length)
        .is_some_and(|next| next.is_mark('['))
        && tokens
            .get(at + length + 1)
            .is_some_and(|next| next.is_mark(']'));
    let length = if length > 0 && boxed {
        length + 2
    } else {
        length
    };
    if after(length) { length } else { 0 }
}

/// Where the numbers of an inline enumeration stand: 1) … 2) … or 1. … 2. …
pub(super) fn enumeration(tokens: &[Token]) -> Vec<usize> {
    let closes = |at: usize, mark: char| {
        tokens
            .get(at + 1)
            .is_some_and(|next| next.glued && next.is_mark(mark))
    };
    for mark in [')', '.'] {
        let mut found = Vec::new();
        for at in 0..tokens.len() {
            let spaced = tokens
                .get(at + 2)
                .is_some_and(|next| !next.glued && next.shape != Shape::Newline);
            let next = u32::try_from(found.len() + 1).ok();
            if closes(at, mark) && spaced && !tokens[at].glued && tokens[at].digits() == next {
                found.push(at);
            }
        }
        if found.len() > 1 {
            return found;
        }
    }
    Vec::new()
}
