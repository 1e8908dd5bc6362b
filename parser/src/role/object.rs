//! Objects: does a request name what it is about, or point back at what was named before?

use super::{
    Matter, Role, Seen, Verdict, Words,
    attribute::is_attribute,
    pointing::{is_adverbial, pointer},
};
use crate::{
    lexicon::Class,
    mark::Meaning,
    rule::Rule,
    token::{Shape, Token},
    verb::{self, Verb},
    words,
};

/// A request that this rule found, unless its object is a pronoun or missing. `objected` says
/// that a pronoun stands before the verb.
pub(super) fn request(rule: Rule, seen: &Seen<'_>, verb: Option<Verb>, objected: bool) -> Verdict {
    let Words {
        tokens,
        marks,
        rules,
        ..
    } = seen.words;
    let span = seen.body.clone();
    let head = span.start;
    let found = Matter {
        head: Some(head),
        ..seen.matter(span.clone(), verb)
    };
    // "start the 4th": the article belongs to a day.
    let of_a_day = |at: usize| {
        words::is_article(&tokens[at].norm) && marks.meaning(at + 1) == Some(Meaning::Described)
    };
    let object = (head + 1..span.end).find(|&at| {
        marks.is_free(at)
            && !of_a_day(at)
            && tokens[at].shape != Shape::Mark(',')
            && !is_adverbial(&tokens[at].norm)
    });
    let Some(object) = object else {
        return Role::Again(found).by(Rule::NoObject);
    };
    if is_social(&tokens[head..span.end]) && rules.ask(Rule::Social) {
        return Role::Background.by(Rule::Social);
    }
    let Some(object) = past_light_words(tokens, object, span.end) else {
        return Role::Again(found).by(Rule::LightVerb);
    };
    let rest = &tokens[object..span.end];
    let finishes = verb.is_some_and(|verb| verb::finishes(verb.lemma))
        && rest[0].is(Class::Prepositions)
        && rest.len() < 4;
    let only_when =
        finishes || is_attribute(seen.words, object..span.end) && !moves_a_day(verb, rest);
    let carried = verb.is_some_and(|verb| verb.object) || objected;
    if let Some(pointer) = pointer(seen.words, object..span.end, carried) {
        Role::Again(found).by(pointer)
    } else if only_when && rules.ask(Rule::OnlyWhen) {
        Role::Again(found).by(Rule::OnlyWhen)
    } else {
        Role::Request(found).by(rule)
    }
}

phrase_list!(
    LIGHT = "\
    care of|a look at|a look into|a peek at|a look|an eye on|eyes on|un ojo a|un ojo al|un vistazo a|\
    un vistazo al|un ojo|un vistazo|una checada a|una checada al|una checada|into|at|up|out|on|off|\
    down"
);

/// "take care **of** both", "take a look **at** it": where the object begins after words that
/// only make the verb; nothing where it is missing.
fn past_light_words(tokens: &[Token], object: usize, end: usize) -> Option<usize> {
    let Some(length) = LIGHT.at(&tokens[object..end]) else {
        return Some(object);
    };
    if length == 1 && object + 1 >= end {
        return Some(object);
    }
    (object + length < end).then_some(object + length)
}

/// "extend the deadline to Friday": the day is what is worked on.
fn moves_a_day(verb: Option<Verb>, rest: &[Token]) -> bool {
    let moves = verb.is_some_and(|verb| Class::ObjectMovingADay.has(verb.lemma));
    moves
        && rest
            .iter()
            .any(|token| matches!(token.norm.as_str(), "deadline" | "fecha" | "date" | "plazo"))
}

/// "Let's grab lunch", "ir por unos tacos": a plan among friends.
fn is_social(words: &[Token]) -> bool {
    let meets = words
        .first()
        .is_some_and(|first| first.is(Class::ObjectMeeting));
    let mut rest = words[1..].iter();
    meets
        && words.len() <= 7
        && rest.any(|token| token.is(Class::ObjectTreats))
        && !words
            .iter()
            .any(|token| token.number().is_some() || token.norm == "everyone")
}
