//! What somebody may have meant who mistyped a command, or forgot its slash.

use parser::Language;

use super::command::{Command, Listed, WORDS, split};
use crate::reply::quoted;

/// Words that are no commands and that people try, with what does what they want.
const ALSO: [(Language, &str, &str); 18] = [
    (Language::En, "projects", "list projects"),
    (Language::Es, "proyectos", "lista proyectos"),
    (Language::En, "tasks", "list tasks"),
    (Language::Es, "tareas", "lista tareas"),
    (Language::En, "commands", "help"),
    (Language::Es, "comandos", "ayuda"),
    (Language::En, "start", "help"),
    (Language::Es, "inicio", "ayuda"),
    (Language::Es, "estatus", "estado"),
    (Language::En, "cancel", "undo"),
    (Language::Es, "cancelar", "deshacer"),
    (Language::Es, "cancela", "deshacer"),
    (Language::En, "delete", "undo"),
    (Language::Es, "borrar", "deshacer"),
    (Language::En, "reset", "clear"),
    (Language::Es, "reiniciar", "limpiar"),
    (Language::En, "next", "more"),
    (Language::Es, "siguiente", "mas"),
];
/// More words than these after a command are no name.
const NAME: usize = 4;

/// A command that was meant, as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meant {
    pub(crate) language: Language,
    pub(crate) text: String,
}

/// The command that is nearest to what was typed, if one is near. Where two are as near, the one
/// in the language of the conversation.
pub(super) fn nearest(text: &str, language: Language) -> Option<Meant> {
    let (word, rest) = split(text.strip_prefix('/').unwrap_or(text));
    let near = near(&word, language);
    let takes_name = near.is_some_and(|(_, known)| takes_a_name(known));
    if let Some((language, listed)) = Listed::among(&rest).filter(|_| !takes_name) {
        return Some(written(language, listed.command(language), ""));
    }
    let (language, known) = near?;
    let name = quoted(Some(&rest));
    Some(written(
        language,
        known,
        if takes_name { &name } else { "" },
    ))
}

fn takes_a_name(known: &str) -> bool {
    matches!(known, "project" | "proyecto" | "workspace" | "espacio")
}

fn written(language: Language, known: &str, name: &str) -> Meant {
    let known = if known == "mas" { "más" } else { known };
    Meant {
        language,
        text: format!("/{known} {name}").trim_end().to_owned(),
    }
}

/// Two letters swapped, left out, added or wrong count one; a quarter of the word may be wrong,
/// and nothing of the shortest.
fn near(word: &str, language: Language) -> Option<(Language, &'static str)> {
    if let Some((of, _, command)) = ALSO.iter().find(|(_, known, _)| *known == word) {
        return Some((*of, command));
    }
    let most = |known: &str| match known.chars().count() {
        0..=3 => 0,
        length => length.div_ceil(4),
    };
    WORDS
        .iter()
        .map(|&(of, known)| (strsim::osa_distance(word, known), of, known))
        .filter(|(distance, _, known)| *distance <= most(known))
        .min_by_key(|(distance, of, _)| (*distance, *of != language))
        .map(|(_, of, known)| (of, known))
}

/// The command that a text would be with a slash before it: nothing but that, or that and a name.
pub(crate) fn forgotten_slash(text: &str) -> Option<Meant> {
    let (word, rest) = split(text);
    let words = rest.split_whitespace().count();
    let (language, command) = Command::parse(&format!("/{text}"))?;
    let whole = match command {
        Command::ListProjects | Command::ListTasks => words == 1,
        // "Lista" alone is what a woman says who is ready.
        Command::ListUsage => false,
        Command::Project(Some(_)) | Command::Workspace(Some(_)) => words <= NAME,
        _ => words == 0,
    };
    whole.then(|| written(language, &word, &quoted(Some(&rest))))
}

/// The same where the text is nothing but the command: then it is no request, whatever it says.
pub(super) fn only_a_slash_missing(text: &str) -> Option<(Language, Command, Meant)> {
    let (language, command) = Command::parse(&format!("/{text}"))?;
    let named = matches!(
        command,
        Command::Project(Some(_)) | Command::Workspace(Some(_))
    );
    let meant = forgotten_slash(text).filter(|_| !named)?;
    Some((language, command, meant))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(typed: &str, language: Language) -> Option<String> {
        nearest(typed, language).map(|meant| meant.text)
    }

    #[test]
    fn a_mistyped_command_finds_the_one_that_was_meant() {
        for (typed, expected) in [
            ("/projetc", Some("/project")),
            ("/projetc Sitio web", Some("/project Sitio web")),
            ("/PROYECOT", Some("/proyecto")),
            ("/hlep", Some("/help")),
            ("/stauts now", Some("/status")),
            ("/ayida", Some("/ayuda")),
            ("/deshaser", Some("/deshacer")),
            ("/proyectos", Some("/lista proyectos")),
            ("/projects", Some("/list projects")),
            ("/listar tareas", Some("/lista tareas")),
            ("/mis proyectos", Some("/lista proyectos")),
            ("/show tasks", Some("/list tasks")),
            ("/cancelar", Some("/deshacer")),
            ("/estatus", Some("/estado")),
            ("/siguiente", Some("/más")),
            ("/invoice", None),
            ("/mis", None),
            ("/", None),
            ("/x", None),
        ] {
            assert_eq!(meant(typed, Language::En).as_deref(), expected, "{typed}");
        }
        // As near to /list as to /lista.
        assert_eq!(meant("/listq", Language::Es).as_deref(), Some("/lista"));
        assert_eq!(meant("/listq", Language::En).as_deref(), Some("/list"));
    }

    #[test]
    fn a_forgotten_slash_is_seen_where_nothing_else_is_said() {
        let whole = |text: &str| only_a_slash_missing(text).map(|(_, _, meant)| meant.text);
        for (text, expected) in [
            ("Deshacer", Some("/deshacer")),
            ("list projects", Some("/list projects")),
            ("lista tareas", Some("/lista tareas")),
            ("más", Some("/más")),
            ("estado!", Some("/estado")),
            ("proyecto", Some("/proyecto")),
            ("lista", None),
            ("lista de compras", None),
            ("list the projects of May", None),
            ("limpiar la bodega", None),
            ("clear the cache", None),
            ("proyecto bodega", None),
        ] {
            assert_eq!(whole(text).as_deref(), expected, "{text}");
        }
        let named = forgotten_slash("proyecto Bodega").map(|meant| meant.text);
        assert_eq!(named.as_deref(), Some("/proyecto Bodega"));
    }
}
