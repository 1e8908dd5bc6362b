//! What the ingester needs to know, composed from the groups that all programs share.

use std::{net::SocketAddr, num::NonZeroU32};

use common::settings::{
    DatabaseSettings, Environment, NatsSettings, ProcessSettings, Program, RedisSettings,
    SettingError, TelemetrySettings, TwilioSettings, UserTokenSettings,
};

/// Every setting of the ingester.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The process: mode, keys, addresses.
    pub process: ProcessSettings,
    /// Logs.
    pub telemetry: TelemetrySettings,
    /// PostgreSQL, for the linking API.
    pub database: DatabaseSettings,
    /// NATS, where every message is stored.
    pub nats: NatsSettings,
    /// Redis, for the limit that all ingesters share.
    pub redis: RedisSettings,
    /// Whose webhooks these are, and what signs them.
    pub twilio: TwilioSettings,
    /// What signs users' bearer tokens.
    pub user_tokens: UserTokenSettings,
    /// `INGEST_ADDR`.
    pub ingest_addr: SocketAddr,
    /// `RATE_LIMIT_PER_MINUTE`: messages of one sender, and the burst.
    pub per_minute: NonZeroU32,
}

impl Settings {
    /// Reads them all.
    ///
    /// # Errors
    /// Names the first variable that is missing or wrong.
    pub fn load(env: &Environment) -> Result<Self, SettingError> {
        let listen = "0.0.0.0:8080";
        let ingest_addr = env
            .get("INGEST_ADDR")
            .unwrap_or(listen)
            .parse()
            .map_err(|_| SettingError::new("INGEST_ADDR", "is not an address and port", listen))?;
        let per_minute = env.number("RATE_LIMIT_PER_MINUTE", 10, 1..=100_000)?;
        Ok(Self {
            process: ProcessSettings::load(env)?,
            telemetry: TelemetrySettings::load(env)?,
            database: DatabaseSettings::load_for(Program::Ingest, env)?,
            nats: NatsSettings::load(env)?,
            redis: RedisSettings::load(env)?,
            twilio: TwilioSettings::load(env)?,
            user_tokens: UserTokenSettings::load(env)?,
            ingest_addr,
            per_minute: NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN),
        })
    }
}
