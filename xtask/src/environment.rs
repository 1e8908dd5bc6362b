//! The one place where xtask reads its environment.

use std::path::PathBuf;

/// A variable's value, unless it is unset, empty or not UTF-8.
#[expect(
    clippy::disallowed_methods,
    reason = "this is xtask's one place that reads them"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The names of all variables.
pub(crate) fn names() -> Vec<String> {
    std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .collect()
}

/// The folders in which programs are looked for.
pub(crate) fn path() -> Vec<PathBuf> {
    std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect())
        .unwrap_or_default()
}

/// The cargo that called us, so that nested calls use the same toolchain.
pub(crate) fn cargo() -> String {
    variable("CARGO").unwrap_or_else(|| "cargo".to_owned())
}

/// Whether we may install packages and must not run PostgreSQL as ourselves.
pub(crate) fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}
