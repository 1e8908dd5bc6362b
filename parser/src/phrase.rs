//! Tables of phrases: the longest phrase that starts at a token, found by its first word.

use crate::{lexicon::Class, table::WordMap, token::Token};

/// Phrases of folded words, each with what it means.
#[derive(Debug)]
pub(crate) struct PhraseTable<T> {
    by_first: WordMap<Vec<(Vec<&'static str>, T)>>,
}

impl<T: Copy> PhraseTable<T> {
    /// A table from rows of phrases, separated by `|`, and their meaning.
    pub(crate) fn new(rows: &[(&'static str, T)]) -> Self {
        let mut by_first: WordMap<Vec<(Vec<&'static str>, T)>> = WordMap::default();
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
        let next = tokens.get(1).map_or("", |token| token.norm.as_str());
        let passes = is_adverb(next);
        let may_follow = |rest: &[&str]| rest.first().is_none_or(|word| passes || *word == next);
        rows.iter()
            .filter(|(rest, _)| may_follow(rest))
            .find_map(|(rest, meaning)| Some((1 + follows(&tokens[1..], rest)?, *meaning)))
    }

    /// The words that phrases of the table begin with.
    pub(crate) fn beginnings(&self) -> impl Iterator<Item = &'static str> {
        self.by_first.keys().copied()
    }

    /// Whether any phrase of the table occurs in `tokens`, and what the first one means.
    pub(crate) fn anywhere(&self, tokens: &[Token]) -> Option<T> {
        (0..tokens.len())
            .find_map(|at| self.at(&tokens[at..]))
            .map(|(_, meaning)| meaning)
    }
}

/// Phrases of folded words that mean the same, without adverbs between their words.
#[derive(Debug)]
pub(crate) struct Phrases {
    by_first: WordMap<Vec<Vec<&'static str>>>,
    by_last: WordMap<Vec<Vec<&'static str>>>,
}

impl Phrases {
    /// Phrases from one text, separated by `|`.
    pub(crate) fn new(phrases: &'static str) -> Self {
        let mut table = Self {
            by_first: WordMap::default(),
            by_last: WordMap::default(),
        };
        for phrase in phrases.split('|') {
            let words: Vec<&str> = phrase.split_whitespace().collect();
            if let (Some(first), Some(last)) = (words.first(), words.last()) {
                table.by_first.entry(first).or_default().push(words.clone());
                table.by_last.entry(last).or_default().push(words.clone());
            }
        }
        table
    }

    /// How many tokens the longest phrase at the start of `tokens` takes.
    pub(crate) fn at(&self, tokens: &[Token]) -> Option<usize> {
        let phrases = self.by_first.get(tokens.first()?.norm.as_str())?;
        let fits = |phrase: &&Vec<&str>| {
            phrase.len() <= tokens.len()
                && phrase
                    .iter()
                    .zip(tokens)
                    .all(|(word, token)| token.norm == *word)
        };
        phrases.iter().filter(fits).map(Vec::len).max()
    }

    /// How many tokens the longest phrase at the end of `tokens` takes.
    pub(crate) fn ends(&self, tokens: &[Token]) -> Option<usize> {
        let phrases = self.by_last.get(tokens.last()?.norm.as_str())?;
        let fits = |phrase: &&Vec<&str>| {
            let start = tokens.len().checked_sub(phrase.len());
            start.is_some_and(|start| {
                phrase
                    .iter()
                    .zip(&tokens[start..])
                    .all(|(word, token)| token.norm == *word)
            })
        };
        phrases.iter().filter(fits).map(Vec::len).max()
    }
}

/// Most adverbs that are passed over inside one phrase.
const MOST_ADVERBS: usize = 2;

fn follows(tokens: &[Token], rest: &[&str]) -> Option<usize> {
    let (mut at, mut passed) = (0, 0);
    for word in rest {
        while passed < MOST_ADVERBS
            && tokens
                .get(at)
                .is_some_and(|token| token.norm != *word && is_adverb(&token.norm))
        {
            at += 1;
            passed += 1;
        }
        if tokens.get(at)?.norm != *word {
            return None;
        }
        at += 1;
    }
    Some(at)
}

fn is_adverb(word: &str) -> bool {
    Class::PhraseAdverbs.has(word)
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
