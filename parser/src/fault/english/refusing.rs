//! What does not happen, and what does not stop: "won't start", "keeps crashing".

use super::{super::Cursor, PASSED, PEOPLE};
use crate::words;

word_set!(
    NEGATED = "won't wont didn't didnt doesn't doesnt don't dont can't cant cannot isn't isnt aren't arent not"
);

// What machines, doors, pages and pipes do.
word_set!(
    DOES = "\
    work open close start turn load save print lock unlock log sign connect sync charge send \
    receive play record respond boot ring heat cool drain flush fill spin run stop lift lower \
    fit show display update refresh scan read detect recognize register calculate upload \
    download install submit scroll render align light ignite fire spray seal latch shut slide \
    roll rotate beep stay hold dispense freeze arrive dry rinse dim focus zoom click tap export \
    import login access pay check enter reach appear match add go come sort filter redirect \
    validate attach deliver print out compile deploy build pass"
);

word_set!(ONCE = "work load save send sync arrive go update print charge record appear show");

word_set!(
    DOING_OTHERWISE = "\
    coming going attending joining planning looking having being using doing leaving paying \
    buying happening including counting asking thinking talking hiring taking making getting \
    trying sure"
);

/// "won't start", "doesn't load", "isn't charging", "can't log in", "no longer works".
pub(super) fn refuses(cursor: Cursor<'_>) -> bool {
    let word = cursor.word();
    let nobody = word == "nobody" || word == "no" && cursor.ahead(1) == "one";
    if nobody && (1..3).any(|by| matches!(cursor.ahead(by), "can" | "could")) {
        return true;
    }
    if word == "no" && cursor.ahead(1) == "longer" {
        let does = cursor.ahead(2).trim_end_matches('s');
        return DOES.contains(does) || cursor.ahead(2).ends_with("ing");
    }
    if matches!(word, "fails" | "failed" | "refuses" | "refused") && cursor.ahead(1) == "to" {
        return cursor.at > 0;
    }
    if !NEGATED.contains(word) || cursor.at == 0 || words::is_preposition(cursor.back(1)) {
        return false;
    }
    let next = cursor.ahead_past(|word| PASSED.contains(word));
    let progressive = matches!(word, "isn't" | "isnt" | "aren't" | "arent" | "not");
    if progressive {
        return next.word().len() > 5
            && next.word().ends_with("ing")
            && !DOING_OTHERWISE.contains(next.word())
            && !PEOPLE.contains(cursor.back(1))
            && !PEOPLE.contains(cursor.back(2))
            || matches!(next.word(), "connected" | "responsive" | "aligned")
            // "aren't going out", "are not being sent"
            || next.word() == "going" && matches!(next.ahead(1), "out" | "through")
            || next.word() == "being" && next.ahead(1).len() > 3 && !PEOPLE.contains(cursor.back(1))
            || word != "not" && matches!(
                next.word(),
                "level" | "straight" | "visible" | "cold" | "hot" | "warm" | "online" | "reachable"
                    | "lit" | "sealed"
            );
    }
    let able = matches!(word, "can't" | "cant" | "cannot");
    let meant = !PEOPLE.contains(cursor.back(1))
        || able
            && matches!(
                next.word(),
                "log" | "open" | "access" | "print" | "connect" | "login" | "save"
            );
    // What did not work once may work now: only what should have happened by itself.
    let once = matches!(word, "didn't" | "didnt");
    DOES.contains(next.word()) && meant && (!once || ONCE.contains(next.word()))
}

word_set!(
    SAYING = "\
    asking calling complaining saying telling texting emailing writing growing improving going \
    coming selling buying smiling"
);

/// "keeps crashing", "stopped charging".
pub(super) fn persists(cursor: Cursor<'_>) -> bool {
    let doing = cursor.ahead_past(|word| matches!(word, "on" | "randomly" | "constantly"));
    let off = doing.word() == "going" && matches!(doing.ahead(1), "off" | "out" | "down");
    let progressive = off
        || doing.word().len() > 4
            && doing.word().ends_with("ing")
            && !SAYING.contains(doing.word());
    let persists = match cursor.word() {
        "keeps" | "stopped" | "stops" | "quit" => !PEOPLE.contains(cursor.back(1)),
        "keep" => cursor.has_subject() && !PEOPLE.contains(cursor.back(1)),
        _ => false,
    };
    persists && progressive
}

/// The words that deny.
pub(super) fn denials() -> impl Iterator<Item = &'static str> {
    NEGATED.iter().copied()
}
