//! The first step: a message's text as tokens, folded to lower case without accents.
//! Every later rule looks at tokens; titles are cut from the original text by their spans.

mod alias;
mod fold;
mod link;

pub(crate) use fold::fold;
use fold::{is_invisible, is_typographic, numeral, plain_mark};

use unicode_normalization::char::is_combining_mark;

use crate::{
    fault,
    lexicon::{self, Class, Classes},
    verb::{self, Verb},
    words,
};

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Letters, with inner apostrophes, and digits after a letter (`v2.0`, `Q2`).
    Word,
    /// Digits, with inner points and commas.
    Number,
    /// One mark of punctuation, or a currency sign.
    Mark(char),
    /// A run of emoji and other symbols.
    Emoji,
    /// The end of a line.
    Newline,
    /// An address on the web or of e-mail.
    Link,
}

/// One token of a message.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    /// Where it begins in the text, in bytes.
    pub(crate) start: usize,
    /// Where it ends in the text, in bytes.
    pub(crate) end: usize,
    /// Its text in lower case without accents, apostrophes straightened.
    pub(crate) norm: String,
    /// The classes of its folded text.
    pub(crate) classes: Classes,
    /// What it is made of.
    pub(crate) shape: Shape,
    /// Whether it follows the token before it without a space.
    pub(crate) glued: bool,
    /// Whether the first letter is a capital.
    pub(crate) capital: bool,
    /// The verb that it may be.
    pub(crate) verb: Option<Verb>,
    /// What it may tell.
    pub(crate) tells: Tells,
}

/// What a word by itself may tell.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tells {
    /// Whether it is a Spanish verb in the past.
    pub(crate) past: bool,
    /// Whether what is said of a thing that fails may begin with it.
    pub(crate) fault: bool,
    /// Whether it is a verb in a form that tells: a clause with one is no request and no name
    /// of a thing.
    pub(crate) finite: bool,
}

impl Token {
    /// The folded text of a word, the empty string for anything else.
    pub(crate) fn word(&self) -> &str {
        if self.shape == Shape::Word {
            &self.norm
        } else {
            ""
        }
    }

    /// Whether its folded text is of a class of words.
    pub(crate) fn is(&self, class: Class) -> bool {
        self.classes.has(class)
    }

    /// Reads it as another word.
    pub(crate) fn means(&mut self, word: &str) {
        word.clone_into(&mut self.norm);
        self.classes = lexicon::classes(word);
    }

    /// Whether it is this mark of punctuation.
    pub(crate) fn is_mark(&self, mark: char) -> bool {
        self.shape == Shape::Mark(mark)
    }

    /// The value of a number, read with a decimal point or comma, or of a number word.
    pub(crate) fn number(&self) -> Option<f64> {
        match self.shape {
            Shape::Number => numeral(&self.norm),
            Shape::Word => crate::number::number_word(&self.norm).map(f64::from),
            _ => None,
        }
    }

    /// The value of a whole number in digits.
    pub(crate) fn digits(&self) -> Option<u32> {
        if self.shape == Shape::Number {
            self.norm.parse().ok()
        } else {
            None
        }
    }
}

/// Cuts a message into tokens.
pub(crate) fn tokenize(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 4 + 1);
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() && first != '\n' || is_invisible(first) {
            at += first.len_utf8();
            continue;
        }
        let (shape, length) = token_at(&text[at..], first);
        let end = at + length;
        let mut norm = fold(&text[at..end]);
        // "sí" is yes, "si" is if.
        if matches!(&text[at..end], "sí" | "Sí" | "SÍ") {
            "sí".clone_into(&mut norm);
        }
        if shape == Shape::Word
            && !first.is_uppercase()
            && let Some(meant) = alias::meant(&norm)
        {
            meant.clone_into(&mut norm);
        }
        let classes = lexicon::classes(&norm);
        let verb = if shape == Shape::Word {
            verb::look_up(&norm)
        } else {
            None
        };
        let tells = if shape == Shape::Word {
            Tells {
                past: words::is_preterite(&text[at..end], &norm, verb),
                fault: fault::may_begin(&norm),
                finite: classes.has(Class::Finite),
            }
        } else {
            Tells::default()
        };
        let glued = tokens.last().is_some_and(|last| last.end == at);
        tokens.push(Token {
            start: at,
            end,
            classes,
            norm,
            shape,
            glued,
            capital: first.is_uppercase(),
            verb,
            tells,
        });
        at = end;
    }
    verb::guess(&mut tokens);
    tokens
}

