//! What a thing needs: "the report needs to be updated", "al baño le falta papel".

use std::ops::Range;

use super::{Matter, Role, Words, attribute::is_attribute, matter, wanted::announces};
use crate::{Kind, lead::Leads, mark::Meaning, verb::Form, words};

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
pub(super) fn necessity(leads: &Leads, body: Range<usize>, words: Words<'_>) -> Option<Role> {
    let Words { tokens, marks, .. } = words;
    let at = (body.start + 1..body.end.min(body.start + 9))
        .find(|&at| marks.is_free(at) && NEEDS.at(&tokens[at..body.end]).is_some())?;
    let subject = &tokens[body.start];
    let after = &tokens[at..body.end];
    let done = after.iter().find_map(|token| {
        token
            .verb
            .filter(|verb| matches!(verb.form, Form::Participle | Form::Progressive | Form::Base))
    });
    let everything = words::is_pronoun(&subject.norm)
        || words::is_subject(&subject.norm)
        || subject.norm == "all"
        || subject.norm == "todos"
        || subject.norm == "todas";
    let repaired = done.filter(|verb| verb.kind == Kind::Bug && verb.form == Form::Participle);
    if let Some(verb) = repaired.filter(|_| {
        matches!(
            subject.norm.as_str(),
            "it" | "that" | "this" | "they" | "eso" | "esto"
        )
    }) {
        // "…, so that has to be fixed"
        return Some(Role::Again(matter(body, Some(verb), None, leads)));
    }
    let announced = tokens[at + 1..body.end]
        .iter()
        .position(|token| token.number().is_some())
        .is_some_and(|count| count < 3 && announces(&tokens[at + 1 + count..body.end]));
    if announced || needs_it(words, at..body.end) {
        return Some(Role::Attribute);
    }
    if everything && is_dated_briefly(words, &body) {
        return Some(Role::Attribute);
    }
    if everything {
        return Some(if is_attribute(words, at..body.end) || done.is_some() {
            Role::Attribute
        } else {
            Role::Background
        });
    }
    let object = after.len() > 1
        && (done.is_some()
            || matches!(
                tokens[at].norm.as_str(),
                "necesita"
                    | "necesitan"
                    | "requiere"
                    | "requieren"
                    | "needs"
                    | "need"
                    | "le"
                    | "les"
            ));
    object.then(|| {
        Role::Request(Matter {
            own: true,
            ..matter(body, done, None, leads)
        })
    })
}
