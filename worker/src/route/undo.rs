//! `/undo`: takes back the sender's newest request, while it is read or waits; else its proposal,
//! while that is a draft and young. What was cancelled stays so: a second one finds nothing.

use chrono::{DateTime, Duration, Utc};
use common::sid::MessageSid;
use sqlx::PgConnection;
use store::message::State;
use uuid::Uuid;

use super::{
    account::Link,
    answer::Answer,
    cancel::{self, Pending},
    code,
    intent::Intent,
    route_context::RouteContext,
};
use crate::{engine::stage_error::StageError, foco, reply::quoted};

/// How long a proposal can be taken back.
const YOUNG: Duration = Duration::minutes(30);

/// `/undo`.
pub(super) async fn newest(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Answer, StageError> {
    let Some(sid) = newest_request(route, conn, link).await? else {
        return Ok(nothing(route));
    };
    // Whoever is recording a proposal of it goes first; then it stands and is taken back.
    let request = sqlx::query!(
        r#"select state as "state: State", body, language, proposal_id, proposed_at
           from whatsapp_messages
           where message_sid = $1 for update"#,
        sid.as_str()
    )
    .fetch_one(&mut *conn)
    .await?;
    match (request.state, request.proposal_id) {
        (State::WaitingProject | State::Routed | State::Dead, _) => {
            let text = route.say(
                "undo-cancelled",
                &[("request", quoted(request.body.as_deref()).into())],
            );
            let pending = Pending {
                message_sid: sid.to_string(),
                body: request.body,
                language: request.language,
            };
            let mut answer = Answer::saying(text);
            answer
                .cancelled
                .extend(cancel::cancel(route, conn, &pending).await?);
            Ok(answer)
        }
        (State::Proposed, Some(proposal)) => {
            let made = Made {
                message_sid: sid,
                proposal,
                at: request.proposed_at,
            };
            take_back(route, conn, link, &made).await
        }
        (
            State::Received
            | State::Proposed
            | State::Replied
            | State::Failed
            | State::Cancelled
            | State::Refused
            | State::Forgotten,
            _,
        ) => Ok(nothing(route)),
    }
}

fn nothing(route: &RouteContext<'_>) -> Answer {
    Answer::saying(route.say("undo-nothing", &[]))
}

/// The newest message before this one, by its place in the stream, that asked for work. What was
/// answered without a proposal asked for none; of what failed for now, commands are no requests.
/// What failed before it was known whose it was counts where it was surely written under the link.
/// A hundred messages are looked through.
async fn newest_request(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Option<MessageSid>, StageError> {
    let rows = sqlx::query!(
        r#"select m.message_sid as "message_sid!", m.state as "state!: State", m.routed_at, m.body
           from (
               select * from whatsapp_messages
               where identity = $1 and (stream_created, stream_sequence) < (
                   select stream_created, stream_sequence from whatsapp_messages
                   where message_sid = $2)
               order by stream_created desc, stream_sequence desc limit 100) m
           where (m.link_id = $3 or (m.link_id is null and m.state = 'dead' and exists (
                   select from whatsapp_user_links l where l.id = $3 and m.received_at >= l.linked_at
                       and (m.recovered_at is null or (l.wa_user_id is null
                           and m.received_at - interval '1 second' >= l.linked_at)))))
               and m.state in ('waiting_project', 'routed', 'proposed', 'dead', 'cancelled')
           order by m.stream_created desc, m.stream_sequence desc"#,
        route.identity.reveal(),
        route.message.message_sid.as_str(),
        link.id
    )
    .fetch_all(conn)
    .await?;
    let asks = |text: Option<&str>| {
        let text = text.unwrap_or_default();
        Intent::of_text(text) == Intent::Request && !text.contains(code::MASK)
    };
    let request = rows.into_iter().find(|row| {
        row.state != State::Dead || row.routed_at.is_some() || asks(row.body.as_deref())
    });
    Ok(request.and_then(|row| MessageSid::parse(&row.message_sid).ok()))
}

/// A proposal that was made of a request.
struct Made {
    message_sid: MessageSid,
    proposal: Uuid,
    at: Option<DateTime<Utc>>,
}

/// Deletes a proposal as the user, if it is young and still a draft.
async fn take_back(
    route: &RouteContext<'_>,
    conn: &mut PgConnection,
    link: &Link,
    made: &Made,
) -> Result<Answer, StageError> {
    if made.at.is_none_or(|at| route.now() - at >= YOUNG) {
        let minutes = usize::try_from(YOUNG.num_minutes()).unwrap_or(usize::MAX);
        return Ok(Answer::saying(
            route.say("undo-too-late", &[("minutes", minutes.into())]),
        ));
    }
    let Some(taken) = foco::take_back(conn, link.user_id, made.proposal).await? else {
        return Ok(Answer::saying(route.say("undo-no-draft", &[])));
    };
    store::message::take_back(conn, &made.message_sid).await?;
    let values = [
        ("title", quoted(Some(&taken.title)).into()),
        (
            "count",
            usize::try_from(taken.items).unwrap_or_default().into(),
        ),
    ];
    Ok(Answer::saying(route.say("undone", &values)))
}
