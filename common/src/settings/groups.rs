//! The settings that most programs share, in groups: a program loads those that it needs.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use secrecy::SecretString;
use url::Url;

use super::environment::{Environment, SettingError};
use crate::{kill_point::KillSwitch, sender::HashKeys};

/// Whether this is the real thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Serves people.
    Production,
    /// A machine of ours.
    Development,
}

/// What every serving process needs.
#[derive(Clone, Debug)]
pub struct ProcessSettings {
    /// `FOCO_ENV`.
    pub mode: Mode,
    /// `FOCO_SECRET`.
    pub keys: HashKeys,
    /// `FOCO_WEB_URL`: where people open proposals and link their phone, no trailing slash.
    pub web_url: String,
    /// `PUBLIC_BASE_URL`: the address at which Twilio calls us, no trailing slash.
    pub public_base_url: String,
    /// `METRICS_ADDR`.
    pub metrics_addr: SocketAddr,
    /// `SESSION_TTL_SECONDS`.
    pub session_ttl: Duration,
    /// `FOCO_KILL_AT`, in development only.
    pub kill_switch: KillSwitch,
}

impl ProcessSettings {
    /// Reads the group.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn load(env: &Environment) -> Result<Self, SettingError> {
        let mode = mode(env)?;
        let public_base_url = public_base_url(env)?;
        let web_url = match env.get("FOCO_WEB_URL") {
            None => public_base_url.clone(),
            Some(value) => plain(&env.address("FOCO_WEB_URL", value, "https://foco.mx")?),
        };
        Ok(Self {
            mode,
            keys: keys(env)?,
            web_url,
            public_base_url,
            metrics_addr: listen_address(env, "METRICS_ADDR", "0.0.0.0:9464")?,
            session_ttl: env.seconds("SESSION_TTL_SECONDS", 1800, 1..=86_400)?,
            kill_switch: kill_switch(env, mode)?,
        })
    }
}

/// Reads `FOCO_ENV`.
fn mode(env: &Environment) -> Result<Mode, SettingError> {
    match env.get("FOCO_ENV") {
        None | Some("production") => Ok(Mode::Production),
        Some("development") => Ok(Mode::Development),
        Some(_) => Err(SettingError::new(
            "FOCO_ENV",
            "is neither",
            "production or development",
        )),
    }
}

fn keys(env: &Environment) -> Result<HashKeys, SettingError> {
    let example = "the output of: openssl rand -hex 32";
    HashKeys::new(env.secrets("FOCO_SECRET", 32, example)?)
        .ok_or_else(|| SettingError::new("FOCO_SECRET", "is missing", example))
}

fn public_base_url(env: &Environment) -> Result<String, SettingError> {
    let example = "https://bot.foco.mx";
    let (name, other) = ("PUBLIC_BASE_URL", "NEXT_PUBLIC_BASE_URL");
    let value = match (env.get(name), env.get(other)) {
        (Some(first), Some(second)) if first != second => {
            let problem = format!("differs from {other}: set one of them");
            return Err(SettingError::new(name, problem, example));
        }
        (Some(value), _) | (None, Some(value)) => value,
        (None, None) => return Err(SettingError::new(name, "is missing", example)),
    };
    env.address(name, value, example)?;
    // Kept as it is written: Twilio signs exactly this text.
    Ok(value.to_owned())
}

/// An address as text without the slash that [`Url`] puts behind a bare host.
fn plain(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

/// Reads an address to listen on.
///
/// # Errors
/// When it is no address and port.
pub(super) fn listen_address(
    env: &Environment,
    name: &str,
    default: &str,
) -> Result<SocketAddr, SettingError> {
    env.get(name)
        .unwrap_or(default)
        .parse()
        .map_err(|_| SettingError::new(name, "is not an address and port", default))
}

fn kill_switch(env: &Environment, mode: Mode) -> Result<KillSwitch, SettingError> {
    let name = "FOCO_KILL_AT";
    let Some(value) = env.get(name) else {
        return Ok(KillSwitch::default());
    };
    if mode == Mode::Production {
        return Err(SettingError::new(
            name,
            "kills the process: development only",
            "(unset)",
        ));
    }
    KillSwitch::parse(value)
        .ok_or_else(|| SettingError::new(name, "is no kill point", "route.recorded"))
}

/// PostgreSQL.
#[derive(Clone, Debug)]
pub struct DatabaseSettings {
    /// `DATABASE_URL`.
    pub url: SecretString,
    /// Most connections of one process (`DATABASE_MAX_CONNECTIONS`).
    pub max_connections: u32,
    /// The time-outs of statements, which stay below the queue's.
    pub timings: Timings,
}

impl DatabaseSettings {
    /// Reads the group.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn load(env: &Environment) -> Result<Self, SettingError> {
        let example = "postgres://focobot:password@db.example:5432/foco";
        let url = env.required("DATABASE_URL", example)?;
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(SettingError::new(
                "DATABASE_URL",
                "is no PostgreSQL address",
                example,
            ));
        }
        Ok(Self {
            url: SecretString::from(url),
            max_connections: env.number("DATABASE_MAX_CONNECTIONS", 20, 1..=1000)?,
            timings: Timings::load(env)?,
        })
    }
}

