//! Twilio's and OpenAI's side, for local work and tests.
//!
//! What FocoBot calls is answered here as Twilio and OpenAI answer it; what Twilio would post to
//! FocoBot is posted from here, signed; a control API makes things happen and makes them fail; and
//! a page shows a phone to type on. Never part of a deployment. The control API with all its shapes
//! is described in this crate's `README.md`.

pub mod clock;
pub mod connection;
pub mod control;
pub mod fault;
mod foco;
pub mod form;
pub mod message;
pub mod openai;
pub mod phone;
pub mod proposals;
pub mod router;
pub mod settings;
pub mod sid;
pub mod signature;
pub mod simulator;
pub mod twilio;
pub mod webhook;
pub mod world;

use std::{sync::Arc, time::Duration};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    connection::{Connection, CuttableListener},
    settings::Settings,
    simulator::Simulator,
};

/// Time for what still runs when the process is told to stop.
const DRAIN: Duration = Duration::from_secs(2);

/// Serves on `listener` until `stop` is cancelled.
///
/// # Errors
/// When a setting cannot be used, or the listener fails.
pub async fn run(
    settings: Settings,
    listener: TcpListener,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let simulator = Arc::new(Simulator::new(settings, stop.clone())?);
    let service =
        router::router(Arc::clone(&simulator)).into_make_service_with_connect_info::<Connection>();
    let server = axum::serve(CuttableListener(listener), service)
        .with_graceful_shutdown(stop.clone().cancelled_owned());
    tokio::select! {
        result = async { server.await } => result?,
        () = async { stop.cancelled().await; tokio::time::sleep(DRAIN).await } => {}
    }
    simulator.drain(DRAIN).await;
    Ok(())
}
