//! `focobot twilio`: what is configured at Twilio.

mod configure;
mod senders;

use std::process::ExitCode;

use clap::Subcommand;
use common::settings::Environment;

pub(crate) use self::{configure::differences, senders::Senders};

/// What can be done at Twilio.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make our WhatsApp sender call this system, and read back what Twilio made of it.
    #[command(after_help = SETS)]
    ConfigureWebhook {
        /// Say what would change, and change nothing.
        #[arg(long)]
        dry_run: bool,
        /// Whom Twilio calls when our webhook fails: another way in to this system.
        /// Without it one that is set stays, and where none is set it is our own address.
        #[arg(long, value_name = "URL", value_parser = senders::parse_fallback)]
        fallback_url: Option<String>,
    },
}

const SETS: &str = "\
Sets callback_url (with #rc=5&rp=all, which makes Twilio try five more times),
fallback_url and status_callback_url of TWILIO_WHATSAPP_NUMBER to
PUBLIC_BASE_URL and the webhook's path, by POST. All else stays.

Settings: TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN or TWILIO_API_KEY_SID and
TWILIO_API_KEY_SECRET, TWILIO_WHATSAPP_NUMBER, PUBLIC_BASE_URL,
TWILIO_MESSAGING_BASE_URL.";

/// Carries out one of them.
pub(crate) async fn run(
    env: &Environment,
    command: Command,
    json: bool,
) -> anyhow::Result<ExitCode> {
    match command {
        Command::ConfigureWebhook {
            dry_run,
            fallback_url,
        } => configure::run(env, fallback_url, dry_run, json).await,
    }
}
