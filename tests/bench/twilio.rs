//! Twilio's side, as cheap as it can be: each post is taken after five milliseconds, and counted.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const TAKES: Duration = Duration::from_millis(5);

/// The server.
pub(crate) struct StandIn {
    pub(crate) url: String,
    posts: Arc<AtomicU64>,
}

impl StandIn {
    /// Listens on a port of its own.
    pub(crate) async fn start() -> Self {
        let posts = Arc::new(AtomicU64::new(0));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let routes = Router::new()
            .route("/2010-04-01/Accounts/{account}/Messages.json", post(take))
            .fallback(|| async { StatusCode::NOT_FOUND })
            .with_state(Arc::clone(&posts));
        drop(tokio::spawn(async move {
            axum::serve(listener, routes).await.expect("serving");
        }));
        Self { url, posts }
    }

    /// Posts that were taken so far.
    pub(crate) fn posts(&self) -> u64 {
        self.posts.load(Ordering::Relaxed)
    }
}

async fn take(State(posts): State<Arc<AtomicU64>>) -> (StatusCode, Json<Value>) {
    tokio::time::sleep(TAKES).await;
    let number = posts.fetch_add(1, Ordering::Relaxed);
    let message = json!({
        "sid": format!("SM{:032x}", u128::from(number) | u128::from(rand::random::<u64>()) << 64),
        "status": "queued",
    });
    (StatusCode::CREATED, Json(message))
}
