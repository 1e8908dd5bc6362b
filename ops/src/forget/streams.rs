//! What the streams hold of a person, done with or not: every subject that carries a message of
//! theirs ends in their hash.

use chrono::{DateTime, Utc};
use common::{
    queue::{Queue, StreamName, StreamScan},
    sender::SenderHash,
    sid::MessageSid,
};
use serde::Deserialize;

use super::Person;

/// A message on a stream.
#[derive(Debug)]
pub(super) struct Queued {
    stream: StreamName,
    sequence: u64,
    pub(super) stored_at: DateTime<Utc>,
    /// The message of the person that it is or asks about, where it names one.
    pub(super) message_sid: Option<MessageSid>,
}

/// Everything that is there.
pub(super) async fn find(queue: &Queue, person: &Person) -> anyhow::Result<Vec<Queued>> {
    let hashes = person.hashes.iter();
    let hashes: Vec<SenderHash> = hashes.filter_map(|h| SenderHash::from_stored(h)).collect();
    let mut found = Vec::new();
    for stream in StreamName::ALL {
        let topology = queue.topology();
        let subjects = hashes
            .iter()
            .map(|h| topology.subjects_of_sender(stream, h));
        let what = StreamScan {
            stream,
            subjects: subjects.collect(),
            since: None,
            headers_only: false,
        };
        let mut reader = topology.scan(queue.context(), what).await?;
        loop {
            let batch = reader.next().await?;
            if batch.is_empty() {
                break;
            }
            found.extend(batch.into_iter().map(|kept| Queued {
                stream,
                sequence: kept.sequence,
                stored_at: kept.stored_at,
                message_sid: message_sid(&kept.payload),
            }));
        }
        reader.end().await;
    }
    Ok(found)
}

/// Takes these off their streams; returns how many were there.
pub(super) async fn erase(queue: &Queue, queued: &[Queued]) -> anyhow::Result<u64> {
    let mut erased = 0;
    for message in queued {
        let stream = queue.topology().stream(message.stream);
        erased += u64::from(queue.erase(&stream, message.sequence).await?);
    }
    Ok(erased)
}

/// The message of somebody's that a payload is about. A callback is about one of ours.
fn message_sid(payload: &[u8]) -> Option<MessageSid> {
    #[derive(Deserialize)]
    struct Named {
        r#type: String,
        message_sid: MessageSid,
    }
    let named = serde_json::from_slice::<Named>(payload).ok()?;
    let is_ours = named.r#type.starts_with("callback/");
    (!is_ours).then_some(named.message_sid)
}
