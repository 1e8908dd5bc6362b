//! High-water marks of PostgreSQL, kept outside of it: in a bucket of NATS's key-value store. A
//! replica or a backup holds a prefix of what was committed. So where the rows that were committed
//! last are there, nothing is lost that a mark knows of; where one is missing, the database went
//! back, and what was done since then would be done again.

use std::collections::VecDeque;

use async_nats::jetstream::{
    ErrorCode,
    context::{GetStreamError, GetStreamErrorKind, KeyValueError},
    kv::{self, Operation, UpdateErrorKind},
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{database::Sighting, queue::Queue};

/// The key of what is in force.
const STANDING: &str = "postgresql";
/// What the key of a process begins with.
const OF_PROCESS: &str = "process.";
/// How many rows a process notes. Those that are committed side by side are noted in any order: all
/// that could be, and more.
const MOST_ROWS: usize = 64;

/// How long a row counts: before notices to somebody who never wrote are erased, after a week.
const COUNTS: TimeDelta = TimeDelta::days(5);
/// How many marks are read side by side: each worker that ended within the bucket's days has one.
const READS_AT_ONCE: usize = 64;
/// How often it is tried to change what others change too.
const MOST_TRIES: u32 = 10;

/// A row that was committed together with what it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum MarkedRow {
    /// The outcome of a message at a stage: its effects and its reply.
    Outcome {
        /// The message.
        message_sid: String,
        /// `route` or `parse`.
        stage: String,
    },
    /// The intent to post a part of a reply.
    Post {
        /// The part.
        part: Uuid,
        /// Which post of it, from 1.
        attempt: i32,
    },
}

/// A row, and when it was committed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
struct Marked {
    #[serde(flatten)]
    row: MarkedRow,
    at: DateTime<Utc>,
}

/// What was committed last, newest at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Rows(VecDeque<Marked>);

impl Rows {
    /// One more, that was committed at that moment; the oldest gives its place up.
    pub fn note(&mut self, row: MarkedRow, at: DateTime<Utc>) {
        if self.0.len() >= MOST_ROWS {
            self.0.pop_front();
        }
        self.0.push_back(Marked { row, at });
    }

    /// Whether nothing was noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All that several processes noted.
    #[must_use]
    pub fn together(of_processes: impl IntoIterator<Item = Self>) -> Self {
        Self(of_processes.into_iter().flat_map(|rows| rows.0).collect())
    }

    /// How many of them the database does not have, of those that count at that moment. One
    /// statement, however many there are.
    ///
    /// # Errors
    /// When it does not answer, or its tables are others.
    pub async fn missing(
        &self,
        conn: &mut PgConnection,
        now: DateTime<Utc>,
    ) -> Result<u64, sqlx::Error> {
        let (mut sids, mut stages) = (Vec::new(), Vec::new());
        let (mut parts, mut attempts) = (Vec::new(), Vec::new());
        let counts = |marked: &&Marked| now - marked.at < COUNTS;
        for marked in self.0.iter().filter(counts) {
            match &marked.row {
                MarkedRow::Outcome { message_sid, stage } => {
                    sids.push(message_sid.clone());
                    stages.push(stage.clone());
                }
                MarkedRow::Post { part, attempt } => {
                    parts.push(*part);
                    attempts.push(*attempt);
                }
            }
        }
        let asked = sqlx::query_scalar!(
            r#"select (select count(*) from unnest($1::text[], $2::text[]) m (sid, stage)
                   where not exists (select from whatsapp_message_stages s
                       where s.message_sid = m.sid and s.stage = m.stage
                           and s.outcome is not null)
                   and not exists (select from whatsapp_messages f
                       where f.message_sid = m.sid and f.state = 'forgotten'))
               + (select count(*) from unnest($3::uuid[], $4::int[]) m (id, attempt)
                   where not exists (select from whatsapp_reply_parts p
                       where p.id = m.id and p.post_attempt >= m.attempt)) as "missing!""#,
            &sids,
            &stages,
            &parts,
            &attempts
        )
        .fetch_one(conn)
        .await;
        match asked {
            Ok(missing) => Ok(u64::try_from(missing).unwrap_or_default()),
            // An empty database has none.
            Err(sqlx::Error::Database(said)) if said.code().as_deref() == Some("42P01") => {
                Ok(u64::try_from(sids.len() + parts.len()).unwrap_or_default())
            }
            Err(error) => Err(error),
        }
    }
}

/// What one process committed last.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ProcessMark {
    /// The epoch that it is of: marks of an earlier one no longer count.
    pub epoch: u64,
    /// The rows.
    pub rows: Rows,
}

/// The database that is in force, for all processes.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Standing {
    /// Raised where what was committed before does not count any more.
    pub epoch: u64,
    /// The database that work is done on.
    pub database: Sighting,
    /// Why no work is done on it now.
    #[serde(default)]
    pub behind: Option<Behind>,
}

