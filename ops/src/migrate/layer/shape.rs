//! Which tables Foco has. Each shape is a list of columns; the first one that fits is taken, and
//! where none does, what the nearest one lacks is said column by column.

use std::{collections::BTreeMap, fmt};

use sqlx::PgConnection;

use super::Missing;

/// A set of Foco's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Foco's app as it is today: `foco_workspaces`, `foco_workspace_members`, `proposals`.
    B,
    /// Foco as it was first: `workspaces`, `workspace_members`, `proposals`.
    A,
    /// The stand-in of `focobot migrate --standalone`: `foco_proposals`.
    StandIn,
}

/// What a column has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Uuid,
    /// Text of any kind, enumerations among it.
    Text,
    Date,
    Time,
    Integer,
    Number,
    Json,
}

type Table = (&'static str, &'static [(&'static str, Kind)]);

const WORK: [Table; 5] = [
    ("user_profiles", &[("user_id", Kind::Uuid)]),
    (
        "foco_projects",
        &[
            ("id", Kind::Uuid),
            ("workspace_id", Kind::Uuid),
            ("name", Kind::Text),
            ("status", Kind::Text),
            ("archived_at", Kind::Time),
            ("updated_at", Kind::Time),
        ],
    ),
    (
        "work_items",
        &[
            ("id", Kind::Uuid),
            ("project_id", Kind::Uuid),
            ("title", Kind::Text),
            ("status", Kind::Text),
            ("priority", Kind::Text),
            ("due_date", Kind::Date),
            ("assignee_id", Kind::Uuid),
        ],
    ),
    (
        "proposals",
        &[
            ("id", Kind::Uuid),
            ("workspace_id", Kind::Uuid),
            ("project_id", Kind::Uuid),
            ("title", Kind::Text),
            ("description", Kind::Text),
            ("status", Kind::Text),
            ("created_by", Kind::Uuid),
            ("source_type", Kind::Text),
            ("source_content", Kind::Json),
            ("ai_analysis", Kind::Json),
            ("resolved_at", Kind::Time),
        ],
    ),
    (
        "proposal_items",
        &[
            ("proposal_id", Kind::Uuid),
            ("position", Kind::Integer),
            ("action", Kind::Text),
            ("entity_type", Kind::Text),
            ("proposed_state", Kind::Json),
            ("ai_estimate", Kind::Json),
            ("ai_assignment", Kind::Json),
            ("approval_status", Kind::Text),
        ],
    ),
];
const WORKSPACES: Table = ("workspaces", &[("id", Kind::Uuid), ("name", Kind::Text)]);
const MEMBERS: Table = (
    "workspace_members",
    &[
        ("workspace_id", Kind::Uuid),
        ("user_id", Kind::Uuid),
        ("role", Kind::Text),
        ("timezone", Kind::Text),
    ],
);
const A: [Table; 2] = [WORKSPACES, MEMBERS];
const B: [Table; 2] = [
    (
        "foco_workspaces",
        &[("id", Kind::Uuid), ("name", Kind::Text)],
    ),
    (
        "foco_workspace_members",
        &[
            ("workspace_id", Kind::Uuid),
            ("user_id", Kind::Uuid),
            ("role", Kind::Text),
        ],
    ),
];
const STAND_IN: [Table; 7] = [
    WORKSPACES,
    MEMBERS,
    ("workspace_members", &[("display_name", Kind::Text)]),
    (
        "foco_projects",
        &[
            ("id", Kind::Uuid),
            ("workspace_id", Kind::Uuid),
            ("name", Kind::Text),
            ("archived_at", Kind::Time),
            ("updated_at", Kind::Time),
        ],
    ),
    (
        "work_items",
        &[
            ("id", Kind::Uuid),
            ("project_id", Kind::Uuid),
            ("title", Kind::Text),
            ("status", Kind::Text),
            ("priority", Kind::Text),
            ("due_date", Kind::Date),
            ("assignee_id", Kind::Uuid),
            ("updated_at", Kind::Time),
        ],
    ),
    (
        "foco_proposals",
        &[
            ("id", Kind::Uuid),
            ("workspace_id", Kind::Uuid),
            ("project_id", Kind::Uuid),
            ("owner_id", Kind::Uuid),
            ("title", Kind::Text),
            ("description", Kind::Text),
            ("status", Kind::Text),
            ("source_type", Kind::Text),
            ("metadata", Kind::Json),
        ],
    ),
    (
        "foco_proposal_items",
        &[
            ("proposal_id", Kind::Uuid),
            ("position", Kind::Integer),
            ("type", Kind::Text),
            ("title", Kind::Text),
            ("description", Kind::Text),
            ("priority", Kind::Text),
            ("estimated_hours", Kind::Number),
            ("due_date", Kind::Date),
            ("assignee_id", Kind::Uuid),
            ("metadata", Kind::Json),
        ],
    ),
];

/// By which a user's rows are found: a table, and the column that an index has to begin with.
const FOUND_BY: [(&str, &str); 8] = [
    ("workspace_members", "user_id"),
    ("workspace_members", "workspace_id"),
    ("foco_workspace_members", "user_id"),
    ("foco_workspace_members", "workspace_id"),
    ("foco_projects", "workspace_id"),
    ("work_items", "project_id"),
    ("proposal_items", "proposal_id"),
    ("user_profiles", "user_id"),
];

impl Shape {
    /// The likeliest first: a database of today's app has the older tables too.
    const ALL: [Self; 3] = [Self::B, Self::A, Self::StandIn];

    /// Its name, in the schema's comment.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::B => "b",
            Self::A => "a",
            Self::StandIn => "stand-in",
        }
    }

    fn tables(self) -> Vec<Table> {
        match self {
            Self::B => B.into_iter().chain(WORK).collect(),
            Self::A => A.into_iter().chain(WORK).collect(),
            Self::StandIn => STAND_IN.to_vec(),
        }
    }

    /// What makes its layer, in order.
    pub(super) fn scripts(self) -> [(&'static str, &'static str); 4] {
        macro_rules! script {
            ($file:literal) => {
                (
                    $file,
                    include_str!(concat!("../../../../migrations/layer/", $file)),
                )
            };
        }
        let (workspaces, work) = match self {
            Self::B => (script!("workspaces_b.sql"), script!("work_foco.sql")),
            Self::A => (script!("workspaces_a.sql"), script!("work_foco.sql")),
            Self::StandIn => (
                script!("workspaces_stand_in.sql"),
                script!("work_stand_in.sql"),
            ),
        };
        [
            script!("schema.sql"),
            workspaces,
            work,
            script!("rights.sql"),
        ]
    }

    /// The functions that it has.
    pub(super) fn functions(self) -> Vec<&'static str> {
        let scripts = self.scripts().into_iter();
        let names = scripts.flat_map(|(_, script)| {
            let parts = script.split("create function focobot.").skip(1);
            parts.filter_map(|part| part.split('(').next())
        });
        names.collect()
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::B => "shape B (foco_workspaces, proposals)",
            Self::A => "shape A (workspaces, proposals)",
            Self::StandIn => "the stand-in (workspaces, foco_proposals)",
        })
    }
}

