//! Whether the database is as this release asks for it, all the time that a program runs: looked at
//! now and then, at once when a statement has failed, and soon again until it is well.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use common::database_error::{Said, Trouble};
use sqlx::PgPool;
use tokio::{sync::Notify, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::look::{self, Findings};

/// How often it is looked at while all is well.
const WELL: Duration = Duration::from_mins(2);
/// How often while it is not.
const WRONG: Duration = Duration::from_secs(5);
/// How long a failed statement counts that no look explains: a right that a user has not, a
/// function's body, a null that was not expected.
const UNEXPLAINED: Duration = Duration::from_mins(2);

/// What is wrong, in the word that `/readyz` has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failing {
    /// Migrations of this release are missing.
    Migrations,
    /// Something is missing, or of another kind.
    Schema,
}

impl Failing {
    /// The word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Migrations => "migrations",
            Self::Schema => "schema",
        }
    }
}

/// What a process knows of its database's schema.
#[derive(Debug, Default)]
pub struct Watch {
    state: Mutex<State>,
    reported: Notify,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    found: Findings,
    report: Option<Report>,
    /// What was said of it last.
    shown: Option<String>,
}

/// A statement that failed.
#[derive(Debug)]
struct Report {
    at: Instant,
    said: String,
    /// Whether a look since then has found something wrong: then one that does not ends it.
    explained: bool,
}

impl State {
    fn failing(&self, now: Instant) -> Option<Failing> {
        if self.found.missing_migrations > 0 {
            return Some(Failing::Migrations);
        }
        let stands = |report: &Report| report.explained || !report.is_old(now);
        let wrong = self.found.wrong_statements > 0 || self.report.as_ref().is_some_and(stands);
        wrong.then_some(Failing::Schema)
    }

    fn said(&self, now: Instant) -> Option<String> {
        match self.failing(now)? {
            Failing::Migrations => {
                let missing = self.found.missing_migrations;
                Some(format!("{missing} migrations of this release are missing"))
            }
            Failing::Schema => {
                let reported = self.report.as_ref().map(|report| &report.said);
                reported.or(self.found.said.first()).cloned()
            }
        }
    }

    fn report(&mut self, said: String, now: Instant) {
        let explained = self.report.as_ref().is_some_and(|report| report.explained);
        self.report = Some(Report {
            at: now,
            said,
            explained,
        });
    }

    /// A look has found that; a statement that failed after it began is not in it.
    fn looked(&mut self, began: Instant, found: Findings, now: Instant) {
        let is_well = found.are_well();
        self.found = found;
        if let Some(report) = self.report.as_mut().filter(|report| report.at <= began) {
            report.explained |= !is_well;
            if is_well && (report.explained || report.is_old(now)) {
                self.report = None;
            }
        }
    }
}

impl Report {
    fn is_old(&self, now: Instant) -> bool {
        now.duration_since(self.at) >= UNEXPLAINED
    }
}

impl Watch {
    /// A statement failed that asks for what is not there.
    pub fn report(&self, said: String) {
        self.change(|state| state.report(said, Instant::now()));
        self.reported.notify_one();
    }

    /// The same, of an error of any kind: only one of that kind counts.
    pub fn report_if_so(&self, error: &sqlx::Error) {
        if Trouble::of(error) == Trouble::Schema {
            self.report(Said::of(error).to_string());
        }
    }

    /// What is wrong, if anything is, as far as is known.
    #[must_use]
    pub fn failing(&self) -> Option<Failing> {
        self.state().failing(Instant::now())
    }

    /// The same in PostgreSQL's words, or ours: names of the schema, nothing of anybody's.
    #[must_use]
    pub fn said(&self) -> Option<String> {
        self.state().said(Instant::now())
    }

    /// Waits until something else is wrong than before, or nothing any more.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Looks until it is told to stop.
    pub async fn run(&self, pool: &PgPool, stop: &CancellationToken) {
        self.show();
        while !stop.is_cancelled() {
            let began = Instant::now();
            match stop.run_until_cancelled(look::of_pool(pool)).await {
                Some(Ok(found)) => self.change(|state| state.looked(began, found, Instant::now())),
                // Away, or locked: nobody can say.
                Some(Err(error)) => {
                    tracing::debug!(error = %Said::of(&error), "looking at the schema");
                }
                None => return,
            }
            let pause = self.failing().map_or(WELL, |_| WRONG);
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
                () = self.reported.notified() => {}
            }
            self.change(|_| {});
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what is known, and says so where that makes a difference.
    fn change(&self, change: impl FnOnce(&mut State)) {
        let (before, after) = {
            let mut state = self.state();
            let before = state.shown.clone();
            change(&mut state);
            state.shown = state.said(Instant::now());
            (before, state.shown.clone())
        };
        if before == after {
            return;
        }
        if let Some(said) = after {
            tracing::error!(
                said,
                "PostgreSQL is not as this release asks for it; see focobot doctor"
            );
        } else {
            tracing::info!("PostgreSQL is as this release asks for it again");
        }
        self.show();
        self.changed.notify_one();
    }

    fn show(&self) {
        let wrong = u8::from(self.failing().is_some());
        metrics::gauge!("database_schema_wrong").set(f64::from(wrong));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMN: &str = "error 42703: column p.state does not exist";

    fn wrong() -> Findings {
        Findings {
            wrong_statements: 1,
            said: vec![COLUMN.to_owned()],
            ..Findings::default()
        }
    }

    #[test]
    fn what_a_look_explains_ends_with_a_look() {
        let now = Instant::now();
        let mut state = State::default();
        assert_eq!(state.failing(now), None);
        state.report(COLUMN.to_owned(), now);
        state.looked(now, wrong(), now);
        assert_eq!(state.failing(now + UNEXPLAINED), Some(Failing::Schema));
        state.looked(now, Findings::default(), now);
        assert_eq!(state.failing(now), None);
    }

    #[test]
    fn what_no_look_explains_ends_once_nothing_fails_for_a_while() {
        let (began, mut state) = (Instant::now(), State::default());
        let now = began + Duration::from_millis(1);
        state.report("error 42501: permission denied".to_owned(), now);
        // It began before that statement failed.
        state.looked(began, Findings::default(), now);
        state.looked(now, Findings::default(), now);
        assert_eq!(state.failing(now), Some(Failing::Schema));
        let later = now + UNEXPLAINED;
        state.looked(later, Findings::default(), later);
        assert_eq!(state.said(later), None);
    }

    #[test]
    fn a_database_that_was_not_migrated_is_named_so() {
        let (now, mut state) = (Instant::now(), State::default());
        let found = Findings {
            missing_migrations: 3,
            ..wrong()
        };
        state.looked(now, found, now);
        assert_eq!(state.failing(now), Some(Failing::Migrations));
        assert!(state.said(now).unwrap().starts_with("3 migrations"));
    }
}
