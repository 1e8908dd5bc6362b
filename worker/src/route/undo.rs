//! `/undo`: takes back the sender's newest request, while it is read or waits; else its proposal,
//! while that is a draft and young. What was cancelled stays so: a second one finds nothing.

use chrono::{DateTime, Duration, Utc};
use common::database::{act_as_self, act_as_user};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    account::Link,
    answer::Answer,
    cancel::{self, Pending},
    intent::Intent,
    turn::Turn,
};
use crate::{failure::Failure, reply::quoted};

/// How long a proposal can be taken back.
const YOUNG: Duration = Duration::minutes(30);
/// Messages looked through for a request among what failed for now.
const LOOKED_THROUGH: i64 = 20;

/// `/undo`.
pub(super) async fn newest(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Answer, Failure> {
    let Some(sid) = newest_request(turn, conn, link).await? else {
        return Ok(nothing(turn));
    };
    // Whoever is recording a proposal of it goes first; then it stands and is taken back.
    let request = sqlx::query!(
        "select state, body, language, proposal_id, proposed_at from whatsapp_messages
         where message_sid = $1 for update",
        sid
    )
    .fetch_one(&mut *conn)
    .await?;
    match (request.state.as_str(), request.proposal_id) {
        ("waiting_project" | "routed" | "dead", _) => {
            let text = turn.say(
                "undo-cancelled",
                &[("request", quoted(request.body.as_deref()).into())],
            );
            let pending = Pending {
                message_sid: sid,
                body: request.body,
                language: request.language,
            };
            let mut answer = Answer::saying(text);
            answer
                .cancelled
                .extend(cancel::cancel(turn, conn, &pending).await?);
            Ok(answer)
        }
        ("proposed", Some(proposal)) => {
            let made = Made {
                message_sid: sid,
                proposal,
                at: request.proposed_at,
            };
            take_back(turn, conn, link, &made).await
        }
        _ => Ok(nothing(turn)),
    }
}

fn nothing(turn: &Turn<'_>) -> Answer {
    Answer::saying(turn.say("undo-nothing", &[]))
}

/// The newest message before this one, by its place in the stream, that asked for work. What was
/// answered without a proposal asked for none; of what failed for now, commands are no requests.
async fn newest_request(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
) -> Result<Option<String>, Failure> {
    let rows = sqlx::query!(
        "select m.message_sid, m.state, m.routed_at, m.body
         from whatsapp_messages m
         join whatsapp_messages mine on mine.message_sid = $2 and mine.identity = m.identity
         where m.identity = $1
             and (m.link_id = $3 or (m.link_id is null and m.state = 'dead'))
             and m.state in ('waiting_project', 'routed', 'proposed', 'dead', 'cancelled')
             and (m.stream_created, m.stream_sequence)
                 < (mine.stream_created, mine.stream_sequence)
         order by m.stream_created desc, m.stream_sequence desc
         limit $4",
        turn.identity.reveal(),
        turn.message.message_sid.as_str(),
        link.id,
        LOOKED_THROUGH
    )
    .fetch_all(conn)
    .await?;
    let asks = |text: Option<&str>| Intent::of_text(text.unwrap_or_default()) == Intent::Request;
    let request = rows
        .into_iter()
        .find(|row| row.state != "dead" || row.routed_at.is_some() || asks(row.body.as_deref()));
    Ok(request.map(|row| row.message_sid))
}

/// A proposal that was made of a request.
struct Made {
    message_sid: String,
    proposal: Uuid,
    at: Option<DateTime<Utc>>,
}

/// Deletes a proposal as the user, if it is young and still a draft.
async fn take_back(
    turn: &Turn<'_>,
    conn: &mut PgConnection,
    link: &Link,
    made: &Made,
) -> Result<Answer, Failure> {
    if made.at.is_none_or(|at| turn.now() - at >= YOUNG) {
        let minutes = usize::try_from(YOUNG.num_minutes()).unwrap_or(usize::MAX);
        return Ok(Answer::saying(
            turn.say("undo-too-late", &[("minutes", minutes.into())]),
        ));
    }
    act_as_user(conn, link.user_id).await?;
    let items = sqlx::query_scalar!(
        r#"select count(*) as "count!" from foco_proposal_items where proposal_id = $1"#,
        made.proposal
    )
    .fetch_one(&mut *conn)
    .await?;
    let title = sqlx::query_scalar!(
        "delete from foco_proposals where id = $1 and owner_id = $2 and status = 'draft'
         returning title",
        made.proposal,
        link.user_id
    )
    .fetch_optional(&mut *conn)
    .await?;
    act_as_self(conn).await?;
    let Some(title) = title else {
        return Ok(Answer::saying(turn.say("undo-no-draft", &[])));
    };
    sqlx::query!(
        "update whatsapp_messages set state = 'cancelled', proposal_id = null
         where message_sid = $1",
        made.message_sid
    )
    .execute(conn)
    .await?;
    let values = [
        ("title", quoted(Some(&title)).into()),
        ("count", usize::try_from(items).unwrap_or_default().into()),
    ];
    Ok(Answer::saying(turn.say("undone", &values)))
}
