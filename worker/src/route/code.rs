//! Linking codes in what people write: where they are asked to be redeemed, and all that look like
//! one.

use std::ops::Range;

use parser::Language;

use super::choice::{fold, seen};

/// What stands in the ledger in place of a code.
pub(super) const MASK: &str = "••••••";
/// Most codes that are looked up for one text.
const MOST: usize = 8;

/// `VERIFY <code>` or `VERIFICAR <code>`, also `Verify: 123-456.`, `VERIFICAR123456`, "verificar
/// el código 123456" and "Hola, mi código es VERIFICAR 123456, gracias". The code as digits or
/// upper-case letters; `None` where none could be read. A sentence about work that has that word is
/// a request.
pub(super) fn verification(text: &str) -> Option<(Language, Option<String>)> {
    at_the_start(text).or_else(|| in_a_sentence(text))
}

fn at_the_start(text: &str) -> Option<(Language, Option<String>)> {
    let text = seen(text).trim_start_matches('/').trim_start();
    let end = text
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let language = verb(word)?;
    let around = |c: char| !c.is_alphanumeric();
    let words: Vec<&str> = rest
        .split_whitespace()
        .map(|word| word.trim_matches(around))
        .filter(|word| !word.is_empty())
        .collect();
    let fillers = words.iter().take_while(|word| is_filler(word)).count();
    let said = &words[fillers..];
    let joined = said.concat();
    // "Verify my code" is work: between the word and a code there is only a whole code behind.
    let is_meant = match fillers {
        0 => words.is_empty() || is_code(&joined, said.len()),
        _ => {
            code(&joined).is_some()
                && !joined.bytes().any(|b| b.is_ascii_lowercase())
                && is_code(&joined, said.len())
        }
    };
    is_meant.then(|| (language, code(&joined)))
}

/// A whole code right behind the word, anywhere in the text. What follows it in the same sentence
/// is a courtesy at most: "verificar 123456 tornillos" counts screws.
fn in_a_sentence(text: &str) -> Option<(Language, Option<String>)> {
    let shown = |found: &Found| {
        !text[found.range.clone()]
            .bytes()
            .any(|b| b.is_ascii_lowercase())
    };
    all(text).into_iter().filter(shown).find_map(|found| {
        let before = &text[..found.range.start];
        let mut words = before
            .split_whitespace()
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
            .filter(|word| !word.is_empty())
            .rev()
            .skip_while(|word| is_filler(word));
        let language = verb(words.next()?)?;
        let governed = words.next().is_some_and(asks_for_work);
        (!governed && ends(&text[found.range.end..])).then_some((language, Some(found.code)))
    })
}

/// The language of the word that a code is sent with.
fn verb(word: &str) -> Option<Language> {
    match fold(word).as_str() {
        "verify" => Some(Language::En),
        "verificar" => Some(Language::Es),
        _ => None,
    }
}

/// What makes the verb behind it work: "hay que verificar", "we need to verify".
fn asks_for_work(word: &str) -> bool {
    matches!(
        fold(word).as_str(),
        "que" | "to" | "debe" | "deben" | "debemos" | "must" | "should" | "and" | "y"
    )
}

/// Whether a sentence ends there, or a courtesy does.
fn ends(rest: &str) -> bool {
    let rest = rest.trim_start_matches([' ', '*', '_', '~', '"', '\'', '”', '’', ')']);
    let next = rest.chars().next();
    if next.is_none_or(|c| !c.is_alphanumeric()) {
        return true;
    }
    let word = rest
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    matches!(
        fold(word).as_str(),
        "gracias"
            | "thanks"
            | "thank"
            | "thx"
            | "por"
            | "porfa"
            | "porfavor"
            | "please"
            | "pls"
            | "saludos"
            | "hola"
            | "hi"
            | "hello"
            | "ok"
            | "listo"
            | "ya"
            | "es"
            | "is"
            | "me"
            | "i"
    )
}

/// What people write between the word and the code.
fn is_filler(word: &str) -> bool {
    matches!(
        fold(word).as_str(),
        "code" | "codigo" | "the" | "my" | "el" | "mi" | "is" | "es" | "con" | "with"
    )
}

/// Whether it looks like a code, right or wrong: digits (people write `123 456` and `123-456`),
/// or one word of eight capitals and digits.
fn is_code(text: &str, words: usize) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let only_digits = digits > 0 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let letters = words == 1 && text.len() == 8 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    only_digits || (letters && (digits > 0 || text.bytes().all(|b| b.is_ascii_uppercase())))
}

/// The code as it was made: without dashes, in capitals.
fn code(text: &str) -> Option<String> {
    let code = text.replace('-', "").to_ascii_uppercase();
    (code.len() == 6 || code.len() == 8).then_some(code)
}

/// Something in a text that could be a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// As it was made: digits or upper-case letters.
    pub(super) code: String,
    /// Where it stands, in bytes.
    pub(super) range: Range<usize>,
}

