//! What English says about a thing that fails: it won't, it keeps, it is stuck, it throws.

use std::sync::LazyLock;

use super::Place;
use crate::{phrase::PhraseTable, words};

// The words that a fault may begin with, besides those of the sets below.
word_set!(
    OTHERS = "\
    no fails failed refuses refused keeps stopped stops quit keep cuts shuts turns falls fell came goes sticks \
    comes gave blew burned burnt went broke breaks backed backs times timed smells smell crashing \
    drop drops leaves makes make there died"
);

/// Whether a fault may be said from this word on.
pub(super) fn may_begin(word: &str) -> bool {
    OTHERS.contains(word)
        || COPULAS.contains(word)
        || NEGATED.contains(word)
        || SHOWS.contains(word)
        || BREAKS.contains(word)
        || FIXED.begins(word)
}

/// Whether a fault is said from this word on.
pub(super) fn says(place: Place<'_>) -> bool {
    fixed(place)
        || refuses(place)
        || persists(place)
        || is_broken(place)
        || breaks(place)
        || shows(place)
}

static FIXED: LazyLock<PhraseTable<()>> = LazyLock::new(|| {
    PhraseTable::new(&[(
        "acting up|on the fritz|out of order|out of service|lost power|without power|gone bad|\
         won't flush|blew a fuse|flat tire|no hot water|no running water|no power|no internet|\
         no signal|no sound|no heat|no water|no wifi|no electricity|no connection|no dial tone|\
         off its track|off the track|off its hinges|off the hinges|off track|low pressure|no pressure|does nothing|do nothing|doesn't do anything|that's a bug|is a bug|needs fixing|needs repair|needs repairs|need repair|in bad shape",
        (),
    )])
});

fn fixed(place: Place<'_>) -> bool {
    FIXED.at(&place.tokens[place.at..]).is_some()
}

