//! What keeps an ingester that runs for months as small as it was on its first day.

use std::time::Duration;

use metrics::{Unit, describe_counter, describe_histogram};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::{app::App, webhook::ANSWERS};

/// How often.
const EVERY: Duration = Duration::from_secs(20);

/// Says what each number means, for whoever reads `/metrics`.
pub(crate) fn describe_metrics() {
    describe_counter!(
        "webhook_requests_total",
        "Webhooks by outcome (stored, seen_before, refused, rejected, unavailable) and reason"
    );
    describe_histogram!(
        "webhook_seconds",
        Unit::Seconds,
        "From a webhook's head to its answer"
    );
    describe_counter!(
        "webhook_old_token_total",
        "Webhooks signed by the second token of a rotation: while it rises, keep that token"
    );
    describe_counter!(
        "limit_redis_failures_total",
        "Messages for which Redis did not answer, so that this ingester limited alone"
    );
    describe_counter!(
        "connections_refused_total",
        "Connections that there was no place for"
    );
    describe_counter!("panics_total", "Requests that panicked: bugs");
    begin();
}

/// Lets all of them be there from the start, at zero: of what first appears as 1, Prometheus sees
/// no rise, and an alarm would miss the first time.
fn begin() {
    for (outcome, reasons) in ANSWERS {
        for reason in reasons {
            let labels = [("outcome", outcome), ("reason", reason)];
            metrics::counter!("webhook_requests_total", &labels).increment(0);
        }
    }
    metrics::counter!("webhook_old_token_total").increment(0);
    metrics::counter!("limit_redis_failures_total").increment(0);
    metrics::counter!("connections_refused_total").increment(0);
    metrics::counter!("link_codes_wrong_total").increment(0);
    metrics::counter!("link_locks_total").increment(0);
    metrics::counter!("panics_total").increment(0);
    drop(metrics::histogram!("webhook_seconds"));
}

/// Forgets idle senders and condenses metrics that nobody has fetched.
pub(crate) async fn run(app: App, metrics: PrometheusHandle, stop: CancellationToken) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        app.limit.forget_idle();
        metrics.run_upkeep();
    }
}
