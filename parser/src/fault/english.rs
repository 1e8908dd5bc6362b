//! What English says about a thing that fails: it won't, it keeps, it is stuck, it throws.

mod breaking;
mod refusing;

use std::sync::LazyLock;

use breaking::{breaks, makes_noise};
use refusing::{persists, refuses};

use super::Cursor;
use crate::{lexicon::Class, phrase::PhraseTable};

/// The words that a fault may begin with.
pub(super) fn beginnings() -> impl Iterator<Item = &'static str> {
    [
        Class::FaultEnglishOthers,
        Class::FaultEnglishMore,
        Class::FaultEnglishCopulas,
        Class::FaultEnglishShows,
        Class::FaultEnglishEndsBroken,
    ]
    .into_iter()
    .flat_map(Class::words)
    .chain(breaking::words_alone())
    .chain(refusing::denials())
    .chain(["out", "down"])
    .chain(FIXED.beginnings())
}

/// Whether a fault is said from this word on.
pub(super) fn says(cursor: Cursor<'_>) -> bool {
    fixed(cursor)
        || refuses(cursor)
        || persists(cursor)
        || is_broken(cursor)
        || breaks(cursor)
        || shows(cursor)
        || ends_broken(cursor)
}

static FIXED: LazyLock<PhraseTable<()>> = LazyLock::new(|| {
    PhraseTable::new(&[(
        "charged twice|charged double|double charged|double charging|billed twice|double billed|has a flat|\
         takes forever|take forever|taking forever|takes ages|acting up|on the fritz|out of order|\
         out of service|lost power|without power|gone bad|\
         won't flush|blew a fuse|flat tire|no hot water|no running water|no power|no internet|\
         no signal|no sound|no heat|no water|no wifi|no electricity|no connection|no dial tone|\
         off its track|off the track|off its hinges|off the hinges|off track|low pressure|no pressure|does nothing|do nothing|doesn't do anything|that's a bug|that's the bug|that's an error|is the bug|is a bug|needs fixing|needs repair|needs repairs|need repair|in bad shape",
        (),
    )])
});

fn fixed(cursor: Cursor<'_>) -> bool {
    FIXED.at(&cursor.tokens[cursor.at..]).is_some()
}

/// "is stuck", "are down", "looks broken", "came loose". What was broken is told, not asked.
fn is_broken(cursor: Cursor<'_>) -> bool {
    if !cursor.is(Class::FaultEnglishCopulas) || cursor.at == 0 && cursor.word() != "it's" {
        return false;
    }
    // "is a bit slow", but not "have a slow afternoon".
    let has = matches!(cursor.word(), "has" | "have" | "got" | "gets");
    let next =
        cursor.ahead_past(|word| Class::FaultEnglishPassed.has(word) && !(has && word == "a"));
    let past = matches!(cursor.word(), "was" | "were");
    let person = Class::FaultEnglishPeople.has(cursor.back(1));
    let out = matches!(next.word(), "out" | "down");
    let ends = next.ahead(1).is_empty()
        || !Class::Prepositions.has(next.ahead(1))
        || next.ahead(1) == "since";
    let acts = matches!(
        (next.word(), next.ahead(1)),
        ("making", _)
            | ("running", "slow" | "hot")
            | ("falling" | "coming", "off" | "apart" | "loose" | "down")
            | (
                "shutting" | "cutting" | "timing" | "dropping",
                "off" | "out" | "down" | "calls"
            )
            | ("double", "charging")
            | (
                "charging" | "billing" | "charged" | "billed",
                "twice" | "double"
            )
    );
    let acts = acts || next.word() == "off" && next.ahead(1) == "by" || is_done_wrong(next);
    let acts = acts && (next.word() != "making" || makes_noise(next));
    let broken = next.is(Class::FaultEnglishBroken)
        && !(person && out)
        && (!out || ends)
        && (!past || matches!(next.word(), "missing" | "wrong" | "broken" | "damaged"));
    broken && next.at > cursor.at || acts
}

