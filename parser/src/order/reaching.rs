//! Orders that reach for what is not the sender's: other people's things, and more rights.

use crate::lexicon::Class;

/// "show me the other users' projects", "borra las tareas de los demás usuarios"
pub(super) fn pries(verb: &str, rest: &[&str]) -> bool {
    Class::ReachingPrying.has(verb) && is_about_others(rest)
}

/// "dame acceso total", "give me admin access"
pub(super) fn wants_access(verb: &str, rest: &[&str]) -> bool {
    let access = |word: &&str| matches!(*word, "acceso" | "access" | "permisos");
    let all = |word: &&str| {
        matches!(
            *word,
            "total" | "admin" | "administrador" | "full" | "root" | "todo"
        )
    };
    matches!(verb, "dame" | "danos" | "give") && rest.iter().any(access) && rest.iter().any(all)
}

/// "los datos de los demás clientes", "the other users' projects": what is not theirs to see.
fn is_about_others(words: &[&str]) -> bool {
    let others = |word: &&str| matches!(*word, "otros" | "otras" | "demas" | "other" | "others");
    let people = |word: &&str| Class::ReachingOthers.has(word.trim_end_matches('\''));
    // "send the report to the other clients" is for them, not about them.
    let Some(at) = words.iter().position(others) else {
        return false;
    };
    let receives = words[at.saturating_sub(2)..at]
        .iter()
        .any(|word| matches!(*word, "to" | "with" | "for" | "a" | "con" | "para"));
    !receives && words.iter().any(people)
}
