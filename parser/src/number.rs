//! Number words of both languages, as far as people write them out in messages.

const WORDS: &[(&str, u32)] = &[
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("ninety", 90),
    ("dos", 2),
    ("tres", 3),
    ("cuatro", 4),
    ("cinco", 5),
    ("seis", 6),
    ("siete", 7),
    ("ocho", 8),
    ("nueve", 9),
    ("diez", 10),
    ("once", 11),
    ("doce", 12),
    ("trece", 13),
    ("catorce", 14),
    ("quince", 15),
    ("dieciseis", 16),
    ("diecisiete", 17),
    ("dieciocho", 18),
    ("diecinueve", 19),
    ("veinte", 20),
    ("veintiun", 21),
    ("veintiuna", 21),
    ("veintidos", 22),
    ("veintitres", 23),
    ("veinticuatro", 24),
    ("veinticinco", 25),
    ("treinta", 30),
    ("cuarenta", 40),
    ("cincuenta", 50),
    ("sesenta", 60),
    ("noventa", 90),
];

/// The value of a folded number word. `un`, `una`, `a` and `an` are left to the rules that
/// know whether they count.
pub(crate) fn number_word(word: &str) -> Option<u32> {
    if !(3..=12).contains(&word.len()) {
        return None;
    }
    WORDS
        .iter()
        .find(|(name, _)| *name == word)
        .map(|&(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::number_word;

    #[test]
    fn both_languages_count() {
        assert_eq!(number_word("fifteen"), Some(15));
        assert_eq!(number_word("quince"), Some(15));
        assert_eq!(number_word("algo"), None);
    }
}