fn token_at(rest: &str, first: char) -> (Shape, usize) {
    if first == '\n' {
        return (Shape::Newline, 1);
    }
    if first.is_ascii_digit() {
        return (
            Shape::Number,
            inner_length(rest, |c| c.is_ascii_digit(), |c| matches!(c, '.' | ',')),
        );
    }
    if first.is_alphabetic() {
        if let Some(length) = link::length(rest) {
            return (Shape::Link, length);
        }
        return (Shape::Word, word_length(rest));
    }
    if first.is_ascii_punctuation() || is_typographic(first) {
        return (Shape::Mark(plain_mark(first)), first.len_utf8());
    }
    let end = rest
        .char_indices()
        .find(|&(_, c)| {
            c.is_alphanumeric() || c.is_whitespace() || c.is_ascii() || is_typographic(c)
        })
        .map_or(rest.len(), |(at, _)| at);
    (Shape::Emoji, end.max(first.len_utf8()))
}

/// Length of the longest start of `rest` whose characters are all `inside`, or `joint`
/// between two that are inside.
fn inner_length(rest: &str, inside: impl Fn(char) -> bool, joint: impl Fn(char) -> bool) -> usize {
    let mut end = 0;
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let bridges = joint(c) && chars.peek().is_some_and(|&(_, next)| inside(next));
        if inside(c) {
            end = at + c.len_utf8();
        } else if !bridges {
            break;
        }
    }
    end
}

fn word_length(rest: &str) -> usize {
    let apostrophe = |c| matches!(c, '\'' | '’');
    let letters = inner_length(
        rest,
        |c| c.is_alphabetic() || is_combining_mark(c),
        apostrophe,
    );
    let tail = &rest[letters..];
    if tail.starts_with(|c: char| c.is_ascii_digit()) {
        return letters + inner_length(tail, |c| c.is_ascii_alphanumeric(), |c| c == '.');
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::{Shape, fold, tokenize};

    #[test]
    fn accents_and_case_are_folded() {
        assert_eq!(fold("MAÑANA Más"), "manana mas");
        assert_eq!(fold("don’t"), "don't");
    }

    #[test]
    fn examples_of_tokens() {
        let table = [
            ("fix v2.0 now", "fix|v2.0|now"),
            ("2h 30m", "2|h|30|m"),
            ("el 15/04, ok?", "el|15|/|04|,|ok|?"),
            ("a $9,000.50 b", "a|$|9,000.50|b"),
            (
                "see https://x.example/a?b=1, ok",
                "see|https://x.example/a?b=1|,|ok",
            ),
            ("Kim's two-factor", "kim's|two|-|factor"),
            ("ana@x.example.", "ana@x.example|."),
            ("👉 a\nb", "👉|a|\n|b"),
        ];
        for (text, expected) in table {
            let norms: Vec<String> = tokenize(text).into_iter().map(|token| token.norm).collect();
            assert_eq!(norms.join("|"), expected, "{text}");
        }
    }

    #[test]
    fn numbers_read_with_point_or_comma() {
        let value = |text: &str| tokenize(text)[0].number();
        assert_eq!(value("2,5"), Some(2.5));
        assert_eq!(value("9,000"), Some(9000.0));
        assert_eq!(value("quince"), Some(15.0));
        assert_eq!(value("1.4.2"), None);
        assert_eq!(tokenize("🎉")[0].shape, Shape::Emoji);
    }
}
