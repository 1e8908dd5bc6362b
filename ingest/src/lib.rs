//! The HTTP side: Twilio's webhook, the linking API, health. The modules are in the order of a
//! request's life: settings, the connection, the routes, then what each of them does.

use std::{pin::pin, time::Duration};

use common::{
    process_registry::{Kind, Registration},
    shutdown::Shutdown,
};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;

mod settings;

mod app;
mod connection_limit;
mod io_timeout;
mod server;
mod startup_router;

mod openapi;
mod response_headers;
mod router;

pub mod webhook;

mod link;

mod health;
mod problem;

mod maintenance;

pub use settings::Settings;

use app::App;
use connection_limit::ConnectionLimit;
use startup_router::StartupRouter;

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
/// When NATS cannot be reached, or a stream there is not as declared; when the way to PostgreSQL is
/// not to be used.
pub async fn run(
    settings: Settings,
    listeners: Listeners,
    metrics: PrometheusHandle,
    shutdown: Shutdown,
) -> anyhow::Result<()> {
    maintenance::describe_metrics();
    let startup = || StartupRouter::new(router::starting());
    let (public, watched) = (startup(), startup());
    let address = listeners.public.local_addr().ok();
    let mut serving = pin!(serve(listeners, (&public, &watched), &shutdown));
    let app = tokio::select! {
        app = Box::pin(App::connect(settings)) => app?,
        // It was stopped before.
        () = serving.as_mut() => return Ok(()),
    };
    work_beside(&app, metrics.clone(), &shutdown);
    public.open(router::public(&app));
    watched.open(router::watched(&app, metrics));
    tracing::info!(?address, "taking webhooks");
    let ((), ended) = tokio::join!(serving, app.way_to_database.is_fit_until(&shutdown));
    if !shutdown.finished().await {
        tracing::warn!("stopped before everything in hand was finished");
    }
    app.queue.close().await;
    Ok(ended?)
}

/// Starts what is no request's.
fn work_beside(app: &App, metrics: PrometheusHandle, shutdown: &Shutdown) {
    let stop = shutdown.soft();
    shutdown.spawn(maintenance::run(app.clone(), metrics, stop.clone()));
    let (telling, until) = (app.clone(), stop.clone());
    shutdown.spawn(async move {
        until.run_until_cancelled(telling.limit.tell_redis()).await;
    });
    let registration =
        Registration::new(app.redis.clone(), &app.settings.redis.prefix, Kind::Ingest);
    let (present, until) = (app.clone(), stop.clone());
    let (watching, watched_until) = (app.clone(), stop.clone());
    shutdown.spawn(async move {
        watching
            .schema
            .run(&watching.database, &watched_until)
            .await;
    });
    shutdown.spawn(async move {
        let changed = || present.schema.changed();
        registration
            .keep(&until, || present.process_info(), changed)
            .await;
    });
}

/// Serves until the soft stop. NATS may take half a minute to be there; meanwhile everybody is told
/// that nothing can be done yet.
async fn serve(
    listeners: Listeners,
    (public, watched): (&StartupRouter, &StartupRouter),
    shutdown: &Shutdown,
) {
    drop(tokio::time::timeout(USUAL_START, public.opened()).await);
    let (limit, watchers) = (
        ConnectionLimit::within_limits(),
        ConnectionLimit::for_watchers(),
    );
    tokio::join!(
        server::serve(&listeners.public, public, &limit, shutdown),
        server::serve(&listeners.metrics, watched, &watchers, shutdown),
    );
}
