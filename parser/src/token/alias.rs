//! What people type for what they mean: "q", "xq", "tmb", "nesecito", "pls". Rules look at the
//! word that is meant; titles keep the one that was typed.

use std::sync::LazyLock;

use crate::{lexicon, table::WordMap};

/// What is typed, a tab, and what is meant.
const FILE: &str = include_str!("../../lexicon/aliases.tsv");

static MEANT: LazyLock<WordMap<&'static str>> = LazyLock::new(|| lexicon::rows(FILE).collect());

/// The word that a folded one stands for, if it is no word of its own.
pub(super) fn meant(word: &str) -> Option<&'static str> {
    if word.len() > 12 {
        return None;
    }
    MEANT.get(word).copied()
}