word_set!(
    NEGATED = "won't wont didn't didnt doesn't doesnt don't dont can't cant cannot isn't isnt aren't arent not"
);
word_set!(
    PASSED = "\
    even always fully properly really quite currently consistently just correctly still all \
    completely totally very so super kinda pretty a bit also now constantly half too been"
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
word_set!(
    PEOPLE = "\
    i we you he she they who client clients owner owners customer boss team landlord people \
    guys kids"
);

/// "won't start", "doesn't load", "isn't charging", "can't log in", "no longer works".
fn refuses(place: Place<'_>) -> bool {
    let word = place.word();
    if word == "no" && place.ahead(1) == "longer" {
        let does = place.ahead(2).trim_end_matches('s');
        return DOES.contains(does) || place.ahead(2).ends_with("ing");
    }
    if matches!(word, "fails" | "failed" | "refuses" | "refused") && place.ahead(1) == "to" {
        return place.at > 0;
    }
    if !NEGATED.contains(word) || place.at == 0 || words::is_preposition(place.back(1)) {
        return false;
    }
    let next = place.ahead_past(|word| PASSED.contains(word));
    let progressive = matches!(word, "isn't" | "isnt" | "aren't" | "arent" | "not");
    if progressive {
        return next.word().len() > 5
            && next.word().ends_with("ing")
            && !DOING_OTHERWISE.contains(next.word())
            && !PEOPLE.contains(place.back(1))
            && !PEOPLE.contains(place.back(2))
            || matches!(next.word(), "connected" | "responsive" | "aligned")
            || word != "not" && matches!(next.word(), "level" | "straight" | "visible");
    }
    let able = matches!(word, "can't" | "cant" | "cannot");
    let meant = !PEOPLE.contains(place.back(1))
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
fn persists(place: Place<'_>) -> bool {
    let doing = place.ahead_past(|word| matches!(word, "on" | "randomly" | "constantly"));
    let progressive =
        doing.word().len() > 4 && doing.word().ends_with("ing") && !SAYING.contains(doing.word());
    let persists = match place.word() {
        "keeps" | "stopped" | "stops" | "quit" => !PEOPLE.contains(place.back(1)),
        "keep" => place.has_subject() && !PEOPLE.contains(place.back(1)),
        _ => false,
    };
    persists && progressive
}

word_set!(
    COPULAS = "\
    is are it's that's looks look seems got gets came comes has have gone they're there's been \
    was were arrived keeps"
);
word_set!(
    BROKEN = "\
    broken down dead stuck clogged cracked jammed frozen loose bent torn ripped leaking dripping \
    flooded flooding rusted rotten crooked chipped scratched shattered burnt burned blurry \
    corrupted missing misaligned wrong incorrect blank slow flickering smoking sparking buzzing \
    squeaking squeaky rattling overheating overheated overflowing peeling crashing failing \
    freezing lagging laggy glitching stalling tripping dying blinking beeping vibrating \
    duplicating duplicated faulty defective damaged malfunctioning unresponsive inaccessible \
    unusable disconnected bouncing garbled out wobbly leaky backwards smashed infested moldy"
);

/// "is stuck", "are down", "looks broken", "came loose". What was broken is told, not asked.
fn is_broken(place: Place<'_>) -> bool {
    if !COPULAS.contains(place.word()) || place.at == 0 && place.word() != "it's" {
        return false;
    }
    let next = place.ahead_past(|word| PASSED.contains(word));
    let past = matches!(place.word(), "was" | "were");
    let person = PEOPLE.contains(place.back(1));
    let out = matches!(next.word(), "out" | "down");
    let ends = next.ahead(1).is_empty()
        || !words::is_preposition(next.ahead(1))
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
    let acts = acts || next.word() == "off" && next.ahead(1) == "by";
    let acts = acts && (next.word() != "making" || makes_noise(next));
    let broken = BROKEN.contains(next.word())
        && !(person && out)
        && (!out || ends)
        && !(past && !matches!(next.word(), "missing" | "wrong" | "broken" | "damaged"));
    broken && next.at > place.at || acts
}

fn makes_noise(place: Place<'_>) -> bool {
    (1..5).any(|by| matches!(place.ahead(by), "noise" | "noises" | "sound" | "sounds"))
}

word_set!(
    BREAKS = "\
    crashes crashed leaks leaked jams jammed freezes froze fails failed glitches flickers drips \
    squeaks rattles overheats stinks lags stalls burst snapped collapsed broke breaks \
    tripped cracked flooded malfunctioned"
);

/// "the app crashes", "the handle fell off", "the sink leaks", "it smells like gas".
fn breaks(place: Place<'_>) -> bool {
    let word = place.word();
    let subject = place.has_subject();
    let lost = match (word, place.ahead(1)) {
        ("cuts" | "shuts" | "turns", "off" | "out" | "down") => true,
        ("falls" | "fell" | "came" | "comes", "off" | "apart" | "loose" | "down") => true,
        ("gave" | "blew" | "burned" | "burnt" | "went", "out") => true,
        ("went" | "broke" | "breaks", "down") => true,
        ("backed" | "backs", "up") => true,
        ("times" | "timed", "out") => true,
        ("smells" | "smell", "like" | "of") => true,
        (
            "smells",
            "bad" | "weird" | "funny" | "awful" | "terrible" | "horrible" | "gross" | "burnt"
            | "rotten" | "",
        ) => true,
        ("crashing" | "sticks", _) => true,
        ("blew", "down" | "over" | "away" | "off") => true,
        ("goes", "off") => true,
        ("fell", "in" | "over" | "" | "last" | "during") => true,
        ("quit" | "stopped" | "died", "") => true,
        ("drop" | "drops", _) => {
            matches!(place.back(1), "calls" | "call" | "connection" | "signal")
        }
        ("leaves", "streaks" | "marks" | "stains" | "lines" | "scratches") => true,
        ("makes" | "make", _) => makes_noise(place),
        _ => BREAKS.contains(word),
    };
    lost && subject && !PEOPLE.contains(place.back(1))
}

word_set!(
    SHOWS = "\
    throws throwing throw shows showing gives giving returns returning displays displaying \
    getting seeing has have there's prints charges charging got"
);
word_set!(
    WHAT = "\
    error errors bug bugs leak leaks crack cracks hole holes glitch glitches problem problems \
    issue issues malfunction dent gap typo typos 404 500"
);

/// "throws an error", "has a leak", "there is a crack", "shows the wrong price".
fn shows(place: Place<'_>) -> bool {
    let there = place.word() == "there" && matches!(place.ahead(1), "is" | "are" | "seems");
    let shown = SHOWS.contains(place.word())
        && (place.at > 0 || place.word() == "there's" || place.word().ends_with("ing"));
    if !there && !shown {
        return false;
    }
    let from = if there { 2 } else { 1 };
    (from..from + 5)
        .take_while(|&by| !place.ahead(by).is_empty())
        .take_while(|&by| by == from || !words::is_preposition(place.ahead(by)))
        .any(|by| {
            WHAT.contains(place.ahead(by))
                || place.ahead(by) == "wrong" && place.ahead(by.saturating_sub(1)) == "the"
        })
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
        ] {
            assert_eq!(said_at(&tokenize(text)), None, "{text}");
        }
    }
}
