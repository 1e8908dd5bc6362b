//! What a handler of an intent works with: who writes, what is chosen, in which language.

use chrono::{DateTime, Utc};
use common::{identity::Identity, payload::InboundMessage, sender::SenderHash, texts::Value};
use parser::Language;
use sqlx::PgConnection;
use store::RecipientId;
use uuid::Uuid;

use super::{
    account::{self, Arrival, Link, Writer},
    answer::Answer,
    intent::Intent,
    lateness::Lateness,
    side_effects::SideEffects,
    suggestion,
    visible_project::Project,
};
use crate::{
    delay,
    engine::{context::Context, stage_error::StageError},
    session::Session,
};

/// What a handler of an intent sees.
pub(crate) struct RouteContext<'a> {
    pub(super) context: &'a Context,
    pub(super) message: &'a InboundMessage,
    pub(super) identity: Identity,
    pub(super) sender: SenderHash,
    pub(super) writer: Writer,
    /// The sender's recipient row.
    pub(super) recipient: RecipientId,
    /// The session, if it belongs to this link.
    pub(super) session: Option<Session>,
    /// The language of the answer.
    pub(super) language: Language,
    pub(super) generation: i32,
    pub(super) lateness: Lateness,
    /// It comes late, and its sender has gone on since: nothing of how things stand is changed.
    pub(super) overtaken: bool,
    /// The session named something that the user has lost: cleared, and to be said.
    pub(super) lost: bool,
    /// The project that the session names.
    pub(super) project: Option<Project>,
    /// What follows from a link that ended as it was looked for.
    side_effects: SideEffects,
}

impl<'a> RouteContext<'a> {
    /// Finds out who writes.
    pub(super) async fn open(
        context: &'a Context,
        conn: &mut PgConnection,
        arrival: Arrival<'a>,
        session: Option<Session>,
    ) -> Result<Self, StageError> {
        let mut side_effects = SideEffects::default();
        let message = arrival.message;
        let writer = account::find(context, conn, arrival, &mut side_effects).await?;
        let session = session.filter(|s| writer.link().is_some_and(|link| link.id == s.link_id));
        let of_session = session.as_ref().and_then(|session| session.language);
        let language = parser::detect_language(message.text.reveal());
        let identity = message.from.identity();
        Ok(Self {
            context,
            message,
            sender: context.settings.process.keys.sender(&identity),
            identity,
            writer,
            recipient: arrival.recipient,
            session,
            language: language.or(of_session).unwrap_or(Language::En),
            generation: 1,
            lateness: arrival.lateness,
            overtaken: false,
            lost: false,
            project: None,
            side_effects,
        })
    }

    /// A command is answered in its own language, what has none in the session's.
    pub(super) fn choose_language(&mut self, intent: &Intent) {
        let of_session = self.session.as_ref().and_then(|session| session.language);
        self.language = match intent {
            Intent::Verify(language, _)
            | Intent::Command(language, _)
            | Intent::Leave(language) => *language,
            Intent::WithoutSlash(meant) => meant.language,
            Intent::UnknownCommand(text) => {
                let language = of_session.unwrap_or(self.language);
                suggestion::nearest(text, language).map_or(language, |meant| meant.language)
            }
            Intent::Unreadable(_) | Intent::Reaction | Intent::AnsweredByTwilio => {
                of_session.unwrap_or(self.language)
            }
            Intent::Pick(_) | Intent::Request => self.language,
        };
    }

    /// Says so where the answer comes late, since the message did.
    pub(super) fn excused(&self, mut answer: Answer) -> Answer {
        if let Some(said) = &mut answer.reply {
            let times = (self.message.received_at, self.lateness.recovered_at);
            let text = std::mem::take(&mut said.text);
            said.text = delay::excused(&self.context.texts, self.language, times, text);
        }
        answer
    }

    /// What holds for every answer: its language and link; and the session's time begins anew,
    /// unless the message is old.
    pub(super) fn finish(mut self, mut answer: Answer) -> Answer {
        answer.language = Some(self.language);
        if let (true, Some(said)) = (self.lost, &mut answer.reply) {
            said.text = format!("{}\n\n{}", self.say("context-lost", &[]), said.text);
        }
        answer.link = answer.link.or_else(|| self.link().cloned());
        let renewed = || self.link().map(|link| self.session_or_new(link));
        let standing = |_: &Session| !self.overtaken && !answer.ends_link;
        answer.session = answer.session.or_else(renewed).filter(standing);
        if let Some(session) = &mut answer.session {
            session.language = Some(self.language);
        }
        answer.side_effects.next.append(&mut self.side_effects.next);
        answer
            .side_effects
            .ended
            .append(&mut self.side_effects.ended);
        answer
    }

    /// The link that the message is carried out by.
    pub(super) fn link(&self) -> Option<&Link> {
        self.writer.link()
    }

    /// The session as it stands, or its beginning.
    pub(super) fn session_or_new(&self, link: &Link) -> Session {
        self.session
            .clone()
            .unwrap_or_else(|| Session::new(link.id))
    }

    /// Whether that workspace is the chosen one.
    pub(super) fn works_in(&self, workspace: Uuid) -> bool {
        self.session
            .as_ref()
            .is_some_and(|session| session.workspace_id == Some(workspace))
    }

    /// A text in the language of the answer.
    pub(super) fn say(&self, name: &str, values: &[(&str, Value<'_>)]) -> String {
        self.context.texts.say(self.language, name, values)
    }

    /// Where people link their phone.
    pub(super) fn link_page(&self) -> Value<'static> {
        Value::from(self.context.settings.process.link_url.clone())
    }

    /// The present moment.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.context.clock.now()
    }
}
