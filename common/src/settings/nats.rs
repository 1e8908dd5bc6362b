//! NATS's settings.

use std::{path::PathBuf, time::Duration};

use url::Url;

use super::{
    database::Timings,
    environment::{Environment, SettingError},
};

/// NATS.
#[derive(Clone, Debug)]
pub struct NatsSettings {
    /// `NATS_URL`, one address a server.
    pub urls: Vec<String>,
    /// `NATS_CREDS`: a credentials file.
    pub credentials: Option<PathBuf>,
    /// `FOCO_STREAM_PREFIX`, lower case.
    pub prefix: String,
    /// `FOCO_STREAM_REPLICAS`.
    pub replicas: usize,
    /// `FOCO_STREAM_MAX_BYTES`: the inbound stream's size; it refuses what does not fit.
    pub stream_max_bytes: i64,
    /// See [`Timings::ack_wait`].
    pub ack_wait: Duration,
}

impl NatsSettings {
    /// Reads the group.
    ///
    /// # Errors
    /// Names the variable that is wrong.
    pub fn load(env: &Environment) -> Result<Self, SettingError> {
        let urls = env.get("NATS_URL").unwrap_or("nats://127.0.0.1:4222");
        let urls: Vec<String> = urls.split(',').map(|url| url.trim().to_owned()).collect();
        if urls.iter().any(|url| Url::parse(url).is_err()) {
            let example = "nats://127.0.0.1:4222";
            return Err(SettingError::new("NATS_URL", "is not an address", example));
        }
        let prefix = env
            .get("FOCO_STREAM_PREFIX")
            .unwrap_or("foco")
            .to_lowercase();
        let is_name =
            |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_' || c == b'-';
        if prefix.len() > 32 || !prefix.bytes().all(is_name) {
            let problem = "has other characters than letters, digits, - and _";
            return Err(SettingError::new("FOCO_STREAM_PREFIX", problem, "foco"));
        }
        let replicas = env.number("FOCO_STREAM_REPLICAS", 1, 1..=5)?;
        if replicas % 2 == 0 {
            return Err(SettingError::new(
                "FOCO_STREAM_REPLICAS",
                "must be odd",
                "1, 3 or 5",
            ));
        }
        let stream_max_bytes = env.parsed("FOCO_STREAM_MAX_BYTES", 1 << 30, "1073741824")?;
        if stream_max_bytes < 1 << 20 {
            let problem = "is less than a mebibyte";
            return Err(SettingError::new(
                "FOCO_STREAM_MAX_BYTES",
                problem,
                "1073741824",
            ));
        }
        Ok(Self {
            urls,
            credentials: env.get("NATS_CREDS").map(PathBuf::from),
            prefix,
            replicas: usize::try_from(replicas).unwrap_or(1),
            stream_max_bytes,
            ack_wait: Timings::load(env)?.ack_wait,
        })
    }
}
