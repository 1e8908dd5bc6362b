//! One trace per message: its W3C context travels in the queue's headers and stands in the rows
//! that wait for somebody, so that every stage's span finds its parent. Names and attributes are
//! those of OpenTelemetry's conventions for messaging; nothing of what people wrote is among them.

use std::collections::HashMap;

use async_nats::HeaderValue;
use opentelemetry::{
    Context,
    propagation::{Extractor, TextMapPropagator as _},
    trace::{SpanContext, Status, TraceContextExt as _},
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::{Span, field, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use url::Url;
use uuid::Uuid;

use crate::queue::{Headers, headers};

/// W3C: trace id, span id and flags.
pub const TRACEPARENT: &str = "traceparent";
/// W3C: what vendors add.
const TRACESTATE: &str = "tracestate";

/// A span somewhere, in this process or another.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace(SpanContext);

impl Trace {
    /// That of the current span.
    #[must_use]
    pub fn current() -> Option<Self> {
        Self::of_span(&Span::current())
    }

    fn of_span(span: &Span) -> Option<Self> {
        Self::valid(span.context().span().span_context().clone())
    }

    fn valid(context: SpanContext) -> Option<Self> {
        context.is_valid().then_some(Self(context))
    }

    /// The one that a message carries.
    #[must_use]
    pub fn of(headers: &Headers) -> Option<Self> {
        Self::extract(&Carried(headers))
    }

    /// Reads a stored `traceparent`.
    #[must_use]
    pub fn from_stored(traceparent: &str) -> Option<Self> {
        Self::extract(&HashMap::from([(
            TRACEPARENT.to_owned(),
            traceparent.to_owned(),
        )]))
    }

    fn extract(from: &dyn Extractor) -> Option<Self> {
        let found = TraceContextPropagator::new().extract_with_context(&Context::new(), from);
        Self::valid(found.span().span_context().clone())
    }

    /// As it is stored and sent.
    #[must_use]
    pub fn traceparent(&self) -> String {
        let Self(context) = self;
        let flags = context.trace_flags().to_u8();
        format!(
            "00-{}-{}-{flags:02x}",
            context.trace_id(),
            context.span_id()
        )
    }

    /// The id that all spans of the trace share: 32 hex digits.
    #[must_use]
    pub fn id(&self) -> String {
        self.0.trace_id().to_string()
    }

    /// Makes a message carry it.
    pub fn put(&self, headers: &mut Headers) {
        headers.insert(TRACEPARENT, self.traceparent().as_str());
        let state = self.0.trace_state().header();
        if !state.is_empty() {
            headers.insert(TRACESTATE, state.as_str());
        }
    }

    fn adopt(&self, span: &Span) {
        // It fails only where nobody traces.
        drop(span.set_parent(Context::new().with_remote_span_context(self.0.clone())));
    }
}

struct Carried<'a>(&'a Headers);

impl Extractor for Carried<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(HeaderValue::as_str)
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT, TRACESTATE]
    }
}

/// Puts the trace's id on the span's log lines.
fn named(span: Span) -> Span {
    if let Some(trace) = Trace::of_span(&span) {
        span.record("trace_id", trace.id());
    }
    span
}

/// A link to the trace that a replayed message began in.
fn link_to_the_first(span: &Span, with: &Headers) {
    let first = with.get(headers::REPLAY_OF);
    if let Some(Trace(first)) = first.and_then(|value| Trace::from_stored(value.as_str())) {
        span.add_link(first);
    }
}

/// `<prefix>.<stream>` of a subject: what follows has too many values for a name.
fn destination(subject: &str) -> String {
    subject.split('.').take(2).collect::<Vec<_>>().join(".")
}

fn messaging(span: &Span, operation: &'static str, kind: &'static str, subject: &str) {
    span.set_attribute("messaging.system", "nats");
    span.set_attribute("messaging.operation.name", operation);
    span.set_attribute("messaging.operation.type", kind);
    span.set_attribute("messaging.destination.name", destination(subject));
}

/// The root: a webhook that is Twilio's, under the id that its answer has. Twilio sends no context,
/// and nobody else's is taken.
#[must_use]
pub fn webhook(route: &'static str, request: Uuid) -> Span {
    let span = info_span!(parent: None, "webhook", otel.kind = "server",
        otel.name = %format_args!("POST {route}"), %request,
        trace_id = field::Empty, message_sid = field::Empty, sender = field::Empty);
    span.set_attribute("http.request.method", "POST");
    span.set_attribute("http.route", route);
    named(span)
}