/// All that could be a code: six digits (`123 456` and `123-456` too), or eight letters and digits
/// with a digit among them. The first eight of them.
pub(super) fn all(text: &str) -> Vec<Found> {
    let words = words(text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(range) = words.get(at) {
        let word = &text[range.clone()];
        let next = words.get(at + 1).filter(|next| {
            let between = &text[range.end..next.start];
            is_half(word)
                && is_half(&text[(*next).clone()])
                && matches!(between, " " | "-" | "\u{a0}")
        });
        let alone = |end: usize| {
            // Part of something longer: "55 123 456", "1.123456", "2026-123456".
            let before = text[..range.start].chars().next_back();
            let after = text[end..].chars().next();
            !before.is_some_and(|c| matches!(c, '.' | ',' | '-' | '+' | '/' | '#' | '$'))
                && !after.is_some_and(|c| matches!(c, '-' | '/' | '%'))
        };
        match next {
            Some(next) if alone(next.end) => {
                let code = [word, &text[next.clone()]].concat();
                found.push(Found {
                    code,
                    range: range.start..next.end,
                });
                at += 1;
            }
            _ if is_whole(word) && alone(range.end) => {
                let code = word.to_ascii_uppercase();
                found.push(Found {
                    code,
                    range: range.clone(),
                });
            }
            _ => {}
        }
        at += 1;
    }
    found.truncate(MOST);
    found
}

/// Runs of letters and digits.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
        let end = at + c.len_utf8();
        match words.last_mut() {
            Some(last) if last.end == at => last.end = end,
            _ => words.push(at..end),
        }
    }
    words
}

fn is_half(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|b| b.is_ascii_digit())
}

fn is_whole(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let long = word.len() == 8 && word.bytes().all(|b| b.is_ascii_alphanumeric());
    (word.len() == 6 && digits == 6) || (long && digits > 0)
}

/// Whether a text says nothing but a code, or that it is one: "123456", "mi código es 123 456",
/// "el código que me llegó: 123456". From somebody who is linked such a text may be anything.
pub(super) fn is_said_to_be(text: &str, found: &Found) -> bool {
    let before: Vec<String> = text[..found.range.start]
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(fold)
        .collect();
    let named = before
        .iter()
        .any(|word| matches!(word.as_str(), "code" | "codigo" | "clave" | "pin"));
    (before.is_empty() || named) && ends(&text[found.range.end..])
}

/// The text as the ledger may keep it: without what is sent as a code, and without those that are
/// live.
pub(super) fn without(text: &str, live: &[Found]) -> String {
    match at_the_start(text) {
        Some((Language::En, _)) => return format!("VERIFY {MASK}"),
        Some((Language::Es, _)) => return format!("VERIFICAR {MASK}"),
        None => {}
    }
    let redeemed = in_a_sentence(text).and_then(|(_, code)| code);
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for found in all(text) {
        if live.contains(&found) || redeemed.as_ref() == Some(&found.code) {
            kept.push_str(&text[from..found.range.start]);
            kept.push_str(MASK);
            from = found.range.end;
        }
    }
    kept.push_str(&text[from..]);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redeems(text: &str) -> Option<String> {
        verification(text).and_then(|(_, code)| code)
    }

    #[test]
    fn a_code_inside_of_a_sentence_is_sent_to_be_redeemed() {
        for text in [
            "Hola, mi código es VERIFICAR 123456",
            "VERIFY 123456 gracias",
            "VERIFICAR 123456 por favor",
            "Buenas tardes, VERIFICAR 123 456.",
            "hola!! verificar 123456 😀",
            "Ya me llegó: *VERIFICAR 123456*\nGracias",
            "Hi there. Verify 123-456, thank you!",
            "this is the one: VERIFY code 123456",
            "Listo, VERIFICAR el código 123456",
        ] {
            assert_eq!(redeems(text).as_deref(), Some("123456"), "{text}");
        }
        let long = redeems("Hola, VERIFICAR AB3DEF7H gracias");
        assert_eq!(long.as_deref(), Some("AB3DEF7H"));
    }

    #[test]
    fn work_with_that_word_and_a_number_is_work() {
        for text in [
            "Verificar 123456 tornillos",
            "Hay que verificar 123456",
            "We need to verify 123456",
            "Verificar la factura 123456 del proveedor",
            "Pintar la barda y verificar 1234567",
            "Arreglar la puerta. Verificar el cheque 123456",
        ] {
            assert_eq!(redeems(text), None, "{text}");
        }
    }

    #[test]
    fn what_could_be_a_code_is_found() {
        let codes = |text: &str| {
            all(text)
                .into_iter()
                .map(|found| found.code)
                .collect::<Vec<_>>()
        };
        for (text, expected) in [
            ("123456", vec!["123456"]),
            ("mi código: 123 456.", vec!["123456"]),
            ("123-456 o 654321", vec!["123456", "654321"]),
            ("ab3def7h", vec!["AB3DEF7H"]),
            ("55 5555 0100", vec![]),
            ("$123456", vec![]),
            ("folio 2026-123456", vec![]),
            ("1234567 y 12345", vec![]),
            ("servidor", vec![]),
        ] {
            assert_eq!(codes(text), expected, "{text}");
        }
        assert_eq!(all(&"123456 ".repeat(100)).len(), MOST);
    }

    #[test]
    fn a_text_that_says_no_more_than_its_code_is_known() {
        let said = |text: &str| all(text).iter().any(|found| is_said_to_be(text, found));
        for text in [
            "123456",
            " 123 456 ",
            "mi código es 123456",
            "El código que me llegó es 123456 gracias",
            "my code: 123456",
        ] {
            assert!(said(text), "{text}");
        }
        for text in [
            "Pagar 123456 pesos",
            "folio 123456",
            "código 123456 del portón",
        ] {
            assert!(!said(text), "{text}");
        }
    }

    #[test]
    fn no_code_is_kept() {
        assert_eq!(without(" verify 123456", &[]), "VERIFY ••••••");
        assert_eq!(without("Verificar: 123456", &[]), "VERIFICAR ••••••");
        assert_eq!(
            without("Hola, VERIFICAR 123 456 gracias", &[]),
            "Hola, VERIFICAR •••••• gracias"
        );
        let text = "verificar las 3 bombas, folio 654321";
        assert_eq!(without(text, &[]), text);
        let live = all(text);
        assert_eq!(without(text, &live), "verificar las 3 bombas, folio ••••••");
    }
}
