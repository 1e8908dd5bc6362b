//! The simulator's program: settings, logs, listener, and stopping on Ctrl-C or SIGTERM.

use std::io::Write as _;

use anyhow::Context as _;
use clap::Parser as _;
use simulator::settings::Settings;
use tokio::{net::TcpListener, signal::unix::SignalKind};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let settings = Settings::parse();
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .with_writer(std::io::stderr)
        .init();
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("cannot listen on {}", settings.listen))?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "listening on http://{}", listener.local_addr()?)?;
    stdout.flush()?;
    let stop = CancellationToken::new();
    let mut terminated = tokio::signal::unix::signal(SignalKind::terminate())?;
    let server = simulator::run(settings, listener, stop.clone());
    tokio::pin!(server);
    tokio::select! {
        result = &mut server => return result,
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
    stop.cancel();
    server.await
}
