//! What a worker counts, there from the start at zero: of what first appears as 1, Prometheus sees
//! no rise, and an alarm would miss the first time.

use common::{queue::measured, stage::StageName};

use crate::{
    engine::{context::Context, stage_error::Reason},
    parse::REASONS_WITHOUT_A_MODEL,
    send::{CODES_UNSENT, POSTS, error_code::Class, withholding},
    sweep::STEPS,
};

/// Begins the numbers of the stages that this worker runs.
pub(crate) fn begin(context: &Context) {
    metrics::counter!("panics_total").increment(0);
    metrics::counter!("messages_erased_total").increment(0);
    for stage in &context.settings.stages {
        of_stage(*stage);
    }
    let ours = &context.settings.stages;
    for stage in StageName::with_queue().filter(|stage| ours.contains(stage)) {
        let stream = stage.consumers()[0].stream();
        measured::begin(stage.name(), &context.queue.topology().stream(stream));
    }
}

fn of_stage(stage: StageName) {
    match stage {
        StageName::Route => {
            may_die("route");
            metrics::counter!("link_codes_wrong_total").increment(0);
            metrics::counter!("link_locks_total").increment(0);
            metrics::counter!("links_suspended_total").increment(0);
        }
        StageName::Parse => {
            may_die("parse");
            of_model();
        }
        StageName::Send => {
            may_die("send");
            of_replies();
        }
        StageName::Status => {
            may_die("status");
            of_callbacks();
        }
        StageName::Dead => metrics::counter!("dead_letters_unfiled_total").increment(0),
        StageName::Sweep => {
            for step in STEPS {
                metrics::counter!("sweep_failures_total", "step" => step).increment(0);
            }
            metrics::counter!("sweep_published_total").increment(0);
            metrics::counter!("requests_expired_total").increment(0);
            metrics::counter!("texts_erased_total").increment(0);
        }
        StageName::Reconcile => {
            metrics::counter!("messages_recovered_total").increment(0);
            metrics::counter!("reconcile_failures_total").increment(0);
        }
    }
}

fn may_die(stage: &'static str) {
    for reason in Reason::ALL {
        // Only Twilio refuses.
        if reason != Reason::Refused || stage == "send" {
            let labels = [("stage", stage), ("reason", reason.as_str())];
            metrics::counter!("dead_letters_total", &labels).increment(0);
        }
    }
}

fn of_model() {
    for reason in REASONS_WITHOUT_A_MODEL {
        metrics::counter!("model_failures_total", "reason" => reason).increment(0);
    }
    for outcome in ["shown", "refused", "unanswered"] {
        metrics::counter!("typing_indicators_total", "outcome" => outcome).increment(0);
    }
}

fn of_replies() {
    for outcome in POSTS {
        metrics::counter!("twilio_posts_total", "outcome" => outcome).increment(0);
    }
    for class in [Class::Never, Class::Operator] {
        metrics::counter!("replies_failed_total", "class" => class.name()).increment(0);
    }
    metrics::counter!("twilio_locked_out_total").increment(0);
    metrics::counter!("replies_spaced_total").increment(0);
    metrics::counter!("replies_held_total").increment(0);
    metrics::counter!("notices_dropped_total").increment(0);
    withholding::begin_counting();
    for state in CODES_UNSENT {
        metrics::counter!("link_codes_unsent_total", "state" => state.as_str()).increment(0);
    }
    drop(metrics::histogram!("final_reply_seconds"));
}

fn of_callbacks() {
    for outcome in ["recorded", "not_ours", "superseded", "doubled"] {
        metrics::counter!("status_callbacks_total", "outcome" => outcome).increment(0);
    }
    for (class, state) in [
        (Class::Retry, "pending"),
        (Class::Retry, "failed"),
        (Class::Never, "failed"),
        (Class::Hold, "held"),
        (Class::OptedOut, "failed"),
        (Class::Operator, "failed"),
        (Class::Stop, "pending"),
    ] {
        let labels = [("class", class.name()), ("state", state)];
        metrics::counter!("replies_undelivered_total", &labels).increment(0);
    }
    let refused = [("stage", "send"), ("reason", Reason::Refused.as_str())];
    metrics::counter!("dead_letters_total", &refused).increment(0);
    metrics::counter!("twilio_locked_out_total").increment(0);
    metrics::counter!("replies_doubled_total").increment(0);
}
