//! What somebody says who asks for no work: a greeting, thanks, a question about the bot. It only
//! decides how they are answered; whether there is work was decided before.

use crate::{
    Language, document,
    lexicon::Class,
    token::{Shape, Token, tokenize},
};

/// What a text without work is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Talk {
    /// "hola", "good morning".
    Greeting,
    /// "gracias!", "thank you so much".
    Thanks,
    /// "ok", "va", "perfecto", 👍, "bye".
    Fine,
    /// "ayuda", "what can you do?".
    Help,
    /// "cancela eso", "undo".
    TakeBack,
    /// Anything else.
    Other,
}

/// Longer texts are no plain question for help and no plain wish to take something back.
const SHORT: usize = 8;

phrase_list!(
    HELP = "\
    ayuda|ayudame|ayudas|help|menu|comandos|commands|instrucciones|instructions|\
    que puedes hacer|que sabes hacer|que haces|como funciona|como funcionas|como se usa|\
    como te uso|para que sirves|para que sirve|quien eres|que eres|what can you do|\
    what do you do|what are you|who are you|how does this work|how do you work|\
    how do i use|how to use|what is this|que es esto"
);

phrase_list!(
    TAKE_BACK = "\
    cancela|cancelar|cancelalo|cancelala|cancel|deshacer|deshaz|deshazlo|undo|borra|borrala|\
    borralo|elimina|eliminala|quitala|quitalo|take it back|take that back|delete it|\
    delete that|never mind|nevermind|forget it|olvidalo|ya no"
);

/// The language of what our commands speak of, for a text that has no grammar: "/ayuda",
/// "proyecto bodega".
pub(crate) fn of_commands(tokens: &[Token]) -> Option<Language> {
    tokens.iter().find_map(|token| match token.word() {
        word if Class::TalkSpanishCommands.has(word) => Some(Language::Es),
        word if Class::TalkEnglishCommands.has(word) => Some(Language::En),
        _ => None,
    })
}

/// Reads what is said in a text that asks for no work.
#[must_use]
pub fn talk(text: &str) -> Talk {
    let tokens = tokenize(&document::own(text));
    let words: Vec<Token> = tokens
        .iter()
        .filter(|token| token.shape == Shape::Word)
        .cloned()
        .collect();
    let any = |test: &dyn Fn(&str) -> bool| words.iter().any(|word| test(&word.norm));
    let short = words.len() <= SHORT;
    let says = |phrases: &crate::phrase::Phrases| {
        (0..words.len()).any(|at| phrases.at(&words[at..]).is_some())
    };
    if short && says(&HELP) {
        Talk::Help
    } else if short && says(&TAKE_BACK) {
        Talk::TakeBack
    } else if any(&|word| Class::TalkThanks.has(word)) {
        Talk::Thanks
    } else if words.is_empty() {
        let only_emoji = tokens.iter().any(|token| token.shape == Shape::Emoji)
            && tokens.iter().all(|token| token.number().is_none());
        if only_emoji { Talk::Fine } else { Talk::Other }
    } else if any(&|word| Class::TalkFine.has(word))
        && words
            .iter()
            .all(|word| word.is(Class::TalkFine) || word.is(Class::TalkAroundFine))
    {
        Talk::Fine
    } else if words
        .iter()
        .take(3)
        .any(|word| word.is(Class::TalkGreetings))
    {
        Talk::Greeting
    } else {
        Talk::Other
    }
}

#[cfg(test)]
mod tests {
    use super::{Talk, talk};
    use crate::{Language, detect_language};

    /// Rows of texts, separated by `|`.
    const SAID: [(Talk, &str); 6] = [
        (
            Talk::Greeting,
            "Hola|¡Buenos días, equipo!|hello there|Good morning|hey, qué onda|que tal|\
             Buenas tardes, ¿cómo va?|buenas noches",
        ),
        (
            Talk::Thanks,
            "gracias!!|ok, muchas gracias|Thanks a lot, bye|thank you 🙏|te lo agradezco",
        ),
        (
            Talk::Fine,
            "ok|Va|perfecto!|sale, va|👍|😂😂|sounds good|bye|hasta luego|sí",
        ),
        (
            Talk::Help,
            "ayuda|Help!|hola, necesito ayuda|¿qué puedes hacer?|what can you do?|menú|\
             ¿quién eres?",
        ),
        (
            Talk::TakeBack,
            "cancela eso|borra la última|cancel that please|never mind",
        ),
        (
            Talk::Other,
            "¿cuánto cuesta?|no|mañana|el martes llueve||?|2.5|$500",
        ),
    ];

    #[test]
    fn commands_show_their_language() {
        for text in [
            "/ayuda",
            "/proyecto bodega",
            "/lista tareas",
            "/deshacer",
            "/estado",
            "/más",
            "/espacio norte",
        ] {
            assert_eq!(detect_language(text), Some(Language::Es), "{text}");
        }
        for text in ["/status", "/workspace norte", "/project bodega", "/undo"] {
            assert_eq!(detect_language(text), Some(Language::En), "{text}");
        }
    }

    #[test]
    fn what_is_said_without_asking_for_work() {
        for (expected, texts) in SAID {
            for text in texts.split('|') {
                assert_eq!(talk(text), expected, "{text}");
            }
        }
    }
}
