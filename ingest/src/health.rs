//! Whether the ingester can do its work: all of it, or only the webhook, which needs the queue
//! alone.

use std::time::{Duration, Instant};

use axum::{extract::State, response::Response};
use common::{
    http::{Readiness, readiness, ready_answer},
    queue::StreamName,
};
use tokio::time::timeout;

use crate::app::App;

/// How long the queue may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// What is away: queue, cache or database; or that the database is not as this release asks for it.
pub(crate) fn of(app: &App) -> Readiness {
    let app = app.clone();
    readiness(move || {
        let app = app.clone();
        async move {
            let (queue, redis, database) = tokio::join!(
                queue(&app),
                common::cache::is_up(&app.redis),
                common::database::is_up(&app.database),
            );
            queue?;
            let up = |is_up: bool, part| if is_up { Ok(()) } else { Err(part) };
            up(redis, "redis").and(up(database, "postgresql"))?;
            let failing = app.schema.failing();
            failing.map_or(Ok(()), |failing| Err(failing.name()))
        }
    })
}

/// Whether the process answers.
#[utoipa::path(get, path = "/livez", tag = "health", responses((status = 200)))]
pub(crate) async fn livez() -> Response {
    ready_answer(Ok(()))
}

/// Whether NATS, Redis and PostgreSQL answer too, and PostgreSQL has what this release asks for.
#[utoipa::path(get, path = "/readyz", tag = "health",
    responses((status = 200), (status = 503, description = "`failing` names what is away or wrong")))]
pub(crate) async fn readyz(State(app): State<App>) -> Response {
    ready_answer(of(&app)().await)
}

/// Whether webhooks can be taken, which needs NATS alone: load balancers ask this.
#[utoipa::path(get, path = "/readyz/webhook", tag = "health", operation_id = "readyz_webhook",
    responses((status = 200), (status = 503, description = "NATS is away")))]
pub(crate) async fn webhook(State(app): State<App>) -> Response {
    ready_answer(queue(&app).await)
}

/// A server that hangs keeps its connection, so the stream itself is asked for. Whoever asks here
/// has a breaker of their own: an answer lets webhooks try again, since none may come while we are
/// not ready, but no number of questions keeps them from being stored.
async fn queue(app: &App) -> Result<(), &'static str> {
    let breaker = &app.health_breaker;
    if !app.queue.is_connected() || !breaker.may_try(Instant::now()) {
        return Err("nats");
    }
    let stream = app.queue.topology().stream(StreamName::Inbound);
    if let Ok(Ok(_)) = timeout(PATIENCE, app.queue.context().get_stream(stream)).await {
        breaker.succeed();
        app.queue_breaker.succeed();
        Ok(())
    } else {
        breaker.fail(Instant::now());
        Err("nats")
    }
}
