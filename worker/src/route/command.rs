//! The commands, in both languages. Case, accents and extra spaces do not matter.

use parser::Language;

use super::choice::fold;

/// Every command's word, folded, in its language.
pub(super) const WORDS: [(Language, &str); 18] = [
    (Language::En, "help"),
    (Language::Es, "ayuda"),
    (Language::En, "status"),
    (Language::Es, "estado"),
    (Language::En, "project"),
    (Language::Es, "proyecto"),
    (Language::En, "workspace"),
    (Language::Es, "espacio"),
    (Language::En, "list"),
    (Language::Es, "lista"),
    (Language::En, "clear"),
    (Language::Es, "limpiar"),
    (Language::En, "undo"),
    (Language::Es, "deshacer"),
    (Language::En, "more"),
    (Language::Es, "mas"),
    (Language::En, "unlink"),
    (Language::Es, "desvincular"),
];

/// What can be commanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// `/help`.
    Help,
    /// `/status`.
    Status,
    /// `/project`, with a name or without.
    Project(Option<String>),
    /// `/workspace`, with a name or without.
    Workspace(Option<String>),
    /// `/list projects`.
    ListProjects,
    /// `/list tasks`.
    ListTasks,
    /// `/list` of something else.
    ListUsage,
    /// `/clear`.
    Clear,
    /// `/undo`.
    Undo,
    /// `/more`.
    More,
    /// `/unlink`, which asks first.
    Unlink,
    /// Yes to that question.
    UnlinkNow,
    /// No to it.
    StayLinked,
}

impl Command {
    /// Reads a text that begins with `/`; `None` when it is no command.
    pub(crate) fn parse(text: &str) -> Option<(Language, Self)> {
        let text = text.strip_prefix('/')?.trim_start();
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest: Vec<&str> = rest.split_whitespace().collect();
        let name = (!rest.is_empty()).then(|| rest.join(" "));
        let word = fold(word);
        let (language, _) = WORDS.into_iter().find(|(_, known)| *known == word)?;
        let command = match word.as_str() {
            "help" | "ayuda" => Self::Help,
            "status" | "estado" => Self::Status,
            "project" | "proyecto" => Self::Project(name),
            "workspace" | "espacio" => Self::Workspace(name),
            "list" | "lista" => Self::list(name.as_deref()),
            "clear" | "limpiar" => Self::Clear,
            "undo" | "deshacer" => Self::Undo,
            "more" | "mas" => Self::More,
            "unlink" | "desvincular" => Self::Unlink,
            _ => return None,
        };
        Some((language, command))
    }

    fn list(what: Option<&str>) -> Self {
        match what.map(fold).as_deref() {
            Some("projects" | "proyectos") => Self::ListProjects,
            Some("tasks" | "tareas") => Self::ListTasks,
            _ => Self::ListUsage,
        }
    }

    /// Whether it changes what is chosen, shown or asked for.
    pub(crate) fn changes_state(&self) -> bool {
        matches!(
            self,
            Self::Project(_)
                | Self::Workspace(_)
                | Self::Clear
                | Self::Undo
                | Self::More
                | Self::Unlink
                | Self::UnlinkNow
                | Self::StayLinked
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_read_in_both_languages() {
        let named = |name: &str| Command::Project(Some(name.to_owned()));
        for (text, expected) in [
            ("/help", Some((Language::En, Command::Help))),
            ("/AYUDA", Some((Language::Es, Command::Help))),
            ("/ status", Some((Language::En, Command::Status))),
            ("/estado", Some((Language::Es, Command::Status))),
            ("/project", Some((Language::En, Command::Project(None)))),
            (
                "/Proyecto  Sitio   Web",
                Some((Language::Es, named("Sitio Web"))),
            ),
            ("/workspace", Some((Language::En, Command::Workspace(None)))),
            (
                "/list   Projects",
                Some((Language::En, Command::ListProjects)),
            ),
            ("/lista tareas", Some((Language::Es, Command::ListTasks))),
            ("/list", Some((Language::En, Command::ListUsage))),
            ("/limpiar", Some((Language::Es, Command::Clear))),
            ("/DESHACER", Some((Language::Es, Command::Undo))),
            ("/más", Some((Language::Es, Command::More))),
            ("/mas", Some((Language::Es, Command::More))),
            ("/unlink", Some((Language::En, Command::Unlink))),
            ("/Desvincular", Some((Language::Es, Command::Unlink))),
            ("/projetc", None),
            ("/", None),
        ] {
            assert_eq!(Command::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn every_word_is_a_command_in_its_language() {
        for (language, word) in WORDS {
            let read = Command::parse(&format!("/{word}"));
            assert_eq!(read.map(|(of, _)| of), Some(language), "{word}");
        }
    }
}
