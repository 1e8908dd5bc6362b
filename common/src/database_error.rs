//! What is wrong when a statement fails, by what PostgreSQL and sqlx say; and what of that may be
//! written down: never a value of anybody's.

use sqlx::{
    Error,
    error::{BoxDynError, UnexpectedNullError},
    postgres::PgDatabaseError,
};

/// What kind of trouble a statement has met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The server is away, starts, stops, or has no room for us: nobody's statements work.
    Away,
    /// The server is there; somebody else holds what the statement needs.
    Locked,
    /// The server is there and does not get it done: too slow, a limit, an error of its own.
    Undone,
    /// The database is not as this release asks for it: something that the statement names is
    /// missing or of another kind, or we have no right to it.
    Schema,
    /// The database refuses what the statement would store, and will do so again.
    Contradiction,
}

impl Trouble {
    /// What a failed statement has met.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        match error {
            Error::Database(said) => Self::said_by_postgres(
                said.code().as_deref().unwrap_or_default(),
                routine(error).unwrap_or_default(),
            ),
            // What came back is not what was asked for.
            Error::TypeNotFound { .. }
            | Error::ColumnIndexOutOfBounds { .. }
            | Error::ColumnNotFound(_)
            | Error::ColumnDecode { .. }
            | Error::Decode(_) => Self::Schema,
            // A row that has to be there, or a value that no statement can carry.
            Error::RowNotFound | Error::Encode(_) | Error::InvalidArgument(_) => {
                Self::Contradiction
            }
            _ => Self::Away,
        }
    }

    /// By SQLSTATE (PostgreSQL, appendix A) and the place in PostgreSQL that raised it.
    fn said_by_postgres(code: &str, routine: &str) -> Self {
        match code {
            // A row that row-level security or a function forbids is about that row; all else with
            // this code is a right that was not granted.
            "42501" if ["ExecWithCheckOptions", "exec_stmt_raise"].contains(&routine) => {
                Self::Contradiction
            }
            // Another connection of a pooler's than the one that the statement was prepared on; a
            // server that was demoted, and a connection that it has ended; a database that is gone
            // or not open to us.
            "42P05" | "26000" | "25006" | "25P03" | "3D000" => Self::Away,
            // Deadlocks and what could not be serialized were in each other's way.
            "55P03" | "40001" | "40P01" => Self::Locked,
            // One statement too slow or too large for its limits is not a server that is away.
            "57014" | "25P04" | "53200" | "53400" => Self::Undone,
            "3F000" | "0A000" => Self::Schema,
            _ => match code.get(..2).unwrap_or_default() {
                "08" | "28" | "53" | "57" => Self::Away,
                "42" => Self::Schema,
                // Values, constraints, and what triggers and functions of others raise.
                "20" | "21" | "22" | "23" | "27" | "2F" | "38" | "39" | "44" | "P0" => {
                    Self::Contradiction
                }
                _ => Self::Undone,
            },
        }
    }
}

fn of_postgres(error: &Error) -> Option<&PgDatabaseError> {
    error.as_database_error()?.try_downcast_ref()
}

/// The function in PostgreSQL that raised the error.
fn routine(error: &Error) -> Option<&str> {
    of_postgres(error)?.routine()
}

/// Whether somebody's function has written the message, or the statement that it is about: both
/// may be made of values.
fn is_made_of_values(error: &Error) -> bool {
    let said = of_postgres(error);
    let within = said.and_then(PgDatabaseError::r#where).unwrap_or_default();
    routine(error) == Some("exec_stmt_raise") || within.contains("EXECUTE")
}

/// A failed statement, without the values that PostgreSQL and sqlx quote: what they name of the
/// schema, where that is what is wrong; else only code and constraint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Said(String);

impl Said {
    /// What may be written down of an error.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        Self(match error {
            Error::Database(said) => {
                let code = said.code().unwrap_or_default();
                // These messages name tables, columns, functions and types. Details and hints are
                // left out: a detail may be a row.
                if Trouble::of(error) == Trouble::Schema && !is_made_of_values(error) {
                    format!("error {code}: {}", said.message())
                } else {
                    let constraint = said.constraint().unwrap_or("(no constraint)");
                    format!("error {code} {constraint}")
                }
            }
            Error::ColumnDecode { index, source } => {
                format!("column {index} cannot be read{}", why(source))
            }
            Error::Decode(source) => format!("a value cannot be read{}", why(source)),
            Error::Encode(_) | Error::InvalidArgument(_) => {
                "a value cannot be passed to a statement".to_owned()
            }
            other => other.to_string(),
        })
    }
}

/// Why a value cannot be read, where saying so does not quote it.
fn why(source: &BoxDynError) -> String {
    let said = source.to_string();
    let names_types = said.starts_with("mismatched types");
    if names_types || source.is::<UnexpectedNullError>() {
        format!(": {said}")
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: &str) -> Trouble {
        Trouble::said_by_postgres(code, "")
    }

    #[test]
    fn what_is_missing_in_the_schema_is_no_server_that_is_away() {
        for code in [
            "42P01", "42703", "42883", "42704", "42804", "42601", "42P17", "42P10", "42501",
            "3F000", "0A000",
        ] {
            assert_eq!(of(code), Trouble::Schema, "{code}");
        }
        let null = Error::ColumnDecode {
            index: "role".to_owned(),
            source: Box::new(UnexpectedNullError),
        };
        assert_eq!(Trouble::of(&null), Trouble::Schema);
        let gone = Error::ColumnNotFound("role".to_owned());
        assert_eq!(Trouble::of(&gone), Trouble::Schema);
    }

    #[test]
    fn only_a_server_that_takes_nobodys_statements_is_away() {
        for code in [
            "08006", "53300", "53100", "57P01", "57P03", "28P01", "25006",
        ] {
            assert_eq!(of(code), Trouble::Away, "{code}");
        }
        assert_eq!(Trouble::of(&Error::PoolTimedOut), Trouble::Away);
        for code in [
            "57014", "54001", "XX000", "53200", "58030", "55000", "99999",
        ] {
            assert_eq!(of(code), Trouble::Undone, "{code}");
        }
        for code in ["55P03", "40P01"] {
            assert_eq!(of(code), Trouble::Locked, "{code}");
        }
    }

    #[test]
    fn what_a_row_contradicts_is_about_that_row() {
        for code in ["23505", "22P02", "P0001", "21000", "44000"] {
            assert_eq!(of(code), Trouble::Contradiction, "{code}");
        }
        let forbidden = Trouble::said_by_postgres("42501", "ExecWithCheckOptions");
        assert_eq!(forbidden, Trouble::Contradiction);
        assert_eq!(Trouble::of(&Error::RowNotFound), Trouble::Contradiction);
    }

    #[test]
    fn a_value_that_cannot_be_read_is_not_written_down() {
        let quoting = Error::ColumnDecode {
            index: "body".to_owned(),
            source: "invalid value \"55 5555 0100\" for enum".into(),
        };
        assert_eq!(Said::of(&quoting).to_string(), "column body cannot be read");
        let null = Error::Decode(Box::new(UnexpectedNullError));
        assert!(Said::of(&null).to_string().contains("unexpected null"));
    }
}
