//! The settings of logs.

use super::{
    environment::{Environment, SettingError},
    process::{Mode, mode},
};

/// Logs.
#[derive(Clone, Debug)]
pub struct TelemetrySettings {
    /// `RUST_LOG`.
    pub filter: String,
    /// Whether lines are JSON (`LOG_FORMAT`).
    pub json: bool,
}

impl TelemetrySettings {
    /// Reads the group.
    ///
    /// # Errors
    /// Names the variable that is wrong.
    pub fn load(env: &Environment) -> Result<Self, SettingError> {
        let json = match env.get("LOG_FORMAT") {
            Some("json") => true,
            Some("pretty") => false,
            None => mode(env)? == Mode::Production,
            Some(_) => {
                return Err(SettingError::new(
                    "LOG_FORMAT",
                    "is neither",
                    "json or pretty",
                ));
            }
        };
        Ok(Self {
            filter: env.get("RUST_LOG").unwrap_or("info").to_owned(),
            json,
        })
    }
}
