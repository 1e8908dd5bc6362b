//! The commands, in both languages. Case, accents and extra spaces do not matter.

use parser::Language;

use super::choice::fold;

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
}

impl Command {
    /// Reads a text that begins with `/`; `None` when it is no command.
    pub(crate) fn parse(text: &str) -> Option<(Language, Self)> {
        let text = text.strip_prefix('/')?.trim_start();
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest: Vec<&str> = rest.split_whitespace().collect();
        let name = (!rest.is_empty()).then(|| rest.join(" "));
        let (en, es) = (Language::En, Language::Es);
        Some(match fold(word).as_str() {
            "help" => (en, Self::Help),
            "ayuda" => (es, Self::Help),
            "status" => (en, Self::Status),
            "estado" => (es, Self::Status),
            "project" => (en, Self::Project(name)),
            "proyecto" => (es, Self::Project(name)),
            "workspace" => (en, Self::Workspace(name)),
            "espacio" => (es, Self::Workspace(name)),
            "list" => (en, Self::list(name.as_deref())),
            "lista" => (es, Self::list(name.as_deref())),
            "clear" => (en, Self::Clear),
            "limpiar" => (es, Self::Clear),
            _ => return None,
        })
    }

    fn list(what: Option<&str>) -> Self {
        match what.map(fold).as_deref() {
            Some("projects" | "proyectos") => Self::ListProjects,
            Some("tasks" | "tareas") => Self::ListTasks,
            _ => Self::ListUsage,
        }
    }

    /// Whether it changes what is chosen.
    pub(crate) fn changes_state(&self) -> bool {
        matches!(self, Self::Project(_) | Self::Workspace(_) | Self::Clear)
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
            ("/projetc", None),
            ("/", None),
        ] {
            assert_eq!(Command::parse(text), expected, "{text}");
        }
    }
}
