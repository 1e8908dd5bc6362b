//! What is measured at the queue, under OpenTelemetry's names for messaging where it has them
//! (<https://opentelemetry.io/docs/specs/semconv/messaging/messaging-metrics/>), in the form that
//! Prometheus gives them. `stage` and `outcome` are ours: the conventions have no such words.

use std::time::Duration;

use crate::trace::destination;

type Labels = Vec<(&'static str, String)>;

/// How messages are stored, looked at by whoever stores them.
pub(super) fn published(subject: &str, took: Duration, failure: Option<&'static str>) {
    let mut labels = labels("publish", destination(subject));
    if let Some(failure) = failure {
        labels.push(("error_type", failure.to_owned()));
    }
    metrics::counter!("messaging_client_sent_messages_total", &labels).increment(1);
    labels.push(("messaging_operation_type", "send".to_owned()));
    metrics::histogram!("messaging_client_operation_duration_seconds", &labels).record(took);
}

/// A stage was handed a message, for the first time or again.
pub fn consumed(stage: &'static str, subject: &str) {
    let labels = of_stage("pull", stage, destination(subject));
    metrics::counter!("messaging_client_consumed_messages_total", &labels).increment(1);
}

/// A stage is through with a message, for now or for good.
pub fn processed(stage: &'static str, subject: &str, outcome: &'static str, took: Duration) {
    work(stage, destination(subject), outcome).record(took);
}

/// Lets what a stage measures be there from the start, at zero: of what first appears as 1,
/// Prometheus sees no rise.
pub fn begin(stage: &'static str, stream: &str) {
    let labels = of_stage("pull", stage, stream.to_owned());
    metrics::counter!("messaging_client_consumed_messages_total", &labels).increment(0);
    for outcome in ["done", "retry", "dead", "unknown"] {
        drop(work(stage, stream.to_owned(), outcome));
    }
}

fn work(stage: &'static str, stream: String, outcome: &'static str) -> metrics::Histogram {
    let mut labels = of_stage("process", stage, stream);
    labels.push(("outcome", outcome.to_owned()));
    if is_error(outcome) {
        labels.push(("error_type", outcome.to_owned()));
    }
    metrics::histogram!("messaging_process_duration_seconds", &labels)
}

/// Whether an attempt with that outcome failed, in the span as in the numbers.
#[must_use]
pub fn is_error(outcome: &str) -> bool {
    matches!(outcome, "dead" | "unknown")
}

fn labels(operation: &'static str, stream: String) -> Labels {
    vec![
        ("messaging_system", "nats".to_owned()),
        ("messaging_operation_name", operation.to_owned()),
        ("messaging_destination_name", stream),
    ]
}

fn of_stage(operation: &'static str, stage: &'static str, stream: String) -> Labels {
    let mut labels = labels(operation, stream);
    labels.push(("messaging_consumer_group_name", stage.to_owned()));
    labels.push(("stage", stage.to_owned()));
    labels
}
