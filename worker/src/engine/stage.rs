//! The loop that all stages share: take as many messages as there are free slots, work on each,
//! and tell the queue what became of it.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use anyhow::anyhow;
use async_nats::jetstream::{
    AckKind,
    consumer::{
        Consumer,
        pull::{self, Batch},
    },
};
use common::{
    queue::{
        ConsumerName, DriftError,
        measured::{self, is_error},
    },
    shutdown::Shutdown,
    trace,
};
use futures_util::{FutureExt, StreamExt};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::Instrument as _;

use crate::{
    dead::{self, GivenUp},
    engine::{
        context::Context,
        delivery::Delivery,
        failure::{Failure, Findings},
        stage_error::{Reason, Schedule, StageError},
    },
};

/// How long one pull waits at the server. It asks for no idle heartbeats: async-nats 0.51 forgets
/// to wake a batch after one (`Batch::poll_next` returns pending without a waker). A pull that a
/// server forgot in a restart is given up as soon as the connection is there again.
const PULL: Duration = Duration::from_secs(10);

/// How often something is tried that contradicts what is stored.
const MOST_CONTRADICTIONS: u32 = 3;
/// How often something is tried that asks for what the database has not: a migration may be at work.
const MOST_MISMATCHES: u32 = 6;

/// What is done with one message of a stage.
pub(crate) trait Stage: Send + Sync + 'static {
    /// The stage's name in logs, metrics and dead letters.
    fn name(&self) -> &'static str;

    /// Longest that one attempt may take; past it nobody can say how far it came.
    fn attempt_limit(&self) -> Duration;

    /// Whether it may be given up because of what the database is like. What is not in the ledger yet
    /// may not: nobody could be told, nor find it there.
    fn may_give_up(&self, delivery: &Delivery) -> bool;

    /// Works on one message. `Ok` means that all that follows from it is stored elsewhere. What is
    /// found out about it stays with whoever called, who may cut this off.
    fn process(
        &self,
        delivery: &Delivery,
        findings: &mut Findings,
    ) -> impl Future<Output = Result<(), StageError>> + Send;
}

/// One consumer's loop.
pub(crate) struct Runner<S> {
    pub(crate) context: Arc<Context>,
    pub(crate) stage: Arc<S>,
    pub(crate) consumer: ConsumerName,
    /// How many messages may be in hand at once.
    pub(crate) slots: usize,
}

/// A consumer as it is at the server, until the connection breaks: a server that comes back may
/// have lost its streams, and got new ones.
#[derive(Clone)]
pub(crate) struct Opened {
    consumer: Consumer<pull::Config>,
    /// When the consumer's stream was created, in milliseconds since 1970.
    stream_created: i64,
}

impl Opened {
    /// Asks the server.
    ///
    /// # Errors
    /// When it does not answer, or has no such stream.
    pub(crate) async fn of(context: &Context, name: ConsumerName) -> Result<Self, DriftError> {
        let (topology, queue) = (context.queue.topology(), context.queue.context());
        Ok(Self {
            stream_created: topology.created_at(queue, name.stream()).await?,
            consumer: topology.open(queue, name).await?,
        })
    }
}

impl<S: Stage> Runner<S> {
    /// Runs until the soft stop. What is in hand then is finished by tasks that the shutdown
    /// waits for.
    pub(crate) async fn run(self, opened: Opened, shutdown: Shutdown) {
        let this = Arc::new(self);
        let slots = Arc::new(Semaphore::new(this.slots));
        let mut failures = 0;
        let mut opened = Some(opened);
        while !shutdown.soft().is_cancelled() {
            let Some(free) = this.free_slots(&slots, &shutdown).await else {
                break;
            };
            let at_work = this.context.stores.at_work();
            if shutdown.soft().run_until_cancelled(at_work).await.is_none() {
                break;
            }
            match Arc::clone(&this).pull(&mut opened, free, &shutdown).await {
                Ok(()) => failures = 0,
                Err(error) => {
                    opened = None;
                    tracing::warn!(stage = this.stage.name(), %error, "pulling from the queue");
                    let delay = Schedule::AWAY.delay(failures);
                    failures += 1;
                    let stopped = shutdown.soft().cancelled();
                    if tokio::time::timeout(delay, stopped).await.is_ok() {
                        break;
                    }
                }
            }
        }
    }

