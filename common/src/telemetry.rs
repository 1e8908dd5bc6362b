//! Logs, traces and metrics of a process. Other crates never log below `info` here, whatever
//! `RUST_LOG` says: what they print at `debug` and `trace` may hold bodies, addresses or tokens.

mod export;
mod gate;
mod panics;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer as _, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use self::gate::Gate;

pub use self::export::Traces;
use crate::settings::{SettingError, TelemetrySettings};

/// Our own crates, by the targets of their events.
const OURS: [&str; 4] = ["common", "ingest", "worker", "focobot"];
/// Buckets of durations, in seconds: those that OpenTelemetry's conventions for messaging ask for,
/// and a few below and above, for webhooks and for models.
const SECONDS: [f64; 18] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0,
    30.0, 60.0,
];

/// Starts logging to standard error, panics too, and tracing. The traces are to be ended as the last thing.
///
/// # Errors
/// When `RUST_LOG` or `OTEL_EXPORTER_OTLP_ENDPOINT` cannot be read.
pub fn init(service: &'static str, settings: &TelemetrySettings) -> Result<Traces, SettingError> {
    let filter = EnvFilter::try_new(&settings.filter)
        .map_err(|_| SettingError::new("RUST_LOG", "cannot be read", "info,worker=debug"))?;
    let traces = Traces::start(service, settings.collector.as_deref()).map_err(|_| {
        let right = "http://127.0.0.1:4318";
        SettingError::new("OTEL_EXPORTER_OTLP_ENDPOINT", "cannot be used", right)
    })?;
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = if settings.json {
        lines.json().boxed()
    } else {
        lines.boxed()
    };
    let spans = tracing_opentelemetry::layer()
        .with_tracer(traces.tracer())
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false);
    let subscriber = tracing_subscriber::registry()
        .with(spans)
        .with(lines)
        .with(Gate::new(filter));
    // A second call in one process (tests) keeps the first subscriber.
    drop(subscriber.try_init());
    panics::log();
    Ok(traces)
}

fn is_ours(about: &Metadata<'_>) -> bool {
    let root = about.target().split("::").next().unwrap_or_default();
    OURS.contains(&root)
}

fn may_log(event: &Metadata<'_>) -> bool {
    is_ours(event) || *event.level() <= Level::INFO
}

/// Starts counting; the handle renders Prometheus' text.
///
/// # Errors
/// When the process counts already.
pub fn init_metrics() -> Result<PrometheusHandle, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .install_recorder()
}
