//! An error in one line: what was tried, PostgreSQL's own words with their SQLSTATE, each once.

use sqlx::postgres::PgDatabaseError;

/// The chain of causes, from the outside in. What PostgreSQL says ends it.
pub(crate) fn chain(error: &anyhow::Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    for cause in error.chain() {
        if let Some(error) = cause.downcast_ref::<sqlx::Error>()
            && let Some(said) = of_server(error)
        {
            parts.push(said);
            break;
        }
        let said = cause.to_string();
        // Many errors repeat the one that they come from.
        if !parts.last().is_some_and(|before| before.ends_with(&said)) {
            parts.push(said);
        }
    }
    parts.join(": ")
}

/// What PostgreSQL says, if it is PostgreSQL that says no.
pub(crate) fn of_server(error: &sqlx::Error) -> Option<String> {
    let said = error.as_database_error()?;
    let said = said.try_downcast_ref::<PgDatabaseError>()?;
    let parts = [Some(said.message()), said.detail(), said.hint()];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .map(|part| part.replace('\n', " "))
        .collect();
    Some(format!("{} (SQLSTATE {})", parts.join("; "), said.code()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_that_its_error_repeats_is_said_once() {
        let error = std::io::Error::other("connection refused");
        let error = anyhow::Error::new(sqlx::Error::Io(error)).context("DATABASE_URL");
        assert_eq!(
            chain(&error),
            "DATABASE_URL: error communicating with database: connection refused"
        );
    }
}