    /// Waits for a free slot and takes all that are free: what is pulled never ages in a buffer.
    async fn free_slots(
        &self,
        slots: &Arc<Semaphore>,
        shutdown: &Shutdown,
    ) -> Option<OwnedSemaphorePermit> {
        let mut free = tokio::select! {
            () = shutdown.soft().cancelled() => return None,
            permit = Arc::clone(slots).acquire_owned() => permit.ok()?,
        };
        while let Ok(another) = Arc::clone(slots).try_acquire_owned() {
            free.merge(another);
        }
        Some(free)
    }

    /// One pull for as many messages as there are slots.
    async fn pull(
        self: Arc<Self>,
        open: &mut Option<Opened>,
        mut free: OwnedSemaphorePermit,
        shutdown: &Shutdown,
    ) -> Result<(), async_nats::Error> {
        let mut reconnected = self.context.queue.reconnections();
        let opened = match open.clone() {
            Some(opened) => opened,
            None => open
                .insert(Opened::of(&self.context, self.consumer).await?)
                .clone(),
        };
        let batch = opened.consumer.batch().max_messages(free.num_permits());
        let mut messages = batch.expires(PULL).messages().await?;
        loop {
            let message = tokio::select! {
                () = shutdown.soft().cancelled() => {
                    return give_back_unread(&mut messages).await;
                }
                () = self.context.stores.at_rest() => {
                    return give_back_unread(&mut messages).await;
                }
                message = messages.next() => message,
                _ = reconnected.changed() => {
                    *open = None;
                    return Ok(());
                }
            };
            let Some(message) = message else {
                return Ok(());
            };
            let Some(delivery) = Delivery::new(message?, opened.stream_created) else {
                continue;
            };
            let (this, slot) = (Arc::clone(&self), free.split(1));
            drop(shutdown.spawn(async move {
                this.handle(delivery).await;
                drop(slot);
            }));
            if free.num_permits() == 0 {
                return Ok(());
            }
        }
    }

    /// Works on one message and tells the queue what became of it.
    pub(crate) async fn handle(&self, delivery: Delivery) {
        let started = tokio::time::Instant::now();
        let stage = self.stage.name();
        let span = trace::process(stage, delivery.subject(), &delivery.headers());
        measured::consumed(stage, delivery.subject());
        let work = async {
            let result = self.while_telling_progress(&delivery).await;
            self.settle(&delivery, result).await
        };
        let outcome = work.instrument(span.clone()).await;
        trace::note(&span, "foco.outcome", outcome);
        if is_error(outcome) {
            trace::failed(&span, outcome);
        }
        measured::processed(stage, delivery.subject(), outcome, started.elapsed());
    }

    /// Works while saying every third of `ack_wait` that the message is still in hand.
    async fn while_telling_progress(&self, delivery: &Delivery) -> Result<(), Failure> {
        let interval = self.context.settings.nats.ack_wait / 3;
        let telling = async {
            loop {
                tokio::time::sleep(interval).await;
                delivery.progress().await;
            }
        };
        tokio::select! {
            result = self.until_servers_are_back(delivery) => result,
            () = telling => unreachable!("it tells for ever"),
        }
    }

