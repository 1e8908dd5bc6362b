//! The shape of a message on the screen: lines, list entries, headers, sentences.

mod bullet;

use std::ops::Range;

use crate::{
    mark::Marks,
    token::{Shape, Token},
};

/// How a sentence stands in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A list entry with a bullet or a number: one item, whatever its words.
    Bulleted,
    /// A line of its own among other lines: one item if it asks for something.
    Line,
    /// Ends in a colon: introduces what follows.
    Header,
    /// A sentence among sentences.
    Prose,
}

/// A stretch of tokens that is read as one.
#[derive(Debug, Clone)]
pub(crate) struct Sentence {
    /// Its tokens, without bullet and end.
    pub(crate) span: Range<usize>,
    /// How it stands.
    pub(crate) place: Place,
    /// Which line it is on.
    pub(crate) line: usize,
    /// Whether it ends in a question mark.
    pub(crate) asks: bool,
}

struct Line {
    span: Range<usize>,
    bullet: bool,
    inline: bool,
}

/// Cuts a message into sentences.
pub(crate) fn sentences(tokens: &[Token], marks: &Marks) -> Vec<Sentence> {
    let lines = lines(tokens);
    let bullets = lines.iter().any(|line| line.bullet);
    let several = lines.len() > 1;
    let titled = !bullets && titles_a_list(tokens, &lines);
    let mut sentences = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let place = if line.bullet {
            Place::Bulleted
        } else {
            Place::Prose
        };
        let opens_list = !line.bullet && lines.get(index + 1).is_some_and(|next| next.bullet);
        let parts = parts(tokens, line.span.clone(), marks);
        let alone = parts.len() == 1 && several && !bullets;
        for (at, part) in parts.iter().enumerate() {
            let colon = tokens.get(part.end).is_some_and(|token| token.is_mark(':'));
            let bracketed = line.bullet && at == 0;
            let place = match place {
                Place::Bulleted if bracketed && !colon => Place::Bulleted,
                Place::Bulleted if at == 1 && tokens[parts[0].end].is_mark(':') => Place::Bulleted,
                _ if colon || titled && index == 0 && at + 1 == parts.len() => Place::Header,
                _ if opens_list && parts.len() == 1 && part.end == line.span.end => Place::Header,
                _ if alone => Place::Line,
                _ => Place::Prose,
            };
            let asks = tokens.get(part.end).is_some_and(|token| token.is_mark('?'));
            // What follows the last of "1) … 2) …" on one line is about all of them.
            let line = if line.inline && at > 0 {
                lines.len() + at
            } else {
                index
            };
            sentences.push(Sentence {
                span: part.clone(),
                place,
                line,
                asks,
            });
        }
    }
    sentences
}

word_set!(
    LISTS = "\
    list lista things cosas pendientes pending tasks tareas to-do todo shopping compras comprar \
    buy errands mandados needed needs missing falta faltan faltante faltantes encargos checklist \
    groceries super supplies materiales material insumos"
);

