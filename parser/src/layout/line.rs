//! The lines of a message, with their bullets; parts of an inline enumeration are lines as well.

use std::ops::Range;

use super::bullet;
use crate::lexicon::Class;
use crate::token::{Shape, Token};

/// A line, or one part of an inline enumeration.
pub(super) struct Line {
    /// Its tokens, without bullet.
    pub(super) span: Range<usize>,
    /// Whether it has a bullet or a number.
    pub(super) bullet: bool,
    /// Whether it is the last part of an inline enumeration.
    pub(super) inline: bool,
}

/// "Things to buy by Saturday", over short lines without bullets: the name of a list.
pub(super) fn titles_a_list(tokens: &[Token], lines: &[Line]) -> bool {
    let [first, entries @ ..] = lines else {
        return false;
    };
    let named = tokens[first.span.clone()]
        .iter()
        .any(|token| token.is(Class::LineLists));
    let short = |line: &Line| {
        let words = &tokens[line.span.clone()];
        words.len() <= 5
            && words[0]
                .verb
                .is_none_or(|verb| !verb.asks() || !verb.sure())
    };
    named && first.span.len() <= 10 && entries.iter().filter(|line| short(line)).count() >= 2
}

/// The lines of the message; inline enumerations ("1) … 2) …") become lines as well.
pub(super) fn lines(tokens: &[Token]) -> Vec<Line> {
    let starts_line = |at: usize| at == 0 || tokens[at - 1].shape == Shape::Newline;
    let emoji: Vec<usize> = (0..tokens.len())
        .filter(|&at| tokens[at].shape == Shape::Emoji && starts_line(at))
        .collect();
    let is_bullet = |at: usize| {
        emoji.len() > 1 && !(emoji.first() == Some(&at) && decorates_title(tokens, &emoji))
    };
    let enumerated = bullet::enumeration(tokens);
    let mut lines = Vec::new();
    let mut start = 0;
    let mut bullet = false;
    for at in 0..=tokens.len() {
        let end = at == tokens.len() || tokens[at].shape == Shape::Newline;
        let length = if end {
            0
        } else {
            bullet::length(tokens, at, starts_line(at), is_bullet(at)).max(
                enumerated
                    .iter()
                    .find(|number| number.start == at)
                    .map_or(0, Range::len),
            )
        };
        if end || length > 0 {
            let inline = end && enumerated.iter().any(|number| number.end == start);
            push_line(
                &mut lines,
                Line {
                    span: start..at,
                    bullet,
                    inline,
                },
            );
            start = if end { at + 1 } else { at + length };
            bullet = length > 0;
        }
    }
    lines
}

/// "🎃 Fall festival" over lines that all begin with 🔹: the first emoji is no bullet.
fn decorates_title(tokens: &[Token], emoji: &[usize]) -> bool {
    let [first, second, rest @ ..] = emoji else {
        return false;
    };
    let bullet = &tokens[*second].norm;
    !rest.is_empty()
        && tokens[*first].norm != *bullet
        && rest.iter().all(|&at| tokens[at].norm == *bullet)
}

fn push_line(lines: &mut Vec<Line>, line: Line) {
    if line.span.start < line.span.end {
        lines.push(line);
    }
}