/// A column as it is.
struct Column {
    /// Its type's name, and whether that is an enumeration.
    kind: (String, bool),
    /// Has to be given in an insert.
    required: bool,
}

impl Column {
    fn is(&self, wanted: Kind) -> bool {
        let (name, is_enum) = (self.kind.0.as_str(), self.kind.1);
        match wanted {
            Kind::Uuid => name == "uuid",
            Kind::Text => is_enum || ["text", "varchar", "bpchar", "citext"].contains(&name),
            Kind::Date => name == "date",
            Kind::Time => ["timestamptz", "timestamp"].contains(&name),
            Kind::Integer => ["int2", "int4", "int8"].contains(&name),
            Kind::Number => ["numeric", "float4", "float8", "int4", "int8"].contains(&name),
            Kind::Json => name == "jsonb",
        }
    }
}

/// The tables of `public`, by name and column.
pub(super) struct Found(BTreeMap<String, BTreeMap<String, Column>>);

impl Found {
    /// Reads the catalogue.
    pub(super) async fn look(conn: &mut PgConnection) -> Result<Self, sqlx::Error> {
        let rows = sqlx::query!(
            r#"select c.relname::text as "table!", a.attname::text as "column!",
                   t.typname::text as "kind!", t.typtype = 'e' as "is_enum!",
                   a.attnotnull and not a.atthasdef and a.attidentity = '' as "required!"
               from pg_class c
               join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
               join pg_type t on t.oid = a.atttypid
               where c.relnamespace = 'public'::regnamespace
                   and c.relkind in ('r', 'p', 'v', 'f')"#
        )
        .fetch_all(conn)
        .await?;
        let mut tables: BTreeMap<String, BTreeMap<String, Column>> = BTreeMap::new();
        for row in rows {
            let column = Column {
                kind: (row.kind, row.is_enum),
                required: row.required,
            };
            tables
                .entry(row.table)
                .or_default()
                .insert(row.column, column);
        }
        Ok(Self(tables))
    }

