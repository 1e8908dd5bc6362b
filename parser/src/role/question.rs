//! Questions in the form of a request: "can you read PDF files?", "can you tell me how many?".

use crate::{
    token::{Shape, Token},
    verb::Verb,
    words,
};

word_set!(
    ABILITIES = "\
    read understand speak hear listen process leer entender hablar escuchar procesar recibir"
);

word_set!(
    MEDIA = "\
    audios audio pdf pdfs images imagenes photos fotos videos stickers links files archivos emojis \
    messages mensajes notes calls llamadas voz gifs memes facturas excel"
);

/// "Can you send voice messages?": media in general, nothing in particular.
pub(super) fn names_media(words: &[Token]) -> bool {
    let bare = words.iter().all(|token| {
        token.shape == Shape::Word
            && !words::is_determiner(&token.norm)
            && (!words::is_preposition(&token.norm) || token.norm == "de")
    });
    bare && words.len() <= 3
        && words
            .last()
            .is_some_and(|last| MEDIA.contains(last.norm.as_str()))
}

/// "Can you read PDF files?" asks about the one who is asked, "can you read the file?" does not.
pub(super) fn asks_what_one_can(verb: Verb, next: Option<&Token>) -> bool {
    ABILITIES.contains(verb.lemma)
        && next.is_none_or(|next| {
            !words::is_determiner(&next.norm) && !words::is_preposition(&next.norm)
        })
}

word_set!(
    QUESTIONS = "\
    cuanto cuanta cuantos cuantas como que cuando donde cual cuales quien si how what when where \
    which why who if whether"
);

/// "Can you tell me how many hours are left?" asks for an answer.
pub(super) fn asks_to_know(verb: Verb, rest: &[Token]) -> bool {
    let me = usize::from(
        rest.first()
            .is_some_and(|token| matches!(token.norm.as_str(), "me" | "us" | "nos")),
    );
    matches!(verb.lemma, "decir" | "tell" | "explain" | "explicar")
        && rest
            .get(me)
            .is_some_and(|token| QUESTIONS.contains(token.norm.as_str()))
}
