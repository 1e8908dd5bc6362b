//! Verbs: is this word one that asks for work, of which kind, and in which form?
//! The words themselves are in [`english`] and [`spanish`].

mod english;
mod guess;
mod spanish;

pub(crate) use guess::mark as guess;

use std::sync::LazyLock;

use crate::{Kind, Language, lexicon::Class};

/// How a verb stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `fix`, `arreglar`.
    Base,
    /// `arregla`, `arreglen`, `arreglemos`: only Spanish has a form of its own.
    Command,
    /// `arreglas`, `mandan`: tells, or asks after "me" and "nos".
    Present,
    /// `arreglaran`: asks only after "sería bueno que".
    Wish,
    /// `arreglaron`, `arreglamos`: only tells.
    Told,
    /// `fixed`, `arreglado`.
    Participle,
    /// `fixing`, `arreglando`.
    Progressive,
}

/// How often a word that may be a verb is a noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noun {
    /// `fix`, `arreglen`.
    Never,
    /// `order`, `compra`: as often as not.
    Also,
    /// `market`, `profile`: a verb only with an article after it.
    Mostly,
}

impl Noun {
    /// By its name in the lexicon.
    fn named(name: &str) -> Option<Self> {
        match name {
            "never" => Some(Self::Never),
            "also" => Some(Self::Also),
            "mostly" => Some(Self::Mostly),
            _ => None,
        }
    }
}

/// The kind of item with this name.
fn kind_named(name: &str) -> Option<Kind> {
    [Kind::Task, Kind::Bug, Kind::Feature, Kind::Milestone]
        .into_iter()
        .find(|kind| kind.as_str() == name)
}

/// A word read as a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verb {
    /// Its dictionary form.
    pub(crate) lemma: &'static str,
    /// The kind of item that it makes.
    pub(crate) kind: Kind,
    /// Its language.
    pub(crate) language: Language,
    /// Its form.
    pub(crate) form: Form,
    /// How often the same word is a noun.
    pub(crate) noun: Noun,
    /// Whether it carries its object with it: `arreglalo`, `mandarlos`.
    pub(crate) object: bool,
    /// Whether any pronoun hangs on it: `mandale`, `arreglalo`.
    pub(crate) pronoun: bool,
}

impl Verb {
    /// Whether the form can ask for something by itself.
    pub(crate) fn asks(self) -> bool {
        matches!(self.form, Form::Base | Form::Command)
    }

    /// Whether it tells who does it, rather than asks: "cancela" after "se" or "lo".
    pub(crate) fn is_indicative(self, word: &str) -> bool {
        let ending = if self.lemma.ends_with("ar") { 'a' } else { 'e' };
        self.language == Language::Es && self.form == Form::Command && word.ends_with(ending)
    }

    /// Whether the word is never a noun.
    pub(crate) fn sure(self) -> bool {
        self.noun == Noun::Never
    }
}

/// Whether a verb alone says when all of it shall be done.
pub(crate) fn finishes(lemma: &str) -> bool {
    Class::VerbFinishing.has(lemma)
}

/// Reads a folded word as a verb, if it can be one.
pub(crate) fn look_up(word: &str) -> Option<Verb> {
    if !(2..=24).contains(&word.len()) {
        return None;
    }
    // "produces" tells in English, whatever it is in Spanish.
    let told = word.strip_suffix('s').is_some_and(english::knows);
    english::look_up(word).or_else(|| spanish::look_up(word).filter(|_| !told))
}

/// The verb that a word of five letters or more was meant to be, one slip of the finger away:
/// a letter missing, doubled, wrong, or two swapped. The first letter counts as right.
pub(crate) fn look_up_misspelt(word: &str) -> Option<Verb> {
    look_up_slip(word, 5)
}

/// The same from four letters on, where only a verb can stand: "can you **sned** it".
pub(crate) fn look_up_expected(word: &str) -> Option<Verb> {
    look_up_slip(word, 4)
}

/// The Spanish verb that a word sounds like: "rebises", "aser", "yamar". One sound may be written
/// otherwise, and a silent h be missing.
pub(crate) fn look_up_by_sound(word: &str) -> Option<Verb> {
    const SOUNDS: [(&str, &str); 12] = [
        ("np", "mp"),
        ("nb", "mb"),
        ("b", "v"),
        ("v", "b"),
        ("s", "c"),
        ("s", "z"),
        ("z", "s"),
        ("c", "s"),
        ("y", "ll"),
        ("ll", "y"),
        ("k", "qu"),
        ("k", "c"),
    ];
    if !word.is_ascii() || !(4..=16).contains(&word.len()) {
        return None;
    }
    let silent = word
        .starts_with(['a', 'e', 'i', 'o', 'u'])
        .then(|| format!("h{word}"));
    if let Some(verb) = silent.as_deref().and_then(spanish::look_up) {
        return Some(verb);
    }
    for word in [Some(word), silent.as_deref()].into_iter().flatten() {
        for (heard, meant) in SOUNDS {
            for (at, _) in word.match_indices(heard) {
                let written = format!("{}{meant}{}", &word[..at], &word[at + heard.len()..]);
                if let Some(verb) = spanish::look_up(&written) {
                    return Some(verb);
                }
            }
        }
    }
    None
}

