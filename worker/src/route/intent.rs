//! What a message is: a command, a code, a number picked from a list, or a request.

use common::payload::{Content, InboundMessage};
use parser::Language;

use super::{
    choice::seen,
    code,
    command::Command,
    number,
    suggestion::{self, Meant},
    wish,
};

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
    /// A command whose slash was forgotten, and nothing else.
    WithoutSlash(Meant),
    /// An entry of the list that was shown last, counted from 1.
    Pick(usize),
    /// No more messages, please.
    Leave(Language),
    /// Twilio has answered it already, and delivers nothing to somebody who is out.
    AnsweredByTwilio,
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
            _ if message.opt_out.is_some() => Self::AnsweredByTwilio,
            Content::Reaction => Self::Reaction,
            content if seen(text).is_empty() => Self::Unreadable(content),
            // A file without a caption: its name stands where the caption would.
            Content::Document if names_a_file(text) => Self::Unreadable(Content::Document),
            _ => Self::of_text(text),
        }
    }

    /// Reads a text.
    pub(super) fn of_text(text: &str) -> Self {
        let text = seen(text);
        if let Some((language, code)) = code::verification(text) {
            return Self::Verify(language, code);
        }
        if text.starts_with('/') {
            return match Command::parse(text) {
                Some((language, command)) => Self::Command(language, command),
                None => Self::UnknownCommand(text.to_owned()),
            };
        }
        if let Some(language) = wish::to_leave(text) {
            return Self::Leave(language);
        }
        if let Some(number) = number::bare(text) {
            return Self::Pick(number);
        }
        match suggestion::only_a_slash_missing(text) {
            // Whoever asks for help gets it.
            Some((language, Command::Help, _)) => Self::Command(language, Command::Help),
            Some((_, _, meant)) => Self::WithoutSlash(meant),
            None => Self::Request,
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

/// Whether a text is the name of a file and no more: one line that ends like one.
fn names_a_file(text: &str) -> bool {
    let ending = seen(text).rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_ending = (2..=5).contains(&ending.len())
        && ending.bytes().all(|b| b.is_ascii_alphanumeric())
        && ending.bytes().any(|b| b.is_ascii_alphabetic());
    is_ending && !seen(text).contains('\n')
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
            "VERIFY123456",
            "Verify: 123456.",
            "\u{200e}verify *123456*",
            "verify my code 123456",
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
            Intent::of_text("Verificar el código: 123 456"),
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
            "verify-login",
            "Verify my code",
            "verify the backend2",
            "Verificar el código 3 veces",
        ] {
            assert_eq!(Intent::of_text(text), Intent::Request, "{text}");
        }
    }

    #[test]
    fn a_bare_number_picks_and_a_number_in_a_sentence_does_not() {
        assert_eq!(Intent::of_text("2"), Intent::Pick(2));
        assert_eq!(Intent::of_text(" 12. "), Intent::Pick(12));
        assert_eq!(Intent::of_text("2 mesas"), Intent::Request);
        assert_eq!(Intent::of_text("5512345678"), Intent::Request);
    }

    #[test]
    fn a_command_that_was_copied_or_ends_a_sentence_is_one() {
        let help = Intent::Command(Language::Es, Command::Help);
        for text in [
            "/ayuda",
            "\u{200e}/ayuda",
            " /ayuda! ",
            "\u{feff}/AYÚDA.",
            "Ayuda",
        ] {
            assert_eq!(Intent::of_text(text), help, "{text}");
        }
    }

    #[test]
    fn the_name_of_a_file_is_seen() {
        for text in ["factura.pdf", "Cotización enero 2026.XLSX", "foto.jpeg"] {
            assert!(names_a_file(text), "{text}");
        }
        for text in [
            "Pintar la barda.",
            "2.5",
            "Arreglar esto. Y eso",
            "factura",
            "",
        ] {
            assert!(!names_a_file(text), "{text}");
        }
    }
}
