//! Dictated text has no commas: a command that follows a thing begins a clause of its own.

use crate::{
    command, lead,
    mark::Marks,
    token::{Shape, Token},
    verb::{Form, Verb},
    words,
};

word_set!(
    BEFORE_A_VERB = "\
    to not can could will would should must may might do does did don't doesn't didn't please \
    pls let let's help make have get see who that which what we you they i it he she and or y o \
    ni e no que quien si poder puede pueden puedo podemos puedes puedas puedan pueda podria \
    podrian podrias podriamos pudiera pudieran deber debe deben debo \
    debemos querer quiere quieren quiero queremos necesito necesita necesitamos quisiera va van \
    voy vamos vas ir lo la los las le les me nos se te como cuando donde para por de sin al en a \
    con sobre hasta ya tambien also just only then luego never always ever really how when where \
    why than as bien mal muy mejor solo antes despues ready able easy hard used supposed going \
    need needs needed want wants wanted has had trying able deep double pressure power spot hand \
    cross fine quick re pre test"
);
word_set!(
    CAUSES = "\
    make let have help watch ask ayudar did does do has is are was were will"
);
word_set!(
    ARTICLES = "\
    the a an our my your her his their all this these those el la los las un una unos unas mi mis \
    tu tus su sus \
    nuestro nuestra"
);

/// "… pintar la sala **limpiar** la cocina": a sure command, its article after it, and the
/// name of a thing before it.
pub(super) fn begins_command(
    tokens: &[Token],
    start: usize,
    at: usize,
    end: usize,
    marks: &Marks,
) -> bool {
    let Some(verb) = tokens[at].verb.filter(|verb| commands(*verb, &tokens[at])) else {
        return false;
    };
    let before = &tokens[at - 1];
    let named = before.shape == Shape::Word
        && !BEFORE_A_VERB.contains(before.norm.as_str())
        && !words::is_determiner(&before.norm)
        && !words::is_preposition(&before.norm)
        && !words::is_subject(&before.norm)
        && before.verb.is_none_or(|verb| !verb.asks() || !verb.sure())
        || !marks.is_free(at - 1);
    let particle = usize::from(
        tokens[..end]
            .get(at + 1)
            .is_some_and(|next| matches!(next.norm.as_str(), "up" | "out" | "off" | "down")),
    );
    let object = tokens[..end]
        .get(at + 1 + particle)
        .is_some_and(|next| ARTICLES.contains(next.norm.as_str()));
    let caused = tokens[start..at]
        .iter()
        .take(4)
        .filter_map(|token| {
            token
                .verb
                .map(|verb| verb.lemma)
                .or(Some(token.norm.as_str()))
        })
        .any(|lemma| CAUSES.contains(lemma));
    let pronoun = verb.object;
    named
        && at - start >= 2
        && (object || pronoun)
        && !caused
        && lead::read(tokens, start, at, marks).end < at
        && command::read(tokens, at, end, marks, true).is_some()
}

/// Forms that hardly ever tell: "paint", "limpiar", "limpien", not "limpia".
fn commands(verb: Verb, token: &Token) -> bool {
    verb.sure()
        && match verb.form {
            Form::Base => true,
            Form::Command => token.norm.ends_with('n') || verb.object,
            _ => false,
        }
}
