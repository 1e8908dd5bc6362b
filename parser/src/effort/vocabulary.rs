//! Words around a duration: those that announce it, soften it, or cling to it.

use crate::token::Token;

word_set!(
    APPROXIMATE = "\
    about around approximately approx roughly maybe like probably perhaps another ~ max \
    maximum most up est unas unos como aprox aproximadamente maximo otras otros otra quiza \
    quizas alrededor cerca mas just only nada solo tal basically um uh eh hasta posiblemente"
);

/// Words that say about how much follows.
pub(super) fn is_approximate(word: &str) -> bool {
    APPROXIMATE.contains(word)
}

word_set!(
    CUES = "\
    take takes estimate estimated estimation needs should guess think figure reckon effort \
    son seran serian toma tomara tomaria lleva llevara llevaria tarda tardara tardaria \
    tardas calculo estimo creo digo estimado tiempo duration gonna going eat eats burn burns \
    consume es sera seria is i'd echale \
    calculale ocupa requiere it'll it's that's say pongale ponle estimacion duracion tardan \
    toman llevan tomarte tomar llevar time hours horas more less than under mas menos pasa pasan pase toma tarda"
);

/// Words that say that effort follows.
pub(super) fn is_cue(word: &str) -> bool {
    CUES.contains(word)
}

word_set!(
    WEAK = "\
    it will would be is at to i we a of de que yo me te le les nos se o menos vez es this \
    that these one they all eso esto debe debera deberia puede va van can both each ha da : \
    pues en estas"
);

/// Words that may stand among the others and say nothing by themselves.
pub(super) fn is_weak(word: &str) -> bool {
    WEAK.contains(word)
}

word_set!(
    LOOSE = "\
    total totales each max tops aprox maximo or mas in altogether overall apiece for cada c \
    en of de by para work at todo combined approximately approx if si i yo creo no nice \
    asap urgent should please porfa thx thanks gracias cuando whenever sin pero but so also \
    then tambien y and antes due probably maybe"
);

/// Words after a duration that belong to it.
pub(super) fn is_loose_word(word: &str) -> bool {
    LOOSE.contains(word)
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

word_set!(
    SPANISH_UNITS = "\
    hora horas dia dias semana semanas minuto minutos"
);

/// Whether the unit is a Spanish word, after which adjectives and no nouns follow.
pub(super) fn is_spanish_unit(word: &str) -> bool {
    SPANISH_UNITS.contains(word)
}
