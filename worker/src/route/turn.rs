//! One turn of a conversation: who writes, what is chosen, in which language; and the one list
//! of all that can be answered.

use chrono::{DateTime, Utc};
use common::{
    identity::Identity,
    payload::{Content, InboundMessage},
    sender::SenderHash,
    texts::Value,
};
use parser::Language;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    account::{self, Arrival, Link, Writer},
    aftermath::Aftermath,
    answer::Answer,
    command::Command,
    intent::Intent,
    lateness::{self, Lateness},
    menu,
    project::{self, Project},
    request, standing, suggestion, task, undo, unlink, verify, workspace,
};
use crate::{context::Context, delay, failure::Failure, foco, reply::quoted, session::Session};

/// What a handler of an intent sees.
pub(crate) struct Turn<'a> {
    pub(super) context: &'a Context,
    pub(super) message: &'a InboundMessage,
    pub(super) identity: Identity,
    pub(super) sender: SenderHash,
    pub(super) writer: Writer,
    /// The sender's recipient row.
    pub(super) recipient: Uuid,
    /// The session, if it belongs to this link.
    pub(super) session: Option<Session>,
    /// The language of the answer.
    pub(super) language: Language,
    pub(super) generation: i32,
    pub(super) lateness: Lateness,
    /// It comes late, and its sender has gone on since: nothing of how things stand is changed.
    overtaken: bool,
    /// The session named something that the user has lost: cleared, and to be said.
    pub(super) lost: bool,
    /// The project that the session names.
    pub(super) project: Option<Project>,
    /// What follows from a link that ended as it was looked for.
    aftermath: Aftermath,
}

