//! What a worker needs to know.

use chrono::TimeDelta;
use common::settings::{
    DatabaseSettings, Environment, ModelSettings, NatsSettings, ProcessSettings, Program,
    RedisSettings, SettingError, TelemetrySettings, TwilioSettings,
};
use common::stage::StageName;

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
    /// `FOCO_RETENTION_DAYS`: how long texts are kept that are settled.
    pub retention: TimeDelta,
    /// `FOCO_UNSETTLED_RETENTION_DAYS`: how long those are that never were.
    pub unsettled_retention: TimeDelta,
}

impl Settings {
    /// Reads them all.
    ///
    /// # Errors
    /// Names the first variable that is missing or wrong.
    pub fn load(env: &Environment, stages: Vec<StageName>) -> Result<Self, SettingError> {
        let database = DatabaseSettings::load_for(Program::Worker, env)?;
        // It holds one connection for as long as it looks, and looks by others.
        if stages.contains(&StageName::Sweep) && database.max_connections < 2 {
            let problem = "must be 2 or more for a worker that runs the stage sweep";
            return Err(SettingError::new("DATABASE_MAX_CONNECTIONS", problem, "10"));
        }
        let (retention, unsettled_retention) = retention(env)?;
        Ok(Self {
            stages,
            process: ProcessSettings::load(env)?,
            database,
            nats: NatsSettings::load(env)?,
            redis: RedisSettings::load(env)?,
            twilio: TwilioSettings::load(env)?,
            model: ModelSettings::load(env)?,
            telemetry: TelemetrySettings::load(env)?,
            retention,
            unsettled_retention,
        })
    }
}

/// More than the week for which the inbound stream keeps a message: until then it may come again.
/// What is not settled is kept at least as long as what is.
fn retention(env: &Environment) -> Result<(TimeDelta, TimeDelta), SettingError> {
    let settled = env.number("FOCO_RETENTION_DAYS", 30, 8..=3650)?;
    let usual = settled.max(90);
    let unsettled = env.number("FOCO_UNSETTLED_RETENTION_DAYS", usual, 8..=3650)?;
    if unsettled < settled {
        let problem = "is below FOCO_RETENTION_DAYS: what waits for somebody would be erased first";
        return Err(SettingError::new(
            "FOCO_UNSETTLED_RETENTION_DAYS",
            problem,
            "90",
        ));
    }
    let days = |days: u32| TimeDelta::days(i64::from(days));
    Ok((days(settled), days(unsettled)))
}
