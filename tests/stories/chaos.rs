//! A short piece of `cargo xtask chaos`, always the same one.

use std::time::Duration;

use harness::chaos::{Plan, run};

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_killed_nothing_is_lost_doubled_or_out_of_order() {
    let plan = Plan {
        senders: 60,
        pause: Duration::from_secs(15),
        ..Plan::new(7, Duration::from_secs(45))
    };
    let report = run(plan, None, None).await;
    assert!(report.is_clean(), "{report}");
}
