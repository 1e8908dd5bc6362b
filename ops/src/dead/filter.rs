//! Which dead letters: by id, by what they have in common, or all of them.

use chrono::{DateTime, Utc};
use clap::Args;
use common::{settings::Environment, stage::StageName};
use sqlx::PgPool;

use crate::args;

/// Those that give up on messages.
const STAGES: [StageName; 4] = [
    StageName::Route,
    StageName::Parse,
    StageName::Send,
    StageName::Status,
];

/// What dead letters have in common.
#[derive(Args, Debug, Default)]
pub(crate) struct Filter {
    /// Only of this stage.
    #[arg(long, value_parser = STAGES.map(StageName::name))]
    stage: Option<String>,
    /// Only with this reason: undecodable, unended, refused, ...
    #[arg(long)]
    reason: Option<String>,
    /// Only of this sender: a phone number, or the hash that stands in logs.
    #[arg(long)]
    sender: Option<String>,
    /// Only filed since then: 2h, 7d, or 2026-11-22T10:00:00Z.
    #[arg(long, value_parser = args::time::parse)]
    since: Option<DateTime<Utc>>,
    /// Only filed until then.
    #[arg(long, value_parser = args::time::parse)]
    until: Option<DateTime<Utc>>,
    /// Only where the error contains this, whatever the case.
    #[arg(long)]
    error: Option<String>,
}

impl Filter {
    /// Whether it leaves anything out.
    pub(super) fn narrows(&self) -> bool {
        self.stage.is_some()
            || self.reason.is_some()
            || self.sender.is_some()
            || self.since.is_some()
            || self.until.is_some()
            || self.error.is_some()
    }

    /// The ids of the open letters that it lets through, oldest first, at most `most` of the
    /// newest.
    pub(super) async fn ids(
        &self,
        env: &Environment,
        pool: &PgPool,
        most: i64,
    ) -> anyhow::Result<Vec<i64>> {
        let senders = self
            .sender
            .as_deref()
            .map(|sender| args::sender::hashes(env, sender))
            .transpose()?;
        let mut ids = sqlx::query_scalar!(
            "select id from whatsapp_dead_letters
             where state = 'open' and ($1::text is null or stage = $1)
                 and ($2::text is null or reason = $2)
                 and ($3::text[] is null or sender_hash = any($3))
                 and ($4::timestamptz is null or dead_at >= $4)
                 and ($5::timestamptz is null or dead_at <= $5)
                 and ($6::text is null or strpos(lower(error), lower($6)) > 0)
             order by dead_at desc, id desc limit $7",
            self.stage.as_deref(),
            self.reason.as_deref(),
            senders.as_deref(),
            self.since,
            self.until,
            self.error.as_deref(),
            most
        )
        .fetch_all(pool)
        .await?;
        ids.reverse();
        Ok(ids)
    }
}

/// Which letters a command is about.
#[derive(Args, Debug)]
pub(crate) struct Scope {
    /// Their ids, from the list.
    ids: Vec<i64>,
    #[command(flatten)]
    filter: Filter,
    /// All that are open.
    #[arg(long, conflicts_with = "ids")]
    all: bool,
    /// Only say how many it would touch.
    #[arg(long)]
    dry_run: bool,
    /// Do it: needed with a filter and with --all.
    #[arg(long)]
    yes: bool,
}

/// Whether to go on, once it is known how many letters there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Consent {
    /// Do it.
    Given,
    /// Only a look.
    DryRun,
    /// Several at once, and nobody said yes.
    Missing,
}

impl Scope {
    /// Whether it names anything at all: nothing is done to everything by accident.
    pub(super) fn is_explicit(&self) -> bool {
        self.all || !self.ids.is_empty() || self.filter.narrows()
    }

    pub(super) fn consent(&self) -> Consent {
        match (self.dry_run, self.yes || !self.ids.is_empty()) {
            (true, _) => Consent::DryRun,
            (false, true) => Consent::Given,
            (false, false) => Consent::Missing,
        }
    }

    /// Those named by an id that no letter has, open or settled.
    pub(super) async fn unknown(&self, pool: &PgPool) -> anyhow::Result<Vec<i64>> {
        let unknown = sqlx::query_scalar!(
            r#"select named as "named!" from unnest($1::bigint[]) named
               where not exists (select from whatsapp_dead_letters where id = named)"#,
            &self.ids
        )
        .fetch_all(pool)
        .await?;
        Ok(unknown)
    }

    /// The open letters in it, oldest first.
    pub(super) async fn open(&self, env: &Environment, pool: &PgPool) -> anyhow::Result<Vec<i64>> {
        let mut ids = self.filter.ids(env, pool, i64::MAX).await?;
        if !self.ids.is_empty() {
            ids.retain(|id| self.ids.contains(id));
        }
        Ok(ids)
    }
}
