//! Whether a sender's messages kept their order: in the stream, through routing, in the answers.

use std::collections::{BTreeMap, HashMap};

use super::{
    evidence::Evidence,
    load::{Kind, Sent},
    report::Line,
};

/// What was sent after an answer to something else stands behind it in the stream.
pub(super) fn stream_order(evidence: &Evidence, sent: &[Sent]) -> Line {
    let mut last: HashMap<u32, (u32, i64, i64)> = HashMap::new();
    let (mut count, mut wrong) = (0, Vec::new());
    for sent in sent.iter().filter(|sent| sent.accepted) {
        let message = evidence.messages.get(&sent.sid);
        let Some(place) = message.and_then(|message| message.stream_sequence) else {
            continue;
        };
        // The turn, the highest place before it, the highest place in it.
        let entry = last.entry(sent.sender).or_insert((sent.turn, 0, 0));
        if entry.0 != sent.turn {
            *entry = (sent.turn, entry.1.max(entry.2), 0);
        }
        entry.2 = entry.2.max(place);
        count += 1;
        if place <= entry.1 {
            wrong.push(format!("{} at {place}, after {}", sent.sid, entry.1));
        }
    }
    Line::new("messages stored in their sender's order", count, wrong)
}

/// A message is not routed before one that stands before it.
pub(super) fn routing_order(evidence: &Evidence) -> Line {
    let mut senders: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    let first = evidence.messages.values();
    for message in first.filter(|message| !evidence.is_repeated(&message.sid)) {
        if let (Some(identity), Some(place), Some(at)) = (
            &message.identity,
            message.stream_sequence,
            message.routed_at,
        ) {
            let entry = senders.entry(identity).or_default();
            entry.push((place, at, &message.sid));
        }
    }
    let (mut count, mut wrong) = (0, Vec::new());
    for messages in senders.values_mut() {
        messages.sort();
        count += messages.len();
        let pairs = messages.windows(2).filter(|pair| pair[0].1 > pair[1].1);
        wrong.extend(pairs.map(|pair| format!("{} routed before {}", pair[1].2, pair[0].2)));
    }
    Line::new("messages routed in their sender's order", count, wrong)
}

/// Commands that were sent one after the other are answered in that order.
pub(super) fn reply_order(evidence: &Evidence, sent: &[Sent]) -> Line {
    let mut places: HashMap<&str, i64> = HashMap::new();
    for part in evidence.parts.iter().filter(|part| part.kind == "final") {
        let taken = evidence.taken.get(&part.id).into_iter().flatten();
        if let Some(first) = taken.map(|taken| taken.place).min() {
            places.entry(&part.message_sid).or_insert(first);
        }
    }
    let mut last: HashMap<u32, (&str, i64)> = HashMap::new();
    let (mut count, mut wrong) = (0, Vec::new());
    let commands = sent
        .iter()
        .filter(|sent| sent.kind == Kind::Command && sent.accepted)
        .filter(|sent| !evidence.is_repeated(&sent.sid));
    for command in commands {
        let Some(place) = places.get(command.sid.as_str()) else {
            continue;
        };
        count += 1;
        let before = last.insert(command.sender, (&command.sid, *place));
        if let Some((sid, earlier)) = before.filter(|(_, earlier)| earlier > place) {
            wrong.push(format!(
                "{} answered before {sid} ({place} < {earlier})",
                command.sid
            ));
        }
    }
    Line::new("commands answered in their order", count, wrong)
}
