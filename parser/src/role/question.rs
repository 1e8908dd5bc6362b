//! Questions in the form of a request: "can you read PDF files?", "can you tell me how many?".

use crate::{
    lexicon::Class,
    token::{Shape, Token},
    verb::Verb,
};

/// "Can you send voice messages?": media in general, nothing in particular.
pub(super) fn names_media(words: &[Token]) -> bool {
    let bare = words.iter().all(|token| {
        token.shape == Shape::Word
            && !token.is(Class::Determiners)
            && (!token.is(Class::Prepositions) || token.norm == "de")
    });
    bare && words.len() <= 3
        && words
            .last()
            .is_some_and(|last| last.is(Class::QuestionMedia))
}

/// "Can you read PDF files?" asks about the one who is asked, "can you read the file?" does not.
pub(super) fn asks_what_one_can(verb: Verb, next: Option<&Token>) -> bool {
    Class::QuestionAbilities.has(verb.lemma)
        && next.is_none_or(|next| !next.is(Class::Determiners) && !next.is(Class::Prepositions))
}

/// "Can you tell me how many hours are left?" asks for an answer.
pub(super) fn asks_to_know(verb: Verb, rest: &[Token]) -> bool {
    let me = usize::from(
        rest.first()
            .is_some_and(|token| matches!(token.norm.as_str(), "me" | "us" | "nos")),
    );
    matches!(verb.lemma, "decir" | "tell" | "explain" | "explicar")
        && rest
            .get(me)
            .is_some_and(|token| token.is(Class::QuestionQuestions))
}
