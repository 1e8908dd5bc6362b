//! Linking codes in what people write: where they are asked to be redeemed, and all that look like
//! one.

use std::ops::Range;

use parser::Language;

use super::choice::{fold, seen};

/// What stands in the ledger in place of a code.
pub(super) const MASK: &str = "••••••";
/// Most codes that are looked up for one text: a message has 4,096 characters.
const MOST: usize = 600;
/// Most words between the one that names a code and the code.
const BETWEEN: usize = 5;

/// `VERIFY <code>` or `VERIFICAR <code>`, also `Verify: 123-456.`, `VERIFICAR123456` and "verificar
/// el código 123456", and nothing else. The code as digits or upper-case letters; `None` where none
/// could be read. A sentence about work that begins with that word is a request.
pub(super) fn verification(text: &str) -> Option<(Language, Option<String>)> {
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

/// A code in a text that says more: behind the word, as in "Hola, mi código es VERIFICAR 123456,
/// gracias", or said to be one ("mi código es 123456", "123456"). From somebody who is linked such a
/// text may be work all the same.
pub(super) fn said(text: &str) -> Option<(Option<Language>, String)> {
    let found = candidates(text);
    if let Some((language, code)) = behind_the_word(text, &found) {
        return Some((Some(language), code));
    }
    let said = found.into_iter().find(|found| is_said_to_be(text, found))?;
    Some((None, said.code))
}

/// A whole code right behind the word, anywhere in the text. What follows it in the same sentence
/// is a courtesy at most: "verificar 123456 tornillos" counts screws.
fn behind_the_word(text: &str, found: &[Found]) -> Option<(Language, String)> {
    found.iter().find_map(|found| {
        let mut words = text[..found.range.start]
            .split_whitespace()
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
            .filter(|word| !word.is_empty())
            .rev()
            .skip_while(|word| is_filler(word));
        let language = verb(words.next()?)?;
        let governed = words.next().is_some_and(asks_for_work);
        let shown = &text[found.range.clone()];
        let is_meant = !governed
            && !shown.bytes().any(|b| b.is_ascii_lowercase())
            && ends(&text[found.range.end..]);
        is_meant.then(|| (language, found.code.clone()))
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

/// Something in a text that could be a code. Not to be printed.
pub(super) struct Found {
    /// As it was made: digits or upper-case letters.
    pub(super) code: String,
    /// Where it stands, in bytes.
    pub(super) range: Range<usize>,
}

/// All that could be a code, however it is written: six digits (`123 456`, `12-34-56`,
/// `VERIFICAR123456`), or eight letters and digits of the codes' alphabet with a digit among them.
pub(super) fn candidates(text: &str) -> Vec<Found> {
    let words = words(text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(range) = words.get(at) {
        if let Some(groups) = in_groups(text, &words[at..]) {
            let last = at + groups - 1;
            let code = words[at..=last].iter().map(|range| &text[range.clone()]);
            found.push(Found {
                code: code.collect(),
                range: range.start..words[last].end,
            });
            at = last;
        } else {
            let range = without_the_word(text, range.clone());
            if is_whole(&text[range.clone()]) {
                let code = text[range.clone()].to_ascii_uppercase();
                found.push(Found { code, range });
            }
        }
        at += 1;
    }
    found.truncate(MOST);
    found
}

/// How many groups of digits make six together, with nothing but spaces and dashes between: two of
/// three, or three of two.
fn in_groups(text: &str, words: &[Range<usize>]) -> Option<usize> {
    [(2, 3), (3, 2)].into_iter().find_map(|(groups, digits)| {
        let words = words.get(..groups)?;
        let whole = words.iter().all(|range| {
            range.len() == digits && text[range.clone()].bytes().all(|b| b.is_ascii_digit())
        });
        let joined = words.windows(2).all(|pair| {
            let between = &text[pair[0].end..pair[1].start];
            between
                .chars()
                .all(|c| c == ' ' || c == '-' || c == '\u{a0}')
        });
        (whole && joined).then_some(groups)
    })
}

/// `VERIFICAR123456` is the word and a code.
fn without_the_word(text: &str, range: Range<usize>) -> Range<usize> {
    let word = &text[range.clone()];
    let letters = word
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(word.len());
    match verb(&word[..letters]) {
        Some(_) => range.start + letters..range.end,
        None => range,
    }
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

fn is_whole(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    // Long codes have none of these (common/src/link/code.rs).
    let of_ours = |b: u8| b.is_ascii_alphanumeric() && !b"01IOio".contains(&b);
    let long = word.len() == 8 && word.bytes().all(of_ours);
    (word.len() == 6 && digits == 6) || (long && digits > 0)
}

/// Whether a text says nothing but a code, or that it is one: "123456", "mi código es 123 456",
/// "el código que me llegó: 123456".
fn is_said_to_be(text: &str, found: &Found) -> bool {
    let before: Vec<String> = text[..found.range.start]
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(fold)
        .collect();
    let named = before
        .iter()
        .rev()
        .take(BETWEEN)
        .any(|word| matches!(word.as_str(), "code" | "codigo"));
    (before.is_empty() || named) && ends(&text[found.range.end..])
}

/// The text as the ledger may keep it: without what is sent as a code, and without those that are
/// live.
pub(super) fn masked(text: &str, live: &[Found]) -> String {
    match verification(text) {
        Some((Language::En, _)) => return format!("VERIFY {MASK}"),
        Some((Language::Es, _)) => return format!("VERIFICAR {MASK}"),
        None => {}
    }
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for found in live {
        kept.push_str(&text[from..found.range.start]);
        kept.push_str(MASK);
        from = found.range.end;
    }
    kept.push_str(&text[from..]);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_said(text: &str) -> Option<String> {
        said(text).map(|(_, code)| code)
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
            "Hola VERIFICAR123456",
            "Hola, VERIFICAR #123456",
        ] {
            assert_eq!(code_said(text).as_deref(), Some("123456"), "{text}");
        }
        let long = code_said("Hola, VERIFICAR AB3DEF7H gracias");
        assert_eq!(long.as_deref(), Some("AB3DEF7H"));
    }

    #[test]
    fn a_text_that_says_no_more_than_its_code_is_known() {
        for text in [
            "123456",
            " 123 456 ",
            "mi código es 123456",
            "El código que me llegó es 123456 gracias",
            "my code: 123456",
        ] {
            assert_eq!(code_said(text).as_deref(), Some("123456"), "{text}");
        }
        for text in [
            "Pagar 123456 pesos",
            "folio 123456",
            "código 123456 del portón",
            "Verificar 123456 tornillos",
            "Hay que verificar 123456",
            "We need to verify 123456",
            "Verificar la factura 123456 del proveedor",
            "Pintar la barda y verificar 1234567",
            "Arreglar la puerta. Verificar el cheque 123456",
            "Cambiar la clave del wifi y pagar el folio 345678",
            "722 555 010",
        ] {
            assert_eq!(code_said(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_but_the_word_and_a_code_is_a_verification() {
        for text in [
            "Verificar 345678\nPintar la barda para el viernes",
            "Pendientes:\n- Llamar a Telmex\n- Verificar el 345678\n- Pintar la barda",
            "Verificar 120000, 130000 y 140000 contra el estado de cuenta",
            "Pintar la sala y también verificar 345678.",
            "Favor de verificar 345678.",
            "Hola, VERIFICAR 123456",
        ] {
            assert_eq!(verification(text), None, "{text}");
        }
    }

    #[test]
    fn what_could_be_a_code_is_found() {
        let codes = |text: &str| {
            let found = candidates(text).into_iter();
            found.map(|found| found.code).collect::<Vec<_>>()
        };
        for (text, expected) in [
            ("123456", vec!["123456"]),
            ("mi código: 123 456.", vec!["123456"]),
            ("123-456 o 654321", vec!["123456", "654321"]),
            ("12 34 56", vec!["123456"]),
            ("código:-123  456", vec!["123456"]),
            ("ab3def7h", vec!["AB3DEF7H"]),
            ("Hola verificar123456", vec!["123456"]),
            ("55 5555 0100", vec![]),
            ("20261130 y 55512345", vec![]),
            ("1234567 y 12345", vec![]),
            ("servidor", vec![]),
            ("ñandú123456 ✅123456", vec!["123456"]),
        ] {
            assert_eq!(codes(text), expected, "{text}");
        }
    }

    #[test]
    fn no_code_is_kept() {
        assert_eq!(masked(" verify 123456", &[]), "VERIFY ••••••");
        assert_eq!(masked("Verificar: 123456", &[]), "VERIFICAR ••••••");
        let text = "verificar las 3 bombas, folio 654321";
        assert_eq!(masked(text, &[]), text);
        let live = candidates(text);
        assert_eq!(masked(text, &live), "verificar las 3 bombas, folio ••••••");
        let live = candidates("Hola, VERIFICAR 123 456 gracias");
        assert_eq!(
            masked("Hola, VERIFICAR 123 456 gracias", &live),
            "Hola, VERIFICAR •••••• gracias"
        );
    }
}
