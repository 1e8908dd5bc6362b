//! What is answered to a text that asks for no work: short, friendly, and to what was said.

use common::texts::Texts;
use parser::{Language, Talk};

use crate::route::forgotten_slash;

/// The answer. Somebody who forgot the slash of a command is told so.
pub(crate) fn answer(texts: &Texts, language: Language, text: &str) -> String {
    if let Some(meant) = forgotten_slash(text) {
        return texts.say(language, "slash-missing", &[("meant", meant.text.into())]);
    }
    let name = match parser::talk(text) {
        Talk::Greeting => "no-work-greeting",
        Talk::Thanks => "no-work-thanks",
        Talk::Fine => "no-work-fine",
        Talk::Help => "help",
        Talk::TakeBack => "no-work-take-back",
        Talk::Other => "no-work",
    };
    texts.say(language, name, &[])
}