/// "sorted wrong", "printed backwards": what was done, and not as it should be.
fn is_done_wrong(cursor: Cursor<'_>) -> bool {
    cursor.word().ends_with("ed")
        && matches!(
            cursor.ahead(1),
            "wrong" | "wrongly" | "incorrectly" | "badly" | "backwards"
        )
}

/// "garage door stuck", "bathroom light out": a fault without a verb, at the end of its words.
fn ends_broken(cursor: Cursor<'_>) -> bool {
    let broken = cursor.is(Class::FaultEnglishEndsBroken)
        || matches!(cursor.word(), "out" | "down")
            && Class::FaultEnglishPowered.has(cursor.back(1));
    if !broken || cursor.at >= 5 {
        return false;
    }
    let ends = matches!(cursor.ahead(1), "" | "again") && cursor.ahead(2).is_empty()
        || matches!(
            cursor.ahead(1),
            "on" | "in" | "at" | "since" | "between" | "inside" | "upstairs"
        );
    let thing = cursor.tokens[..cursor.at].iter().all(|token| {
        !token.is(Class::FaultEnglishPeople)
            && !token.tells.finite
            && token.verb.is_none_or(|verb| !verb.sure())
    });
    ends && thing && cursor.has_subject()
}

/// "throws an error", "has a leak", "there is a crack", "shows the wrong price".
fn shows(cursor: Cursor<'_>) -> bool {
    let there = cursor.word() == "there" && matches!(cursor.ahead(1), "is" | "are" | "seems");
    let shown = cursor.is(Class::FaultEnglishShows)
        && (cursor.at > 0 || cursor.word() == "there's" || cursor.word().ends_with("ing"));
    if !there && !shown {
        return false;
    }
    let from = if there { 2 } else { 1 };
    (from..from + 5)
        .take_while(|&by| !cursor.ahead(by).is_empty())
        .take_while(|&by| by == from || !Class::Prepositions.has(cursor.ahead(by)))
        .any(|by| {
            Class::FaultEnglishWhat.has(cursor.ahead(by))
                || by == 1 && cursor.ahead(1) == "nothing"
                || by == 1 && cursor.ahead(1) == "no" && cursor.ahead(2).starts_with("result")
                || is_status(cursor.ahead(by))
                || cursor.ahead(by) == "wrong" && cursor.ahead(by.saturating_sub(1)) == "the"
        })
}

/// "a 504": what a server answers that failed.
fn is_status(word: &str) -> bool {
    word.len() == 3
        && word
            .parse()
            .is_ok_and(|status| (400..600).contains(&status))
}

#[cfg(test)]
mod tests {
    use super::super::said_at;
    use crate::token::tokenize;

    #[test]
    fn examples_of_faults_and_of_what_only_looks_like_them() {
        for text in [
            "the gate won't close",
            "the app keeps crashing",
            "the fridge keeps shutting off overnight",
            "the heater stopped working",
            "users can't log in",
            "the export doesn't load properly",
            "the phone isn't charging",
            "the sink is still leaking",
            "the thermostat is stuck at 85",
            "it's stuck",
            "the totals row is missing",
            "the truck makes a weird noise",
            "the kitchen smells like gas",
            "the site is down",
            "the search throws an error",
            "there is a crack in the wall",
            "the label has the wrong price",
            "the router is acting up",
            "the lights went out",
            "no hot water in the gym",
            "the alarm no longer rings",
            "the door handle fell off",
            "the wheel is making a noise",
            "the results are sorted wrong",
            "garage door stuck",
            "coffee machine broken again",
            "bathroom light out",
        ] {
            assert!(said_at(&tokenize(text)).is_some(), "{text}");
        }
        for text in [
            "the client doesn't want it in blue",
            "she isn't coming",
            "we don't open on Sundays",
            "schedule breaks for the team",
            "keep going",
            "the office is closed",
            "there is a meeting about the error log",
            "they're out of town",
            "the boss keeps asking for it",
            "find out",
            "the sign is painted blue",
        ] {
            assert_eq!(said_at(&tokenize(text)), None, "{text}");
        }
    }
}