/// The database has less than was committed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Behind {
    /// What it has been found by.
    pub why: Why,
    /// Rows that are missing, of those that were marked.
    pub missing: u64,
    /// What was seen in place of [`Standing::database`].
    pub seen: Sighting,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// What a database that is behind was found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Marked rows are missing.
    RowsMissing,
    /// `focobot restored` is at work, or was stopped halfway.
    BeingMended,
}

impl Behind {
    /// What is wrong, without a stop.
    #[must_use]
    pub fn what(&self) -> String {
        match self.why {
            Why::RowsMissing => format!(
                "PostgreSQL went back, {} of the rows that were recorded last are missing: all \
                 stages rest",
                self.missing
            ),
            Why::BeingMended => {
                "focobot restored is at work, or was stopped halfway: all stages rest".to_owned()
            }
        }
    }
}

/// What mends a store that went back.
pub const MEND: &str = "focobot restored";

/// The bucket cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the marks in NATS: {0}")]
pub struct MarksError(String);

fn failed(error: impl std::fmt::Display) -> MarksError {
    MarksError(error.to_string())
}

/// What is in force, and which revision of it that is; 0 where there is none.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// What is in force; `None` where nothing was ever marked.
    pub standing: Option<Standing>,
    revision: u64,
}

/// The bucket.
#[derive(Clone, Debug)]
pub struct StoreMarks {
    queue: Queue,
}

impl StoreMarks {
    /// That of a queue's prefix.
    #[must_use]
    pub fn of(queue: &Queue) -> Self {
        let queue = queue.clone();
        Self { queue }
    }

