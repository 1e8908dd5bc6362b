//! What a thing needs: "the report needs to be updated", "al baño le falta papel".

use std::ops::Range;

use super::{Matter, Role, Seen, Verdict, Words, attribute::is_attribute, wanted::announces};
use crate::{Kind, lexicon::Class, mark::Meaning, rule::Rule, verb::Form};

phrase_list!(
    NEEDS = "\
    needs to be|need to be|has to get|have to get|needs to get|gotta be|gotta get|\
    has to be|have to be|must be|should be|needs|need|tiene que ser|\
    tienen que ser|necesita|necesitan|requiere|requieren|debe ser|deben ser|\
    le falta|le faltan|les falta|les faltan|le urge|les urge|le hace falta|le hacen falta|\
    les hace falta|les hacen falta|tiene que quedar|tienen que quedar|debe quedar|deben quedar|\
    tienen que estar|\
    tiene que estar"
);

/// "The parents **need it** by Monday": what was named before, and when.
fn needs_it(words: Words<'_>, needs: Range<usize>) -> bool {
    let Words { tokens, .. } = words;
    let it = tokens[..needs.end]
        .get(needs.start + 1)
        .is_some_and(|next| {
            matches!(
                next.word(),
                "it" | "them" | "both" | "this" | "these" | "everything"
            )
        });
    it && is_attribute(words, needs)
}

/// "It needs to go home this Friday": a few words, and a day that binds.
fn is_dated_briefly(words: Words<'_>, body: &Range<usize>) -> bool {
    let Words { marks, .. } = words;
    let dated = marks
        .within(body.clone())
        .any(|mark| matches!(mark.meaning, Meaning::Due(_)));
    dated && body.clone().filter(|&at| marks.is_free(at)).count() <= 6
}

/// "The report needs to be updated", "la puerta necesita pintura".
pub(super) fn necessity(seen: &Seen<'_>) -> Option<Verdict> {
    let Words {
        tokens,
        marks,
        rules,
        ..
    } = seen.words;
    let (words, body) = (seen.words, seen.body.clone());
    let at = (body.start + 1..body.end.min(body.start + 9))
        .find(|&at| marks.is_free(at) && NEEDS.at(&tokens[at..body.end]).is_some())?;
    let subject = seen.first();
    let after = &tokens[at..body.end];
    let done = after.iter().find_map(|token| {
        token
            .verb
            .filter(|verb| matches!(verb.form, Form::Participle | Form::Progressive | Form::Base))
    });
    let repaired = done.filter(|verb| {
        verb.kind == Kind::Bug
            && verb.form == Form::Participle
            && matches!(subject, "it" | "that" | "this" | "they" | "eso" | "esto")
    });
    if let Some(verb) = repaired.filter(|_| rules.ask(Rule::NeedsRepair)) {
        return Some(Role::Again(seen.matter(body, Some(verb))).by(Rule::NeedsRepair));
    }
    let announced = tokens[at + 1..body.end]
        .iter()
        .position(|token| token.number().is_some())
        .is_some_and(|count| count < 3 && announces(&tokens[at + 1 + count..body.end]));
    if announced && rules.ask(Rule::NeedsList) {
        return Some(Role::Attribute.by(Rule::NeedsList));
    }
    if needs_it(words, at..body.end) && rules.ask(Rule::NeedsIt) {
        return Some(Role::Attribute.by(Rule::NeedsIt));
    }
    if let Some(verdict) = of_everything(seen, at, done.is_some()) {
        return Some(verdict);
    }
    let object = after.len() > 1 && (done.is_some() || tokens[at].is(Class::NecessityNeeds));
    (object && rules.ask(Rule::Necessity)).then(|| {
        let matter = Matter {
            own: true,
            ..seen.matter(body, done)
        };
        Role::Request(matter).by(Rule::Necessity)
    })
}

/// "They need to be done by Friday": what everything needs that was named before.
fn of_everything(seen: &Seen<'_>, needs: usize, done: bool) -> Option<Verdict> {
    let (words, body) = (seen.words, seen.body.clone());
    let subject = seen.first();
    let everything = Class::Pronouns.has(subject)
        || Class::Subjects.has(subject)
        || matches!(subject, "all" | "todos" | "todas");
    if !everything {
        return None;
    }
    if is_dated_briefly(words, &body) && words.rules.ask(Rule::NeedsByDay) {
        return Some(Role::Attribute.by(Rule::NeedsByDay));
    }
    let role = if done || is_attribute(words, needs..body.end) {
        Role::Attribute
    } else {
        Role::Background
    };
    words
        .rules
        .ask(Rule::NeedsOfAll)
        .then(|| role.by(Rule::NeedsOfAll))
}
