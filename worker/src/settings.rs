//! What a worker needs to know.

use chrono::TimeDelta;
use clap::ValueEnum;
use common::settings::{
    DatabaseSettings, Environment, ModelSettings, NatsSettings, ProcessSettings, RedisSettings,
    SettingError, TelemetrySettings, TwilioSettings,
};

/// The stages, in the order of a message's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StageName {
    /// Commands, VERIFY, and requests on their way to be understood.
    Route,
    /// From a request to a proposal.
    Parse,
    /// Replies, to Twilio.
    Send,
    /// What Twilio says became of them.
    Status,
    /// Files dead letters.
    Dead,
    /// Publishes again what a next stage never took up.
    Sweep,
    /// Fetches from Twilio's log what never reached us.
    Reconcile,
}

impl StageName {
    /// All stages.
    pub const ALL: [Self; 7] = [
        Self::Route,
        Self::Parse,
        Self::Send,
        Self::Status,
        Self::Dead,
        Self::Sweep,
        Self::Reconcile,
    ];
}

/// All settings of a worker.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The stages that this worker runs.
    pub stages: Vec<StageName>,
    /// See there.
    pub process: ProcessSettings,
    /// See there.
    pub database: DatabaseSettings,
    /// See there.
    pub nats: NatsSettings,
    /// See there.
    pub redis: RedisSettings,
    /// See there.
    pub twilio: TwilioSettings,
    /// The model, where one is configured.
    pub model: Option<ModelSettings>,
    /// See there.
    pub telemetry: TelemetrySettings,
    /// `FOCO_RETENTION_DAYS`: how long texts are kept after they are settled.
    pub retention: TimeDelta,
}

impl Settings {
    /// Reads them all.
    ///
    /// # Errors
    /// Names the first variable that is missing or wrong.
    pub fn load(env: &Environment, stages: Vec<StageName>) -> Result<Self, SettingError> {
        Ok(Self {
            stages,
            process: ProcessSettings::load(env)?,
            database: DatabaseSettings::load(env)?,
            nats: NatsSettings::load(env)?,
            redis: RedisSettings::load(env)?,
            twilio: TwilioSettings::load(env)?,
            model: ModelSettings::load(env)?,
            telemetry: TelemetrySettings::load(env)?,
            retention: retention(env)?,
        })
    }
}

/// More than the week for which the inbound stream keeps a message: until then it may come again.
fn retention(env: &Environment) -> Result<TimeDelta, SettingError> {
    let days = env.number("FOCO_RETENTION_DAYS", 30, 8..=3650)?;
    Ok(TimeDelta::days(i64::from(days)))
}