impl<'a> Turn<'a> {
    /// Finds out who writes.
    pub(super) async fn open(
        context: &'a Context,
        conn: &mut PgConnection,
        arrival: Arrival<'a>,
        session: Option<Session>,
    ) -> Result<Self, Failure> {
        let mut aftermath = Aftermath::default();
        let message = arrival.message;
        let writer = account::find(context, conn, arrival, &mut aftermath).await?;
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
            aftermath,
        })
    }

    /// Answers a message: every intent and every command stands here.
    pub(super) async fn answer(
        mut self,
        conn: &mut PgConnection,
        intent: &Intent,
    ) -> Result<Answer, Failure> {
        if self.lateness.is_late() {
            self.session = lateness::session_then(&self, conn).await?;
            self.overtaken = lateness::is_overtaken(&self, conn).await?;
        }
        let confirmed = unlink::answered(&mut self, intent);
        let intent = confirmed.as_ref().unwrap_or(intent);
        self.choose_language(intent);
        if self.overtaken && intent.changes_state() {
            let answer = Answer::saying(self.say("stale", &[]));
            return Ok(self.finish(answer));
        }
        if let (Some(link), Some(session)) = (self.writer.link(), &mut self.session)
            && *intent != Intent::Reaction
        {
            let standing = standing::clear_lost(conn, link, session).await?;
            self.lost = standing.lost;
            self.project = standing.project;
        }
        let writer = self.writer.clone();
        let answer = match (intent, writer) {
            (Intent::Reaction, _) => Answer::silence(),
            (Intent::Verify(_, code), _) => verify::redeem(&self, conn, code.as_deref()).await?,
            (_, Writer::Stranger) => {
                Answer::saying(self.say("not-linked", &[("link", self.link_page())]))
            }
            (_, Writer::Doubtful(doubt)) => Answer::saying(self.say(doubt.text(), &[])),
            (Intent::Unreadable(content), _) => Answer::saying(self.unreadable(*content)),
            (Intent::UnknownCommand(text), _) => Answer::saying(self.unknown(text)),
            (Intent::WithoutSlash(meant), _) => {
                Answer::saying(self.say("slash-missing", &[("meant", meant.text.as_str().into())]))
            }
            (Intent::Pick(number), Writer::Linked(link)) => {
                menu::pick(&self, conn, &link, *number).await?
            }
            (Intent::Request, Writer::Linked(link)) => request::take(&self, conn, &link).await?,
            (Intent::Command(_, command), Writer::Linked(link)) => {
                self.command(conn, &link, command).await?
            }
        };
        let answer = self.excused(answer);
        Ok(self.finish(answer))
    }

    async fn command(
        &self,
        conn: &mut PgConnection,
        link: &Link,
        command: &Command,
    ) -> Result<Answer, Failure> {
        match command {
            Command::Help => Ok(Answer::saying(self.say("help", &[]))),
            Command::Status => self.status(conn, link).await,
            Command::Project(name) => project::choose(self, conn, link, name.as_deref()).await,
            Command::Workspace(name) => workspace::choose(self, conn, link, name.as_deref()).await,
            Command::ListProjects => project::list(self, conn, link).await,
            Command::ListTasks => task::list(self, conn, link).await,
            Command::ListUsage => Ok(Answer::saying(self.say("list-usage", &[]))),
            Command::Clear => self.clear(conn, link).await,
            Command::Undo => undo::newest(self, conn, link).await,
            Command::More => menu::more(self, conn, link).await,
            Command::Unlink => Ok(unlink::ask(self, link)),
            Command::UnlinkNow => unlink::now(self, conn, link).await,
            Command::StayLinked => Ok(unlink::stay(self)),
        }
    }

    /// A command is answered in its own language, what has none in the session's.
    fn choose_language(&mut self, intent: &Intent) {
        let of_session = self.session.as_ref().and_then(|session| session.language);
        self.language = match intent {
            Intent::Verify(language, _) | Intent::Command(language, _) => *language,
            Intent::WithoutSlash(meant) => meant.language,
            Intent::UnknownCommand(text) => {
                let language = of_session.unwrap_or(self.language);
                suggestion::nearest(text, language).map_or(language, |meant| meant.language)
            }
            Intent::Unreadable(_) | Intent::Reaction => of_session.unwrap_or(self.language),
            Intent::Pick(_) | Intent::Request => self.language,
        };
    }

    async fn status(&self, conn: &mut PgConnection, link: &Link) -> Result<Answer, Failure> {
        let session = self.session_or_new(link);
        let chosen = self.project.as_ref();
        let workspace = match (chosen, session.workspace_id) {
            (Some(project), _) => Some(project.workspace.clone()),
            (None, Some(id)) => foco::chosen(conn, link.user_id, id, None)
                .await?
                .0
                .map(|workspace| workspace.name),
            (None, None) => None,
        };
        let none = self.say("none-chosen", &[]);
        let minutes = self.context.sessions.time_to_live().as_secs().div_ceil(60);
        let text = self.say(
            "status",
            &[
                ("workspace", workspace.as_deref().unwrap_or(&none).into()),
                (
                    "project",
                    chosen.map_or(none.as_str(), |p| p.name.as_str()).into(),
                ),
                (
                    "minutes",
                    usize::try_from(minutes).unwrap_or(usize::MAX).into(),
                ),
            ],
        );
        Ok(Answer::saying(text))
    }

    async fn clear(&self, conn: &mut PgConnection, link: &Link) -> Result<Answer, Failure> {
        let dropped = request::drop_waiting(self, conn).await?;
        let mut session = Session::new(link.id);
        session.workspace_id = self
            .session
            .as_ref()
            .and_then(|session| session.workspace_id);
        let values = [
            ("dropped", dropped.len().into()),
            ("kept", usize::from(session.workspace_id.is_some()).into()),
        ];
        let text = self.say("cleared", &values);
        let mut answer = Answer::saying(text).keeping(session);
        answer.cancelled = dropped;
        Ok(answer)
    }

    fn unknown(&self, text: &str) -> String {
        let word = text.split_whitespace().next().unwrap_or("/");
        let word = word.trim_end_matches(['.', ',', '!', '?', ':', ';']);
        let command = ("command", quoted(Some(word)).into());
        match suggestion::nearest(text, self.language) {
            Some(meant) => self.say(
                "unknown-command-meant",
                &[command, ("meant", meant.text.into())],
            ),
            None => self.say("unknown-command", &[command]),
        }
    }

    /// What can be sent instead of what cannot be read.
    fn unreadable(&self, content: Content) -> String {
        let name = match content {
            Content::Audio => "unsupported-audio",
            Content::Image | Content::Video | Content::Document => "unsupported-media",
            Content::Location => "unsupported-location",
            Content::Contacts => "unsupported-contacts",
            Content::Sticker => "unsupported-sticker",
            Content::Text | Content::Reaction | Content::Unknown => "unsupported-other",
        };
        self.say(name, &[])
    }

    /// Says so where the answer comes late, since the message did.
    fn excused(&self, mut answer: Answer) -> Answer {
        if let Some(said) = &mut answer.reply {
            let times = (self.message.received_at, self.lateness.recovered_at);
            let text = std::mem::take(&mut said.text);
            said.text = delay::excused(&self.context.texts, self.language, times, text);
        }
        answer
    }

    /// What holds for every answer: its language and link; and the session's time begins anew,
    /// unless the message is old.
    fn finish(mut self, mut answer: Answer) -> Answer {
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
        answer.aftermath.next.append(&mut self.aftermath.next);
        answer.aftermath.ended.append(&mut self.aftermath.ended);
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
        Value::from(self.context.settings.process.web_url.clone())
    }

    /// The present moment.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.context.clock.now()
    }
}
