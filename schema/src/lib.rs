//! What this release asks of its database: its migrations, and every statement that is checked when
//! it is compiled. A database of another shape is no server that is away: nothing comes of waiting,
//! so it is looked for and said aloud.

mod look;
mod watch;

pub use look::{Findings, look, missing_migrations, of_pool};
pub use watch::{Failing, Watch};

include!(concat!(env!("OUT_DIR"), "/asked.rs"));

/// The versions of the migrations of this release.
#[must_use]
pub fn migrations() -> &'static [i64] {
    MIGRATIONS
}

/// How many statements a look goes through.
#[must_use]
pub fn statements() -> usize {
    STATEMENTS.len()
}
