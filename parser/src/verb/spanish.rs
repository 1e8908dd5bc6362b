//! Spanish verbs that ask for work: their infinitives and forms, with or without pronouns at
//! the end. The verbs are in `lexicon/verbs_es.tsv`, their forms are made in [`conjugation`].

mod conjugation;
mod stem;

use std::{collections::HashMap, hash::BuildHasherDefault, sync::LazyLock};

use super::{Form, Noun, Verb, kind_named};
use crate::{
    Language,
    lexicon::{self, Class},
    table::WordHasher,
};

type Forms = HashMap<String, Verb, BuildHasherDefault<WordHasher>>;

/// Infinitives, the more usual before the others, with the kind of item that each makes.
const FILE: &str = include_str!("../../lexicon/verbs_es.tsv");

/// Every form of every verb. Where two verbs share one, a command goes before the others,
/// and the verb that comes first in the file before the later.
static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let mut table = Forms::default();
    let verbs = lexicon::rows(FILE).filter_map(|(lemma, kind)| Some((lemma, kind_named(kind)?)));
    for (lemma, kind) in verbs {
        let verb = |form| Verb {
            lemma,
            kind,
            language: Language::Es,
            form,
            noun: Noun::Never,
            object: false,
            pronoun: false,
        };
        table.insert(lemma.to_owned(), verb(Form::Base));
        for (word, form) in conjugation::forms(lemma) {
            if Class::VerbSpanishNoVerbs.has(word.as_str()) {
                continue;
            }
            let noun = if form == Form::Present || Class::VerbNouns.has(word.as_str()) {
                Noun::Also
            } else {
                Noun::Never
            };
            let found = Verb { noun, ..verb(form) };
            let slot = table.entry(word).or_insert(found);
            if rank(slot.form) > rank(form) {
                *slot = found;
            }
        }
    }
    table
});

fn rank(form: Form) -> u8 {
    match form {
        Form::Base => 0,
        Form::Command => 1,
        Form::Participle => 2,
        Form::Progressive => 3,
        Form::Present => 4,
        Form::Wish => 5,
        Form::Told => 6,
    }
}

/// The infinitives, for the search of misspelt ones.
pub(super) fn infinitives() -> impl Iterator<Item = &'static str> {
    lexicon::rows(FILE).map(|(infinitive, _)| infinitive)
}

/// Pronouns that hang on a verb, the longer ones first.
const PRONOUNS: &[&str] = &[
    "selos", "selas", "selo", "sela", "melos", "melas", "melo", "mela", "noslos", "noslas",
    "noslo", "nosla", "telo", "los", "las", "lo", "la", "les", "le", "nos", "me", "se", "te",
];

// Commands that are more often nouns or adjectives.
/// Reads an infinitive, command, subjunctive, participle or gerund, also with pronouns.
pub(super) fn look_up(word: &str) -> Option<Verb> {
    if !word.is_ascii() || Class::VerbSpanishNoVerbs.has(word) {
        return None;
    }
    FORMS.get(word).copied().or_else(|| {
        PRONOUNS.iter().find_map(|pronoun| {
            let stem = word.strip_suffix(*pronoun).filter(|stem| stem.len() >= 2)?;
            let verb = FORMS.get(stem).or_else(|| short(stem)).copied()?;
            // The others name whom it is for, not what it is done to.
            let object = !matches!(*pronoun, "les" | "le" | "nos" | "me" | "se" | "te");
            let form = match verb.form {
                Form::Base | Form::Command | Form::Progressive => verb.form,
                Form::Participle | Form::Present | Form::Wish | Form::Told => {
                    return None;
                }
            };
            Some(Verb {
                form,
                object,
                pronoun: true,
                noun: Noun::Never,
                ..verb
            })
        })
    })
}

/// "dile", "denle", "veanlo": commands too short to stand alone among other words.
fn short(stem: &str) -> Option<&'static Verb> {
    match stem {
        "di" => FORMS.get("diga"),
        "de" => FORMS.get("den"),
        "ve" => FORMS.get("vea"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{FILE, kind_named};
    use crate::lexicon;

    #[test]
    fn every_line_is_a_verb_of_its_own() {
        let kinds: HashMap<_, _> = lexicon::rows(FILE)
            .filter_map(|(infinitive, kind)| Some((infinitive, kind_named(kind)?)))
            .collect();
        assert_eq!(kinds.len(), FILE.lines().count());
    }
}
