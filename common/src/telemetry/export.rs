//! Traces, to a collector by OTLP over HTTP. Spans wait in a bounded queue that a thread of its own
//! empties: what does not fit while the collector is away is dropped, and nobody waits for it.

use std::time::Duration;

use async_trait::async_trait;
use opentelemetry::{KeyValue, trace::TracerProvider as _};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{
    ExporterBuildError, Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _,
};
use opentelemetry_sdk::{
    Resource,
    trace::{BatchConfigBuilder, BatchSpanProcessor, SdkTracer, SdkTracerProvider},
};
use tokio::runtime::Handle;

use crate::http;

/// One call of the collector, and with it the wait at the end of the process.
const CALL: Duration = Duration::from_secs(3);
/// Spans that wait at most, about a kilobyte each.
const MOST_WAITING: usize = 4096;
/// How often they are exported.
const EVERY: Duration = Duration::from_secs(1);

/// Why traces cannot be exported.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExportError {
    /// The system's certificates cannot be read.
    #[error(transparent)]
    Client(#[from] reqwest::Error),
    /// The address cannot be read.
    #[error(transparent)]
    Exporter(#[from] ExporterBuildError),
}

/// Makes spans, with trace ids that travel whether anybody collects them or not.
#[derive(Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Exports to the collector at `endpoint`, if there is one.
    pub(super) fn start(
        service: &'static str,
        endpoint: Option<&str>,
    ) -> Result<Self, ExportError> {
        let resource = Resource::builder()
            .with_attribute(KeyValue::new("service.namespace", "focobot"))
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .with_service_name(service)
            .build();
        let mut provider = SdkTracerProvider::builder()
            .with_resource(resource)
            // Log lines stay in the log.
            .with_max_events_per_span(0);
        if let Some(endpoint) = endpoint {
            provider = provider.with_span_processor(processor(endpoint)?);
        }
        Ok(Self {
            provider: provider.build(),
        })
    }

    pub(super) fn tracer(&self) -> SdkTracer {
        self.provider.tracer("focobot")
    }

    /// Exports what still waits, at most for the time of one call, and ends.
    pub async fn end(self) {
        let ending = tokio::task::spawn_blocking(move || {
            // What cannot be exported now is lost, and was never promised.
            drop(self.provider.shutdown_with_timeout(CALL));
        });
        drop(ending.await);
    }
}

fn processor(endpoint: &str) -> Result<BatchSpanProcessor, ExportError> {
    let client = OwnClient {
        client: http::client(CALL)?,
        runtime: Handle::current(),
    };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{endpoint}/v1/traces"))
        .with_timeout(CALL)
        .with_http_client(client)
        .build()?;
    let batches = BatchConfigBuilder::default()
        .with_max_queue_size(MOST_WAITING)
        .with_scheduled_delay(EVERY)
        .build();
    Ok(BatchSpanProcessor::builder(exporter)
        .with_batch_config(batches)
        .build())
}

/// The process's own kind of client, on the process's runtime: the exporter's thread has none.
#[derive(Debug)]
struct OwnClient {
    client: reqwest::Client,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for OwnClient {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (client, request) = (self.client.clone(), request.try_into()?);
        let answer = self.runtime.spawn(async move {
            let answer = client.execute(request).await?;
            let status = answer.status();
            let body = answer.bytes().await?;
            Ok::<_, reqwest::Error>((status, body))
        });
        let (status, body) = answer.await?.map_err(reqwest::Error::without_url)?;
        Ok(Response::builder().status(status).body(body)?)
    }
}
