//! One turn: the queue is filled, then a worker starts and empties it.

use std::{
    collections::BTreeMap,
    fmt,
    process::Stdio,
    time::{Duration, Instant},
};

use chrono::Utc;
use common::{
    identity::WaAddress,
    payload::{Content, InboundMessage, InboundPayload, encode},
    personal::PersonalText,
    queue::{Headers, Outgoing, PublishId, Queue},
    sender::{HashKeys, Lane},
    settings::{Environment, NatsSettings},
    sid::MessageSid,
};
use futures_util::{StreamExt as _, stream};
use secrecy::SecretString;
use sqlx::{Connection as _, PgConnection};
use tokio::process::Child;

use crate::{
    contestant::{Contestant, administer, server},
    crowd::Crowd,
    pace::Pace,
    processor,
    twilio::StandIn,
};

const SECRET: &str = "a-secret-for-benchmarks-only-of-32-characters";
/// Messages in the queue: more than any build does in a turn.
const MESSAGES: u32 = 6000;
/// Publishes under way at once.
const PUBLISHERS: usize = 64;
/// How long a worker may take until its first message.
const STARTS: Duration = Duration::from_mins(1);

/// What people write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Commands,
    Requests,
}

impl Kind {
    fn text(self) -> &'static str {
        match self {
            Self::Commands => "/list tasks",
            Self::Requests => "Fix the login page by Friday, 2 hours",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Commands => "commands",
            Self::Requests => "requests",
        })
    }
}

/// What a round came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    /// Messages a second.
    pub(crate) rate: f64,
    /// Processor time of each, in milliseconds.
    pub(crate) postgres_ms: f64,
    pub(crate) worker_ms: f64,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.0} a second, PostgreSQL {:.2} ms, worker {:.2} ms each",
            self.rate, self.postgres_ms, self.worker_ms
        )
    }
}

/// One turn.
pub(crate) struct Round<'a> {
    contestant: &'a Contestant,
    crowd: Crowd,
    kind: Kind,
    twilio: &'a StandIn,
    variables: BTreeMap<String, String>,
}

