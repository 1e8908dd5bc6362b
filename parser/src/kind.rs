//! Kinds: bug, feature, milestone or task. The item's own verb decides, then its nouns, then
//! the header's verb; a stated fault is a bug whichever verb asks for its repair.

use crate::{
    Kind, Language,
    fault::{self, Fault},
    lexicon::Class,
    token::Token,
    verb::{Form, Verb},
};

/// What an item's words say about its kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Evidence<'a> {
    /// The verb that asks for it.
    pub(crate) verb: Option<Verb>,
    /// The kind that the list's header asks for.
    pub(crate) header: Option<Kind>,
    /// The item's words.
    pub(crate) words: &'a [Token],
    /// How plainly a fault is stated beside it.
    pub(crate) fault: Option<Fault>,
}

/// The kind of an item.
pub(crate) fn of(evidence: Evidence<'_>) -> Kind {
    let own = evidence.verb.map(|verb| by_verb(verb, evidence.words));
    let kind = own
        .or_else(|| by_noun(evidence.words))
        .or(evidence.header)
        .unwrap_or(Kind::Task);
    let lemma = evidence.verb.map_or("", |verb| verb.lemma);
    match (kind, evidence.fault) {
        (Kind::Task, Some(_)) if !fault::only_tells(lemma) => Kind::Bug,
        _ => kind,
    }
}

/// Verbs that say little leave it to the words after them: "get the sink fixed".
fn by_verb(verb: Verb, words: &[Token]) -> Kind {
    let delivers = Class::KindDelivering.has(verb.lemma);
    let hands_over = matches!(verb.lemma, "entregar" | "deliver");
    if delivers && names_release(words, hands_over) {
        return Kind::Milestone;
    }
    if verb.kind == Kind::Task && Class::KindGeneral.has(verb.lemma) {
        // "get the sink fixed", "mandar a reparar", but "mandar los planos corregidos" is no repair.
        let repairs = |token: &Token| {
            token.verb.is_some_and(|verb| {
                verb.kind == Kind::Bug && (verb.language == Language::En || verb.form == Form::Base)
            })
        };
        let sent_to_repair = words.iter().skip(1).take(8).any(repairs);
        return if sent_to_repair {
            Kind::Bug
        } else {
            head_noun(words, 3).unwrap_or(verb.kind)
        };
    }
    verb.kind
}

/// Nouns that are verbs in all but form: "el fix del checkout", "lanzamiento de la app".
fn by_noun(words: &[Token]) -> Option<Kind> {
    let delivery = words
        .iter()
        .take(3)
        .any(|token| token.norm == "entrega" || token.norm == "delivery");
    if delivery && names_release(words, true) {
        return Some(Kind::Milestone);
    }
    head_noun(words, 3)
}

fn head_noun(words: &[Token], reach: usize) -> Option<Kind> {
    words
        .iter()
        .take(reach)
        .find_map(|token| match token.norm.as_str() {
            "fix" | "bugfix" | "hotfix" | "arreglo" | "reparacion" | "correccion"
            | "correcciones" | "correction" | "corrections" | "repair" | "repairs" | "fixes" => {
                Some(Kind::Bug)
            }
            "lanzamiento" | "launch" | "release" | "golive" => Some(Kind::Milestone),
            "desarrollo" | "creacion" | "implementacion" | "development" | "implementation" => {
                Some(Kind::Feature)
            }
            _ => None,
        })
}

/// Nouns that name what somebody does: "limpieza", "repair".
pub(crate) fn is_work(word: &str) -> bool {
    Class::KindWorks.has(word)
}

fn names_release(words: &[Token], project: bool) -> bool {
    words.iter().take(8).any(|token| {
        matches!(token.norm.as_str(), "version" | "release" | "beta" | "mvp")
            || project
                && matches!(
                    token.norm.as_str(),
                    "proyecto" | "project" | "obra" | "final" | "fase" | "phase" | "etapa"
                )
    })
}

/// The kind that a header asks for without a verb: "Bugs:", "New features:".
pub(crate) fn by_header(words: &[Token]) -> Option<Kind> {
    words
        .iter()
        .take(4)
        .find_map(|token| match token.norm.as_str() {
            "bugs" | "fixes" | "errores" | "fallas" | "arreglos" | "reparaciones"
            | "correcciones" | "repairs" => Some(Kind::Bug),
            "features" | "funcionalidades" => Some(Kind::Feature),
            "lanzamientos" | "releases" | "milestones" | "hitos" => Some(Kind::Milestone),
            _ => None,
        })
}
