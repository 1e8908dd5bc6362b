//! Where servers are, and names that nobody else has on them.

/// A variable that `cargo xtask test` sets.
pub(crate) fn server(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!(
            "{name} is not set: run the tests with cargo xtask test, or see cargo xtask services"
        )
    })
}

/// An address with another database.
pub(crate) fn with_database(url: &str, name: &str) -> String {
    let (server, _) = url
        .rsplit_once('/')
        .expect("an address ends in its database");
    format!("{server}/{name}")
}

pub(crate) fn random_name(prefix: &str) -> String {
    format!("{prefix}{:016x}", rand::random::<u64>())
}
