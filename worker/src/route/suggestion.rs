//! What somebody may have meant who mistyped a command.

use parser::Language;

use super::{choice::fold, command::WORDS};

/// The command that is nearest to a word, if one is near: two letters swapped, left out, added or
/// wrong count one; a third of the word may be wrong. Where two are as near, the one in the
/// language of the conversation.
pub(super) fn nearest(word: &str, language: Language) -> Option<(Language, &'static str)> {
    let word = fold(word.trim_start_matches('/'));
    let far = |known: &str| strsim::osa_distance(&word, known);
    WORDS
        .iter()
        .map(|&(of, known)| (far(known), of, known))
        .filter(|(distance, _, known)| *distance <= known.chars().count().div_ceil(4))
        .min_by_key(|(distance, of, _)| (*distance, *of != language))
        .map(|(_, of, known)| (of, known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_command_finds_the_one_that_was_meant() {
        for (typed, meant) in [
            ("/projetc", Some((Language::En, "project"))),
            ("/PROYECOT", Some((Language::Es, "proyecto"))),
            ("/hlep", Some((Language::En, "help"))),
            ("/stauts", Some((Language::En, "status"))),
            ("/ayida", Some((Language::Es, "ayuda"))),
            ("/deshaser", Some((Language::Es, "deshacer"))),
            ("/proyectos", Some((Language::Es, "proyecto"))),
            ("/invoice", None),
            ("/", None),
            ("/x", None),
        ] {
            assert_eq!(nearest(typed, Language::En), meant, "{typed}");
        }
        // As near to /list as to /lista.
        assert_eq!(
            nearest("/listq", Language::Es),
            Some((Language::Es, "lista"))
        );
        assert_eq!(
            nearest("/listq", Language::En),
            Some((Language::En, "list"))
        );
    }
}
