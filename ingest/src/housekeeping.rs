//! What keeps an ingester that runs for months as small as it was on its first day.

use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::app::App;

/// How often.
const EVERY: Duration = Duration::from_secs(20);

/// Forgets idle senders and condenses metrics that nobody has fetched.
pub(crate) async fn run(app: App, metrics: PrometheusHandle, stop: CancellationToken) {
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        app.limit.forget_idle();
        metrics.run_upkeep();
    }
}
