//! The shape of a message on the screen: lines, list entries, headers, sentences.

mod bullet;
mod end;
mod line;

use std::ops::Range;

use end::ends_sentence;
use line::{lines, titles_a_list};

use crate::{mark::Marks, token::Token};

/// How a sentence stands in the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SentenceKind {
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
    pub(crate) kind: SentenceKind,
    /// Which line it is on.
    pub(crate) line: usize,
    /// Whether it ends in a question mark.
    pub(crate) asks: bool,
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
            SentenceKind::Bulleted
        } else {
            SentenceKind::Prose
        };
        let opens_list = !line.bullet && lines.get(index + 1).is_some_and(|next| next.bullet);
        let parts = parts(tokens, line.span.clone(), marks);
        let alone = parts.len() == 1 && several && !bullets;
        for (at, part) in parts.iter().enumerate() {
            let colon = tokens.get(part.end).is_some_and(|token| token.is_mark(':'));
            let bracketed = line.bullet && at == 0;
            let kind = match place {
                SentenceKind::Bulleted if bracketed && !colon => SentenceKind::Bulleted,
                SentenceKind::Bulleted if at == 1 && tokens[parts[0].end].is_mark(':') => {
                    SentenceKind::Bulleted
                }
                _ if colon || titled && index == 0 && at + 1 == parts.len() => SentenceKind::Header,
                _ if opens_list && parts.len() == 1 && part.end == line.span.end => {
                    SentenceKind::Header
                }
                _ if alone => SentenceKind::Line,
                _ => SentenceKind::Prose,
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
                kind,
                line,
                asks,
            });
        }
    }
    sentences
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

#[cfg(test)]
mod tests {
    use super::{SentenceKind, sentences};
    use crate::{mark::Marks, token::tokenize};

    fn read(text: &str) -> Vec<(String, SentenceKind)> {
        let tokens = tokenize(text);
        let marks = Marks::over(&tokens);
        let cut = |sentence: &super::Sentence| {
            text[tokens[sentence.span.start].start..tokens[sentence.span.end - 1].end].to_owned()
        };
        sentences(&tokens, &marks)
            .iter()
            .map(|sentence| (cut(sentence), sentence.kind))
            .collect()
    }

    fn list(rows: &[(&str, SentenceKind)]) -> Vec<(String, SentenceKind)> {
        rows.iter()
            .map(|&(text, place)| (text.to_owned(), place))
            .collect()
    }

    #[test]
    fn examples_of_layouts() {
        use SentenceKind::{Bulleted, Header, Line, Prose};
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
