//! The program `ingest`: settings, telemetry, listeners; then the library runs until it is told
//! to stop.

use std::{net::SocketAddr, process::ExitCode};

use anyhow::Context as _;
use clap::Parser;
use common::{
    settings::{Environment, SettingError},
    shutdown::Shutdown,
    telemetry,
};
use ingest::{Listeners, Settings};
use tokio::net::TcpListener;

/// Receives Twilio's webhooks and serves the linking API.
#[derive(Parser)]
#[command(version, after_help = include_str!("settings.txt"))]
struct Arguments {}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments {} = Arguments::parse();
    let settings = match Environment::of_process().and_then(|env| Settings::load(&env)) {
        Ok(settings) => settings,
        Err(error) => return complain(&error, 2),
    };
    let traces = match telemetry::init("ingest", &settings.telemetry) {
        Ok(traces) => traces,
        Err(error) => return complain(&error, 2),
    };
    let result = serve(settings).await;
    traces.end().await;
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let wrong_setting = error.is::<SettingError>();
            complain(&format!("{error:#}"), if wrong_setting { 2 } else { 1 })
        }
    }
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    let shutdown = Shutdown::on_signals().context("listening for signals")?;
    let metrics = telemetry::init_metrics().context("counting")?;
    let listeners = Listeners {
        public: listen("INGEST_ADDR", settings.ingest_addr).await?,
        metrics: listen("METRICS_ADDR", settings.process.metrics_addr).await?,
    };
    ingest::run(settings, listeners, metrics, shutdown).await
}

async fn listen(name: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("{name}: cannot listen on {address}"))
}

#[expect(
    clippy::print_stderr,
    reason = "before there are logs, and as the last word"
)]
fn complain(problem: &dyn std::fmt::Display, code: u8) -> ExitCode {
    eprintln!("ingest: {problem}");
    ExitCode::from(code)
}