    /// Tries in place for as long as only a server of ours is in the way.
    async fn until_servers_are_back(&self, delivery: &Delivery) -> Result<(), Failure> {
        let mut findings = Findings::default();
        let mut tries = 0;
        let (mut contradictions, mut mismatches) = (0, 0);
        let (health, mut streak) = (&self.context.health, None);
        loop {
            let error = match self.attempt(delivery, &mut findings).await {
                Ok(()) => {
                    health.served(self.stage.name());
                    return Ok(());
                }
                Err(error) => error,
            };
            self.context.note(&error);
            let goes_on = match &error {
                StageError::Unavailable(_) => true,
                StageError::Transient(_) => {
                    let stuck = || health.stuck(self.stage.name(), delivery.sender());
                    let streak = streak.get_or_insert_with(stuck);
                    let its_own_fault = streak.is_its_own_fault(&self.context.pool).await;
                    !(its_own_fault && self.stage.may_give_up(delivery))
                }
                StageError::Schema(_) => {
                    mismatches += 1;
                    mismatches < MOST_MISMATCHES || self.waits_for_schema(delivery).await
                }
                // Two at once may contradict each other; one alone does so again.
                StageError::Permanent(Reason::Inconsistent, _) => {
                    contradictions += 1;
                    contradictions < MOST_CONTRADICTIONS
                }
                _ => false,
            };
            if !goes_on {
                let error = given_up(error);
                return Err(Failure { error, findings });
            }
            if self.context.shutdown.soft().is_cancelled() {
                return Err(Failure { error, findings });
            }
            tracing::warn!(failure = %error, "waiting");
            tokio::time::sleep(Schedule::AWAY.delay(tries)).await;
            tries += 1;
        }
    }

    /// Whether a database that is not as this release asks for it is waited for: where it was not
    /// migrated nothing can be done for anybody.
    async fn waits_for_schema(&self, delivery: &Delivery) -> bool {
        let missing = schema::missing_migrations(&self.context.pool).await;
        !self.stage.may_give_up(delivery) || missing.map_or(true, |missing| missing > 0)
    }

    /// One attempt: bounded in time, and a panic is one that never ended.
    async fn attempt(
        &self,
        delivery: &Delivery,
        findings: &mut Findings,
    ) -> Result<(), StageError> {
        let work = AssertUnwindSafe(self.stage.process(delivery, findings)).catch_unwind();
        match tokio::time::timeout(self.stage.attempt_limit(), work).await {
            Ok(Ok(result)) => result,
            Ok(Err(_panic)) => Err(StageError::Indeterminate(anyhow!("panicked"))),
            Err(_elapsed) => Err(self.took_too_long(delivery).await),
        }
    }

    /// An attempt was cut off. Where a server was in trouble meanwhile that is no fault of the
    /// message's, and the attempt has ended: whoever takes it up again finds how far it came.
    async fn took_too_long(&self, delivery: &Delivery) -> StageError {
        let error = anyhow!("took too long");
        let health = &self.context.health;
        let trouble = health.trouble_within(self.stage.attempt_limit());
        if trouble.is_none() && health.is_quick(&self.context.pool).await {
            return StageError::Indeterminate(error);
        }
        delivery.begun_attempt_ended();
        StageError::Transient(error)
    }

    /// Tells the queue; returns the outcome's name.
    async fn settle(&self, delivery: &Delivery, result: Result<(), Failure>) -> &'static str {
        let Err(Failure { error, findings }) = result else {
            delivery.acknowledge().await;
            tracing::debug!("done");
            return "done";
        };
        let stage = self.stage.name();
        tracing::warn!(source = delivery.source(), failure = %error, "not done");
        match error {
            // Only on the way out: another worker takes it up at once.
            StageError::Unavailable(_) | StageError::Transient(_) | StageError::Schema(_) => {
                delivery.give_back(Duration::ZERO).await;
                "away"
            }
            StageError::RetryAfter(after, _) => {
                delivery.give_back(after).await;
                "retry"
            }
            StageError::Permanent(reason, error) => {
                let given_up = GivenUp {
                    reason,
                    error: &error,
                    findings: &findings,
                };
                dead::publish(&self.context, stage, delivery, given_up).await;
                "dead"
            }
            StageError::Indeterminate(_) => "unknown",
            StageError::Fenced => "lost",
        }
    }
}

/// What is not tried any more is dead.
fn given_up(failure: StageError) -> StageError {
    match failure {
        StageError::Transient(error) => StageError::Permanent(Reason::Unended, error),
        StageError::Schema(error) => StageError::Permanent(Reason::Schema, error),
        other => other,
    }
}

/// Gives back what the server had sent and nobody had begun with, so that another worker takes it
/// up at once.
async fn give_back_unread(messages: &mut Batch) -> Result<(), async_nats::Error> {
    while let Some(Some(message)) = messages.next().now_or_never() {
        message?.ack_with(AckKind::Nak(None)).await?;
    }
    Ok(())
}
