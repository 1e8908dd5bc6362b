//! Connecting to NATS: waits a bounded time for a server that is starting, refuses one that is
//! too old, and reconnects within a quarter of a second.

use std::{sync::Arc, time::Duration};

use async_nats::{
    Client, ConnectOptions, Event,
    connection::State,
    jetstream::{Context, ContextBuilder},
};
use backon::{ExponentialBuilder, Retryable};
use tokio::sync::watch;

use super::{drift::DriftError, topology::Topology};
use crate::settings::NatsSettings;

/// How long a publish waits for the stream's acknowledgement (after five seconds the webhook is answered 503).
const ACK_TIMEOUT: Duration = Duration::from_secs(4);
/// How long start-up waits for a server.
const START_UP: Duration = Duration::from_secs(30);
/// The floor: older servers drop settings silently or cannot sync every write.
const OLDEST: (i64, i64, i64) = (2, 12, 0);

/// Why there is no queue to work with.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nothing answers.
    #[error("NATS_URL: cannot connect ({0}); check the address and that nats-server runs")]
    Unreachable(String),
    /// The credentials file cannot be read.
    #[error("NATS_CREDS: cannot read the credentials file ({0})")]
    Credentials(std::io::Error),
    /// The server is too old.
    #[error("NATS_URL: the server is version {0}; FocoBot needs nats-server 2.12 or newer")]
    TooOld(String),
    /// A stream or consumer is not as declared.
    #[error(transparent)]
    Drift(#[from] DriftError),
}

/// The connection, and the names of all that is on it.
#[derive(Clone, Debug)]
pub struct Queue {
    pub(super) context: Context,
    topology: Topology,
    connections: watch::Receiver<u64>,
}

impl Queue {
    /// Connects, and makes sure that every stream and consumer is as declared.
    ///
    /// # Errors
    /// Says which setting to change, or which stream differs.
    pub async fn connect(settings: &NatsSettings) -> Result<Self, ConnectError> {
        let (counter, connections) = watch::channel(0);
        let client = connect_client(settings, counter).await?;
        let (major, minor, patch) = OLDEST;
        if !client.is_server_compatible(major, minor, patch) {
            return Err(ConnectError::TooOld(client.server_info().version));
        }
        let context = ContextBuilder::new().timeout(ACK_TIMEOUT).build(client);
        let topology = topology(settings);
        topology.ensure(&context).await?;
        Ok(Self {
            context,
            topology,
            connections,
        })
    }

    /// Connects to a system that runs, and leaves its streams as they are: an operator's command
    /// does not know the settings that they were made with.
    ///
    /// # Errors
    /// Says which setting to change.
    pub async fn attach(settings: &NatsSettings) -> Result<Self, ConnectError> {
        let (counter, connections) = watch::channel(0);
        let client = connect_client(settings, counter).await?;
        let context = ContextBuilder::new().timeout(ACK_TIMEOUT).build(client);
        Ok(Self {
            context,
            topology: topology(settings),
            connections,
        })
    }

    /// The names.
    #[must_use]
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// JetStream itself, for consumers and administration.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Whether the connection stands. A server that hangs shows only in time-outs.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.client().connection_state() == State::Connected
    }

    /// Changes whenever the connection is made anew: pulls that the server had are lost then.
    #[must_use]
    pub fn reconnections(&self) -> watch::Receiver<u64> {
        let mut connections = self.connections.clone();
        connections.mark_unchanged();
        connections
    }

    /// Sends what is buffered and closes.
    pub async fn close(&self) {
        if let Err(error) = self.client().drain().await {
            tracing::warn!(%error, "closing the connection to NATS");
        }
    }

    fn client(&self) -> Client {
        self.context.client()
    }
}

/// The names and settings of this system.
fn topology(settings: &NatsSettings) -> Topology {
    Topology::new(
        &settings.prefix,
        settings.replicas,
        settings.stream_max_bytes,
        settings.ack_wait,
    )
}

async fn connect_client(
    settings: &NatsSettings,
    counter: watch::Sender<u64>,
) -> Result<Client, ConnectError> {
    let counter = Arc::new(counter);
    let mut options = ConnectOptions::new()
        .name("focobot")
        .ping_interval(Duration::from_secs(5))
        .connection_timeout(Duration::from_secs(5))
        .event_callback(move |event| {
            if matches!(event, Event::Connected) {
                counter.send_modify(|count| *count += 1);
            }
            std::future::ready(())
        })
        // Back within a quarter of a second: while we are away, webhooks are answered 503.
        .reconnect_delay_callback(|attempts| {
            Duration::from_millis(50 * u64::try_from(attempts.min(5)).unwrap_or(5))
        });
    if let Some(path) = &settings.credentials {
        options = options
            .credentials_file(path)
            .await
            .map_err(ConnectError::Credentials)?;
    }
    let attempt = || {
        let options = options.clone();
        async move { async_nats::connect_with_options(settings.urls.as_slice(), options).await }
    };
    attempt
        .retry(
            ExponentialBuilder::default()
                .with_min_delay(Duration::from_millis(100))
                .with_max_delay(Duration::from_secs(2))
                .with_total_delay(Some(START_UP))
                .with_max_times(usize::MAX),
        )
        .notify(|error, _| tracing::warn!(%error, "NATS does not answer yet, trying again"))
        .await
        .map_err(|error| ConnectError::Unreachable(error.to_string()))
}