    /// Whether there is such a column.
    pub(super) fn has(&self, table: &str, column: &str) -> bool {
        self.0
            .get(table)
            .is_some_and(|found| found.contains_key(column))
    }

    /// The shape that fits, or what the nearest one lacks.
    pub(super) fn fitting(&self) -> (Option<Shape>, Vec<Missing>) {
        let mut each: Vec<(Shape, Vec<Missing>)> = Shape::ALL
            .into_iter()
            .map(|shape| (shape, self.missing(shape)))
            .collect();
        // Stable: of two that lack as much, the likelier.
        each.sort_by_key(|(_, missing)| missing.len());
        let (nearest, missing) = each.swap_remove(0);
        if missing.is_empty() {
            let fits = |shape: &Shape| self.missing(*shape).is_empty();
            return (Shape::ALL.into_iter().find(fits), missing);
        }
        let nearest = Missing {
            what: format!("Foco's tables are nearest to {nearest}, which needs more"),
            fix: Some(
                "migrate the database of Foco, write the schema focobot yourself (deploy/README.md), \
                 or create the stand-in on an empty database with: focobot migrate --standalone"
                    .to_owned(),
            ),
        };
        (None, [vec![nearest], missing].concat())
    }

    fn missing(&self, shape: Shape) -> Vec<Missing> {
        let mut missing = Vec::new();
        let mut say = |what: String| missing.push(Missing { what, fix: None });
        for (table, columns) in shape.tables() {
            let Some(found) = self.0.get(table) else {
                say(format!("public.{table}: no such table"));
                continue;
            };
            for (column, kind) in columns {
                match found.get(*column) {
                    None => say(format!("public.{table}.{column}: no such column")),
                    Some(is) if !is.is(*kind) => {
                        say(format!("public.{table}.{column}: is of type {}", is.kind.0));
                    }
                    Some(_) => {}
                }
            }
            // What is inserted into has to be known whole.
            if table.contains("proposal") {
                let known = |name: &str| columns.iter().any(|(column, _)| *column == name);
                for (name, _) in found
                    .iter()
                    .filter(|(name, is)| is.required && !known(name))
                {
                    say(format!(
                        "public.{table}.{name}: has to be given, and FocoBot does not know it"
                    ));
                }
            }
        }
        missing
    }
}

/// Indexes that are not there although a message's way needs them, each with its statement.
pub(super) async fn missing_indexes(
    conn: &mut PgConnection,
    shape: Shape,
) -> Result<Vec<Missing>, sqlx::Error> {
    let tables: Vec<&str> = shape.tables().iter().map(|(table, _)| *table).collect();
    let mut missing = Vec::new();
    for (table, column) in FOUND_BY.into_iter().filter(|(of, _)| tables.contains(of)) {
        let indexed = sqlx::query_scalar!(
            r#"select exists(
                   select from pg_class c
                   join pg_attribute a on a.attrelid = c.oid and a.attname = $2
                   join pg_index i on i.indrelid = c.oid and i.indisvalid and i.indpred is null
                       and i.indkey[0] = a.attnum
                   where c.relnamespace = 'public'::regnamespace and c.relname = $1)
                   or not exists(select from pg_class c
                       where c.relnamespace = 'public'::regnamespace and c.relname = $1
                           and c.relkind in ('r', 'p')) as "indexed!""#,
            table,
            column
        )
        .fetch_one(&mut *conn)
        .await?;
        if !indexed {
            missing.push(Missing {
                what: format!("no index of public.{table} begins with {column}"),
                fix: Some(format!(
                    "create index concurrently on public.{table} ({column})"
                )),
            });
        }
    }
    Ok(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_has_its_scripts_and_the_functions_in_them() {
        for shape in Shape::ALL {
            let functions = shape.functions();
            for name in ["account_names", "members", "propose", "take_back", "forget"] {
                assert!(functions.contains(&name), "{shape}: {functions:?}");
            }
        }
    }
}
