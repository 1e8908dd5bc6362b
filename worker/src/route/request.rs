//! Requests: captured with all the context that they were made in, or kept in the ledger until a
//! project is chosen.

use chrono::{DateTime, Duration, Utc};
use common::{payload::ParseRequest, personal::PersonalText, sid::MessageSid};
use parser::Language;
use sqlx::PgConnection;
use store::message::RoutedState;

use super::{
    account::Link,
    answer::{Answer, Cancelled, Said},
    cancel::{self, Pending},
    choice::fold,
    code,
    command::Command,
    project,
    route_context::RouteContext,
    suggestion::{self, Meant},
    verify,
    visible_project::Project,
};
use crate::{
    engine::{outbox::Next, stage_error::StageError},
    reply::ReplyKind,
    small_talk,
};

/// How long a request waits for a project.
pub(crate) const WAITS: Duration = Duration::hours(24);

/// Takes a request: into the chosen project, into the only one, or into the waiting room.
pub(super) async fn take(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Answer, StageError> {
    let chosen = route.project.as_ref();
    // Who has chosen asks for no list, unless the words may name another project.
    let projects = if chosen.is_none() || named(route).is_some() {
        project::all(route, conn, link).await?
    } else {
        Vec::new()
    };
    if let Some(meant) = means_to_choose(route, &projects) {
        return Ok(Answer::saying(
            route.say("slash-missing", &[("meant", meant.text.into())]),
        ));
    }
    let project = match (chosen, projects.as_slice()) {
        (Some(project), _) => project,
        (None, [only]) => only,
        (None, _) if !asks_for_work(route) => return Ok(small_talk(route)),
        (None, _) => return Ok(keep_waiting(route, link, &projects)),
    };
    // What waited for a project to choose, and finds only one, goes first.
    let mut before = match chosen {
        Some(_) => Vec::new(),
        None => release_waiting(route, conn, link, project).await?,
    };
    let (keys, text) = (
        &route.context.settings.process.keys,
        route.message.text.reveal(),
    );
    let asked = Asked {
        message_sid: route.message.message_sid.clone(),
        generation: route.generation,
        sent_at: route.message.received_at,
        // As the ledger has it: a code that lives is in no proposal either.
        text: PersonalText::new(code::masked(text, &verify::live(conn, keys, text).await?)),
        language: without_its_own(text, Some(route.language)),
    };
    let mut next = into_project(route, link, project, asked);
    if let (Next::Parse { request, .. }, None) = (&mut next, chosen) {
        request.only_project = true;
        request.context_lost = route.lost;
    }
    let mut session = route.session_or_new(link);
    session.workspace_id = Some(project.workspace_id);
    session.project_id = Some(project.id);
    session.shown = None;
    let mut answer = Answer::silence().keeping(session);
    answer.state = RoutedState::Routed;
    before.push(next);
    answer.next = before;
    answer.project = Some((project.workspace_id, project.id));
    Ok(answer)
}

/// The name in "proyecto bodega", where a slash may have been forgotten.
fn named(route: &RouteContext<'_>) -> Option<String> {
    let text = route.message.text.reveal();
    match Command::parse(&format!("/{text}")) {
        Some((_, Command::Project(name))) => name,
        _ => None,
    }
}

/// "Proyecto bodega": a slash was forgotten before the name of one of the user's own projects.
fn means_to_choose(route: &RouteContext<'_>, projects: &[Project]) -> Option<Meant> {
    let name = named(route)?;
    projects
        .iter()
        .any(|project| fold(&project.name) == fold(&name))
        .then(|| suggestion::forgotten_slash(route.message.text.reveal()))
        .flatten()
}

/// The answer to a text that asks for no work.
fn small_talk(route: &RouteContext<'_>) -> Answer {
    let (texts, text) = (&route.context.texts, route.message.text.reveal());
    Answer::saying(small_talk::answer(texts, route.language, text))
}

/// Whether a text asks for work at all: "hola" is not kept for a project. By the built-in parser,
/// which calls nobody; with a project chosen, whoever reads the request decides.
fn asks_for_work(route: &RouteContext<'_>) -> bool {
    let zone: timezone::Zone = guess_timezone(route)
        .parse()
        .unwrap_or_else(|_| timezone::Zone::mexico_city());
    let proposal = parser::parse(&parser::Request {
        text: route.message.text.reveal(),
        sent_at: route.message.received_at.with_timezone(&zone),
        language: None,
        project: "",
        members: &[],
    });
    proposal.actionable
}

/// Keeps the request and asks which project it is for.
fn keep_waiting(route: &RouteContext<'_>, link: &Link, projects: &[Project]) -> Answer {
    let (text, session) = if projects.is_empty() {
        let text = route.say("project-none-waiting", &[("link", route.link_page())]);
        (text, route.session_or_new(link))
    } else {
        let page = project::offer(route, projects);
        let text = page.text(route, &route.say("project-choose-waiting", &[]));
        (text, page.session(route, link))
    };
    let mut answer = Answer::silence().keeping(session);
    answer.asks = true;
    answer.state = RoutedState::WaitingProject;
    answer.reply = Some(Said {
        kind: ReplyKind::ChooseProject,
        text,
    });
    answer
}

/// A request as it was asked.
struct Asked {
    message_sid: MessageSid,
    generation: i32,
    sent_at: DateTime<Utc>,
    text: PersonalText,
    /// The conversation's language, where the text has none of its own.
    language: Option<Language>,
}

/// The conversation's language for a text that shows none: a number, an emoji.
fn without_its_own(text: &str, conversation: Option<Language>) -> Option<Language> {
    conversation.filter(|_| parser::detect_language(text).is_none())
}

fn into_project(route: &RouteContext<'_>, link: &Link, project: &Project, asked: Asked) -> Next {
    let stored = project.timezone.clone();
    let known = stored.filter(|name| name.parse::<timezone::Zone>().is_ok());
    let timezone_guessed = known.is_none();
    let timezone = known.unwrap_or_else(|| guess_timezone(route).to_owned());
    Next::Parse {
        sender: route.sender.clone(),
        request: ParseRequest {
            message_sid: asked.message_sid,
            generation: asked.generation,
            link_id: link.id,
            user_id: link.user_id,
            workspace_id: project.workspace_id,
            project_id: project.id,
            timezone,
            timezone_guessed,
            only_project: false,
            context_lost: false,
            language: asked.language,
            sent_at: asked.sent_at,
            text: asked.text,
        },
    }
}

/// A guess by the phone's country; most people who write are in Mexico.
fn guess_timezone(route: &RouteContext<'_>) -> &'static str {
    let phone = route
        .identity
        .phone()
        .map_or("", common::phone::PhoneNumber::reveal);
    [
        ("+55", "America/Sao_Paulo"),
        ("+549", "America/Argentina/Buenos_Aires"),
        ("+57", "America/Bogota"),
        ("+51", "America/Lima"),
        ("+56", "America/Santiago"),
        ("+34", "Europe/Madrid"),
        ("+1", "America/Chicago"),
    ]
    .into_iter()
    .find(|(prefix, _)| phone.starts_with(prefix))
    .map_or("America/Mexico_City", |(_, timezone)| timezone)
}

/// A project is chosen: everything that waited for one is carried out in it, in order.
pub(super) async fn release_waiting(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
    project: &Project,
) -> Result<Vec<Next>, StageError> {
    let of_link = (route.identity.reveal(), link.id, route.now() - WAITS);
    let into = (project.workspace_id, project.id);
    let waiting = store::message::release_waiting(conn, of_link, into).await?;
    let mut next = Vec::with_capacity(waiting.len());
    for row in waiting {
        let Ok(message_sid) = MessageSid::parse(&row.message_sid) else {
            continue;
        };
        let asked = Asked {
            message_sid,
            generation: row.generation,
            sent_at: row.received_at,
            language: without_its_own(
                &row.body,
                row.language.as_deref().and_then(|tag| tag.parse().ok()),
            ),
            text: PersonalText::new(row.body),
        };
        next.push(into_project(route, link, project, asked));
    }
    Ok(next)
}

/// Drops what waited for a project.
pub(super) async fn drop_waiting(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
) -> Result<Vec<Cancelled>, StageError> {
    let waiting = sqlx::query_as!(
        Pending,
        "select message_sid, body, language from whatsapp_messages
         where identity = $1 and state = 'waiting_project'
         order by stream_created, stream_sequence
         for update",
        route.identity.reveal()
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut cancelled = Vec::with_capacity(waiting.len());
    for request in &waiting {
        cancelled.extend(cancel::cancel(route, conn, request).await?);
    }
    Ok(cancelled)
}
