//! Compares what was sent with what became of it, promise by promise.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    evidence::{Evidence, story},
    load::{Done, Kind, Sent},
    order::{reply_order, routing_order, stream_order},
    process::Process,
    report::{Line, Report},
    roster,
    words::Words,
    world::World,
};

/// Messages whose whole story is shown.
const STORIES: usize = 4;

/// Compares everything.
pub(super) async fn compare(
    world: &World,
    done: &Done,
    unsettled: Vec<String>,
    counts: String,
    seed: u64,
) -> Report {
    let sent = &done.sent;
    let evidence = Evidence::collect(world, &done.failed).await;
    let words = Words::compare(&evidence, sent);
    let mut report = Report {
        title: format!("seed {seed}: {counts}"),
        lines: vec![
            settled(&evidence, sent),
            proposals(&evidence, sent),
            doubled_proposals(&evidence),
            finals(&evidence),
            arrived(&evidence),
            bound(&evidence),
            doubled(&evidence, "final replies doubled at Twilio", |kind| {
                kind == "final"
            }),
            doubled(&evidence, "interim replies doubled at Twilio", |kind| {
                kind != "final"
            }),
            interim(&evidence),
            Line::none("sends that belong to no reply", evidence.strangers.clone()),
            stream_order(&evidence, sent),
            routing_order(&evidence),
            reply_order(&evidence, sent),
            words.line(),
            Line::none("in flight", unsettled),
            given_up(&evidence),
            dead(&evidence),
            panics(world),
        ],
        notes: [notes(&evidence, sent), vec![words.told()]].concat(),
        evidence: Vec::new(),
    };
    let sids: BTreeSet<&str> = report
        .lines
        .iter()
        .flat_map(|line| line.wrong().iter().take(2))
        .filter_map(|wrong| wrong.split(|c: char| !c.is_ascii_alphanumeric()).next())
        .filter(|word| word.len() == 34)
        .collect();
    let mut stories = Vec::new();
    for sid in sids.into_iter().take(STORIES) {
        stories.push(story(&world.pool, sid).await);
    }
    report.evidence = stories;
    report
}

/// What was accepted is done with: a request has its proposal, a command its answer, or it was
/// over the limit.
fn settled(evidence: &Evidence, sent: &[Sent]) -> Line {
    let accepted: Vec<&Sent> = sent.iter().filter(|sent| sent.accepted).collect();
    let wrong = accepted.iter().filter_map(|sent| {
        let state = evidence.messages.get(&sent.sid);
        let state = state.map_or("lost", |message| message.state.as_str());
        let good = match sent.kind {
            Kind::Request => "proposed",
            Kind::Command | Kind::Link => "replied",
        };
        // Whose number moves is not always linked, and loses what waits.
        let moved =
            roster::is_mover(sent.sender) && ["proposed", "replied", "cancelled"].contains(&state);
        (state != good && state != "refused" && !moved)
            .then(|| format!("{} {state}: {}", sent.sid, sent.text))
    });
    Line::new("accepted messages settled", accepted.len(), wrong.collect())
}

fn proposals(evidence: &Evidence, sent: &[Sent]) -> Line {
    let requests: Vec<&Sent> = sent
        .iter()
        .filter(|sent| sent.kind == Kind::Request && !roster::is_mover(sent.sender))
        .filter(|sent| evidence.messages.contains_key(&sent.sid))
        .filter(|sent| !evidence.is_refused(&sent.sid))
        .collect();
    let missing = requests
        .iter()
        .filter(|sent| !evidence.proposals.contains_key(&sent.sid))
        .map(|sent| format!("{}: {}", sent.sid, sent.text));
    Line::new(
        "requests with a proposal",
        requests.len(),
        missing.collect(),
    )
}

fn doubled_proposals(evidence: &Evidence) -> Line {
    let doubled = evidence.proposals.iter().filter(|(_, count)| **count > 1);
    let named = doubled.map(|(sid, count)| format!("{sid}: {count} proposals"));
    Line::none("doubled proposals", named.collect())
}

fn finals(evidence: &Evidence) -> Line {
    let mut replies: HashMap<&str, BTreeSet<_>> = HashMap::new();
    for part in evidence.parts.iter().filter(|part| part.kind == "final") {
        replies
            .entry(&part.message_sid)
            .or_default()
            .insert(part.reply_id);
    }
    let messages: Vec<&String> = evidence
        .messages
        .keys()
        .filter(|sid| !evidence.is_refused(sid))
        .collect();
    let wrong = messages.iter().filter_map(|sid| {
        let count = replies.get(sid.as_str()).map_or(0, BTreeSet::len);
        (count != 1).then(|| format!("{sid}: {count} final replies"))
    });
    Line::new(
        "messages with one final reply",
        messages.len(),
        wrong.collect(),
    )
}

