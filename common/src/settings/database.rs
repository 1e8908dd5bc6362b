//! PostgreSQL's settings, and the time-outs that hang together with the queue's.

use std::time::Duration;

use secrecy::SecretString;

use super::environment::{Environment, SettingError};
use crate::shutdown::GRACE;

/// The program that connects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// Webhooks and the linking API.
    Ingest,
    /// The stages.
    Worker,
    /// The operators' command.
    Focobot,
}

impl Program {
    /// Its name, as PostgreSQL shows it (`application_name`), with a space and a number behind it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ingest => "focobot-ingest",
            Self::Worker => "focobot-worker",
            Self::Focobot => "focobot",
        }
    }

    /// Most connections of one process, unless `DATABASE_MAX_CONNECTIONS` says so. Small poolers
    /// have 15 for everybody: an ingester, a worker with all stages, and one to spare for
    /// `focobot` and for looking through it (`common/src/database/kept.rs`).
    #[must_use]
    pub fn usual_connections(self) -> u32 {
        match self {
            Self::Ingest => 4,
            Self::Worker => 10,
            Self::Focobot => 2,
        }
    }
}

/// PostgreSQL.
#[derive(Clone, Debug)]
pub struct DatabaseSettings {
    /// Who connects.
    pub program: Program,
    /// `DATABASE_URL`.
    pub url: SecretString,
    /// Most connections of one process (`DATABASE_MAX_CONNECTIONS`).
    pub max_connections: u32,
    /// The time-outs of statements, which stay below the queue's.
    pub timings: Timings,
}

impl DatabaseSettings {
    /// Reads the group for the operators' command.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn load(env: &Environment) -> Result<Self, SettingError> {
        Self::load_for(Program::Focobot, env)
    }

    /// Reads the group.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn load_for(program: Program, env: &Environment) -> Result<Self, SettingError> {
        let example = "postgres://focobot:password@db.example:5432/foco";
        let url = env.required("DATABASE_URL", example)?;
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(SettingError::new(
                "DATABASE_URL",
                "is no PostgreSQL address",
                example,
            ));
        }
        let usual = program.usual_connections();
        Ok(Self {
            program,
            url: SecretString::from(url),
            max_connections: env.number("DATABASE_MAX_CONNECTIONS", usual, 1..=1000)?,
            timings: Timings::load(env)?,
        })
    }
}

/// How long things may take. They hang together: what is done under a queue message has to give
/// up before the queue hands that message to another worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timings {
    /// `FOCO_ACK_WAIT_SECONDS`: a worker that says nothing for so long has lost its message.
    pub ack_wait: Duration,
    /// PostgreSQL's `statement_timeout`.
    pub statement: Duration,
    /// PostgreSQL's `lock_timeout`.
    pub lock: Duration,
    /// PostgreSQL's `idle_in_transaction_session_timeout`.
    pub idle_in_transaction: Duration,
    /// `TWILIO_TIMEOUT_SECONDS`: one post to Twilio.
    pub twilio: Duration,
    /// How long a worker holds a recipient: one post, and the statements around it.
    pub recipient: Duration,
    /// `TWILIO_SETTLE_SECONDS`: how long a post without an answer waits for its callback before
    /// Twilio's list is asked.
    pub settle: Duration,
    /// `OPENAI_TIMEOUT_SECONDS`: the model in all, its retries included.
    pub model: Duration,
}

impl Timings {
    /// Reads the group.
    ///
    /// # Errors
    /// Names the variable that contradicts another.
    pub fn load(env: &Environment) -> Result<Self, SettingError> {
        let ack_wait = env.seconds("FOCO_ACK_WAIT_SECONDS", 10, 1..=120)?;
        let twilio = env.seconds("TWILIO_TIMEOUT_SECONDS", 10, 1..=60)?;
        let timings = Self {
            ack_wait,
            statement: ack_wait * 4 / 10,
            lock: ack_wait * 3 / 10,
            idle_in_transaction: ack_wait / 2,
            twilio,
            recipient: twilio + ack_wait,
            settle: env.seconds("TWILIO_SETTLE_SECONDS", 30, 1..=600)?,
            model: env.seconds("OPENAI_TIMEOUT_SECONDS", 20, 1..=120)?,
        };
        timings.check()
    }

    /// Refuses what contradicts itself. PostgreSQL's time-outs and the lease follow from
    /// `ack_wait` and cannot; these are set apart from each other.
    fn check(self) -> Result<Self, SettingError> {
        let wrong = |name, problem: &str, example| Err(SettingError::new(name, problem, example));
        if self.settle < self.twilio {
            let problem = "is below TWILIO_TIMEOUT_SECONDS: Twilio would be asked about a post \
                           under way";
            return wrong("TWILIO_SETTLE_SECONDS", problem, "30");
        }
        if self.twilio + self.statement >= GRACE {
            let problem = format!(
                "is too long: a worker that is stopped has {} s to end a post and to write down \
                 what became of it (up to {} s, by FOCO_ACK_WAIT_SECONDS)",
                GRACE.as_secs(),
                self.statement.as_secs()
            );
            return wrong("TWILIO_TIMEOUT_SECONDS", &problem, "10");
        }
        Ok(self)
    }
}
