//! Words around a duration: those that announce it, soften it, or cling to it.

use crate::lexicon::Class;
use crate::token::Token;

/// Words that say about how much follows.
pub(super) fn is_approximate(word: &str) -> bool {
    Class::EffortApproximate.has(word)
}

/// Words that say that effort follows.
pub(super) fn is_cue(word: &str) -> bool {
    Class::EffortCues.has(word)
}

/// Words that may stand among the others and say nothing by themselves.
pub(super) fn is_weak(word: &str) -> bool {
    Class::EffortWeak.has(word)
}

/// Words after a duration that belong to it.
pub(super) fn is_loose_word(word: &str) -> bool {
    Class::EffortLoose.has(word)
}

phrase_list!(
    PHRASES = "\
    of work|of effort|work|of labor|worth of work|or so|or less|more or less|at most|max|\
    tops|give or take|i think|i guess|de trabajo|de chamba|de labor|mas o menos|o menos|\
    aprox|aproximadamente|approx|approximately|maximo|como maximo|a lo mucho|cuando mucho|\
    yo creo|creo|habiles|o algo asi|or something|probably|maybe|job|task|de jale"
);

/// Phrases after a duration that belong to it and say nothing more.
pub(super) fn loose_phrase(tokens: &[Token]) -> Option<usize> {
    PHRASES.at(tokens)
}

/// Whether the unit is a Spanish word, after which adjectives and no nouns follow.
pub(super) fn is_spanish_unit(word: &str) -> bool {
    Class::EffortSpanishUnits.has(word)
}
