//! The HTTP side: Twilio's webhook, the linking API, health. The modules are in the order of a
//! request's life: settings, the connection, the routes, then what each of them does.

use common::shutdown::Shutdown;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;

mod settings;

mod app;
mod server;
mod stall;

mod hygiene;
mod openapi;
mod router;

pub mod webhook;

mod link;

mod health;
mod problem;

mod housekeeping;

pub use settings::Settings;

/// Where the ingester listens.
#[derive(Debug)]
pub struct Listeners {
    /// For Twilio, people and load balancers.
    pub public: TcpListener,
    /// For whoever watches: metrics and health.
    pub metrics: TcpListener,
}

/// Serves until `shutdown` says so, then finishes what was accepted.
///
/// # Errors
/// When NATS cannot be reached, or a stream there is not as declared.
pub async fn run(
    settings: Settings,
    listeners: Listeners,
    metrics: PrometheusHandle,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    housekeeping::describe_metrics();
    // A stop while NATS is waited for is a stop all the same.
    let connecting = Box::pin(app::App::connect(settings));
    let Some(app) = shutdown
        .soft()
        .run_until_cancelled(connecting)
        .await
        .transpose()?
    else {
        return Ok(());
    };
    shutdown.spawn(housekeeping::run(
        app.clone(),
        metrics.clone(),
        shutdown.soft().clone(),
    ));
    let watched = router::watched(&app, metrics);
    shutdown.spawn(server::serve(listeners.metrics, watched, shutdown.clone()));
    tracing::info!(address = ?listeners.public.local_addr().ok(), "taking webhooks");
    shutdown.spawn(server::serve(
        listeners.public,
        router::public(&app),
        shutdown.clone(),
    ));
    if !shutdown.finished().await {
        tracing::warn!("stopped before everything in hand was finished");
    }
    app.queue.close().await;
    Ok(())
}
