//! The `worker` program: settings, telemetry, the chosen stages, and an orderly end.

use std::{process::ExitCode, sync::Arc};

use clap::Parser;
use common::{
    settings::{Environment, SettingError},
    shutdown::Shutdown,
    stage::StageName,
    telemetry,
};
use worker::settings::Settings;

const SETTINGS: &str = "\
Settings come from the environment; in development a .env file is read too.
Required: FOCO_SECRET, PUBLIC_BASE_URL, DATABASE_URL, TWILIO_ACCOUNT_SID,
          TWILIO_AUTH_TOKEN, TWILIO_WHATSAPP_NUMBER
Usual:    NATS_URL, REDIS_URL, OPENAI_API_KEY, METRICS_ADDR, FOCO_ENV, RUST_LOG
What is missing or wrong is named at start-up.";

/// Takes messages from the queue: routes them, understands requests, writes proposals, replies.
#[derive(Parser)]
#[command(version, after_help = SETTINGS)]
struct Arguments {
    /// Which stages to run, separated by commas; any number of workers may run the same ones.
    #[arg(long, value_delimiter = ',', value_enum, default_values_t = StageName::ALL)]
    stages: Vec<StageName>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match start(arguments.stages).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&error);
            let unfit = matches!(error.downcast_ref(), Some(worker::RunError::Unfit(_)));
            let wrong_setting = unfit || error.is::<SettingError>();
            ExitCode::from(if wrong_setting { 2 } else { 1 })
        }
    }
}

async fn start(stages: Vec<StageName>) -> anyhow::Result<()> {
    let settings = Settings::load(&Environment::of_process()?, stages)?;
    let traces = telemetry::init("worker", &settings.telemetry)?;
    let metrics = telemetry::init_metrics()?;
    let shutdown = Shutdown::on_signals()?;
    let result = worker::run(Arc::new(settings), metrics, shutdown).await;
    traces.end().await;
    Ok(result?)
}

#[expect(
    clippy::print_stderr,
    reason = "why it did not start, in one line, before any log"
)]
fn say(error: &anyhow::Error) {
    eprintln!("worker: {error}");
}
