//! Settings from the environment, read in this one place. A missing or contradictory one stops
//! the program with one line that names the variable and what a right value looks like.

mod environment;
mod groups;
mod model;
mod twilio;

pub use environment::{Environment, SettingError};
pub use groups::{
    DatabaseSettings, Mode, NatsSettings, ProcessSettings, RedisSettings, TelemetrySettings,
    Timings, UserTokenSettings,
};
pub use model::{ModelFallback, ModelSettings};
pub use twilio::{ApiKey, TwilioSettings};
