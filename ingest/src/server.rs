//! Connections: how many, how long they may be slow, and how they end. Plain HTTP/1.1, as
//! Twilio and load balancers speak it; TLS ends at the proxy before us.

use std::{pin::pin, time::Duration};

use common::shutdown::Shutdown;
use hyper::{
    server::conn::http1,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
};
use tokio_util::sync::CancellationToken;

use crate::{
    connection_limit::{ConnectionLimit, ConnectionPermit},
    io_timeout::{Serving, TimeoutStream},
    startup_router::StartupRouter,
};

/// How long a connection may be idle: longer than load balancers keep theirs, so that none
/// sends a request into a connection that we are about to close.
const IDLE: Duration = Duration::from_secs(75);
/// How long a new connection waits for one that idles to make room.
const ROOM: Duration = Duration::from_millis(250);
/// Largest head of a request, and buffer of a connection.
const LARGEST_HEAD: usize = 32 * 1024;
/// What a connection that there is no room for is told.
const NO_ROOM: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n\
    Connection: close\r\nContent-Length: 0\r\n\r\n";

/// Serves until the soft stop; connections that are in work end by themselves, and `shutdown` waits
/// for them.
pub(crate) async fn serve(
    listener: &TcpListener,
    startup: &StartupRouter,
    limit: &ConnectionLimit,
    shutdown: &Shutdown,
) {
    let stop = shutdown.soft();
    let mut failing = false;
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        match accepted {
            Ok((stream, _)) => {
                failing = false;
                let (limit, startup, stop) = (limit.clone(), startup.clone(), stop.clone());
                shutdown.spawn(async move {
                    match limit.take(ROOM).await {
                        Some(permit) => serve_connection(stream, startup, permit, &stop).await,
                        None => refuse(stream).await,
                    }
                });
            }
            Err(error) => {
                // Out of file descriptors, mostly: some will be free in a moment.
                if !failing {
                    tracing::warn!(%error, "cannot take connections");
                }
                failing = true;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Says that there is no room, as far as the client takes it at once.
async fn refuse(mut stream: TcpStream) {
    metrics::counter!("connections_refused_total").increment(1);
    drop(tokio::time::timeout(ROOM, stream.write_all(NO_ROOM)).await);
}

async fn serve_connection(
    stream: TcpStream,
    startup: StartupRouter,
    mut permit: ConnectionPermit,
    stop: &CancellationToken,
) {
    // Answers are small and wanted at once. A failure only makes them later.
    drop(stream.set_nodelay(true));
    let serving = Serving::default();
    let leaving = serving.clone();
    let stream = TimeoutStream::new(stream, serving.clone());
    let service = service_fn(move |request| {
        serving.turn();
        let routes = TowerToHyperService::new(startup.routes());
        let (answer, serving) = (routes.call(request), serving.clone());
        async move {
            let answer = answer.await;
            serving.turn();
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = async { tokio::select! {
            () = stop.cancelled() => {}
            () = permit.is_wanted() => leaving.leave(),
        } } => {
            // At once where it idles, soon where it has begun to ask, else after the answer.
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // A client that goes away is nothing to act upon.
        tracing::debug!(%error, "a connection broke");
    }
}
