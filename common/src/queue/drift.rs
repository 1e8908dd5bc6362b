//! What the server made of a stream or consumer, against what was asked for: a server that
//! silently drops a setting is refused with its version.

use async_nats::jetstream::{consumer::pull, stream};

/// A stream or consumer that is not as declared.
#[derive(Debug, thiserror::Error)]
pub enum DriftError {
    /// The server could not be asked, or refused.
    #[error("{what}: {error}")]
    Refused {
        /// The stream or consumer.
        what: String,
        /// What the server said.
        error: String,
    },
    /// The server has no room for a stream's size.
    #[error(
        "{what}: NATS has no room for a stream of {max_bytes} bytes: raise its max_file_store \
         (NATS_MAX_FILE) or lower FOCO_STREAM_MAX_BYTES; focobot sizing says what they come to"
    )]
    NoRoom {
        /// The stream.
        what: String,
        /// The size that was asked for.
        max_bytes: i64,
    },
    /// The server answers with another setting than was asked for.
    #[error(
        "{what}: asked for {setting} {asked}, the server (version {version}) made it {got}: \
         use nats-server 2.12 or newer"
    )]
    Different {
        /// The stream or consumer.
        what: String,
        /// The setting's name.
        setting: &'static str,
        /// What was declared.
        asked: String,
        /// What came back.
        got: String,
        /// The server's version.
        version: String,
    },
}

/// The server could not be asked, or refused.
pub(super) fn refused(what: &str, error: &impl std::fmt::Display) -> DriftError {
    DriftError::Refused {
        what: what.to_owned(),
        error: error.to_string(),
    }
}

/// A setting's name, and how it is read as text.
type Reader<C> = (&'static str, fn(&C) -> String);

/// One comparison of a setting, as text, so that the message can show both.
fn same(
    what: &str,
    setting: &'static str,
    (asked, got): (String, String),
    version: &str,
) -> Result<(), DriftError> {
    if asked == got {
        return Ok(());
    }
    let (what, version) = (what.to_owned(), version.to_owned());
    Err(DriftError::Different {
        what,
        setting,
        asked,
        got,
        version,
    })
}

/// Compares a stream.
pub(super) fn compare_stream(
    asked: &stream::Config,
    got: &stream::Config,
    version: &str,
) -> Result<(), DriftError> {
    let rows: [Reader<stream::Config>; 10] = [
        ("subjects", |c| c.subjects.join(",")),
        ("retention", |c| format!("{:?}", c.retention)),
        ("discard", |c| format!("{:?}", c.discard)),
        ("storage", |c| format!("{:?}", c.storage)),
        ("replicas", |c| c.num_replicas.to_string()),
        ("max_age", |c| format!("{:?}", c.max_age)),
        ("max_bytes", |c| c.max_bytes.to_string()),
        ("max_messages_per_subject", |c| {
            c.max_messages_per_subject.to_string()
        }),
        ("duplicate_window", |c| format!("{:?}", c.duplicate_window)),
        ("persist_mode", |c| {
            format!("{:?}", c.persist_mode.is_some())
        }),
    ];
    rows.into_iter()
        .try_for_each(|(name, read)| same(&asked.name, name, (read(asked), read(got)), version))
}

/// Compares a consumer.
pub(super) fn compare_consumer(
    asked: &pull::Config,
    got: &pull::Config,
    version: &str,
) -> Result<(), DriftError> {
    let rows: [Reader<pull::Config>; 5] = [
        ("filter_subject", |c| c.filter_subject.clone()),
        ("ack_policy", |c| format!("{:?}", c.ack_policy)),
        ("ack_wait", |c| format!("{:?}", c.ack_wait)),
        ("max_ack_pending", |c| c.max_ack_pending.to_string()),
        ("max_deliver", |c| c.max_deliver.to_string()),
    ];
    let what = asked.durable_name.clone().unwrap_or_default();
    rows.into_iter()
        .try_for_each(|(name, read)| same(&what, name, (read(asked), read(got)), version))
}
