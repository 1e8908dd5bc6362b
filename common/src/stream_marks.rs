//! High-water marks of NATS's streams, kept outside of NATS: in PostgreSQL, one row a stream. A server
//! that comes back from an older disk has the same streams, with less in them. What was stored since
//! is gone, and other messages would get the places of those that are gone.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    database_error::Said,
    queue::{DriftError, Queue, Reached},
};

/// Sequences that are passed over beyond a mark: it is raised every few seconds, and the stream may
/// have been further.
const MARGIN: i64 = 1000;
/// Beyond so many a stream is better made anew.
const MOST_PASSED_OVER: i64 = 200_000;

/// The marks cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum StreamMarksError {
    /// PostgreSQL does not answer, or refuses.
    #[error("PostgreSQL: {}", Said::of(.0))]
    Database(#[from] sqlx::Error),
    /// A stream cannot be asked, or does not take what is stored.
    #[error(transparent)]
    Queue(#[from] DriftError),
    /// Too much is gone.
    #[error(
        "{0} lacks more than {MOST_PASSED_OVER} messages: stop all programs, delete the streams \
         (nats stream rm), and go on as with NATS lost, in docs/recovering.md"
    )]
    TooFar(String),
}

/// What was seen of a stream.
struct Mark {
    stream: String,
    created: DateTime<Utc>,
    last_sequence: i64,
    went_back: bool,
}

async fn marks(conn: &mut PgConnection, queue: &Queue) -> Result<Vec<Mark>, sqlx::Error> {
    sqlx::query_as!(
        Mark,
        r#"select stream, created, last_sequence, went_back_at is not null as "went_back!"
           from whatsapp_stream_marks where stream = any($1) order by stream"#,
        &queue.topology().streams()
    )
    .fetch_all(conn)
    .await
}

/// Compares the streams with their marks, and raises these. Returns the streams that went back, now
/// or before, until [`mend`].
///
/// # Errors
/// When a server does not answer.
pub async fn compare(
    conn: &mut PgConnection,
    queue: &Queue,
) -> Result<Vec<String>, StreamMarksError> {
    // Before NATS is asked: it has as much, and more by then.
    let marks = marks(conn, queue).await?;
    let reached = queue.topology().reached(queue.context()).await?;
    let of = |name: &str| reached.iter().find(|reached| reached.stream == name);
    let behind = |mark: &&Mark| {
        mark.went_back
            || of(&mark.stream).is_some_and(|reached| {
                reached.created == mark.created && reached.last_sequence < mark.last_sequence
            })
    };
    let behind: Vec<&Mark> = marks.iter().filter(behind).collect();
    let names = behind.iter().map(|mark| mark.stream.clone()).collect();
    let new: Vec<&Mark> = behind.into_iter().filter(|mark| !mark.went_back).collect();
    if !new.is_empty() {
        let streams: Vec<String> = new.iter().map(|mark| mark.stream.clone()).collect();
        store::stream_mark::note_back(conn, &streams).await?;
    }
    let stands = |reached: &&Reached| {
        let mark = marks.iter().find(|mark| mark.stream == reached.stream);
        mark.is_none_or(|mark| {
            mark.created != reached.created || mark.last_sequence < reached.last_sequence
        })
    };
    raise(conn, reached.iter().filter(stands)).await?;
    Ok(names)
}

async fn raise(
    conn: &mut PgConnection,
    reached: impl Iterator<Item = &Reached>,
) -> Result<(), sqlx::Error> {
    let (mut streams, mut created, mut last) = (Vec::new(), Vec::new(), Vec::new());
    for reached in reached {
        streams.push(reached.stream.clone());
        created.push(reached.created);
        last.push(reached.last_sequence);
    }
    if streams.is_empty() {
        return Ok(());
    }
    store::stream_mark::raise(conn, &streams, &created, &last).await
}

/// The streams that went back and were not mended since.
///
/// # Errors
/// When PostgreSQL does not answer.
pub async fn behind(conn: &mut PgConnection, queue: &Queue) -> Result<Vec<String>, sqlx::Error> {
    let marks = marks(conn, queue).await?.into_iter();
    Ok(marks
        .filter(|mark| mark.went_back)
        .map(|mark| mark.stream)
        .collect())
}

/// What is wrong with streams that went back, without a stop.
#[must_use]
pub fn what(streams: &[String]) -> String {
    let streams = streams.join(", ");
    format!("NATS went back, less is in {streams} than was: all stages rest")
}

/// Lets streams that went back pass over the places of what is gone, so that nothing new gets them;
/// has Twilio's log read for a week, as after streams that were made anew; and sets the marks back.
/// Returns how many streams there were.
///
/// # Errors
/// When a server does not answer, or a stream has no room. What was done until then is not undone.
pub async fn mend(conn: &mut PgConnection, queue: &Queue) -> Result<u64, StreamMarksError> {
    let marks = marks(conn, queue).await?;
    let (mut mended, context) = (0, queue.context());
    for mark in marks.iter().filter(|mark| mark.went_back) {
        let reached = queue.topology().reached(context).await?;
        let of_it =
            |reached: &&Reached| reached.stream == mark.stream && reached.created == mark.created;
        if let Some(reached) = reached.iter().find(of_it) {
            let to = mark.last_sequence + MARGIN;
            if to - reached.last_sequence > MOST_PASSED_OVER {
                return Err(StreamMarksError::TooFar(mark.stream.clone()));
            }
            queue.pass_over(&mark.stream, to).await?;
        }
        mended += 1;
    }
    if mended > 0 {
        store::reconciliation::begin_anew(conn).await?;
        store::stream_mark::note_mended(conn).await?;
    }
    Ok(mended)
}