    async fn bucket(&self) -> Result<Option<kv::Store>, MarksError> {
        let name = self.queue.topology().marks();
        match self.queue.context().get_key_value(name.as_str()).await {
            Ok(bucket) => Ok(Some(bucket)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// What is in force.
    ///
    /// # Errors
    /// When NATS does not answer.
    pub async fn read(&self) -> Result<Read, MarksError> {
        let Some(bucket) = self.bucket().await? else {
            return Ok(Read::default());
        };
        let found = entry::<Standing>(&bucket, STANDING).await?;
        Ok(
            found.map_or_else(Read::default, |(standing, revision)| Read {
                standing: Some(standing),
                revision,
            }),
        )
    }

    /// Puts something else in force, unless somebody else did so since it was read; returns whether
    /// it was put.
    ///
    /// # Errors
    /// When NATS does not answer.
    pub async fn replace(&self, read: &Read, standing: &Standing) -> Result<bool, MarksError> {
        let bucket = match self.bucket().await? {
            Some(bucket) => bucket,
            None => self.make().await?,
        };
        let value = serde_json::to_vec(standing).map_err(failed)?;
        match bucket.update(STANDING, value.into(), read.revision).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == UpdateErrorKind::WrongLastRevision => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }

    /// What was committed before does not count any more: rows are taken away on purpose. Nothing
    /// is done where nothing was marked.
    ///
    /// # Errors
    /// When NATS does not answer, or others change it all the time.
    pub async fn begin_anew(&self) -> Result<(), MarksError> {
        let begun = |standing: Option<Standing>| {
            standing.map(|standing| Standing {
                epoch: standing.epoch + 1,
                ..standing
            })
        };
        self.change(begun).await
    }

    /// All stages rest from now on, until [`StoreMarks::mended`]; what was committed before does not
    /// count any more. `seen` is the database that is mended.
    ///
    /// # Errors
    /// As [`StoreMarks::begin_anew`].
    pub async fn being_mended(&self, seen: &Sighting, at: DateTime<Utc>) -> Result<(), MarksError> {
        let mending = |standing: Option<Standing>| {
            let (epoch, database) = standing.map_or((0, seen.clone()), |standing| {
                (standing.epoch, standing.database)
            });
            let behind = Behind {
                why: Why::BeingMended,
                missing: 0,
                seen: seen.clone(),
                at,
            };
            Some(Standing {
                epoch: epoch + 1,
                database,
                behind: Some(behind),
            })
        };
        self.change(mending).await
    }

    /// Work goes on, on that database.
    ///
    /// # Errors
    /// As [`StoreMarks::begin_anew`].
    pub async fn mended(&self, database: &Sighting) -> Result<(), MarksError> {
        let mended = |standing: Option<Standing>| {
            Some(Standing {
                epoch: standing.map_or(0, |standing| standing.epoch) + 1,
                database: database.clone(),
                behind: None,
            })
        };
        self.change(mended).await
    }

    /// Changes what is in force, however often others do so meanwhile.
    async fn change(
        &self,
        change: impl Fn(Option<Standing>) -> Option<Standing>,
    ) -> Result<(), MarksError> {
        for _ in 0..MOST_TRIES {
            let read = self.read().await?;
            let Some(standing) = change(read.standing.clone()) else {
                return Ok(());
            };
            if self.replace(&read, &standing).await? {
                return Ok(());
            }
        }
        Err(failed("they are changed all the time"))
    }

    /// Says what a process committed last.
    ///
    /// # Errors
    /// When NATS does not answer.
    pub async fn put(&self, process: Uuid, mark: &ProcessMark) -> Result<(), MarksError> {
        let bucket = match self.bucket().await? {
            Some(bucket) => bucket,
            None => self.make().await?,
        };
        let value = serde_json::to_vec(mark).map_err(failed)?;
        let key = format!("{OF_PROCESS}{}", process.simple());
        bucket.put(key, value.into()).await.map_err(failed)?;
        Ok(())
    }

    /// What processes committed last in that epoch, those that have ended among them.
    ///
    /// # Errors
    /// When NATS does not answer.
    pub async fn of_processes(&self, epoch: u64) -> Result<Vec<Rows>, MarksError> {
        let Some(bucket) = self.bucket().await? else {
            return Ok(Vec::new());
        };
        let keys = bucket.keys().await.map_err(failed)?;
        let keys: Vec<String> = keys.try_collect().await.map_err(failed)?;
        let of_processes = keys.into_iter().filter(|key| key.starts_with(OF_PROCESS));
        let reads = of_processes.map(|key| {
            let bucket = bucket.clone();
            async move { entry::<ProcessMark>(&bucket, &key).await }
        });
        let mut reads = stream::iter(reads).buffer_unordered(READS_AT_ONCE);
        let mut found = Vec::new();
        while let Some(mark) = reads.try_next().await? {
            found.extend(mark.filter(|(mark, _)| mark.epoch == epoch));
        }
        Ok(found.into_iter().map(|(mark, _)| mark.rows).collect())
    }

    /// Makes the bucket, or makes it as it is declared.
    ///
    /// # Errors
    /// When NATS does not answer, or refuses.
    pub async fn ensure(&self) -> Result<(), MarksError> {
        self.make().await.map(drop)
    }

    async fn make(&self) -> Result<kv::Store, MarksError> {
        let config = self.queue.topology().marks_config();
        let made = self.queue.context().create_or_update_key_value(config);
        made.await.map_err(failed)
    }
}

/// Whether there is no such bucket.
fn is_absent(error: &KeyValueError) -> bool {
    let source = std::error::Error::source(error);
    let why = source.and_then(|source| source.downcast_ref::<GetStreamError>());
    matches!(why.map(GetStreamError::kind), Some(GetStreamErrorKind::JetStream(said))
        if said.error_code() == ErrorCode::STREAM_NOT_FOUND)
}

/// A key's value and revision.
async fn entry<T: DeserializeOwned>(
    bucket: &kv::Store,
    key: &str,
) -> Result<Option<(T, u64)>, MarksError> {
    let found = bucket.entry(key).await.map_err(failed)?;
    let Some(found) = found.filter(|found| found.operation == Operation::Put) else {
        return Ok(None);
    };
    match serde_json::from_slice(&found.value) {
        Ok(value) => Ok(Some((value, found.revision))),
        Err(error) => Err(failed(format!("{key} cannot be read ({error})"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_rows_are_kept() {
        let mut rows = Rows::default();
        for number in 0..100 {
            let row = MarkedRow::Outcome {
                message_sid: format!("SM{number}"),
                stage: "route".to_owned(),
            };
            rows.note(row, DateTime::default());
        }
        assert_eq!(rows.0.len(), MOST_ROWS);
        let newest = &rows.0.back().unwrap().row;
        assert!(matches!(newest, MarkedRow::Outcome { message_sid, .. } if message_sid == "SM99"));
    }

    #[test]
    fn marks_stay_readable() {
        let frozen = r#"{"epoch":2,"rows":[{"of":"outcome","message_sid":"SM1","stage":"parse",
            "at":"2026-11-29T00:00:00Z"},{"of":"post","attempt":1,
            "part":"00000000-0000-4000-8000-000000000001","at":"2026-11-29T00:00:00Z"}]}"#;
        let mark: ProcessMark = serde_json::from_str(frozen).unwrap();
        assert_eq!((mark.epoch, mark.rows.0.len()), (2, 2));
        let frozen = r#"{"epoch":3,"database":{"identity":{"system":7,"timeline":"00000001",
            "database":5},"lsn":9},"behind":{"why":"rows_missing","missing":1,"seen":{"identity":
            {"system":null,"timeline":null,"database":5},"lsn":0},"at":"2026-11-29T00:00:00Z"}}"#;
        let standing: Standing = serde_json::from_str(frozen).unwrap();
        assert_eq!(standing.behind.unwrap().why, Why::RowsMissing);
    }
}
