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
    /// `REDIS_URL`, or made from its parts; `rediss://` speaks TLS.
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
            (None, host) => Self::from_parts(env, host.unwrap_or("127.0.0.1"))?,
        };
        let scheme = Url::parse(&url).map(|url| url.scheme().to_owned());
        if !matches!(scheme.as_deref(), Ok("redis" | "rediss")) {
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

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn url(variables: &[(&str, &str)]) -> Result<String, SettingError> {
        let env = variables
            .iter()
            .fold(Environment::of([]), |env, (name, value)| {
                env.with(name, value)
            });
        RedisSettings::load(&env).map(|settings| settings.url.expose_secret().to_owned())
    }

    #[test]
    fn an_address_is_made_of_what_is_given() {
        for (variables, expected) in [
            (&[][..], "redis://127.0.0.1:6379"),
            (&[("REDIS_PORT", "6380")], "redis://127.0.0.1:6380"),
            (
                &[("REDIS_PASSWORD", "s#1")],
                "redis://:s%231@127.0.0.1:6379",
            ),
            (
                &[("REDIS_HOST", "redis"), ("REDIS_PASSWORD", "s")],
                "redis://:s@redis:6379",
            ),
            (
                &[("REDIS_URL", "rediss://:s@redis:6380/1")],
                "rediss://:s@redis:6380/1",
            ),
        ] {
            assert_eq!(url(variables).unwrap(), expected, "{variables:?}");
        }
        for wrong in ["http://redis:6379", "redis", "unix:///run/redis"] {
            assert!(url(&[("REDIS_URL", wrong)]).is_err(), "{wrong}");
        }
    }
}
