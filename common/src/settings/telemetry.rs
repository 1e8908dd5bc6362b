//! The settings of logs and traces.

use url::Url;

use super::{
    environment::{Environment, SettingError},
    process::{Mode, mode},
};

/// Logs and traces.
#[derive(Clone, Debug)]
pub struct TelemetrySettings {
    /// `RUST_LOG`.
    pub filter: String,
    /// Whether lines are JSON (`LOG_FORMAT`).
    pub json: bool,
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`, without a slash at its end: where traces go. Plain `http://` is
    /// taken anywhere, since a trace holds nothing of what people wrote and no secret.
    pub collector: Option<String>,
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
            collector: collector(env)?,
        })
    }
}

fn collector(env: &Environment) -> Result<Option<String>, SettingError> {
    let name = "OTEL_EXPORTER_OTLP_ENDPOINT";
    let Some(text) = env.get(name) else {
        return Ok(None);
    };
    let is_web = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if !is_web {
        return Err(SettingError::new(
            name,
            "is no http address",
            "http://127.0.0.1:4318",
        ));
    }
    Ok(Some(text.trim_end_matches('/').to_owned()))
}