impl<'a> Round<'a> {
    pub(crate) fn of(
        contestant: &'a Contestant,
        crowd: Crowd,
        kind: Kind,
        twilio: &'a StandIn,
    ) -> Self {
        let prefix = format!("b{:08x}", rand::random::<u32>());
        let variables = [
            ("FOCO_ENV", "development"),
            ("FOCO_SECRET", SECRET),
            ("PUBLIC_BASE_URL", "http://127.0.0.1:9"),
            ("METRICS_ADDR", "127.0.0.1:0"),
            ("NATS_URL", &server("NATS_URL")),
            ("REDIS_URL", &server("REDIS_URL")),
            ("FOCO_STREAM_PREFIX", &prefix),
            ("FOCO_STREAM_MAX_BYTES", "67108864"),
            ("TWILIO_ACCOUNT_SID", "AC0123456789abcdef0123456789abcdef"),
            ("TWILIO_AUTH_TOKEN", "0123456789abcdef0123456789abcdef"),
            ("TWILIO_WHATSAPP_NUMBER", "+14155550100"),
            ("TWILIO_API_BASE_URL", &twilio.url),
            ("TWILIO_MESSAGING_BASE_URL", &twilio.url),
            ("TWILIO_SENDS_PER_SECOND", "1000"),
            ("RUST_LOG", "error"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            contestant,
            crowd,
            kind,
            twilio,
            variables: variables.into(),
        }
    }

    /// Runs it, for at most so long once the first message is done.
    pub(crate) async fn run(mut self, limit: Duration) -> Figures {
        let (database, url) = self.contestant.database().await;
        self.variables.insert("DATABASE_URL".to_owned(), url);
        let queue = self.fill().await;
        let postgres = postmaster().await;
        let posts = self.twilio.posts();
        let mut worker = self.worker();
        let id = worker.id().expect("it runs");
        let started = Instant::now();
        let pace = Pace::lift(&self.variables["FOCO_STREAM_PREFIX"]).await;
        let done = || self.twilio.posts() - posts;
        while done() == 0 {
            assert!(started.elapsed() < STARTS, "the worker does nothing");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let (began, first) = (Instant::now(), done());
        let (used, own) = (processor::seconds(postgres), processor::seconds(id));
        while began.elapsed() < limit && done() < u64::from(MESSAGES) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let number = f64::from(u32::try_from(done() - first).expect("a small number")).max(1.0);
        let each = |before: f64, after: f64| (after - before) * 1000.0 / number;
        let figures = Figures {
            rate: number / began.elapsed().as_secs_f64(),
            postgres_ms: each(used, processor::seconds(postgres)),
            worker_ms: each(own, processor::seconds(id)),
        };
        worker.kill().await.expect("ending the worker");
        pace.ends().await;
        self.clear(&queue).await;
        administer(&format!("drop database {database} with (force)")).await;
        figures
    }

    fn worker(&self) -> Child {
        let mut worker = self.contestant.command("worker", &self.variables);
        worker.stdout(Stdio::null()).stderr(Stdio::inherit());
        worker.spawn().expect("the worker")
    }

    /// Puts all messages into the queue, as ingest would, each writer's in order.
    async fn fill(&self) -> Queue {
        let named = |name| (name, self.variables[name].as_str());
        let settings = NatsSettings::load(&Environment::of([
            named("NATS_URL"),
            named("FOCO_STREAM_PREFIX"),
            named("FOCO_STREAM_MAX_BYTES"),
        ]));
        let queue = Queue::connect(&settings.expect("NATS' settings"))
            .await
            .expect("NATS");
        let writers = self.crowd.writers();
        let texts = (0..MESSAGES).map(|n| match self.crowd.first() {
            Some(first) if n < writers => (n, first),
            _ => (n, self.kind.text()),
        });
        // One after the other where somebody's come soon after each other.
        let at_once = PUBLISHERS.min(usize::try_from(writers).expect("a small number"));
        stream::iter(texts)
            .for_each_concurrent(at_once, |(n, text)| self.publish(&queue, n % writers, text))
            .await;
        queue
    }

    async fn publish(&self, queue: &Queue, writer: u32, text: &str) {
        let sid = format!("SM{:032x}", rand::random::<u128>());
        let from = format!("whatsapp:{}", self.crowd.phone(writer));
        let message = InboundMessage {
            message_sid: MessageSid::parse(&sid).expect("a SID"),
            from: WaAddress::parse(&from).expect("an address"),
            external_user_id: None,
            text: PersonalText::new(text.to_owned()),
            content: Content::Text,
            replied_to: None,
            opt_out: None,
            received_at: Utc::now(),
        };
        let identity = message.from.identity();
        let keys = HashKeys::new(vec![SecretString::from(SECRET)]).expect("keys");
        let sender = keys.sender(&identity);
        let subject = queue
            .topology()
            .inbound_subject(Lane::of(&identity), &sender);
        let outgoing = Outgoing {
            subject,
            id: PublishId::message(&message.message_sid),
            headers: Headers::new(),
            payload: encode(&InboundPayload::V1(message)).into(),
        };
        queue.publish(outgoing).await.expect("stored");
    }

    /// Takes the streams away.
    async fn clear(&self, queue: &Queue) {
        let prefix = self.variables["FOCO_STREAM_PREFIX"].to_uppercase();
        for word in ["INBOUND", "PARSE", "OUTBOUND", "STATUS", "DEAD"] {
            drop(
                queue
                    .context()
                    .delete_stream(format!("{prefix}_{word}"))
                    .await,
            );
        }
        queue.close().await;
    }
}

/// PostgreSQL's first process, of which all others are children.
async fn postmaster() -> u32 {
    let mut conn = PgConnection::connect(&server("DATABASE_URL_ADMIN"))
        .await
        .expect("PostgreSQL");
    let file: String = sqlx::query_scalar("select pg_read_file('postmaster.pid')")
        .fetch_one(&mut conn)
        .await
        .expect("its file");
    let id = file.lines().next().and_then(|line| line.parse().ok());
    id.expect("its id")
}
