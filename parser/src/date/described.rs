//! Dates that only say when something is or was: "since Monday", "the wedding on June 20",
//! "the Wednesday sync".

use std::ops::Range;

use crate::{
    lexicon::Class,
    mark::Marks,
    token::{Shape, Token},
    verb::{Noun, Verb},
    words,
};

phrase_list!(
    ORIGINS = "\
    arrives|arrive|llega|llegan|viene|vienen|comes|nothing|not|no antes|not until|back|back on|\
    returns|returning|regreso|regresamos|vuelvo|start|begin|start on|begin on|start date|iniciar|\
    iniciar el|empezar|empezar el|comenzar|arrancar|\
    inicio|ends|ends on|expires|expires on|is up|runs out|termina|acaba|finaliza|caduca|expira|\
    since|since the|desde|desde el|from|starting|starting on|beginning|beginning on|\
    a partir del|a partir de|starts|starts on|begins|begins on|empieza|empiezan|inicia|\
    inician|entra|entran|as of|of|de|del|arrived|llego|llegaron|happened|dated|until|abre|\
    abren|opens"
);

/// A date that something counts from, or that was: "since Monday", "starting 4/13".
pub(super) fn is_origin(tokens: &[Token], start: usize) -> bool {
    ORIGINS.ends(&tokens[..start]).is_some()
}

/// A date that only says when an event is.
pub(super) fn is_described(
    tokens: &[Token],
    start: usize,
    core: &Range<usize>,
    marks: &Marks,
) -> bool {
    let before = |back: usize| start.checked_sub(back).map_or("", |at| tokens[at].word());
    let after = tokens.get(core.end).map_or("", Token::word);
    let spanish = start < core.start && matches!(tokens[start].norm.as_str(), "el" | "la" | "este");
    let house = matches!(
        (before(2), before(1)),
        ("open", "house") | ("opening", "night")
    );
    let event_before = (Class::Events.has(before(1)) || house)
        && is_only_named(tokens, start - 1 - usize::from(house))
        && (!spanish || heads_a_list(tokens, start));
    let event_after = Class::Events.has(after)
        && !marks
            .is_free(core.end)
            .then_some(after)
            .is_none_or(str::is_empty);
    let is = Class::DateDescribedLinks.has(before(1));
    let deadline = (1..=8).any(|back| Class::DateDescribedDeadlines.has(before(back)));
    event_before
        || event_after
        || was_done(tokens, start)
        || names_an_occasion(tokens, core, after)
        || is && !deadline
}

/// "the people who applied Saturday", "el pedido que llegó el lunes": when something was done.
fn was_done(tokens: &[Token], start: usize) -> bool {
    let Some(before) = start.checked_sub(1).map(|at| &tokens[at]) else {
        return false;
    };
    let past = before.tells.past
        || before.norm.len() > 4 && before.norm.ends_with("ed")
        || before.is(Class::IrregularPasts);
    let relative = (start.saturating_sub(4)..start - 1).any(|at| {
        matches!(
            tokens[at].word(),
            "who" | "that" | "which" | "we" | "i" | "they" | "he" | "she" | "you" | "que"
        )
    });
    past && relative
}

fn commands(verb: Verb) -> bool {
    verb.asks() && verb.noun != Noun::Mostly
}

/// "Dec 31 is the hard deadline"
pub(super) fn is_called_deadline(tokens: &[Token], end: usize) -> bool {
    let mut after = tokens[end..].iter().take(5).map(Token::word);
    after
        .next()
        .is_some_and(|word| Class::DateDescribedLinks.has(word))
        && after.any(|word| matches!(word, "deadline" | "due" | "limite" | "cutoff" | "tope"))
}

/// "before the May 30 festival": the date is part of the event's name, whatever comes before.
pub(super) fn dates_an_event(tokens: &[Token], core: &Range<usize>) -> bool {
    let article = core.start.checked_sub(1).is_some_and(|before| {
        matches!(tokens[before].norm.as_str(), "the" | "our" | "my" | "your")
    });
    article
        && tokens
            .get(core.end)
            .is_some_and(|next| next.is(Class::Events))
}

/// "the Wednesday sync", "our Monday report": a weekday that tells one thing from others.
fn names_an_occasion(tokens: &[Token], core: &Range<usize>, after: &str) -> bool {
    let article = core.start.checked_sub(1).is_some_and(|before| {
        matches!(
            tokens[before].norm.as_str(),
            "the" | "our" | "a" | "my" | "your" | "this"
        )
    });
    let possessive = tokens[core.start].norm.ends_with("'s");
    let lone = core.len() == 1 && tokens[core.start].shape == Shape::Word;
    let noun = !after.is_empty()
        && tokens[core.end].norm != "s"
        && !Class::Prepositions.has(after)
        && !words::is_and_word(after)
        && !Class::Determiners.has(after)
        && !Class::Subjects.has(after)
        && !matches!(
            after,
            "morning" | "afternoon" | "evening" | "night" | "please" | "pls" | "at"
        );
    (article || possessive) && lone && noun
}

/// "flowers for the wedding", "the wedding", not "prepare the presentation": whether an event
/// is only named, and not what is worked on.
fn is_only_named(tokens: &[Token], event: usize) -> bool {
    let mut determined = false;
    for at in (event.saturating_sub(4)..event).rev() {
        let token = &tokens[at];
        if token.word().is_empty() || token.verb.is_some_and(commands) {
            break;
        }
        let article = token.norm == "a" || token.is(Class::Determiners) && token.norm != "al";
        determined |= article;
        if token.is(Class::Prepositions) && !article && token.norm != "al" {
            return true;
        }
    }
    // "Pay the dues today, the inspection tomorrow": the verb may stand before a comma.
    let worked_on = (event.saturating_sub(12)..event)
        .rev()
        .take_while(|&at| !tokens[at].word().is_empty() || tokens[at].is_mark(','))
        .any(|at| tokens[at].verb.is_some_and(commands));
    determined && !worked_on
}

/// "Para la boda el 20 de junio:" names the event whose list follows.
fn heads_a_list(tokens: &[Token], at: usize) -> bool {
    let line_end = |token: &Token| token.norm == "\n";
    let colon = tokens[at..]
        .iter()
        .take(12)
        .take_while(|token| !line_end(token))
        .any(|token| token.is_mark(':'));
    let first = tokens[..at]
        .iter()
        .rev()
        .take(12)
        .take_while(|token| !line_end(token))
        .last();
    colon && first.is_some_and(|token| matches!(token.norm.as_str(), "para" | "for"))
}
