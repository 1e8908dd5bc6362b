//! Connections: how many, how long they may be slow, and how they end. Plain HTTP/1.1, as
//! Twilio and load balancers speak it; TLS ends at the proxy before us.

use std::{sync::Arc, time::Duration};

use axum::Router;
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
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};

use crate::stall::{Serving, Stallable};

/// How many connections there may be; further ones wait in the system's queue.
const MOST_CONNECTIONS: usize = 4096;
/// How long a connection may be idle: longer than load balancers keep theirs, so that none
/// sends a request into a connection that we are about to close.
const IDLE: Duration = Duration::from_secs(75);
/// Largest head of a request, and buffer of a connection.
const LARGEST_HEAD: usize = 32 * 1024;

/// Serves until the soft stop; connections that are in work end by themselves.
pub(crate) async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let stop = shutdown.soft().clone();
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let Some((place, accepted)) = stop.run_until_cancelled(next).await else {
            return;
        };
        match accepted {
            Ok((stream, _)) => {
                let connection = serve_connection(stream, router.clone(), shutdown.clone());
                shutdown.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                // Out of file descriptors, mostly: some will be free in a moment.
                tracing::warn!(%error, "cannot take a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn serve_connection(stream: TcpStream, router: Router, shutdown: Shutdown) {
    // Answers are small and wanted at once. A failure only makes them later.
    drop(stream.set_nodelay(true));
    let serving = Serving::default();
    let stream = Stallable::new(stream, serving.clone());
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request| {
        serving.turn();
        let (answer, serving) = (router.call(request), serving.clone());
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
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = shutdown.soft().cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // A client that goes away is nothing to act upon.
        tracing::debug!(%error, "a connection broke");
    }
}
