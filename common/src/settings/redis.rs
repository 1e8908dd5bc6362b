//! Redis's settings.

use secrecy::SecretString;
use url::Url;

use super::{
    environment::{Environment, SettingError},
    nats::NatsSettings,
};

/// Redis.
#[derive(Clone, Debug)]
pub struct RedisSettings {
    /// `REDIS_URL`, or made from its parts.
    pub url: SecretString,
    /// Prefix of every key: that of the streams, so that several systems share one Redis.
    pub prefix: String,
}

impl RedisSettings {
    /// Reads the group.
    ///
    /// # Errors
    /// Names the variable that is wrong.
    pub fn load(env: &Environment) -> Result<Self, SettingError> {
        let example = "redis://127.0.0.1:6379";
        let url = match (env.get("REDIS_URL"), env.get("REDIS_HOST")) {
            (Some(_), Some(_)) => {
                let problem = "is set beside REDIS_HOST: set one of them";
                return Err(SettingError::new("REDIS_URL", problem, example));
            }
            (Some(_), None)
                if env
                    .get("REDIS_PORT")
                    .or(env.get("REDIS_PASSWORD"))
                    .is_some() =>
            {
                let problem = "is set beside REDIS_PORT or REDIS_PASSWORD: write them into it";
                return Err(SettingError::new("REDIS_URL", problem, example));
            }
            (Some(url), None) => url.to_owned(),
            (None, None) => example.to_owned(),
            (None, Some(host)) => Self::from_parts(env, host)?,
        };
        if !url.starts_with("redis://") || Url::parse(&url).is_err() {
            return Err(SettingError::new(
                "REDIS_URL",
                "is no address of Redis",
                example,
            ));
        }
        let prefix = NatsSettings::load(env)?.prefix;
        Ok(Self {
            url: SecretString::from(url),
            prefix,
        })
    }

    fn from_parts(env: &Environment, host: &str) -> Result<String, SettingError> {
        let port = env.number("REDIS_PORT", 6379, 1..=65_535)?;
        let wrong = || SettingError::new("REDIS_HOST", "is no host name", "redis.internal");
        let mut url = Url::parse(&format!("redis://{host}:{port}")).map_err(|_| wrong())?;
        url.set_password(env.get("REDIS_PASSWORD"))
            .map_err(|()| wrong())?;
        Ok(url.into())
    }
}
