//! The one place where xtask reads its environment.

use std::path::PathBuf;
use std::process::Command;

/// A variable's value, unless it is unset, empty or not UTF-8.
#[expect(
    clippy::disallowed_methods,
    reason = "this is xtask's one place that reads them"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Settings of our programs that they must not take from whoever calls xtask: they would lead
/// them to another database, or to Twilio.
const SETTINGS: [&str; 11] = [
    "FOCO_",
    "PUBLIC_BASE_URL",
    "NEXT_PUBLIC_BASE_URL",
    "DATABASE_URL",
    "NATS_",
    "REDIS_",
    "TWILIO_",
    "SUPABASE_",
    "SIMULATOR_",
    "INGEST_",
    "METRICS_",
];

/// Settings that a user may choose for `cargo xtask dev`, but that no test may depend on.
const CHOICES: [&str; 7] = [
    "OPENAI_",
    "KIMI_",
    "AI_",
    "RATE_LIMIT_",
    "SESSION_TTL_",
    "OTEL_",
    "LOG_FORMAT",
];

/// Keeps our settings in the user's environment from a program.
pub(crate) fn forget_settings(command: &mut Command) {
    forget(command, &SETTINGS);
}

/// Keeps from a program whatever could make it behave otherwise here than elsewhere.
pub(crate) fn forget_choices(command: &mut Command) {
    forget(command, &CHOICES);
}

fn forget(command: &mut Command, prefixes: &[&str]) {
    for (name, _) in std::env::vars_os() {
        let known = name
            .to_str()
            .is_some_and(|name| prefixes.iter().any(|prefix| name.starts_with(prefix)));
        if known {
            command.env_remove(name);
        }
    }
}

/// The folders in which programs are looked for.
pub(crate) fn path() -> Vec<PathBuf> {
    std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect())
        .unwrap_or_default()
}

/// What `cargo run` says of xtask itself to whatever xtask starts. Build scripts that look at it
/// (ring's does) would be run again, and all that depends on them compiled again, each time that
/// cargo is called by xtask after it was called by hand.
const OF_XTASK: [&str; 2] = ["CARGO_PKG_", "CARGO_MANIFEST_"];

/// The cargo that called us, so that nested calls use the same toolchain.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(variable("CARGO").unwrap_or_else(|| "cargo".to_owned()));
    forget(&mut command, &OF_XTASK);
    command
}

/// Whether we may install packages and must not run PostgreSQL as ourselves.
pub(crate) fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}
