//! Verbs that no list knows, seen by their ending or their place and by the article after
//! them: "graficar los resultados", "and spackle the wall".

use super::{Form, Noun, Verb, spanish};
use crate::{
    Kind, Language,
    token::{Shape, Token},
    words,
};

word_set!(
    SPANISH_ARTICLES = "\
    el la los las un una unos unas mi mis tu tus su sus nuestro nuestra nuestros nuestras estos \
    estas al todos todas cada"
);
// Nouns, adjectives and helping verbs that end like an infinitive.
word_set!(
    NO_INFINITIVES = "\
    lugar taller mujer primer tercer cualquier ayer hogar par azucar bar celular dolar alfiler \
    lider poder deber tener haber ser estar querer saber haber pesar mar placer alquiler caracter \
    cartel escaner poster primar particular familiar escolar militar similar popular regular \
    titular ejemplar collar pilar altar solar lunar auxiliar singular peculiar circular gustar \
    parecer suceder pasar faltar costar importar seguir venir salir ir llegar deber soler creer \
    sentir vivir morir dormir comer cenar desayunar viajar jugar ganar perder sonreir reir doler \
    por servidor color motor sector doctor senor mayor menor mejor peor amor favor valor calor \
    interior exterior anterior posterior superior inferior ulterior user server printer number"
);

word_set!(ENGLISH_ARTICLES = "the our my your all these those");
// Words that stand before an article and are no verbs.
word_set!(
    NO_VERBS = "\
    both not only just maybe then also even especially plus like except until till including \
    half what whatever because than despite whose while once near inside outside over under down \
    up off out back through around such rather quite almost nearly roughly perhaps please thanks \
    lol great good nice happy sorry yes yeah ok okay all per amid beside besides versus vs via \
    but so or nor if unless whether here there well still yet instead again always never"
);

/// Reads as verbs the words that only their surroundings show to be some.
pub(crate) fn mark(tokens: &mut [Token]) {
    for at in 0..tokens.len() {
        if let Some(verb) = in_spanish(tokens, at) {
            tokens[at].verb = Some(verb);
            continue;
        }
        let token = &tokens[at];
        if token.shape != Shape::Word || token.verb.is_some() || token.norm.len() < 4 {
            continue;
        }
        let next = tokens.get(at + 1).map_or("", Token::word);
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        let language = if is_infinitive(token, before, next) {
            if let Some(meant) = super::look_up_misspelt(&token.norm) {
                tokens[at].verb = Some(meant);
                continue;
            }
            Some(Language::Es)
        } else if is_command(token, before, next) {
            Some(Language::En)
        } else {
            None
        };
        if let Some(language) = language {
            tokens[at].verb = Some(Verb {
                lemma: "",
                kind: Kind::Task,
                language,
                form: Form::Base,
                noun: Noun::Never,
                object: false,
                pronoun: false,
            });
        }
    }
}

/// "revise el contrato": a word of both languages is Spanish before a Spanish article.
fn in_spanish(tokens: &[Token], at: usize) -> Option<Verb> {
    let token = &tokens[at];
    let next = tokens.get(at + 1).map_or("", Token::word);
    let english = token
        .verb
        .is_some_and(|verb| verb.language == Language::En && verb.form == Form::Base);
    // "revises las facturas": read as English it would tell.
    let told = token.verb.is_none() && token.norm.ends_with("es");
    if (english || told) && SPANISH_ARTICLES.contains(next) {
        spanish::look_up(&token.norm)
    } else {
        None
    }
}

fn is_infinitive(token: &Token, before: Option<&Token>, next: &str) -> bool {
    let word = token.norm.as_str();
    let ends = ["ar", "er", "ir"].iter().any(|end| word.ends_with(end));
    ends && SPANISH_ARTICLES.contains(next)
        && !NO_INFINITIVES.contains(word)
        && !words::is_finite(word)
        && before.is_none_or(|before| !words::is_determiner(&before.norm))
}

/// "spackle the wall" at a start, after a comma, after "and" or "to".
fn is_command(token: &Token, before: Option<&Token>, next: &str) -> bool {
    let word = token.norm.as_str();
    let opens = before.is_none_or(|before| {
        before.shape != Shape::Word
            || words::is_and(before)
            || matches!(before.word(), "to" | "please" | "pls")
    });
    opens
        && ENGLISH_ARTICLES.contains(next)
        && !token.capital
        && !NO_VERBS.contains(word)
        && !word.ends_with("ly")
        && !word.ends_with('s')
        && !word.ends_with("ing")
        && !word.ends_with("ed")
        && !words::is_irregular_past(word)
        && !words::is_finite(word)
        && !words::is_preposition(word)
        && !words::is_determiner(word)
        && !words::is_subject(word)
        && !words::is_pronoun(word)
}
