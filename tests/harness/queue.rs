//! Looking into the streams: whether all is done, and putting things there that nobody should.

use async_nats::jetstream::{self, consumer::pull};
use futures_util::TryStreamExt;

use crate::wait::until;

/// The streams of one world.
pub struct Streams {
    context: jetstream::Context,
    prefix: String,
}

impl Streams {
    pub(crate) async fn connect(url: &str, prefix: &str) -> Self {
        let client = async_nats::connect(url).await.expect("NATS");
        Self {
            context: jetstream::new(client),
            prefix: prefix.to_owned(),
        }
    }

    fn names(&self) -> [String; 6] {
        ["inbound", "parse", "outbound", "status", "dead", "refused"]
            .map(|word| format!("{}_{word}", self.prefix).to_uppercase())
    }

    /// Messages that a consumer has not finished with, over all streams; an error of the server
    /// counts as one.
    pub async fn unfinished(&self) -> u64 {
        self.count().await.unwrap_or(1)
    }

    async fn count(&self) -> anyhow::Result<u64> {
        let mut count = 0;
        for name in self.names() {
            let stream = self.context.get_stream(&name).await?;
            let mut consumers = stream.consumers();
            while let Some(info) = consumers.try_next().await? {
                // Who only looks back finishes nothing.
                if info.config.durable_name.is_none() {
                    continue;
                }
                count += info.num_pending + u64::try_from(info.num_ack_pending)?;
            }
        }
        Ok(count)
    }

    /// Waits until every consumer has finished with everything.
    pub async fn are_quiet(&self) {
        until(
            "all streams to be worked off",
            || self.unfinished(),
            |count| *count == 0,
        )
        .await;
    }

    /// How many messages a stream holds.
    pub async fn stored(&self, word: &str) -> u64 {
        let name = format!("{}_{word}", self.prefix).to_uppercase();
        let stream = self.context.get_stream(&name).await.expect("the stream");
        stream.cached_info().state.messages
    }

    /// How many messages a stream holds, and how many bytes they take.
    pub async fn size(&self, word: &str) -> (u64, u64) {
        let name = format!("{}_{word}", self.prefix).to_uppercase();
        let stream = self.context.get_stream(&name).await.expect("the stream");
        let state = &stream.cached_info().state;
        (state.messages, state.bytes)
    }

    /// Everything that the streams hold, one text a message: stream, subject, headers, payload.
    pub async fn texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        for name in self.names() {
            let stream = self.context.get_stream(&name).await.expect("the stream");
            let state = stream.cached_info().state.clone();
            for sequence in state.first_sequence..=state.last_sequence {
                // What was taken out leaves a gap.
                if let Ok(kept) = stream.get_raw_message(sequence).await {
                    let payload = String::from_utf8_lossy(&kept.payload).into_owned();
                    let (subject, headers) = (kept.subject, kept.headers);
                    texts.push(format!("{name} {subject} {headers:?} {payload}"));
                }
            }
        }
        texts
    }

    /// Takes a stream away, with all that it holds.
    pub async fn lose(&self, word: &str) {
        let name = format!("{}_{word}", self.prefix).to_uppercase();
        self.context.delete_stream(&name).await.expect("the stream");
    }

    /// Stores a payload as it is.
    pub async fn publish(&self, subject: &str, payload: &str) {
        let subject = format!("{}.{subject}", self.prefix);
        let ack = self
            .context
            .publish(subject, payload.to_owned().into())
            .await
            .expect("a publish");
        ack.await.expect("stored");
    }

    /// Gives a stream room for so many bytes; -1 for as many as there are.
    pub async fn has_room(&self, word: &str, bytes: i64) {
        let name = format!("{}_{word}", self.prefix).to_uppercase();
        let stream = self.context.get_stream(&name).await.expect("the stream");
        let config = jetstream::stream::Config {
            max_bytes: bytes,
            ..stream.cached_info().config.clone()
        };
        self.context.update_stream(config).await.expect("an update");
    }

    /// A consumer by its name.
    pub async fn consumer(&self, word: &str, name: &str) -> jetstream::consumer::PullConsumer {
        let stream = format!("{}_{word}", self.prefix).to_uppercase();
        let stream = self.context.get_stream(&stream).await.expect("the stream");
        stream
            .get_consumer::<pull::Config>(name)
            .await
            .expect("the consumer")
    }

    pub(crate) async fn delete(&self) {
        for name in self.names() {
            drop(self.context.delete_stream(&name).await);
        }
    }

    /// The marks too.
    pub(crate) async fn delete_all(&self) {
        self.delete().await;
        self.forget_marks().await;
    }

    /// So many workers that have ended marked the same as one has.
    pub async fn ended_workers_mark_the_same(&self, many: usize) {
        let marks = format!("{}_MARKS", self.prefix.to_uppercase());
        let bucket = self.context.get_key_value(marks).await.expect("the marks");
        let keys = bucket.keys().await.expect("their keys");
        let keys: Vec<String> = keys.try_collect().await.expect("their keys");
        let of_one = keys.iter().find(|key| key.starts_with("process."));
        let of_one = of_one.expect("a worker that has marked something");
        let mark = bucket.get(of_one).await.expect("NATS").expect("its mark");
        for number in 0..many {
            let key = format!("process.ended{number}");
            bucket.put(key, mark.clone()).await.expect("NATS");
        }
    }

    /// Forgets what PostgreSQL is known to have: rows may be taken out of it.
    pub async fn forget_marks(&self) {
        let marks = format!("KV_{}_MARKS", self.prefix.to_uppercase());
        drop(self.context.delete_stream(&marks).await);
    }
}
