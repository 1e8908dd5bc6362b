//! English verbs that ask for work, and how to read their inflected forms. The verbs are in
//! `lexicon/verbs_en.tsv`.

use std::sync::LazyLock;

use super::{Form, Noun, Verb, kind_named};
use crate::{Language, lexicon, table::WordMap};

/// Verbs, the kind of item that they make, and how often each word is a noun.
const FILE: &str = include_str!("../../lexicon/verbs_en.tsv");

static VERBS: LazyLock<WordMap<Verb>> = LazyLock::new(|| {
    let verb = |(lemma, says): (&'static str, &str)| {
        let (kind, noun) = says.split_once('\t')?;
        let verb = Verb {
            lemma,
            kind: kind_named(kind)?,
            language: Language::En,
            form: Form::Base,
            noun: Noun::named(noun)?,
            object: false,
            pronoun: false,
        };
        Some((lemma, verb))
    };
    lexicon::rows(FILE).filter_map(verb).collect()
});

/// Past forms that do not end in `-ed`.
const IRREGULAR: &[(&str, &str)] = &[
    ("built", "build"),
    ("rebuilt", "rebuild"),
    ("bought", "buy"),
    ("brought", "bring"),
    ("caught", "catch"),
    ("chosen", "choose"),
    ("done", "finish"),
    ("drawn", "draw"),
    ("fed", "feed"),
    ("found", "find"),
    ("given", "give"),
    ("got", "get"),
    ("hung", "hang"),
    ("kept", "keep"),
    ("laid", "lay"),
    ("made", "make"),
    ("met", "meet"),
    ("paid", "pay"),
    ("redone", "redo"),
    ("rewritten", "rewrite"),
    ("sent", "send"),
    ("resent", "resend"),
    ("sold", "sell"),
    ("sewn", "sew"),
    ("shot", "shoot"),
    ("swept", "sweep"),
    ("taken", "take"),
    ("told", "tell"),
    ("taught", "teach"),
    ("torn", "tear"),
    ("written", "write"),
    ("thrown", "throw"),
    ("dug", "dig"),
    ("ground", "grind"),
];

/// Reads a base form, a past or a progressive.
pub(super) fn look_up(word: &str) -> Option<Verb> {
    if let Some(verb) = VERBS.get(word) {
        return Some(*verb);
    }
    if let Some((_, lemma)) = IRREGULAR.iter().find(|(form, _)| *form == word) {
        return inflected(lemma, Form::Participle);
    }
    if let Some(stem) = word.strip_suffix("ing") {
        return from_stem(stem, Form::Progressive);
    }
    from_stem(word.strip_suffix("ed")?, Form::Participle)
}

/// Whether this is the base form of a verb.
pub(super) fn knows(word: &str) -> bool {
    VERBS.contains_key(word)
}

/// The base forms, for the search of misspelt ones.
pub(super) fn lemmas() -> impl Iterator<Item = &'static str> {
    VERBS.keys().copied()
}

fn from_stem(stem: &str, form: Form) -> Option<Verb> {
    if !stem.is_ascii() || stem.len() < 2 {
        return None;
    }
    let undoubled = &stem[..stem.len() - 1];
    let doubled = stem.as_bytes()[stem.len() - 1] == stem.as_bytes()[stem.len() - 2];
    inflected(stem, form)
        .or_else(|| inflected(&format!("{stem}e"), form))
        .or_else(|| inflected(undoubled, form).filter(|_| doubled))
        .or_else(|| inflected(&format!("{}y", stem.strip_suffix('i')?), form))
}

fn inflected(lemma: &str, form: Form) -> Option<Verb> {
    let verb = *VERBS.get(lemma)?;
    Some(Verb {
        form,
        noun: Noun::Never,
        ..verb
    })
}

#[cfg(test)]
mod tests {
    use super::{FILE, VERBS};

    #[test]
    fn every_line_is_a_verb_of_its_own() {
        assert_eq!(VERBS.len(), FILE.lines().count());
    }
}
