//! Small closed classes of words that several rules ask about, and matching of fixed phrases.

use crate::{
    lexicon::Class,
    token::Token,
    verb::{Form, Verb},
};

/// A list of phrases of folded words, written as one text: `phrase_list!(NAME = "one|two")`.
macro_rules! phrase_list {
    ($name:ident = $phrases:literal) => {
        static $name: std::sync::LazyLock<$crate::phrase::Phrases> =
            std::sync::LazyLock::new(|| $crate::phrase::Phrases::new($phrases));
    };
}

/// How many tokens `phrase` takes at the start of `tokens`.
pub(crate) fn starts_with(tokens: &[Token], phrase: &str) -> Option<usize> {
    let mut length = 0;
    for word in phrase.split(' ') {
        if tokens.get(length)?.norm != word {
            return None;
        }
        length += 1;
    }
    Some(length)
}

/// How many tokens `phrase` takes at the end of `tokens`.
pub(crate) fn ends_with(tokens: &[Token], phrase: &str) -> Option<usize> {
    let mut length = 0;
    for word in phrase.rsplit(' ') {
        let at = tokens.len().checked_sub(length + 1)?;
        if tokens[at].norm != word {
            return None;
        }
        length += 1;
    }
    Some(length)
}

/// Definite articles.
pub(crate) fn is_article(word: &str) -> bool {
    matches!(word, "the" | "el" | "la" | "los" | "las")
}

/// "and" in either language, by its folded word.
pub(crate) fn is_and_word(word: &str) -> bool {
    matches!(word, "and" | "y" | "e" | "&" | "n" | "+" | "plus")
}

/// "and" in either language.
pub(crate) fn is_and(token: &Token) -> bool {
    is_and_word(&token.norm)
}

/// Takes back what only looks like a verb that tells: "the **cost** breakdown", and in an English
/// message "the lights of **van** 7".
pub(crate) fn take_back_nouns(tokens: &mut [Token], english: bool) {
    for at in 0..tokens.len() {
        let word = tokens[at].norm.as_str();
        let named = at > 0 && Class::NounsAsWell.has(word) && tokens[at - 1].is(Class::BeforeNouns);
        // "conprar focos i areglar la chapa"
        if !english && word == "i" && !tokens[at].capital {
            tokens[at].means("y");
            continue;
        }
        if named || english && Class::EnglishNouns.has(word) {
            tokens[at].tells.finite = false;
        } else if !english && word == "dice" {
            // "dice 750 litros" says, and cuts nothing.
            tokens[at].verb = None;
        }
    }
}

/// Whether a word is a Spanish verb in the past, seen by its accent or its ending: "terminó",
/// "pagaste". `original` is the word as it was written, `norm` the same folded.
pub(crate) fn is_preterite(original: &str, norm: &str, verb: Option<Verb>) -> bool {
    let accented = original.chars().count() > 3
        && original.ends_with(['ó', 'é', 'Ó', 'É', 'í'])
        && verb.is_none_or(|verb| !verb.asks() || original.ends_with(['ó', 'é', 'Ó', 'É']));
    accented && !Class::AccentedNouns.has(norm)
        || verb.is_some_and(|verb| verb.form == Form::Told)
        || Class::Preterites.has(norm)
        || norm.len() > 5
            && ["aron", "ieron", "aste", "iste", "abamos"]
                .iter()
                .any(|end| norm.ends_with(end))
}
