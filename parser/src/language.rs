//! Which language a message is in: the small words decide, since they carry the grammar;
//! verbs, dates and spelling decide where there are none.

use crate::{
    Language, talk,
    token::{Shape, Token},
};

word_set!(
    ENGLISH = "\
    the a an and of to in for on with is are was were be been it this that these those we \
    you they i he she my your our their his her its by at from need needs please pls can \
    could should would will have has had do does did don't doesn't not but so if when what \
    how who about into all them us me also just then there it's i'm let's thanks thank \
    hello hey hi good great today tomorrow next each some any or as up out after before \
    every only whenever yesterday more that's we're they're i'll won't can't isn't one yes \
    too very here sounds welcome bye morning happy sure"
);

word_set!(
    SPANISH = "\
    el la los las un una unos unas de del al y e o que en con por para sin es son esta \
    estan se lo le les nos me te mi tu su sus mis hay ya no si pero como cuando porque \
    necesito necesitamos quiero favor porfa gracias hola muy mas este estos estas ese esa \
    eso todo todos toda todas hoy manana ayer tambien ademas sale va cada uno buenos buenas \
    dias tardes noches oye urge ai xq q donde cual quien cuanto cuesta fue quedo tengo \
    tiene tienen tenemos entre sobre hasta desde pues bien mucho mucha muchas muchos jaja \
    jajaja jajajaja jeje jejeje puedes pueden podrias ando eres soy estoy vamos nosotros \
    ustedes usted yo ellos antes despues luego ahora aqui feliz felicidades saludos mil \
    algo nada manches padre perfecto listo otra otro"
);

/// The language that supplies most of the text's grammar; nothing for an emoji, "ok" or
/// gibberish.
pub(crate) fn detect(text: &str, tokens: &[Token]) -> Option<Language> {
    let (mut english, mut spanish) = (0_usize, 0_usize);
    for token in tokens.iter().filter(|token| token.shape == Shape::Word) {
        let word = token.norm.as_str();
        let (en, es) = grammar(word);
        english += en;
        spanish += es;
        let (en, es) = content(token, &text[token.start..token.end]);
        english += en;
        spanish += es;
    }
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

word_set!(
    BORROWED = "\
    please pls plz team bro thanks thank hello hi hey bye nice cool good great welcome \
    gracias hola amigo porfa manana fiesta padre"
);

/// Grammar counts four; greetings and politeness travel between the languages and count one.
fn grammar(word: &str) -> (usize, usize) {
    // Words of both languages count for neither.
    if matches!(word, "a" | "me" | "no" | "he" | "as" | "ok") {
        return (0, 0);
    }
    let weight = if BORROWED.contains(word) { 1 } else { 4 };
    (
        weight * usize::from(ENGLISH.contains(word)),
        weight * usize::from(SPANISH.contains(word)),
    )
}

word_set!(
    ENGLISH_DAYS = "\
    monday tuesday wednesday thursday friday saturday sunday"
);

/// Verbs, names of days and months, and letters that only one of the languages writes.
fn content(token: &Token, text: &str) -> (usize, usize) {
    let word = token.norm.as_str();
    let verb = match token.verb.map(|verb| verb.language) {
        Some(Language::En) => (2, 0),
        Some(Language::Es) => (0, 2),
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
    let day = ENGLISH_DAYS.contains(word);
    let long = word.len() > 4;
    (
        verb.0 + usize::from(long && english_end) + usize::from(day),
        verb.1 + 2 * usize::from(accented) + usize::from(long && spanish_end),
    )
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
