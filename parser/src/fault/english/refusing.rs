//! What does not happen, and what does not stop: "won't start", "keeps crashing".

use super::super::Cursor;
use crate::lexicon::Class;

// What machines, doors, pages and pipes do.
/// "won't start", "doesn't load", "isn't charging", "can't log in", "no longer works".
pub(super) fn refuses(cursor: Cursor<'_>) -> bool {
    let word = cursor.word();
    let nobody = word == "nobody" || word == "no" && cursor.ahead(1) == "one";
    if nobody && (1..3).any(|by| matches!(cursor.ahead(by), "can" | "could")) {
        return true;
    }
    if word == "no" && cursor.ahead(1) == "longer" {
        let does = cursor.ahead(2).trim_end_matches('s');
        return Class::FaultEnglishDoes.has(does) || cursor.ahead(2).ends_with("ing");
    }
    if matches!(word, "fails" | "failed" | "refuses" | "refused") && cursor.ahead(1) == "to" {
        return cursor.at > 0;
    }
    if !Class::FaultEnglishNegated.has(word)
        || cursor.at == 0
        || Class::Prepositions.has(cursor.back(1))
    {
        return false;
    }
    let next = cursor.ahead_past(|word| Class::FaultEnglishPassed.has(word));
    let progressive = matches!(word, "isn't" | "isnt" | "aren't" | "arent" | "not");
    if progressive {
        return next.word().len() > 5
            && next.word().ends_with("ing")
            && !next.is(Class::FaultEnglishDoingOtherwise)
            && !Class::FaultEnglishPeople.has(cursor.back(1))
            && !Class::FaultEnglishPeople.has(cursor.back(2))
            || matches!(next.word(), "connected" | "responsive" | "aligned")
            // "aren't going out", "are not being sent"
            || next.word() == "going" && matches!(next.ahead(1), "out" | "through")
            || next.word() == "being" && next.ahead(1).len() > 3 && !Class::FaultEnglishPeople.has(cursor.back(1))
            || word != "not" && matches!(
                next.word(),
                "level" | "straight" | "visible" | "cold" | "hot" | "warm" | "online" | "reachable"
                    | "lit" | "sealed"
            );
    }
    let able = matches!(word, "can't" | "cant" | "cannot");
    let meant = !Class::FaultEnglishPeople.has(cursor.back(1))
        || able
            && matches!(
                next.word(),
                "log" | "open" | "access" | "print" | "connect" | "login" | "save"
            );
    // What did not work once may work now: only what should have happened by itself.
    let once = matches!(word, "didn't" | "didnt");
    next.is(Class::FaultEnglishDoes) && meant && (!once || next.is(Class::FaultEnglishOnce))
}

/// "keeps crashing", "stopped charging".
pub(super) fn persists(cursor: Cursor<'_>) -> bool {
    let doing = cursor.ahead_past(|word| matches!(word, "on" | "randomly" | "constantly"));
    let off = doing.word() == "going" && matches!(doing.ahead(1), "off" | "out" | "down");
    let progressive = off
        || doing.word().len() > 4
            && doing.word().ends_with("ing")
            && !doing.is(Class::FaultEnglishSaying);
    let persists = match cursor.word() {
        "keeps" | "stopped" | "stops" | "quit" => !Class::FaultEnglishPeople.has(cursor.back(1)),
        "keep" => cursor.has_subject() && !Class::FaultEnglishPeople.has(cursor.back(1)),
        _ => false,
    };
    persists && progressive
}

/// The words that deny.
pub(super) fn denials() -> impl Iterator<Item = &'static str> {
    Class::FaultEnglishNegated.words()
}
