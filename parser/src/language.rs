//! Which language a message is in: the small words decide, since they carry the grammar;
//! verbs, dates and spelling decide where there are none.

use crate::{
    Language,
    lexicon::Class,
    talk,
    token::{Shape, Token},
    verb::Verb,
};

/// The language that supplies most of the text's grammar; nothing for an emoji, "ok" or
/// gibberish.
pub(crate) fn detect(text: &str, tokens: &[Token]) -> Option<Language> {
    let (mut english, mut spanish) = (0_usize, 0_usize);
    for (at, token) in tokens.iter().enumerate() {
        if token.shape != Shape::Word {
            continue;
        }
        let word = token.norm.as_str();
        let (en, es) = grammar(word);
        english += en;
        spanish += es;
        let (en, es) = content(token, tokens.get(at + 1), &text[token.start..token.end]);
        english += en;
        spanish += es;
    }
    let (en, es) = frame(tokens);
    english += en;
    spanish += es;
    spanish += 4 * tokens
        .iter()
        .filter(|token| token.is_mark('¿') || token.is_mark('¡'))
        .count();
    match english.cmp(&spanish) {
        std::cmp::Ordering::Greater => Some(Language::En),
        std::cmp::Ordering::Less => Some(Language::Es),
        std::cmp::Ordering::Equal if english == 0 => talk::of_commands(tokens),
        std::cmp::Ordering::Equal => first_verb(tokens),
    }
}

// What a noun brings along from its own language: "please send la lista de invitados".
/// Grammar counts four, or two inside the name of a thing; greetings and politeness travel between the languages and count one.
fn grammar(word: &str) -> (usize, usize) {
    // Words of both languages count for neither.
    if matches!(word, "a" | "me" | "no" | "he" | "as" | "ok") {
        return (0, 0);
    }
    let weight = if Class::LanguageBorrowed.has(word) {
        1
    } else if Class::LanguageNominal.has(word) {
        2
    } else {
        4
    };
    (
        weight * usize::from(Class::LanguageEnglish.has(word)),
        weight * usize::from(Class::LanguageSpanish.has(word)),
    )
}

/// Verbs, names of days and months, and letters that only one of the languages writes.
fn content(token: &Token, next: Option<&Token>, text: &str) -> (usize, usize) {
    let word = token.norm.as_str();
    let verb = match token.verb.filter(|_| !is_borrowed_noun(next)) {
        Some(verb) if verb.asks() && verb.sure() => weigh(verb.language, 4),
        Some(verb) => weigh(verb.language, 2),
        None => (0, 0),
    };
    let accented = text.chars().any(|c| "áéíóúñÁÉÍÓÚÑ".contains(c));
    let spanish_end = [
        "cion", "ciones", "dad", "ando", "iendo", "ario", "mente", "ito", "ita", "ero", "eria",
    ]
    .iter()
    .any(|end| word.ends_with(end));
    let english_end = [
        "ing", "tion", "ment", "ness", "ed", "ly", "ght", "ck", "sh", "ee",
    ]
    .iter()
    .any(|end| word.ends_with(end));
    let day = Class::LanguageEnglishDays.has(word);
    let long = word.len() > 4;
    (
        verb.0 + usize::from(long && english_end) + usize::from(day),
        verb.1 + 2 * usize::from(accented) + usize::from(long && spanish_end),
    )
}

/// What asks first holds the rest together, whatever names of things hang on it.
fn frame(tokens: &[Token]) -> (usize, usize) {
    let asks = |at: usize| {
        let token = &tokens[at];
        if token.is(Class::LanguageEnglishFrames) {
            return Some(Language::En);
        }
        if token.is(Class::LanguageSpanishFrames) {
            return Some(Language::Es);
        }
        let next = tokens.get(at + 1).map_or("", Token::word);
        let shown = |verb: &Verb| verb.sure() || verb.language == Language::En && next == "the";
        let verb = token.verb.filter(|verb| verb.asks() && shown(verb));
        verb.filter(|_| !is_borrowed_noun(tokens.get(at + 1)))
            .map(|verb| verb.language)
    };
    (0..tokens.len())
        .find_map(asks)
        .map_or((0, 0), |language| weigh(language, 6))
}

/// "fix del login": an English verb that Spanish took as a noun.
fn is_borrowed_noun(next: Option<&Token>) -> bool {
    next.is_some_and(|next| matches!(next.word(), "de" | "del"))
}

fn weigh(language: Language, weight: usize) -> (usize, usize) {
    match language {
        Language::En => (weight, 0),
        Language::Es => (0, weight),
    }
}

fn first_verb(tokens: &[Token]) -> Option<Language> {
    tokens
        .iter()
        .find_map(|token| token.verb)
        .map(|verb| verb.language)
        .or(Some(Language::En))
}

#[cfg(test)]
mod tests {
    use super::detect;
    use crate::{Language, token::tokenize};

    #[test]
    fn examples_of_languages() {
        let table = [
            ("Fix login", Some(Language::En)),
            ("Arreglar login", Some(Language::Es)),
            ("Inventario mañana", Some(Language::Es)),
            ("Migrate database", Some(Language::En)),
            ("👍", None),
            ("ok", None),
            ("asdkjh qwpoei zzz", None),
            ("sale, va", Some(Language::Es)),
            (
                "Hay que hacer el smoke test del backend",
                Some(Language::Es),
            ),
            ("thanks amigo, see you later!", Some(Language::En)),
            (
                "hola hola, is this the bot that makes proposals?",
                Some(Language::En),
            ),
            ("jajajaja no manches", Some(Language::Es)),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(detect(text, &tokenize(text)), expected, "{text}");
        }
    }
}
