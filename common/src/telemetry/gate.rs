//! What is recorded at all, one answer for log lines and traces. A filter for each of them would
//! be more obvious; but tracing-subscriber 0.3 keeps a filter's last answer in the thread, and a
//! mere question (`tracing::enabled!`, as sqlx asks it) leaves one behind that then drops a span.

use tracing::{Level, Metadata, Subscriber, level_filters::LevelFilter, subscriber::Interest};
use tracing_subscriber::{
    EnvFilter, Layer,
    layer::{Context, Filter},
};

/// Our own spans always, since they carry the trace, for the lines too; nobody else's; and the
/// lines that `RUST_LOG` asks for, as far as they may be logged.
pub(super) struct Gate {
    lines: EnvFilter,
}

impl Gate {
    pub(super) fn new(lines: EnvFilter) -> Self {
        Self { lines }
    }
}

fn is_our_span(about: &Metadata<'_>) -> bool {
    super::is_ours(about) && *about.level() <= Level::INFO
}

impl<S: Subscriber> Layer<S> for Gate {
    fn register_callsite(&self, about: &'static Metadata<'static>) -> Interest {
        match about.is_span() {
            true if is_our_span(about) => Interest::always(),
            false if super::may_log(about) => Filter::<S>::callsite_enabled(&self.lines, about),
            _ => Interest::never(),
        }
    }

    fn enabled(&self, about: &Metadata<'_>, context: Context<'_, S>) -> bool {
        if about.is_span() {
            is_our_span(about)
        } else {
            super::may_log(about) && Filter::enabled(&self.lines, about, &context)
        }
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        let lines = Filter::<S>::max_level_hint(&self.lines)?;
        Some(lines.max(LevelFilter::INFO))
    }
}