/// "Things to buy by Saturday", over short lines without bullets: the name of a list.
fn titles_a_list(tokens: &[Token], lines: &[Line]) -> bool {
    let [first, entries @ ..] = lines else {
        return false;
    };
    let named = tokens[first.span.clone()]
        .iter()
        .any(|token| LISTS.contains(token.norm.as_str()));
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
fn lines(tokens: &[Token]) -> Vec<Line> {
    let starts_line = |at: usize| at == 0 || tokens[at - 1].shape == Shape::Newline;
    let emoji_lines = (0..tokens.len())
        .filter(|&at| tokens[at].shape == Shape::Emoji && starts_line(at))
        .count();
    let enumerated = bullet::enumeration(tokens);
    let mut lines = Vec::new();
    let mut start = 0;
    let mut bullet = false;
    for at in 0..=tokens.len() {
        let end = at == tokens.len() || tokens[at].shape == Shape::Newline;
        let length = if end {
            0
        } else {
            bullet::length(tokens, at, starts_line(at), emoji_lines > 1).max(
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

fn push_line(lines: &mut Vec<Line>, line: Line) {
    if line.span.start < line.span.end {
        lines.push(line);
    }
}

/// The sentences of a line, and what a colon introduces.
fn parts(tokens: &[Token], line: Range<usize>, marks: &Marks) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = line.start;
    for at in line.clone() {
        if marks.is_free(at) && ends_sentence(tokens, at, marks) {
            if start < at {
                parts.push(start..at);
            }
            start = at + 1;
        }
    }
    if start < line.end {
        parts.push(start..line.end);
    }
    parts
}

/// Whether nothing but when, how long or how urgent is said from here to the next mark of
/// punctuation.
fn says_when(tokens: &[Token], marks: &Marks, at: usize) -> bool {
    let mut end = at;
    while let Some(mark) = marks.at(end).filter(|mark| mark.meaning.leaves_title()) {
        end = mark.span.end.max(end + 1);
    }
    end > at && tokens.get(end).is_none_or(|next| next.word().is_empty())
}

fn ends_sentence(tokens: &[Token], at: usize, marks: &Marks) -> bool {
    let next_glued = tokens
        .get(at + 1)
        .is_some_and(|next| next.glued && matches!(next.shape, Shape::Word | Shape::Number));
    match tokens[at].shape {
        Shape::Mark('!' | '?' | ';') => !closes_bracket(tokens, at),
        // "Paint the fence: 20 hours" says it of the fence.
        Shape::Mark(':') if at > 0 && is_reference(&tokens[at - 1].norm) => false,
        Shape::Mark(':') => !next_glued && !says_when(tokens, marks, at + 1),
        Shape::Mark('.') => {
            !next_glued
                && at
                    .checked_sub(1)
                    .is_none_or(|before| !is_abbreviation(&tokens[before].norm))
        }
        _ => false,
    }
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

word_set!(
    ABBREVIATIONS = "\
    mr mrs ms dr dra st sr sra srta lic ing arq apt dept depto no num av aprox approx vs \
    ext tel prof mtro mtra ave blvd jr inc"
);

fn is_abbreviation(word: &str) -> bool {
    ABBREVIATIONS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::{Place, sentences};
    use crate::{mark::Marks, token::tokenize};

    fn read(text: &str) -> Vec<(String, Place)> {
        let tokens = tokenize(text);
        let marks = Marks::over(&tokens);
        let cut = |sentence: &super::Sentence| {
            text[tokens[sentence.span.start].start..tokens[sentence.span.end - 1].end].to_owned()
        };
        sentences(&tokens, &marks)
            .iter()
            .map(|sentence| (cut(sentence), sentence.place))
            .collect()
    }

    fn list(rows: &[(&str, Place)]) -> Vec<(String, Place)> {
        rows.iter()
            .map(|&(text, place)| (text.to_owned(), place))
            .collect()
    }

    #[test]
    fn examples_of_layouts() {
        use Place::{Bulleted, Header, Line, Prose};
        assert_eq!(
            read("Tasks:\n- a b\n- c\nbye"),
            list(&[
                ("Tasks", Header),
                ("a b", Bulleted),
                ("c", Bulleted),
                ("bye", Prose)
            ])
        );
        assert_eq!(
            read("Do (1) a, (2) b"),
            list(&[("Do", Header), ("a,", Bulleted), ("b", Bulleted)])
        );
        assert_eq!(
            read("Buy list\nnapkins\nice"),
            list(&[("Buy list", Header), ("napkins", Line), ("ice", Line)])
        );
        assert_eq!(
            read("Need: 1) a 2) b. Ok"),
            list(&[
                ("Need", Header),
                ("a", Bulleted),
                ("b", Bulleted),
                ("Ok", Prose)
            ])
        );
        assert_eq!(read("one\ntwo"), list(&[("one", Line), ("two", Line)]));
        assert_eq!(
            read("See Dr. Ruiz. Go!"),
            list(&[("See Dr. Ruiz", Prose), ("Go", Prose)])
        );
        assert_eq!(
            read("1.- a\n2.- b"),
            list(&[("a", Bulleted), ("b", Bulleted)])
        );
        assert_eq!(
            read("👉 a\n👉 b"),
            list(&[("a", Bulleted), ("b", Bulleted)])
        );
        assert_eq!(
            read("2.5 days\n3 chairs"),
            list(&[("2.5 days", Line), ("3 chairs", Line)])
        );
    }
}
