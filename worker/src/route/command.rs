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
        let (word, rest) = split(text.strip_prefix('/')?);
        let name = Some(rest).filter(|rest| !rest.is_empty());
        let (language, _) = WORDS.into_iter().find(|(_, known)| *known == word)?;
        let command = match word.as_str() {
            "help" | "ayuda" => Self::Help,
            "status" | "estado" => Self::Status,
            "project" | "proyecto" => Self::Project(name),
            "workspace" | "espacio" => Self::Workspace(name),
            "list" | "lista" => Self::list(name.as_deref().unwrap_or_default()),
            "clear" | "limpiar" => Self::Clear,
            "undo" | "deshacer" => Self::Undo,
            "more" | "mas" => Self::More,
            "unlink" | "desvincular" => Self::Unlink,
            _ => return None,
        };
        Some((language, command))
    }

    fn list(what: &str) -> Self {
        match Listed::among(what) {
            Some((_, Listed::Projects)) => Self::ListProjects,
            Some((_, Listed::Tasks)) => Self::ListTasks,
            None => Self::ListUsage,
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

/// What can be listed by command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listed {
    /// The user's projects.
    Projects,
    /// Open tasks of the project.
    Tasks,
}

impl Listed {
    /// The first word that names something to list; one of it, or a slip, will do: "project",
    /// "de proyectos", "taraes".
    pub(super) fn among(words: &str) -> Option<(Language, Self)> {
        let known = [
            ("projects", Language::En, Self::Projects),
            ("proyectos", Language::Es, Self::Projects),
            ("tasks", Language::En, Self::Tasks),
            ("tareas", Language::Es, Self::Tasks),
        ];
        words.split_whitespace().find_map(|word| {
            let word = fold(word);
            let letters = word.trim_matches(|c: char| !c.is_alphanumeric());
            known
                .iter()
                .map(|(known, language, of)| {
                    (strsim::osa_distance(letters, known), known, language, of)
                })
                .filter(|(distance, known, ..)| *distance <= known.len() / 4)
                .min_by_key(|(distance, ..)| *distance)
                .map(|(_, _, language, of)| (*language, *of))
        })
    }

    /// The command that lists it, without its slash.
    pub(super) fn command(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Projects, Language::En) => "list projects",
            (Self::Projects, Language::Es) => "lista proyectos",
            (Self::Tasks, Language::En) => "list tasks",
            (Self::Tasks, Language::Es) => "lista tareas",
        }
    }
}

/// A command without its slash as its word, folded and without what a sentence puts after it, and
/// the rest with single spaces.
pub(super) fn split(text: &str) -> (String, String) {
    let mut words = text.split_whitespace();
    let word = words.next().unwrap_or_default();
    let word = word.trim_end_matches(|c: char| !c.is_alphanumeric());
    (fold(word), words.collect::<Vec<_>>().join(" "))
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
            (
                "/lista de compras",
                Some((Language::Es, Command::ListUsage)),
            ),
            ("/list project", Some((Language::En, Command::ListProjects))),
            (
                "/lista de proyectos",
                Some((Language::Es, Command::ListProjects)),
            ),
            ("/lista taraes", Some((Language::Es, Command::ListTasks))),
            ("/ayuda.", Some((Language::Es, Command::Help))),
            ("/undo!!", Some((Language::En, Command::Undo))),
            ("/proyecto: Bodega", Some((Language::Es, named("Bodega")))),
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
