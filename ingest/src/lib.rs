//! The HTTP side: Twilio's webhook, the linking API, health. The modules are in the order of a
//! request's life: settings, the connection, the routes, then what each of them does.

use std::time::Duration;

use common::shutdown::Shutdown;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;

mod settings;

mod app;
mod breaker;
mod places;
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

use app::App;
use places::Places;

/// How long requests wait for a start before they are told that it takes longer.
const USUAL_START: Duration = Duration::from_secs(1);

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
    let places = Places::within_limits();
    let Some(app) = connect(settings, &listeners, &places, &shutdown).await? else {
        return Ok(());
    };
    shutdown.spawn(housekeeping::run(
        app.clone(),
        metrics.clone(),
        shutdown.soft().clone(),
    ));
    let telling = (app.clone(), shutdown.soft().clone());
    shutdown.spawn(async move {
        let (app, stop) = telling;
        stop.run_until_cancelled(app.limit.tell_redis()).await;
    });
    tracing::info!(address = ?listeners.public.local_addr().ok(), "taking webhooks");
    let stop = || shutdown.soft().clone();
    let (public, watched) = (router::public(&app), router::watched(&app, metrics));
    let watchers = Places::for_watchers();
    tokio::join!(
        server::serve(&listeners.public, public, &places, stop(), &shutdown),
        server::serve(&listeners.metrics, watched, &watchers, stop(), &shutdown),
    );
    drop(listeners);
    if !shutdown.finished().await {
        tracing::warn!("stopped before everything in hand was finished");
    }
    app.queue.close().await;
    Ok(())
}

/// Connects, and answers meanwhile that it cannot do anything yet: NATS may take half a minute to
/// be there. `None` when it was stopped before.
async fn connect(
    settings: Settings,
    listeners: &Listeners,
    places: &Places,
    shutdown: &Shutdown,
) -> anyhow::Result<Option<App>> {
    let stop = shutdown.soft().child_token();
    // What was begun meanwhile ends with the first answer.
    let _until_connected = stop.clone().drop_guard();
    let answer =
        |listener| server::serve(listener, router::starting(), places, stop.clone(), shutdown);
    let answering = async {
        tokio::time::sleep(USUAL_START).await;
        tokio::join!(answer(&listeners.public), answer(&listeners.metrics))
    };
    tokio::select! {
        app = Box::pin(App::connect(settings)) => app.map(Some),
        _ = answering => Ok(None),
    }
}
