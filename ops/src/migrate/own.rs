//! The migrations that are compiled in: FocoBot's own, and the stand-in for Foco's part; and what
//! they make, by name, since other features of Foco may have tables called `whatsapp_*` too.

use std::borrow::Cow;

use sqlx::migrate::{Migration, Migrator};

/// FocoBot's own tables.
static OWN: Migrator = sqlx::migrate!("../migrations");
/// The stand-in for Foco's part.
static STAND_IN: Migrator = sqlx::migrate!("../migrations/standalone");

/// The migration that makes the table of links.
pub(super) const LINKS: i64 = 20_261_122_100_000;
/// The migration that takes rights from every table whose name begins as ours do.
const GRANTS: i64 = 20_261_126_200_000;
/// Its condition.
const BY_PATTERN: &str = r"tablename like 'whatsapp\_%'";

/// One of the two sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    /// FocoBot's own.
    Own,
    /// The stand-in for Foco's part.
    StandIn,
}

impl Set {
    /// Its migrations, in their order.
    pub(super) fn migrations(self) -> &'static [Migration] {
        match self {
            Self::Own => &OWN.migrations,
            Self::StandIn => &STAND_IN.migrations,
        }
    }

    /// The file that a migration is.
    pub(super) fn file(self, migration: &Migration) -> String {
        let folder = match self {
            Self::Own => "migrations",
            Self::StandIn => "migrations/standalone",
        };
        let name = migration.description.replace(' ', "_");
        format!("{folder}/{}_{name}.sql", migration.version)
    }
}

/// The versions of FocoBot's own migrations.
pub(crate) fn versions() -> Vec<i64> {
    let own = Set::Own.migrations().iter();
    own.map(|migration| migration.version).collect()
}

/// FocoBot's own tables.
pub(crate) fn tables() -> Vec<&'static str> {
    Set::Own.migrations().iter().flat_map(makes).collect()
}

/// The tables that a migration makes.
pub(super) fn makes(migration: &'static Migration) -> impl Iterator<Item = &'static str> {
    let lines = migration.sql.as_str().lines();
    lines.filter_map(|line| {
        line.strip_prefix("create table ")?
            .split_whitespace()
            .next()
    })
}

/// The functions that a migration makes, with their arguments.
pub(super) fn functions(migration: &'static Migration) -> impl Iterator<Item = &'static str> {
    let lines = migration.sql.as_str().lines();
    lines.filter_map(|line| {
        line.strip_prefix("create function ")?
            .split(" returns")
            .next()
    })
}

/// What is carried out of a migration: its text, but for one condition of one file. The grants of
/// 20261126200000 were taken from every table called `whatsapp_*`, and a customer's feature may
/// have such tables: its users would lose it, and a role that does not own them would be refused.
/// A file that has landed is not edited, and giving the rights back afterwards needs their owner.
/// So there the condition names our tables. What is recorded is the file as it is.
pub(super) fn text(migration: &'static Migration) -> Cow<'static, str> {
    let text = migration.sql.as_str();
    if migration.version != GRANTS {
        return Cow::Borrowed(text);
    }
    let by_name = format!("tablename in ('{}')", tables().join("', '"));
    Cow::Owned(text.replace(BY_PATTERN, &by_name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The newest migration that had landed when index builds began to be of their own.
    const BEFORE_CONCURRENT: i64 = GRANTS;

    #[test]
    fn the_tables_are_read_from_the_migrations() {
        let tables = tables();
        assert_eq!(tables[..2], ["whatsapp_user_links", "whatsapp_link_codes"]);
        assert!(tables.contains(&"whatsapp_code_sends"));
        assert!(tables.iter().all(|table| table.starts_with("whatsapp_")));
        let links = &Set::Own.migrations()[0];
        assert_eq!(links.version, LINKS);
        let functions: Vec<_> = functions(links).collect();
        assert_eq!(functions, ["whatsapp_touch_updated_at()"]);
    }

    #[test]
    fn a_migration_is_named_as_its_file_is() {
        for set in [Set::Own, Set::StandIn] {
            for migration in set.migrations() {
                let path = std::path::Path::new("..").join(set.file(migration));
                assert!(path.is_file(), "{}", path.display());
            }
        }
    }

    #[test]
    fn the_pattern_of_the_grants_is_narrowed_to_our_tables_and_nothing_else_is_changed() {
        for migration in Set::Own.migrations() {
            let (landed, text) = (migration.sql.as_str(), text(migration));
            if migration.version == GRANTS {
                assert_eq!(landed.matches(BY_PATTERN).count(), 1);
                assert!(!text.contains("like"), "{text}");
                assert!(text.contains("'whatsapp_user_links', "), "{text}");
            } else {
                assert_eq!(landed, text);
                assert!(!landed.contains(r"like 'whatsapp"), "{landed}");
            }
        }
    }

    #[test]
    fn an_index_on_a_table_that_stands_already_is_built_concurrently_in_a_file_of_its_own() {
        let later = |migration: &&Migration| migration.version > BEFORE_CONCURRENT;
        for migration in Set::Own.migrations().iter().filter(later) {
            let (text, file) = (migration.sql.as_str(), Set::Own.file(migration));
            let statements = text
                .lines()
                .filter(|line| !line.trim_start().starts_with("--"))
                .collect::<String>()
                .matches(';')
                .count();
            if migration.no_tx {
                // Several statements in one query would be one transaction.
                assert_eq!(statements, 1, "{file}");
                continue;
            }
            let made: Vec<_> = makes(migration).collect();
            for statement in text.split(';') {
                let words: Vec<_> = statement.split_whitespace().collect();
                let index = words.iter().position(|word| *word == "index");
                if words.contains(&"create") && index.is_some() {
                    let on = words.iter().position(|word| *word == "on");
                    let table = on.and_then(|on| words.get(on + 1)).unwrap();
                    assert!(made.contains(table), "{file}: {statement}");
                }
            }
        }
    }
}