/// The dictionary forms of all verbs by their first letter.
static LEMMAS: LazyLock<[Vec<&'static str>; 26]> = LazyLock::new(|| {
    let mut lemmas = [const { Vec::new() }; 26];
    for lemma in english::lemmas().chain(spanish::infinitives()) {
        let initial = lemma
            .bytes()
            .next()
            .and_then(|first| first.checked_sub(b'a'));
        if let Some(same) = initial.and_then(|initial| lemmas.get_mut(usize::from(initial))) {
            same.push(lemma);
        }
    }
    lemmas
});

fn look_up_slip(word: &str, least: usize) -> Option<Verb> {
    if word.len() < least || word.len() > 16 {
        return None;
    }
    let initial = word.bytes().next()?.checked_sub(b'a')?;
    let lemma = LEMMAS
        .get(usize::from(initial))?
        .iter()
        .copied()
        .filter(|lemma| lemma.len() >= least)
        .filter(|lemma| is_one_slip(lemma.as_bytes(), word.as_bytes()))
        .min_by_key(|lemma| (lemma.len().abs_diff(word.len()), *lemma))?;
    look_up(lemma).map(|verb| Verb {
        noun: Noun::Never,
        ..verb
    })
}

fn is_one_slip(right: &[u8], typed: &[u8]) -> bool {
    let same = right.iter().zip(typed).take_while(|(a, b)| a == b).count();
    let (rest, tail) = (&right[same..], &typed[same..]);
    let swapped = rest.len() > 1 && tail.len() > 1 && rest[0] == tail[1] && rest[1] == tail[0];
    match (rest.len(), tail.len()) {
        (a, b) if a == b => a == 0 || rest[1..] == tail[1..] || swapped && rest[2..] == tail[2..],
        (a, b) if a == b + 1 => rest[1..] == *tail,
        (a, b) if a + 1 == b => *rest == tail[1..],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, look_up, look_up_by_sound, look_up_misspelt};
    use crate::Kind;

    #[test]
    fn examples_of_forms() {
        let table = [
            ("fix", "fix", Kind::Bug, Form::Base),
            ("fixed", "fix", Kind::Bug, Form::Participle),
            ("updated", "update", Kind::Task, Form::Participle),
            ("planning", "plan", Kind::Task, Form::Progressive),
            ("arreglen", "arreglar", Kind::Bug, Form::Command),
            ("arreglenlo", "arreglar", Kind::Bug, Form::Command),
            ("corrige", "corregir", Kind::Bug, Form::Command),
            ("agregues", "agregar", Kind::Feature, Form::Command),
            ("coticen", "cotizar", Kind::Task, Form::Command),
            ("saquen", "sacar", Kind::Task, Form::Command),
            ("hazlo", "hacer", Kind::Task, Form::Command),
            ("mandarle", "mandar", Kind::Task, Form::Base),
            ("revisado", "revisar", Kind::Task, Form::Participle),
            ("muevan", "mover", Kind::Task, Form::Command),
            ("pidan", "pedir", Kind::Task, Form::Command),
            ("pinten", "pintar", Kind::Task, Form::Command),
        ];
        for (word, lemma, kind, form) in table {
            let verb = look_up(word).unwrap_or_else(|| panic!("{word} is a verb"));
            assert_eq!(
                (verb.lemma, verb.kind, verb.form),
                (lemma, kind, form),
                "{word}"
            );
        }
        assert!(look_up("arreglarlo").is_some_and(|verb| verb.object));
        assert!(look_up("mandarle").is_some_and(|verb| !verb.object));
        assert_eq!(look_up("mesa"), None);
    }

    #[test]
    fn one_slip_is_forgiven() {
        assert_eq!(
            look_up_misspelt("updte").map(|verb| verb.lemma),
            Some("update")
        );
        assert_eq!(
            look_up_misspelt("areglar").map(|verb| verb.lemma),
            Some("arreglar")
        );
        assert_eq!(look_up_misspelt("zzzzz"), None);
        for (heard, meant) in [
            ("rebises", "revisar"),
            ("yamen", "llamar"),
            ("asernos", "hacer"),
            ("kambien", "cambiar"),
            ("conprar", "comprar"),
        ] {
            let found = look_up_by_sound(heard).map(|verb| verb.lemma);
            assert_eq!(found, Some(meant), "{heard}");
        }
    }
}
