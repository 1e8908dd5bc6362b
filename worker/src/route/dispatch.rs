//! From an intent to its handler: the one list of all that can be answered.

use common::payload::Content;
use parser::Language;
use sqlx::PgConnection;

use super::{
    account::{Link, Writer},
    answer::Answer,
    command::Command,
    intent::Intent,
    lateness, pick, project_choice, request,
    route_context::RouteContext,
    standing, suggestion, task, undo, unlink, verify, wish, workspace,
};
use crate::{engine::stage_error::StageError, foco, reply::quoted, session::Session};

impl RouteContext<'_> {
    /// Returns the answer to a message: every intent and every command stands here.
    pub(super) async fn dispatch(
        mut self,
        conn: &mut PgConnection,
        intent: &Intent,
    ) -> Result<Answer, StageError> {
        if self.lateness.is_late() {
            let (message, lasts) = (self.message, self.context.sessions.time_to_live());
            let then = lateness::session_then(conn, message, lasts).await?;
            let is_of_link =
                |then: &Session| self.link().is_some_and(|link| link.id == then.link_id);
            self.session = then.filter(is_of_link);
            self.overtaken = lateness::is_overtaken(conn, &self.identity, message).await?;
        }
        let confirmed = unlink::answered(&mut self, intent);
        let intent = confirmed.as_ref().unwrap_or(intent);
        let redeemed = verify::meant(&self, conn, intent).await?;
        let intent = redeemed.as_ref().unwrap_or(intent);
        self.choose_language(intent);
        if self.overtaken && intent.changes_state() {
            let answer = Answer::saying(self.say("stale", &[]));
            return Ok(self.finish(answer));
        }
        if let (Some(link), Some(session)) = (self.writer.link(), &mut self.session)
            && !matches!(intent, Intent::Reaction | Intent::AnsweredByTwilio)
        {
            let standing = standing::clear_lost(conn, link, session).await?;
            self.lost = standing.lost;
            self.project = standing.project;
        }
        let writer = self.writer.clone();
        let answer = match (intent, writer) {
            (Intent::Reaction | Intent::AnsweredByTwilio, _) => Answer::silence(),
            (Intent::Verify(_, code), _) => verify::redeem(&self, conn, code.as_deref()).await?,
            (Intent::Leave(_), Writer::Stranger) => Answer::saying(self.say("leave-stranger", &[])),
            (Intent::Leave(_), _) => Answer::saying(self.say("leave", &[])),
            (_, Writer::Stranger) => Answer::saying(self.to_a_stranger(intent)),
            (_, Writer::Doubtful(doubt)) => Answer::saying(self.say(doubt.text(), &[])),
            (Intent::Unreadable(content), _) => Answer::saying(self.unreadable(*content)),
            (Intent::UnknownCommand(text), _) => Answer::saying(self.unknown(text)),
            (Intent::WithoutSlash(meant), _) => {
                Answer::saying(self.say("slash-missing", &[("meant", meant.text.as_str().into())]))
            }
            (Intent::Pick(number), Writer::Linked(link)) => {
                pick::pick(&self, conn, &link, *number).await?
            }
            (Intent::Request, Writer::Linked(_))
                if wish::to_know(self.message.text.reveal()).is_some() =>
            {
                Answer::saying(self.say("help", &[]))
            }
            (Intent::Request, Writer::Linked(link)) => request::take(&self, conn, &link).await?,
            (Intent::Command(_, command), Writer::Linked(link)) => {
                self.command(conn, &link, command).await?
            }
        };
        let answer = self.excused(answer);
        Ok(self.finish(answer))
    }

    /// What somebody hears who is not linked. Who asks what this is gets it in both languages, theirs
    /// first.
    fn to_a_stranger(&self, intent: &Intent) -> String {
        let page = ("link", self.link_page());
        let asked = match intent {
            Intent::Command(language, Command::Help) => Some(*language),
            _ => wish::to_know(self.message.text.reveal()),
        };
        let Some(language) = asked else {
            return self.say("not-linked", &[page]);
        };
        let other = match language {
            Language::En => Language::Es,
            Language::Es => Language::En,
        };
        [language, other]
            .map(|language| {
                self.context
                    .texts
                    .say(language, "help-stranger", std::slice::from_ref(&page))
            })
            .join("\n\n")
    }

    async fn command(
        &self,
        conn: &mut PgConnection,
        link: &Link,
        command: &Command,
    ) -> Result<Answer, StageError> {
        match command {
            Command::Help => Ok(Answer::saying(self.say("help", &[]))),
            Command::Status => self.status(conn, link).await,
            Command::Project(name) => {
                project_choice::choose(self, conn, link, name.as_deref()).await
            }
            Command::Workspace(name) => workspace::choose(self, conn, link, name.as_deref()).await,
            Command::ListProjects => project_choice::list(self, conn, link).await,
            Command::ListTasks => task::list(self, conn, link).await,
            Command::ListUsage => Ok(Answer::saying(self.say("list-usage", &[]))),
            Command::Clear => self.clear(conn, link).await,
            Command::Undo => undo::newest(self, conn, link).await,
            Command::More => pick::more(self, conn, link).await,
            Command::Unlink => Ok(unlink::ask(self, link)),
            Command::UnlinkNow => unlink::now(self, conn, link).await,
            Command::StayLinked => Ok(unlink::stay(self)),
        }
    }

    async fn status(&self, conn: &mut PgConnection, link: &Link) -> Result<Answer, StageError> {
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

    async fn clear(&self, conn: &mut PgConnection, link: &Link) -> Result<Answer, StageError> {
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
}
