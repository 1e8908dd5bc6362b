//! Tables of phrases: the longest phrase that starts at a token, found by its first word.

use std::collections::HashMap;

use crate::token::Token;

/// Phrases of folded words, each with what it means.
#[derive(Debug)]
pub(crate) struct PhraseTable<T> {
    by_first: HashMap<&'static str, Vec<(Vec<&'static str>, T)>>,
}

impl<T: Copy> PhraseTable<T> {
    /// A table from rows of phrases, separated by `|`, and their meaning.
    pub(crate) fn new(rows: &[(&'static str, T)]) -> Self {
        let mut by_first: HashMap<&'static str, Vec<(Vec<&'static str>, T)>> = HashMap::new();
        for &(phrases, meaning) in rows {
            for phrase in phrases.split('|') {
                let mut words = phrase.split_whitespace();
                if let Some(first) = words.next() {
                    by_first
                        .entry(first)
                        .or_default()
                        .push((words.collect(), meaning));
                }
            }
        }
        for rows in by_first.values_mut() {
            rows.sort_by_key(|(rest, _)| std::cmp::Reverse(rest.len()));
        }
        Self { by_first }
    }

    /// The longest phrase that starts with the first of `tokens`: how many tokens it takes
    /// and what it means. Adverbs such as "also" may stand between its words.
    pub(crate) fn at(&self, tokens: &[Token]) -> Option<(usize, T)> {
        let rows = self.by_first.get(tokens.first()?.norm.as_str())?;
        rows.iter()
            .find_map(|(rest, meaning)| Some((1 + follows(&tokens[1..], rest)?, *meaning)))
    }

    /// Whether any phrase of the table occurs in `tokens`, and what the first one means.
    pub(crate) fn anywhere(&self, tokens: &[Token]) -> Option<T> {
        (0..tokens.len())
            .find_map(|at| self.at(&tokens[at..]))
            .map(|(_, meaning)| meaning)
    }
}

fn follows(tokens: &[Token], rest: &[&str]) -> Option<usize> {
    let mut at = 0;
    for word in rest {
        while tokens
            .get(at)
            .is_some_and(|token| token.norm != *word && is_adverb(&token.norm))
        {
            at += 1;
        }
        if tokens.get(at)?.norm != *word {
            return None;
        }
        at += 1;
    }
    Some(at)
}

word_set!(
    ADVERBS = "\
    also still just really only urgently please tambien solo todavia ya"
);

fn is_adverb(word: &str) -> bool {
    ADVERBS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::PhraseTable;
    use crate::token::tokenize;

    #[test]
    fn the_longest_phrase_wins_and_adverbs_may_stand_inside() {
        let table = PhraseTable::new(&[("need|we need", 1), ("we need to|hay que", 2)]);
        assert_eq!(table.at(&tokenize("we need to go")), Some((3, 2)));
        assert_eq!(table.at(&tokenize("we also need to go")), Some((4, 2)));
        assert_eq!(table.at(&tokenize("we need it")), Some((2, 1)));
        assert_eq!(table.anywhere(&tokenize("pues hay que ir")), Some(2));
    }
}
