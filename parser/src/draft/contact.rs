//! Contact details: whom to call, and under which number. They are no work.

use std::ops::Range;

use crate::{lexicon::Class, mark::Meaning, phrase::Phrases, role::Words};

phrase_list!(
    CONDITIONS = "\
    any questions|any doubts|any doubt|if you get stuck|if you have questions|\
    if you have any|if anything|if there are questions|questions call|cualquier duda|\
    cualquier cosa|si tienen dudas|si tienes dudas|si hay dudas|si tienen duda|\
    si tienes alguna|dudas me|para dudas|for questions|with questions|call me if|\
    si se atoran|if needed call|if you need anything|si necesitan algo"
);

phrase_list!(
    NUMBERS = "\
    phone is|number is|cell is|tel|phone for|mi cel es|mi cel|mi numero es|su telefono es|\
    su tel|su numero|his number|her number|their number|their phone|her phone|his phone|\
    my number|my cell|telefono de|su cel|su celular|her cell|his cell|their cell|contact is|\
    se llama|su contacto|contacto"
);

/// "If you get stuck call Ignacio at …", "cualquier duda me marcan al …".
pub(super) fn is_contact(words: Words<'_>, span: &Range<usize>) -> bool {
    let tokens = &words.tokens[span.clone()];
    let phone = span
        .clone()
        .any(|at| words.marks.meaning(at) == Some(Meaning::Phone));
    let says = |phrases: &Phrases, most: usize| {
        (0..tokens.len().min(most)).any(|at| phrases.at(&tokens[at..]).is_some())
    };
    let commands = tokens
        .iter()
        .zip(span.clone())
        .take_while(|(_, at)| words.marks.meaning(*at) != Some(Meaning::Phone))
        .any(|(token, at)| {
            let named = words
                .tokens
                .get(at + 1)
                .is_some_and(|next| next.is(Class::Determiners));
            token
                .verb
                .is_some_and(|verb| verb.asks() && (verb.sure() || named))
        });
    // "Si necesitan las llaves, hablen con Beto al 55 …"
    let offers = phone
        && tokens
            .first()
            .is_some_and(|first| matches!(first.norm.as_str(), "si" | "if"));
    offers
        || says(&CONDITIONS, usize::MAX)
        || phone && tokens.len() < 14 && says(&NUMBERS, 3)
        || phone && tokens.len() < 30 && !commands && says(&NUMBERS, usize::MAX)
}
