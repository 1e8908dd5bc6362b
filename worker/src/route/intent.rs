//! What a message is: a command, a code, a number picked from a list, or a request.

use common::payload::{Content, InboundMessage};
use parser::Language;

use super::{choice::fold, command::Command};

/// What the sender wants.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Intent {
    /// To prove that this phone is theirs. The code as digits or upper-case letters; `None`
    /// where none could be read.
    Verify(Language, Option<String>),
    /// One of our commands, and its language.
    Command(Language, Command),
    /// Something that begins with `/` and is no command.
    UnknownCommand(String),
    /// An entry of the list that was shown last, counted from 1.
    Pick(usize),
    /// Work, or talk.
    Request,
    /// A message without text that we cannot read.
    Unreadable(Content),
    /// A reaction: no answer.
    Reaction,
}

impl Intent {
    /// Reads a message.
    pub(crate) fn of(message: &InboundMessage) -> Self {
        let text = message.text.reveal();
        match message.content {
            Content::Reaction => Self::Reaction,
            content if text.trim().is_empty() => Self::Unreadable(content),
            _ => Self::of_text(text),
        }
    }

    /// Reads a text.
    pub(super) fn of_text(text: &str) -> Self {
        let text = text.trim();
        if let Some((language, code)) = verification(text) {
            return Self::Verify(language, code);
        }
        if text.starts_with('/') {
            return match Command::parse(text) {
                Some((language, command)) => Self::Command(language, command),
                None => Self::UnknownCommand(first_word(text)),
            };
        }
        let bare = text.trim_end_matches(['.', ')']);
        match bare.parse::<usize>() {
            Ok(number) if bare.len() <= 3 && bare.bytes().all(|b| b.is_ascii_digit()) => {
                Self::Pick(number)
            }
            _ => Self::Request,
        }
    }

    /// Whether it changes what is chosen or linked: an old message that is repeated must not.
    pub(crate) fn changes_state(&self) -> bool {
        match self {
            Self::Verify(..) | Self::Pick(_) => true,
            Self::Command(_, command) => command.changes_state(),
            _ => false,
        }
    }
}

fn first_word(text: &str) -> String {
    text.split_whitespace()
        .next()
        .unwrap_or("/")
        .chars()
        .take(30)
        .collect()
}

/// `VERIFY <code>` or `VERIFICAR <code>`. A sentence that begins with that word is a request.
fn verification(text: &str) -> Option<(Language, Option<String>)> {
    let mut words = text.split_whitespace();
    let language = match fold(words.next()?).trim_start_matches('/') {
        "verify" => Language::En,
        "verificar" => Language::Es,
        _ => return None,
    };
    let rest: Vec<&str> = words.collect();
    let joined = rest.concat();
    if joined.is_empty() || is_code(&joined, rest.len()) {
        return Some((language, code(&joined)));
    }
    None
}

/// Whether it looks like a code, right or wrong: digits (people write `123 456` and `123-456`),
/// or one word of eight capitals and digits.
fn is_code(text: &str, words: usize) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let only_digits = digits > 0 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let letters = words == 1 && text.len() == 8 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    only_digits || (letters && (digits > 0 || text.bytes().all(|b| b.is_ascii_uppercase())))
}

/// The code as it was made: without dashes, in capitals.
fn code(text: &str) -> Option<String> {
    let code = text.replace('-', "").to_ascii_uppercase();
    (code.len() == 6 || code.len() == 8).then_some(code)
}

/// The text as the ledger may keep it: no code in clear.
pub(super) fn without_codes(text: &str) -> String {
    match verification(text.trim()) {
        Some((Language::En, _)) => "VERIFY ••••••".to_owned(),
        Some((Language::Es, _)) => "VERIFICAR ••••••".to_owned(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verify(language: Language, code: &str) -> Intent {
        Intent::Verify(language, Some(code.to_owned()))
    }

    #[test]
    fn codes_are_read_however_they_are_typed() {
        for text in [
            "VERIFY 123456",
            "verify 123456",
            "Verify  123 456",
            "verify 123-456",
            "/verify 123456",
        ] {
            assert_eq!(
                Intent::of_text(text),
                verify(Language::En, "123456"),
                "{text}"
            );
        }
        assert_eq!(
            Intent::of_text("Verificar 123456"),
            verify(Language::Es, "123456")
        );
        assert_eq!(
            Intent::of_text("VERIFY AB3DEF7H"),
            verify(Language::En, "AB3DEF7H")
        );
        assert_eq!(
            Intent::of_text("VERIFY 12345"),
            Intent::Verify(Language::En, None)
        );
        assert_eq!(
            Intent::of_text("VERIFY"),
            Intent::Verify(Language::En, None)
        );
    }

    #[test]
    fn a_sentence_that_begins_with_verify_is_a_request() {
        for text in [
            "Verify the invoices of 2026",
            "Verificar facturas",
            "verify login",
        ] {
            assert_eq!(Intent::of_text(text), Intent::Request, "{text}");
        }
    }

    #[test]
    fn a_bare_number_picks_and_a_number_in_a_sentence_does_not() {
        assert_eq!(Intent::of_text("2"), Intent::Pick(2));
        assert_eq!(Intent::of_text(" 12. ".trim()), Intent::Pick(12));
        assert_eq!(Intent::of_text("2 mesas"), Intent::Request);
        assert_eq!(Intent::of_text("5512345678"), Intent::Request);
    }

    #[test]
    fn no_code_is_kept() {
        assert_eq!(without_codes(" verify 123456"), "VERIFY ••••••");
        assert_eq!(
            without_codes("verificar las 3 bombas"),
            "verificar las 3 bombas"
        );
    }
}
