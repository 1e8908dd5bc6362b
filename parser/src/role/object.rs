//! Objects: does a request name what it is about, or point back at what was named before?

use std::ops::Range;

use super::{Role, Words, attribute::is_attribute, matter};
use crate::{
    lead::Leads,
    mark::{Marks, Meaning},
    token::{Shape, Token},
    verb::{Form, Verb},
    words,
};

/// A request, unless its object is a pronoun or missing.
pub(super) fn request(
    leads: &Leads,
    span: Range<usize>,
    verb: Option<Verb>,
    objected: bool,
    words: Words<'_>,
) -> Role {
    let Words { tokens, marks, .. } = words;
    let head = span.start;
    let found = matter(span.clone(), verb, Some(head), leads);
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
    let carried = verb.is_some_and(|verb| verb.object) || objected;
    let Some(object) = object else {
        return Role::Again(found);
    };
    if is_social(&tokens[head..span.end]) {
        return Role::Background;
    }
    let object = past_care(tokens, object, span.end);
    let particle = matches!(
        tokens[object].norm.as_str(),
        "into" | "at" | "up" | "out" | "on" | "off"
    );
    let object = if particle && object + 1 < span.end {
        object + 1
    } else {
        object
    };
    let rest = &tokens[object..span.end];
    let about = matches!(rest[0].norm.as_str(), "lo" | "la" | "los" | "las")
        && rest
            .get(1)
            .is_some_and(|next| matches!(next.norm.as_str(), "de" | "del" | "que"));
    let whole = matches!(rest[0].norm.as_str(), "todo" | "everything" | "all") && rest.len() > 3;
    let pronoun = !about
        && !whole
        && words::is_pronoun(&rest[0].norm)
        && ends_object(rest.get(1), marks, object + 1)
        && !is_given(rest);
    let mores = rest
        .iter()
        .take_while(|token| is_one_more(&token.norm))
        .count();
    let article = |at: usize| {
        matches!(
            rest[at].norm.as_str(),
            "a" | "an" | "un" | "una" | "unos" | "unas"
        )
    };
    let more = mores > 0
        && !article(mores - 1)
        && rest
            .get(mores)
            .is_none_or(|next| next.word().is_empty() || is_adverbial(&next.norm));
    let more = more
        && rest
            .get(mores)
            .is_none_or(|next| next.shape != Shape::Number)
        || rest
            .iter()
            .all(|token| is_one_more(&token.norm) || is_loose(token));
    let for_sender = matches!(rest[0].norm.as_str(), "me" | "us") && rest.len() == 1;
    let again = pronoun
        || for_sender
        || is_nth(rest, marks, object)
        || more
        || carried && (is_loose(&rest[0]) || does_nothing_more(rest))
        || is_attribute(words, object..span.end) && !moves_a_day(verb, rest);
    if again {
        Role::Again(found)
    } else {
        Role::Request(found)
    }
}

/// "take care **of** both": what is cared for is the object.
fn past_care(tokens: &[Token], object: usize, end: usize) -> usize {
    let cares =
        tokens[object].norm == "care" && object + 2 < end && tokens[object + 1].norm == "of";
    if cares { object + 2 } else { object }
}

fn ends_object(next: Option<&Token>, marks: &Marks, at: usize) -> bool {
    next.is_none_or(|next| {
        !matches!(next.shape, Shape::Word | Shape::Number)
            || words::is_preposition(&next.norm)
            || words::is_and(next)
            || is_adverbial(&next.norm)
            || next.norm.ends_with("ly")
            || !marks.is_free(at)
    })
}

word_set!(
    MEETING = "\
    grab get join have go come catch celebrate drink eat ir tomar echar comer cenar desayunar \
    vayamos vamos echarnos"
);
word_set!(
    TREATS = "\
    lunch dinner breakfast coffee drinks beers beer brunch drink tacos chelas cafe cena comida \
    desayuno cafecito cerveza cervezas chela pizza tragos helado nieve sushi botana snacks"
);

/// "Let's grab lunch", "ir por unos tacos": a plan among friends.
fn is_social(words: &[Token]) -> bool {
    let meets = words
        .first()
        .is_some_and(|first| MEETING.contains(first.norm.as_str()));
    let mut rest = words[1..].iter();
    meets
        && words.len() <= 7
        && rest.any(|token| TREATS.contains(token.norm.as_str()))
        && !words
            .iter()
            .any(|token| token.number().is_some() || token.norm == "everyone")
}

word_set!(
    ORDINALS = "\
    first second third fourth fifth last primero primera segundo segunda tercero tercera cuarto \
    cuarta quinto quinta ultimo ultima other others otro otra otros otras"
);

/// "fix the first today": one of those that were named before.
fn is_nth(rest: &[Token], marks: &Marks, at: usize) -> bool {
    let article = words::is_article(&rest[0].norm) || rest[0].norm == "lo";
    let nth = rest
        .get(1)
        .is_some_and(|next| ORDINALS.contains(next.norm.as_str()));
    let one = usize::from(rest.get(2).is_some_and(|next| next.norm == "one"));
    let after = rest.get(2 + one);
    article && nth && (after.is_none_or(is_loose) || !marks.is_free(at + 2 + one))
}

/// "get her a badge": the pronoun is whom it is for.
fn is_given(rest: &[Token]) -> bool {
    matches!(rest[0].norm.as_str(), "her" | "him" | "them" | "it")
        && rest
            .get(1)
            .is_some_and(|next| matches!(next.norm.as_str(), "a" | "an" | "some" | "the"))
        && rest.len() > 2
}

word_set!(
    ONE_MORE = "\
    some more another one ones new a an otro otra otros otras mas nuevo nueva nuevos nuevas uno \
    una unos unas un"
);

/// "order some more", "pidan otro": the thing was named before.
fn is_one_more(word: &str) -> bool {
    ONE_MORE.contains(word)
}

/// "extend the deadline to Friday": the day is what is worked on.
fn moves_a_day(verb: Option<Verb>, rest: &[Token]) -> bool {
    let moves = verb.is_some_and(|verb| {
        matches!(
            verb.lemma,
            "extend"
                | "move"
                | "push"
                | "change"
                | "extender"
                | "mover"
                | "recorrer"
                | "cambiar"
                | "aplazar"
                | "posponer"
                | "adelantar"
                | "postpone"
                | "negotiate"
                | "negociar"
                | "define"
                | "definir"
        )
    });
    moves
        && rest
            .iter()
            .any(|token| matches!(token.norm.as_str(), "deadline" | "fecha" | "date" | "plazo"))
}

/// "mándalo imprimir": a second verb about the same.
fn does_nothing_more(rest: &[Token]) -> bool {
    let verb = rest[0].verb.is_some_and(|verb| verb.form == Form::Base);
    (verb || rest.len() == 1 && !words::is_determiner(&rest[0].norm))
        && rest.get(1).is_none_or(is_loose)
}

/// After an object that hangs on the verb nothing but circumstances follow.
fn is_loose(token: &Token) -> bool {
    token.shape != Shape::Word
        || words::is_preposition(&token.norm)
        || words::is_and(token)
        || is_adverbial(&token.norm)
}

word_set!(
    ADVERBIALS = "\
    antes back over away down out off up around today please pls plz porfa favor por soon too also quickly again first tambien rapido bien \
    primero team gracias thanks thx xfa bro then luego"
);

fn is_adverbial(word: &str) -> bool {
    ADVERBIALS.contains(word)
}
