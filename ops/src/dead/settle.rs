//! What `replay` and `discard` share: who is asked first, how fast it goes, and what is printed.

use std::{
    collections::BTreeMap,
    future::Future,
    process::ExitCode,
    time::{Duration, Instant},
};

use common::settings::Environment;
use serde::Serialize;
use sqlx::PgPool;

use super::filter::{Consent, Scope};

/// How often a long run says how far it is.
const TELL_EVERY: Duration = Duration::from_secs(5);
/// Exit code of arguments that do not suffice.
const WRONG_ARGUMENTS: u8 = 2;

/// Why a letter is skipped that is not open any more.
pub(super) const SETTLED: &str = "settled by somebody else meanwhile";

/// What is printed.
#[derive(Debug, Default, Serialize)]
struct Report {
    matched: usize,
    replayed: usize,
    skipped: usize,
    /// Why they were skipped.
    reasons: BTreeMap<&'static str, usize>,
}

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Settled {
    /// It was done.
    Done,
    /// It stays as it is, and why.
    Skipped(&'static str),
}

/// The words for what is done.
pub(super) struct Words {
    /// "replay"
    pub(super) verb: &'static str,
    /// "Replayed"
    pub(super) done: &'static str,
}

/// Settles one letter after the other, at most `rate` a second. Each is a transaction of its own:
/// stopped halfway, the same command goes on with what is still open.
pub(super) async fn each<F, Fut>(
    env: &Environment,
    pool: &PgPool,
    scope: &Scope,
    rate: u32,
    (words, json): (Words, bool),
    mut settle: F,
) -> anyhow::Result<ExitCode>
where
    F: FnMut(i64) -> Fut,
    Fut: Future<Output = anyhow::Result<Settled>>,
{
    if !scope.is_explicit() {
        eprintln!(
            "focobot: say which: ids, a filter such as --stage parse, or --all; see focobot dead {} --help",
            words.verb
        );
        return Ok(ExitCode::from(WRONG_ARGUMENTS));
    }
    let ids = scope.open(env, pool).await?;
    let unknown = scope.unknown(pool).await?;
    if !unknown.is_empty() {
        let unknown: Vec<String> = unknown.iter().map(i64::to_string).collect();
        eprintln!(
            "focobot: no dead letter {}; focobot dead list shows those that are open",
            unknown.join(", ")
        );
    }
    let none = ids.is_empty() && !unknown.is_empty();
    let mut report = Report {
        matched: ids.len(),
        ..Report::default()
    };
    let consent = scope.consent();
    if none {
        return Ok(ExitCode::FAILURE);
    }
    if consent == Consent::Given {
        let mut pace = tokio::time::interval(Duration::from_secs(1) / rate);
        let mut told = Instant::now();
        for id in ids {
            pace.tick().await;
            match settle(id).await? {
                Settled::Done => report.replayed += 1,
                Settled::Skipped(why) => {
                    report.skipped += 1;
                    *report.reasons.entry(why).or_default() += 1;
                }
            }
            if told.elapsed() > TELL_EVERY {
                told = Instant::now();
                eprintln!("{} of {}", report.replayed + report.skipped, report.matched);
            }
        }
    }
    say(&report, consent, &words, json)
}

fn say(report: &Report, consent: Consent, words: &Words, json: bool) -> anyhow::Result<ExitCode> {
    if json {
        println!("{}", serde_json::to_string(report)?);
    }
    match consent {
        Consent::Given if !json => {
            println!("{} {} of {}.", words.done, report.replayed, report.matched);
            for (why, count) in &report.reasons {
                println!("Skipped {count}: {why}.");
            }
        }
        Consent::DryRun if !json => println!("Would {} {}.", words.verb, report.matched),
        Consent::Missing => {
            eprintln!(
                "focobot: would {} {}; add --yes to do it",
                words.verb, report.matched
            );
            return Ok(ExitCode::from(WRONG_ARGUMENTS));
        }
        Consent::Given | Consent::DryRun => {}
    }
    Ok(ExitCode::SUCCESS)
}
