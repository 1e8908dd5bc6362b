//! `/unlink`: asks once, then does it. The question stands for one message: yes, or the command
//! again, unlinks the phone; no keeps it; anything else is about something else.

use common::link::{self, Ending, Origin};
use parser::Language;
use sqlx::PgConnection;

use super::{
    account::Link,
    answer::{Answer, Cancelled},
    choice::fold,
    command::Command,
    intent::Intent,
    route_context::RouteContext,
};
use crate::engine::stage_error::StageError;

/// What people answer, folded.
const ANSWERS: [(&str, Option<Language>, bool); 22] = [
    ("yes", Some(Language::En), true),
    ("y", Some(Language::En), true),
    ("yes please", Some(Language::En), true),
    ("sure", Some(Language::En), true),
    ("confirm", Some(Language::En), true),
    ("unlink", Some(Language::En), true),
    ("si", Some(Language::Es), true),
    ("si por favor", Some(Language::Es), true),
    ("claro", Some(Language::Es), true),
    ("confirmo", Some(Language::Es), true),
    ("confirmar", Some(Language::Es), true),
    ("desvincular", Some(Language::Es), true),
    ("ok", None, true),
    ("okay", None, true),
    ("no", None, false),
    ("n", None, false),
    ("cancel", Some(Language::En), false),
    ("no thanks", Some(Language::En), false),
    ("nope", Some(Language::En), false),
    ("cancelar", Some(Language::Es), false),
    ("cancela", Some(Language::Es), false),
    ("no gracias", Some(Language::Es), false),
];

/// What a message means as an answer to the question, if that was asked. The question is over by
/// any message but a reaction.
pub(super) fn answered(route: &mut RouteContext<'_>, intent: &Intent) -> Option<Intent> {
    let session = route
        .session
        .as_mut()
        .filter(|_| *intent != Intent::Reaction)?;
    if !std::mem::take(&mut session.unlinking) {
        return None;
    }
    if let Intent::Command(language, Command::Unlink) = intent {
        return Some(Intent::Command(*language, Command::UnlinkNow));
    }
    let conversation = session.language.unwrap_or(route.language);
    let (language, yes) = read(route.message.text.reveal())?;
    let command = if yes {
        Command::UnlinkNow
    } else {
        Command::StayLinked
    };
    Some(Intent::Command(language.unwrap_or(conversation), command))
}

/// Yes or no, and its language where it has one.
fn read(text: &str) -> Option<(Option<Language>, bool)> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(fold)
        .collect();
    let said = words.join(" ");
    ANSWERS
        .iter()
        .find(|(known, ..)| *known == said)
        .map(|&(_, language, yes)| (language, yes))
}

/// Asks.
pub(super) fn ask(route: &RouteContext<'_>, link: &Link) -> Answer {
    let mut session = route.session_or_new(link);
    session.unlinking = true;
    Answer::saying(route.say("unlink-ask", &[])).asking(session)
}

/// Says that nothing changes.
pub(super) fn stay(route: &RouteContext<'_>) -> Answer {
    Answer::saying(route.say("unlink-stay", &[]))
}

/// Ends the link, and with it the conversation and what waited.
pub(super) async fn now(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Answer, StageError> {
    let mut answer = Answer::saying(route.say("unlinked", &[("link", route.link_page())]));
    answer.ends_link = true;
    let origin = Origin::Chat(&route.message.message_sid);
    if let Some(ended) = link::end(conn, link.id, Ending::Asked, origin).await? {
        answer.cancelled = ended
            .dropped
            .iter()
            .map(|dropped| Cancelled {
                message_sid: dropped.message_sid.clone(),
                text: dropped.text(&route.context.texts, route.language),
            })
            .collect();
        answer.side_effects.note(ended.link, Vec::new());
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_are_understood_as_people_write_them() {
        for text in ["yes", "Sí", "SI!", "Sí, por favor.", "ok 👍", "Confirmo"] {
            assert_eq!(read(text).map(|(_, yes)| yes), Some(true), "{text}");
        }
        for text in ["no", "No, gracias", "cancel"] {
            assert_eq!(read(text).map(|(_, yes)| yes), Some(false), "{text}");
        }
        for text in ["sí, agrega el login", "2", "", "👍"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
