//! Commands: does a verb that asks for work stand here, or a noun that looks like one?

use crate::{
    Language,
    lexicon::Class,
    mark::{Marks, Meaning},
    token::{Shape, Token},
    verb::{Form, Noun, Verb},
    words,
};

/// The verb of a command that begins here. In the middle of a sentence (`strict`) a word
/// that is a noun as well needs an object that shows it to be a verb.
pub(crate) fn read(
    tokens: &[Token],
    at: usize,
    end: usize,
    marks: &Marks,
    strict: bool,
) -> Option<Verb> {
    let verb = tokens[..end].get(at)?.verb.filter(|verb| verb.asks())?;
    if !marks.is_free(at) {
        return None;
    }
    let next = tokens[..end].get(at + 1).filter(|_| marks.is_free(at + 1));
    let word = next.map_or("", Token::word);
    let named = matches!(marks.meaning(at + 1), Some(Meaning::Amount | Meaning::Name));
    let shown = named
        || next.is_some_and(|next| {
            Class::Determiners.has(word)
                || Class::Pronouns.has(word)
                || next.shape == Shape::Number
                || next.number().is_some()
                || next.shape == Shape::Link
        });
    let paired = next.is_some_and(words::is_and)
        && tokens[..end]
            .get(at + 2)
            .is_some_and(|second| second.verb.is_some_and(Verb::asks));
    let is_verb = match (verb.language, verb.form) {
        // "…, budget $600": how much it may cost.
        _ if verb.lemma == "budget" && marks.meaning(at + 1) == Some(Meaning::Amount) => false,
        (_, _) if verb.pronoun || paired => true,
        (Language::En, _) if verb.lemma == "update" && matches!(word, "from" | "on") => false,
        // "gift wrap and order notes"
        (Language::En, _) if verb.lemma == "order" && strict && Class::Parts.has(word) => false,
        (Language::En, _) if verb.sure() => !matches!(word, "of" | "is" | "are" | "was"),
        (Language::En, _) if verb.noun == Noun::Mostly => {
            // "chase Brightline", not "Market Street".
            let named = next.is_some_and(|next| next.capital) && !tokens[at].capital;
            shown || named || is_particle(word)
        }
        (Language::En, _) => shown || is_particle(word) || at_noun_verb(verb, next, word, strict),
        (Language::Es, Form::Command) if word == "de" && speaks_of(verb) => true,
        (Language::Es, Form::Command) if word == "por" && verb.lemma == "pasar" => true,
        (Language::Es, Form::Command) if !verb.sure() => shown || word == "a",
        (Language::Es, Form::Command) => !matches!(word, "de" | "del"),
        (Language::Es, _) => true,
    };
    is_verb.then_some(verb)
}

/// "habla de la obra", "da de alta": verbs whose matter begins with "de".
fn speaks_of(verb: Verb) -> bool {
    matches!(verb.lemma, "hablar" | "dar" | "tratar")
}

fn at_noun_verb(verb: Verb, next: Option<&Token>, word: &str, strict: bool) -> bool {
    let Some(next) = next else { return false };
    let loose = Class::CommandVerbsWithFor.has(verb.lemma);
    if Class::Prepositions.has(word)
        || words::is_and(next)
        || next.tells.finite
        || next.shape != Shape::Word
    {
        return loose && matches!(word, "for" | "with" | "about");
    }
    !strict || word.ends_with('s') && !Class::Parts.has(word) || next.capital
}

fn is_particle(word: &str) -> bool {
    Class::CommandParticles.has(word)
}

/// "have Luis check the totals": where the verb stands that somebody is made to do.
pub(crate) fn delegated(tokens: &[Token], at: usize, end: usize) -> Option<usize> {
    let [have, name, rest @ ..] = &tokens[at.min(end)..end] else {
        return None;
    };
    let causes = matches!(have.norm.as_str(), "have" | "get" | "let");
    let named = name.capital && name.verb.is_none_or(|verb| !verb.sure())
        || matches!(
            name.norm.as_str(),
            "him" | "her" | "them" | "someone" | "somebody"
        );
    let to = usize::from(rest.first().is_some_and(|next| next.norm == "to"));
    let does = rest
        .get(to)
        .is_some_and(|next| next.verb.is_some_and(|verb| verb.form == Form::Base));
    if causes && named && does {
        return Some(at + 2 + to);
    }
    // "have the vendor check it"
    let verb = rest
        .get(1)
        .filter(|_| have.norm == "have" && name.is(Class::Determiners))?;
    let base = verb
        .verb
        .is_some_and(|verb| verb.form == Form::Base && verb.sure());
    let object = rest
        .get(2)
        .is_some_and(|next| next.is(Class::Determiners) || next.is(Class::Pronouns));
    let checks = base || verb.verb.is_some_and(|verb| verb.form == Form::Base) && object;
    checks.then_some(at + 3)
}