fn arrived(evidence: &Evidence) -> Line {
    let wrong = evidence
        .parts
        .iter()
        .filter(|part| evidence.times(part) == 0 && !Evidence::is_kept_back(part));
    let named = wrong.map(|part| format!("{} part {} {}", part.message_sid, part.id, part.state));
    Line::new(
        "reply parts taken by Twilio",
        evidence.parts.len(),
        named.collect(),
    )
}

/// The message that the database has for a part is one that Twilio took for it.
fn bound(evidence: &Evidence) -> Line {
    let wrong = evidence.parts.iter().filter(|part| {
        let taken = evidence.taken.get(&part.id);
        let known = taken.is_some_and(|taken| {
            taken
                .iter()
                .any(|taken| Some(&taken.sid) == part.twilio_sid.as_ref())
        });
        !Evidence::is_kept_back(part) && (part.state != "accepted" || !known)
    });
    let named = wrong.map(|part| {
        format!(
            "{} part {} {} has {}",
            part.message_sid,
            part.id,
            part.state,
            part.twilio_sid.as_deref().unwrap_or("nothing")
        )
    });
    Line::new(
        "reply parts that know their message",
        evidence.parts.len(),
        named.collect(),
    )
}

fn doubled(evidence: &Evidence, name: &'static str, of: impl Fn(&str) -> bool) -> Line {
    let parts = evidence.parts.iter().filter(|part| of(&part.kind));
    let wrong = parts.filter(|part| evidence.arrivals(part) > 1);
    let named = wrong.map(|part| {
        let taken = evidence.taken.get(&part.id).into_iter().flatten();
        let sids: Vec<&str> = taken.map(|taken| taken.sid.as_str()).collect();
        format!(
            "{} part {} as {}",
            part.message_sid,
            part.id,
            sids.join(" ")
        )
    });
    Line::none(name, named.collect())
}

fn interim(evidence: &Evidence) -> Line {
    let mut kinds: BTreeMap<(&str, &str), BTreeSet<_>> = BTreeMap::new();
    for part in evidence.parts.iter().filter(|part| part.kind != "final") {
        let key = (part.message_sid.as_str(), part.kind.as_str());
        kinds.entry(key).or_default().insert(part.reply_id);
    }
    let wrong = kinds.iter().filter(|(_, replies)| replies.len() > 1);
    let named = wrong.map(|((sid, kind), _)| format!("{sid}: {kind} more than once"));
    Line::new(
        "interim replies, one of a kind",
        kinds.len(),
        named.collect(),
    )
}

/// Only replies are: those that Twilio says can never arrive.
fn given_up(evidence: &Evidence) -> Line {
    let of_messages = evidence.dead.iter().filter(|dead| dead.stage != "send");
    let named = of_messages.map(|dead| {
        let sid = dead.message_sid.as_deref().unwrap_or("(none)");
        format!("{sid} by {}: {}", dead.stage, dead.reason)
    });
    Line::none("messages that a stage gave up on", named.collect())
}

fn dead(evidence: &Evidence) -> Line {
    let nameless = evidence.dead.iter().filter(|dead| dead.reason.is_empty());
    let named = nameless.map(|dead| format!("{:?}", dead.message_sid));
    Line::new(
        "dead letters with a reason",
        evidence.dead.len(),
        named.collect(),
    )
}

fn panics(world: &World) -> Line {
    let programs = world.workers.iter().chain(&world.ingesters);
    let count = |program: &Process| program.logged().matches("panicked at").count();
    let wrong = programs.filter(|program| count(program) > 0);
    let named = wrong.map(|program| format!("{}: {} times", program.name(), count(program)));
    Line::none("panics", named.collect())
}

fn notes(evidence: &Evidence, sent: &[Sent]) -> Vec<String> {
    let refused = evidence
        .messages
        .values()
        .filter(|m| m.state == "refused")
        .count();
    let unheard = sent
        .iter()
        .filter(|sent| !sent.accepted && evidence.messages.contains_key(&sent.sid))
        .count();
    let not_accepted = sent.iter().filter(|sent| !sent.accepted).count();
    let withheld = evidence
        .parts
        .iter()
        .filter(|part| part.withheld.is_some())
        .count();
    let links = evidence
        .links
        .iter()
        .filter(|event| event.event == "link")
        .count();
    let mut notes = vec![
        format!("over the limit and refused: {refused}"),
        format!("not accepted: {not_accepted}; of these stored all the same: {unheard}"),
        format!("links made: {links}; parts of replies withheld: {withheld}"),
    ];
    let mut letters: BTreeMap<_, usize> = BTreeMap::new();
    for dead in &evidence.dead {
        let kind = (&dead.stage, &dead.reason, &dead.error);
        *letters.entry(kind).or_default() += 1;
    }
    let dead = letters.iter().map(|((stage, reason, error), count)| {
        format!("dead letters: {count} of {stage}, {reason}: {error}")
    });
    notes.extend(dead);
    notes
}
