//! A collector of traces: takes OTLP over HTTP as a real one does, and shows what came.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{Router, body::Bytes, extract::State, http::StatusCode, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{AnyValue, KeyValue, any_value::Value},
    trace::v1,
};
use prost::Message as _;
use tokio::net::TcpListener;

use crate::wait::until;

/// A span as it was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// 32 hex digits.
    pub trace_id: String,
    /// 16 hex digits.
    pub id: String,
    /// The parent's id; empty for a root.
    pub parent: String,
    /// Which program it is from.
    pub service: String,
    /// Its name.
    pub name: String,
    /// As OpenTelemetry counts kinds: 2 server, 3 client, 4 producer, 5 consumer.
    pub kind: i32,
    /// All attributes, as text.
    pub attributes: BTreeMap<String, String>,
    /// Ids of the traces that it links to.
    pub links: Vec<String>,
    /// Events; there should be none, since they are log lines.
    pub events: usize,
}

/// A collector that listens until the test ends.
pub struct Collector {
    url: String,
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Collector {
    /// Listens on a free port.
    pub async fn start() -> Self {
        let spans = Arc::<Mutex<Vec<Span>>>::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let routes = Router::new()
            .route("/v1/traces", post(take))
            .with_state(Arc::clone(&spans));
        drop(tokio::spawn(
            async move { axum::serve(listener, routes).await },
        ));
        Self { url, spans }
    }

    /// For `OTEL_EXPORTER_OTLP_ENDPOINT`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Everything that came so far.
    #[must_use]
    pub fn spans(&self) -> Vec<Span> {
        let spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.clone()
    }

    /// The trace that the message came in with; waits for its webhook's span.
    pub async fn trace_of(&self, sid: &str) -> String {
        let webhook = |spans: &Vec<Span>| {
            let of_sid = |span: &&Span| {
                span.kind == 2
                    && span
                        .attributes
                        .get("message_sid")
                        .is_some_and(|of| of == sid)
            };
            spans.iter().find(of_sid).map(|span| span.trace_id.clone())
        };
        let look = || async { webhook(&self.spans()) };
        let found = until("the webhook's span", look, Option::is_some).await;
        found.expect("a trace")
    }

    /// Waits until a trace has so many spans of that name; returns the whole trace.
    pub async fn trace_with(&self, trace_id: &str, count: usize, name: &str) -> Vec<Span> {
        let look = || async {
            let mut spans = self.spans();
            spans.retain(|span| span.trace_id == trace_id);
            spans
        };
        let what = format!("{count} spans {name}");
        let named = |spans: &Vec<Span>| spans.iter().filter(|span| span.name == name).count();
        until(&what, look, |spans| named(spans) == count).await
    }
}

async fn take(State(spans): State<Arc<Mutex<Vec<Span>>>>, body: Bytes) -> StatusCode {
    let request = ExportTraceServiceRequest::decode(body).expect("OTLP in protobuf");
    let mut spans = spans.lock().unwrap_or_else(PoisonError::into_inner);
    for resource in request.resource_spans {
        let about = resource.resource.unwrap_or_default().attributes;
        let service = texts(about).remove("service.name").unwrap_or_default();
        let came = resource
            .scope_spans
            .into_iter()
            .flat_map(|scope| scope.spans);
        spans.extend(came.map(|span| read(span, &service)));
    }
    StatusCode::OK
}

fn read(span: v1::Span, service: &str) -> Span {
    let links = span
        .links
        .into_iter()
        .map(|link| hex::encode(link.trace_id));
    Span {
        trace_id: hex::encode(span.trace_id),
        id: hex::encode(span.span_id),
        parent: hex::encode(span.parent_span_id),
        service: service.to_owned(),
        name: span.name,
        kind: span.kind,
        attributes: texts(span.attributes),
        links: links.collect(),
        events: span.events.len(),
    }
}

fn texts(attributes: Vec<KeyValue>) -> BTreeMap<String, String> {
    let pairs = attributes.into_iter();
    pairs.map(|pair| (pair.key, text(pair.value))).collect()
}

fn text(value: Option<AnyValue>) -> String {
    match value.and_then(|value| value.value) {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::BoolValue(truth)) => truth.to_string(),
        Some(Value::DoubleValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    }
}
