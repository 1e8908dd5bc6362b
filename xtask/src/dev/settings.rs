//! The settings under which our programs run here: all of them given, so that nothing of the
//! user's own environment leads them to another database or to Twilio.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::{Model, Options};
use crate::environment;
use crate::group::Group;
use crate::secrets::{Secrets, write_private};

const WHATSAPP_NUMBER: &str = "+14155550100";
/// Where Twilio posts to.
pub(super) const WEBHOOK_PATH: &str = "/api/integrations/whatsapp/webhook";

/// The streams of the stand-in, of A and of B fit into one server side by side (`NATS_MAX_FILE`):
/// each set takes three times this.
const STREAM_MAX_BYTES: &str = "268435456";

/// Names and values.
pub(super) struct Settings {
    values: BTreeMap<String, String>,
}

impl Settings {
    /// Keeps them for the operators' command.
    pub(super) fn save(&self, path: &Path) -> Result<()> {
        write_private(path, &serde_json::to_string_pretty(&self.values)?)
    }

    /// Reads those of the last start.
    pub(super) fn load(path: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let values = serde_json::from_str(&text)?;
        Ok(Self { values })
    }

    /// A command under these settings.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        environment::forget_settings(&mut command);
        command.envs(&self.values);
        command
    }
}

/// One log line for each step of a message, unless the user asks for something else.
const LOG: &str = "info,ingest=debug,worker=debug";

/// The settings for the ports and the secrets of a place.
pub(super) fn of(secrets: &Secrets, group: &Group, options: &Options) -> Settings {
    let http = |name: &str| format!("http://127.0.0.1:{}", group.port(name));
    let (simulator, ingest) = (http("simulator"), http("ingest"));
    let mut values = vec![
        ("FOCO_ENV", "development".to_owned()),
        ("FOCO_SECRET", secrets.foco_secret.clone()),
        ("FOCO_WEB_URL", simulator.clone()),
        ("PUBLIC_BASE_URL", ingest.clone()),
        ("INGEST_ADDR", format!("127.0.0.1:{}", group.port("ingest"))),
        (
            "DATABASE_URL",
            options.foco.url(secrets, group.port("postgres")),
        ),
        // What is on its way is of one database.
        (
            "FOCO_STREAM_PREFIX",
            options.foco.stream_prefix().to_owned(),
        ),
        ("FOCO_STREAM_MAX_BYTES", STREAM_MAX_BYTES.to_owned()),
        (
            "NATS_URL",
            format!("nats://127.0.0.1:{}", group.port("nats")),
        ),
        ("NATS_MONITOR_URL", http("nats-monitor")),
        (
            "REDIS_URL",
            format!("redis://127.0.0.1:{}", group.port("redis")),
        ),
        ("SUPABASE_JWT_SECRET", secrets.supabase_jwt_secret.clone()),
        ("TWILIO_ACCOUNT_SID", secrets.twilio_account_sid.clone()),
        ("TWILIO_AUTH_TOKEN", secrets.twilio_auth_token.clone()),
        ("TWILIO_WHATSAPP_NUMBER", WHATSAPP_NUMBER.to_owned()),
        ("TWILIO_API_BASE_URL", simulator.clone()),
        ("TWILIO_MESSAGING_BASE_URL", simulator.clone()),
        ("TWILIO_CONTENT_BASE_URL", simulator.clone()),
        (
            "SIMULATOR_LISTEN",
            format!("127.0.0.1:{}", group.port("simulator")),
        ),
        ("SIMULATOR_WEBHOOK_URL", format!("{ingest}{WEBHOOK_PATH}")),
    ];
    if environment::variable("RUST_LOG").is_none() {
        values.push(("RUST_LOG", LOG.to_owned()));
    }
    if options.model == Model::Simulator {
        values.push(("OPENAI_API_KEY", "sk-simulator".to_owned()));
        values.push(("OPENAI_BASE_URL", format!("{simulator}/v1")));
    }
    Settings {
        values: values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    }
}
