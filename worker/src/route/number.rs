//! A bare number, however it is typed on a phone: `2`, `2.`, `(2)`, `#2`, `2️⃣`, "el 2", "dos".

use super::choice::fold;

/// More digits are no entry of a list: a code, a telephone number.
const MOST_DIGITS: usize = 5;

/// Number words of both languages, folded; their place is what they count.
const WORDS: [&[&str]; 11] = [
    &["cero", "zero"],
    &["uno", "una", "one", "primero", "primera", "first"],
    &["dos", "two", "segundo", "segunda", "second"],
    &["tres", "three", "tercero", "tercera", "third"],
    &["cuatro", "four", "cuarto", "cuarta", "fourth"],
    &["cinco", "five", "quinto", "quinta", "fifth"],
    &["seis", "six", "sexto", "sexta", "sixth"],
    &["siete", "seven", "septimo", "septima", "seventh"],
    &["ocho", "eight", "octavo", "octava", "eighth"],
    &["nueve", "nine", "noveno", "novena", "ninth"],
    &["diez", "ten", "decimo", "decima", "tenth", "🔟"],
];

/// What may stand before the number.
const LEADS: [&str; 12] = [
    "el", "la", "the", "numero", "number", "num", "no.", "nro", "opcion", "option", "es", "it's",
];
/// What may stand after it.
const TAILS: [&str; 6] = ["por", "favor", "porfa", "please", "pls", "one"];

/// The number, where a text is nothing else; 0, which no list has, where it is below one.
pub(super) fn bare(text: &str) -> Option<usize> {
    // The marks that make an emoji of a digit are combining ones, so they are gone.
    let folded = fold(text);
    let mut words: Vec<&str> = folded.split_whitespace().collect();
    let politeness = |word: &str| TAILS.contains(&word.trim_end_matches(['.', '!', ',']));
    while words.len() > 1 && LEADS.contains(&words[0]) {
        words.remove(0);
    }
    while words.len() > 1 && words.last().is_some_and(|word| politeness(word)) {
        words.pop();
    }
    let [word] = words.as_slice() else {
        return None;
    };
    let word = word.trim_start_matches(['#', '(', '[', '¡', '¿', '"', '“', '*', '_']);
    let word = word.trim_end_matches([
        '.', ',', ')', ']', '!', '?', ':', '-', '"', '”', '*', '_', 'º', 'ª', '°',
    ]);
    let below = word.strip_prefix('-');
    let digits = below.unwrap_or(word);
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        let number = digits.parse().ok().filter(|_| digits.len() <= MOST_DIGITS);
        return if below.is_some() {
            number.and(Some(0))
        } else {
            number
        };
    }
    WORDS.iter().position(|words| words.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn a_number_is_read_however_it_is_typed() {
        for text in [
            "2",
            " 2. ",
            "2)",
            "(2)",
            "#2",
            "2.-",
            "2️⃣",
            "*2*",
            "\"2\"",
            "el 2",
            "El dos",
            "la 2",
            "opción 2",
            "Número 2",
            "no. 2",
            "two",
            "the second one",
            "2 por favor",
            "2 please!",
            "2!",
            "02",
            "segundo",
            "2º",
        ] {
            assert_eq!(bare(text.trim()), Some(2), "{text}");
        }
        assert_eq!(bare("🔟"), Some(10));
        assert_eq!(bare("12"), Some(12));
        assert_eq!(bare("-1"), Some(0));
        assert_eq!(bare("0"), Some(0));
    }

    #[test]
    fn what_says_more_than_a_number_is_none() {
        for text in [
            "2 mesas",
            "5512345678",
            "123456",
            "2.5",
            "1,2",
            "1 y 2",
            "2026-11-27",
            "el",
            "",
            "?",
            "🔥",
            "#",
            "$2",
            "2%",
            "dos mesas",
            "no",
            "no 2",
            "v2",
        ] {
            assert_eq!(bare(text), None, "{text}");
        }
    }
}