/// The publishing of a message; from here on the message carries this span. Its parent is what the
/// headers name, else the current span; where these are two traces, one links to the other.
pub fn publish(subject: &str, id: &str, with: &mut Headers) -> Span {
    let span = info_span!("publish", otel.kind = "producer",
        otel.name = %format_args!("publish {}", destination(subject)));
    let current = Trace::current();
    if let Some(parent) = Trace::of(with) {
        parent.adopt(&span);
        link_if_another(&span, &parent, current);
    }
    link_to_the_first(&span, with);
    messaging(&span, "publish", "send", subject);
    span.set_attribute("messaging.message.id", id.to_owned());
    if let Some(trace) = Trace::of_span(&span) {
        trace.put(with);
    }
    span
}

fn link_if_another(span: &Span, parent: &Trace, current: Option<Trace>) {
    if let Some(Trace(here)) = current.filter(|here| here.id() != parent.id()) {
        span.add_link(here);
    }
}

/// A stage's work on a message.
#[must_use]
pub fn process(stage: &'static str, subject: &str, with: &Headers) -> Span {
    let sender = subject.rsplit('.').next().unwrap_or_default();
    let span = info_span!(parent: None, "process", otel.kind = "consumer",
        otel.name = %format_args!("process {}", destination(subject)),
        stage, sender, trace_id = field::Empty, message_sid = field::Empty);
    if let Some(parent) = Trace::of(with) {
        parent.adopt(&span);
    }
    link_to_the_first(&span, with);
    messaging(&span, "process", "process", subject);
    span.set_attribute("messaging.consumer.group.name", stage);
    named(span)
}

/// The sending of a reply, in the trace of the message that it answers: that is the current one,
/// unless somebody else's message brought the stage here.
#[must_use]
pub fn reply(message_sid: Option<&str>, trace: Option<&Trace>) -> Span {
    let current = Trace::current();
    let span = info_span!(
        "reply",
        otel.name = "send reply",
        message_sid,
        trace_id = field::Empty
    );
    if let Some(trace) = trace.filter(|trace| current.as_ref().is_none_or(|c| c.id() != trace.id()))
    {
        trace.adopt(&span);
        link_if_another(&span, trace, current);
    }
    named(span)
}

/// A call of another company's API; `name` has few values, and of the address the span has only
/// the host.
#[must_use]
pub fn call(name: &str, method: &'static str, address: &str) -> Span {
    let span = info_span!("call", otel.kind = "client", otel.name = name);
    span.set_attribute("http.request.method", method);
    let url = Url::parse(address).ok();
    if let Some(host) = url.as_ref().and_then(Url::host_str) {
        span.set_attribute("server.address", host.to_owned());
    }
    span
}

/// What a call was answered with.
pub fn answered(span: &Span, status: u16) {
    span.set_attribute("http.response.status_code", i64::from(status));
    if status >= 400 {
        failed(span, status.to_string());
    }
}

/// Why what a span stands for failed, by a word out of few.
pub fn failed(span: &Span, word: impl Into<String>) {
    span.set_attribute("error.type", word.into());
    span.set_status(Status::error(""));
}

/// Something else about a span: a word or a number, nothing of what people wrote.
pub fn note(span: &Span, name: &'static str, value: impl Into<opentelemetry::Value>) {
    span.set_attribute(name, value);
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_trace_comes_out_of_headers_as_it_went_in() {
        let mut headers = Headers::new();
        headers.insert(TRACEPARENT, TEXT);
        headers.insert(TRACESTATE, "vendor=1");
        let trace = Trace::of(&headers).expect("a trace");
        assert_eq!(trace.traceparent(), TEXT);
        assert_eq!(trace.id(), "0af7651916cd43dd8448eb211c80319c");
        let mut again = Headers::new();
        trace.put(&mut again);
        assert_eq!(again, headers);
    }

    #[test]
    fn what_is_no_trace_is_none() {
        for text in ["", "00-0-0-01", &TEXT.replace("0af7", "0AG7")] {
            assert_eq!(Trace::from_stored(text), None, "{text}");
        }
    }

    #[test]
    fn a_destination_names_neither_lane_nor_sender() {
        assert_eq!(
            destination("foco.inbound.07.0123456789abcdef"),
            "foco.inbound"
        );
    }
}
