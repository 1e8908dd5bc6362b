//! Settings from the environment, read in this one place. A missing or contradictory one stops
//! the program with one line that names the variable and what a right value looks like.

mod database;
mod environment;
mod model;
mod nats;
mod process;
mod redis;
mod telemetry;
mod twilio;
mod user_token;

pub use database::{DatabaseSettings, Program, Timings};
pub use environment::{Environment, SettingError};
pub use model::{ModelFallback, ModelSettings, Prices};
pub use nats::NatsSettings;
pub use process::{
    Mode, ProcessSettings, WEBHOOK_PATH, WEBHOOK_RETRIES, hash_keys, kill_switch, link_url,
    public_base_url, web_url,
};
pub use redis::RedisSettings;
pub use telemetry::TelemetrySettings;
pub use twilio::{ApiKey, TwilioSettings};
pub use user_token::UserTokenSettings;
