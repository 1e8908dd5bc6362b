//! What a thing does that breaks: "the app crashes", "the handle fell off", "lights flicker".

use super::super::Cursor;
use crate::lexicon::Class;

/// The words that say alone that a thing breaks.
pub(super) fn words_alone() -> impl Iterator<Item = &'static str> {
    Class::FaultEnglishBreaks.words()
}

phrase_list!(
    LOST = "\
    cuts off|cuts out|shuts off|shuts down|turns off|turns itself off|falls off|falls apart|\
    falls down|fell off|fell apart|fell down|fell over|fell in|fell last|fell during|came off|\
    came apart|came loose|came down|comes off|comes apart|comes loose|gave out|blew out|blew down|\
    blew over|blew away|blew off|burned out|burnt out|went out|went down|broke down|breaks down|\
    backed up|backs up|times out|timed out|goes off|smells like|smells of|smell like|smell of|\
    smells bad|smells weird|smells funny|smells awful|smells terrible|smells horrible|\
    smells gross|smells burnt|smells rotten|leaves streaks|leaves marks|leaves stains|\
    leaves lines|leaves scratches"
);

/// "Screen flickers **when** I plug it in": the first word is a noun, for a verb needs no such end.
fn names_a_thing(cursor: Cursor<'_>) -> bool {
    cursor.at == 1
        && cursor.tokens[0].verb.is_some_and(|verb| !verb.sure())
        && matches!(
            cursor.ahead(1),
            "when" | "whenever" | "every" | "after" | "if" | "as" | "while" | "once" | "on" | "at"
        )
}

/// "the app crashes", "the handle fell off", "the sink leaks", "it smells like gas".
pub(super) fn breaks(cursor: Cursor<'_>) -> bool {
    let word = cursor.word();
    let subject = cursor.has_subject() || names_a_thing(cursor);
    let lost = match word {
        "makes" | "make" => makes_noise(cursor),
        "drop" | "drops" => matches!(cursor.back(1), "calls" | "call" | "connection" | "signal"),
        // "The lights went out", but "the invoices went out".
        "went" if cursor.ahead(1) == "out" => Class::FaultEnglishPowered.has(cursor.back(1)),
        "quit" | "stopped" | "died" | "smells" | "fell" if cursor.ahead(1).is_empty() => true,
        // "Lights flicker in the hallway"
        "flicker" | "leak" | "crash" | "freeze" | "jam" => {
            cursor.back(1).ends_with('s')
                && (cursor.ahead(1).is_empty() || Class::Prepositions.has(cursor.ahead(1)))
        }
        "declines" | "rejects" => matches!(cursor.ahead(1), "every" | "all" | "each" | "valid"),
        // "the price shows wrong", "the page loads blank"
        "wrong" | "blank" | "blurry" | "garbled" | "backwards" | "sideways" | "empty" => {
            Class::FaultEnglishAppearing.has(cursor.back(1))
        }
        _ => Class::FaultEnglishBreaks.has(word) || LOST.at(&cursor.tokens[cursor.at..]).is_some(),
    };
    lost && subject && !Class::FaultEnglishPeople.has(cursor.back(1))
}

pub(super) fn makes_noise(cursor: Cursor<'_>) -> bool {
    (1..5).any(|by| matches!(cursor.ahead(by), "noise" | "noises" | "sound" | "sounds"))
}