/// How long things may take. They hang together: what is done under a queue message has to give
/// up before the queue hands that message to another worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timings {
    /// `FOCO_ACK_WAIT_SECONDS`: a worker that says nothing for so long has lost its message.
    pub ack_wait: Duration,
    /// PostgreSQL's `statement_timeout`.
    pub statement: Duration,
    /// PostgreSQL's `lock_timeout`.
    pub lock: Duration,
    /// PostgreSQL's `idle_in_transaction_session_timeout`.
    pub idle_in_transaction: Duration,
    /// `TWILIO_TIMEOUT_SECONDS`: one post to Twilio.
    pub twilio: Duration,
    /// How long a worker holds a recipient: one post, and the statements around it.
    pub recipient: Duration,
    /// `TWILIO_SETTLE_SECONDS`: how long a post without an answer waits for its callback before
    /// Twilio's list is asked.
    pub settle: Duration,
    /// `OPENAI_TIMEOUT_SECONDS`: the model in all, its retries included.
    pub model: Duration,
}

impl Timings {
    /// Reads the group.
    ///
    /// # Errors
    /// Names the variable that contradicts another.
    pub fn load(env: &Environment) -> Result<Self, SettingError> {
        let ack_wait = env.seconds("FOCO_ACK_WAIT_SECONDS", 10, 1..=120)?;
        let twilio = env.seconds("TWILIO_TIMEOUT_SECONDS", 10, 1..=60)?;
        let timings = Self {
            ack_wait,
            statement: ack_wait * 4 / 10,
            lock: ack_wait * 3 / 10,
            idle_in_transaction: ack_wait / 2,
            twilio,
            recipient: twilio + ack_wait,
            settle: env.seconds("TWILIO_SETTLE_SECONDS", 30, 1..=600)?,
            model: env.seconds("OPENAI_TIMEOUT_SECONDS", 20, 1..=120)?,
        };
        timings.check()
    }

    /// Refuses what contradicts itself.
    fn check(self) -> Result<Self, SettingError> {
        let below = |short: Duration, long: Duration| short < long;
        let consistent = below(self.lock, self.statement)
            && below(self.statement, self.idle_in_transaction)
            && below(self.idle_in_transaction, self.ack_wait)
            && below(self.twilio + self.statement, self.recipient);
        if consistent {
            return Ok(self);
        }
        Err(SettingError::new(
            "FOCO_ACK_WAIT_SECONDS",
            "is below what is done within it",
            "10",
        ))
    }
}

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

/// How users' bearer tokens are verified.
#[derive(Clone, Debug)]
pub enum UserTokenSettings {
    /// `SUPABASE_JWT_SECRET`: HS256.
    Secret(SecretString),
    /// `SUPABASE_JWKS_URL`: ES256 or RS256 with the keys found there.
    Jwks(Url),
}

impl UserTokenSettings {
    /// Reads the group.
    ///
    /// # Errors
    /// When neither or both are set, or one is wrong.
    pub fn load(env: &Environment) -> Result<Self, SettingError> {
        let (secret, jwks) = ("SUPABASE_JWT_SECRET", "SUPABASE_JWKS_URL");
        let example = "https://project.supabase.co/auth/v1/.well-known/jwks.json";
        match (env.get(secret), env.get(jwks)) {
            (Some(_), Some(_)) => Err(SettingError::new(
                secret,
                format!("is set beside {jwks}: set one"),
                "(unset)",
            )),
            (Some(value), None) if value.len() < 32 => Err(SettingError::new(
                secret,
                "is shorter than 32 characters",
                "Supabase's secret",
            )),
            (Some(value), None) => Ok(Self::Secret(SecretString::from(value))),
            (None, Some(value)) => Ok(Self::Jwks(env.address(jwks, value, example)?)),
            (None, None) => Err(SettingError::new(
                secret,
                format!("is missing, and so is {jwks}"),
                example,
            )),
        }
    }
}

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
