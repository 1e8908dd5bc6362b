//! Titles: an item's own words, cut from the message, without what only says when, how long
//! or how urgent.

use std::ops::Range;

use crate::{
    lexicon::Class,
    mark::{Marks, Meaning},
    token::{Shape, Token},
    validate::MAX_TITLE,
    words,
};

/// Joins spans of the message into one line of at most 99 characters.
pub(crate) fn of(text: &str, tokens: &[Token], marks: &Marks, spans: &[Range<usize>]) -> String {
    let kept: Vec<usize> = trim(
        tokens,
        spans
            .iter()
            .cloned()
            .flatten()
            .filter(|&at| is_kept(tokens, marks, at))
            .collect(),
    );
    let mut title = String::new();
    for (index, &at) in kept.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| kept[before]);
        let punctuation = matches!(tokens[at].shape, Shape::Mark(',' | '.' | ';' | ':' | ')'));
        let opens = before.is_some_and(|before| tokens[before].is_mark('('));
        let adjacent = before.is_some_and(|before| before + 1 == at) && tokens[at].glued;
        if !title.is_empty() && !adjacent && !punctuation && !opens {
            title.push(' ');
        }
        title.push_str(&text[tokens[at].start..tokens[at].end]);
        if title.chars().count() > 3 * MAX_TITLE {
            break;
        }
    }
    shorten(&sentence_case(&clean(&title)), MAX_TITLE)
}

fn is_kept(tokens: &[Token], marks: &Marks, at: usize) -> bool {
    let filler = matches!(tokens[at].norm.as_str(), "um" | "uh" | "uhm" | "eh" | "er");
    let said = marks
        .meaning(at)
        .is_some_and(|meaning| meaning.leaves_title() || meaning == Meaning::Quote);
    !filler && !said && !matches!(tokens[at].shape, Shape::Newline | Shape::Emoji)
}

/// Takes off what cannot begin or end a title: punctuation, loose small words, politeness.
fn trim(tokens: &[Token], kept: Vec<usize>) -> Vec<usize> {
    let mut kept = drop_empty_brackets(tokens, kept);
    while kept.last().is_some_and(|&at| cannot_end(&tokens[at])) {
        kept.pop();
    }
    let lead = kept
        .iter()
        .take_while(|&&at| cannot_begin(&tokens[at]))
        .count();
    kept.split_off(lead.min(kept.len()))
}

fn drop_empty_brackets(tokens: &[Token], kept: Vec<usize>) -> Vec<usize> {
    let mut left: Vec<usize> = Vec::with_capacity(kept.len());
    for at in kept {
        let inner_comma = tokens[at].is_mark(',')
            && left
                .last()
                .is_some_and(|&last| tokens[last].is_mark('(') || tokens[last].is_mark(','));
        let closes_nothing =
            tokens[at].is_mark(')') && left.last().is_some_and(|&last| tokens[last].is_mark('('));
        if closes_nothing {
            left.pop();
        } else if !inner_comma {
            left.push(at);
        }
    }
    left
}

fn cannot_end(token: &Token) -> bool {
    match token.shape {
        Shape::Mark(mark) => !matches!(mark, ')' | '"' | '%' | '\'' | ']' | '#' | '+'),
        Shape::Word => {
            words::is_and(token)
                || token.is(Class::Prepositions) && !token.is(Class::TitleParticles)
                || token.is(Class::TitleLooseEnds)
        }
        _ => false,
    }
}

fn cannot_begin(token: &Token) -> bool {
    match token.shape {
        Shape::Mark(mark) => !matches!(mark, '(' | '"' | '$' | '#' | '[' | '\''),
        Shape::Word => words::is_and(token) || token.is(Class::TitleLooseStarts),
        _ => false,
    }
}

/// Brackets that lost their partner, doubled spaces.
fn clean(title: &str) -> String {
    let balanced = title.matches('(').count() == title.matches(')').count();
    let title = if balanced {
        title.to_owned()
    } else {
        title.replace(['(', ')'], " ")
    };
    let kept: String = title
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    kept.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" ,", ",")
}

/// A capital first, and no shouting.
fn sentence_case(title: &str) -> String {
    let letters = title.chars().filter(|c| c.is_alphabetic()).count();
    let shouted = letters > 8 && title.contains(' ') && !title.chars().any(char::is_lowercase);
    let title = if shouted {
        title.to_lowercase()
    } else {
        title.to_owned()
    };
    let mut chars = title.chars();
    match chars.next() {
        Some(first) if first.is_lowercase() && !title.starts_with("http") => {
            first.to_uppercase().chain(chars).collect()
        }
        _ => title,
    }
}

/// At most so many characters, cut between words where there is a gap.
pub(crate) fn shorten(text: &str, most: usize) -> String {
    let Some((cut, _)) = text.char_indices().nth(most) else {
        return text.to_owned();
    };
    let head = &text[..cut];
    let gap = head.rfind(' ').filter(|&gap| gap > cut / 2);
    head[..gap.unwrap_or(cut)]
        .trim_end_matches([' ', ',', ';', ':', '('])
        .to_owned()
}
