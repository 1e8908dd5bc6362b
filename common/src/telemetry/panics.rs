//! What is said of a panic: where, never what. The message of one may hold what people wrote (the
//! standard library quotes a text that is cut in the middle of a letter), so only a message that
//! stands in the code as it is is logged.

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    panic::{self, PanicHookInfo},
};

/// From now on a panic is a line of the log, with the message and trace it happened in, and
/// counted.
pub(super) fn log() {
    panic::set_hook(Box::new(say));
}

fn say(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    let words = panic.payload().downcast_ref::<&'static str>().copied();
    let trace = Backtrace::capture();
    let backtrace = match trace.status() {
        BacktraceStatus::Captured => Some(trace.to_string()),
        _ => None,
    };
    metrics::counter!("panics_total").increment(1);
    let place = place.as_deref().unwrap_or("an unknown place");
    tracing::error!(words, backtrace, "panicked at {place}");
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(panics: impl FnOnce() + panic::UnwindSafe) -> String {
        let lines = Lines::default();
        let written = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_writer(move || written.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            let before = panic::take_hook();
            log();
            let span = tracing::error_span!("process", message_sid = "SM1");
            let _entered = span.enter();
            assert!(panic::catch_unwind(panics).is_err());
            panic::set_hook(before);
        });
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    /// One test, since a process has one hook.
    #[test]
    fn a_panic_says_where_and_of_which_message_and_quotes_nobody() {
        let line = logged(|| {
            let text = "ñoñez secreta".to_owned();
            let _ = &text[..1];
        });
        assert!(line.contains("panicked at common/src/telemetry/panics.rs"));
        assert!(line.contains("SM1"), "{line}");
        assert!(
            !line.contains("oñez") && !line.contains("secreta"),
            "{line}"
        );
        let line = logged(|| panic!("the queue is upside down"));
        assert!(line.contains("the queue is upside down"), "{line}");
    }
}
