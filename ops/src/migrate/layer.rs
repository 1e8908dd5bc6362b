//! The layer between FocoBot and Foco: the schema `focobot`, which is all that the programs know of
//! Foco's tables (`migrations/layer`). Here is found out which tables there are, and the layer made
//! to fit them; or the one that an operator wrote is looked at, and left alone.

mod contract;
mod probe;
mod shape;

use std::fmt;

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

pub(crate) use self::shape::Shape;

/// How the schema's comment begins where the layer is ours.
const OURS: &str = "FocoBot's layer over Foco, shape ";

/// Something that the database does not have, and who has to do what about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    /// What: `public.proposals.created_by: no such column`.
    pub(crate) what: String,
    /// What mends it, where a statement does.
    pub(crate) fix: Option<String>,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fix {
            Some(fix) => write!(f, "{}; {fix}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

/// Where the layer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// There is none, or one of an earlier release: it is to be made.
    ToBeMade,
    /// It is as this release makes it.
    UpToDate,
    /// An operator wrote it: it has all that is needed, and is left alone.
    Operators,
    /// It cannot be made, or lacks something: see what is missing.
    Impossible,
}

/// What was found.
#[derive(Debug)]
pub(crate) struct Layer {
    /// The shape of Foco's tables; none where the layer is an operator's, or no shape fits.
    pub(crate) shape: Option<Shape>,
    pub(crate) condition: Condition,
    missing: Vec<Missing>,
    /// Indexes without which a user's rows are looked for among everybody's.
    advice: Vec<Missing>,
    /// Where this Foco keeps no time of a task's last change.
    tasks_have_times: bool,
}

impl Layer {
    /// What stands in the way.
    pub(crate) fn missing(&self) -> &[Missing] {
        &self.missing
    }

    /// What makes it slow, and nothing else.
    pub(crate) fn advice(&self) -> &[Missing] {
        &self.advice
    }

    /// In a line: what is there.
    pub(crate) fn described(&self) -> String {
        match (self.condition, self.shape) {
            (Condition::Operators, _) => "schema focobot is an operator's own".to_owned(),
            (_, Some(shape)) => format!("Foco's tables are of {shape}"),
            (_, None) => "Foco's tables are of no shape that FocoBot knows".to_owned(),
        }
    }

    /// What [`Self::apply`] would do, a line each; none where nothing is to be done.
    pub(crate) fn plan(&self) -> Vec<String> {
        let Some(shape) = self.shape.filter(|_| self.condition == Condition::ToBeMade) else {
            return Vec::new();
        };
        vec![
            format!("make the schema focobot over Foco's tables ({shape}):"),
            "  views my_workspaces, my_projects, my_tasks".to_owned(),
            format!("  functions {}", shape.functions().join(", ")),
        ]
    }

    /// Makes the layer, in one transaction, and tries it as a signed-in user before it stands.
    pub(crate) async fn apply(&self, conn: &mut PgConnection) -> anyhow::Result<()> {
        let Some(shape) = self.shape.filter(|_| self.condition == Condition::ToBeMade) else {
            return Ok(());
        };
        let mut transaction = conn.begin().await?;
        drop_former(&mut transaction).await?;
        for (file, script) in self.scripts(shape) {
            transaction
                .execute(AssertSqlSafe(script))
                .await
                .with_context(|| format!("migrations/layer/{file}"))?;
        }
        let comment = format!("{}; made by focobot migrate.", self.mark(shape));
        let comment = format!(
            "comment on schema focobot is '{}'",
            comment.replace('\'', "''")
        );
        transaction.execute(AssertSqlSafe(comment)).await?;
        let wrong = contract::missing(&mut transaction).await?;
        anyhow::ensure!(wrong.is_empty(), "the layer lacks {}", listed(&wrong));
        probe::as_user(&mut transaction).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// What tells this release's layer from others.
    fn mark(&self, shape: Shape) -> String {
        let mut hash = Sha256::new();
        for (_, script) in self.scripts(shape) {
            hash.update(script);
        }
        let digest = hash.finalize();
        let revision = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]);
        format!("{OURS}{}, revision {revision:08x}", shape.name())
    }

    fn scripts(&self, shape: Shape) -> Vec<(&'static str, String)> {
        let time = if self.tasks_have_times {
            "t.updated_at::timestamptz"
        } else {
            "null::timestamptz"
        };
        let scripts = shape.scripts().into_iter();
        let filled =
            scripts.map(|(file, script)| (file, script.replace("{work_items.updated_at}", time)));
        filled.collect()
    }
}

/// Looks at Foco's tables and at the schema, and changes nothing.
pub(crate) async fn look(conn: &mut PgConnection) -> anyhow::Result<Layer> {
    let found = shape::Found::look(conn).await?;
    let mark = mark(conn).await?;
    let own = mark.as_deref().is_some_and(|mark| !mark.starts_with(OURS));
    if own && contract::has_anything(conn).await? {
        let missing = contract::missing(conn).await?;
        return Ok(Layer {
            shape: None,
            condition: if missing.is_empty() {
                Condition::Operators
            } else {
                Condition::Impossible
            },
            missing,
            advice: Vec::new(),
            tasks_have_times: false,
        });
    }
    let (shape, missing) = found.fitting();
    let mut layer = Layer {
        shape,
        condition: Condition::ToBeMade,
        missing,
        advice: Vec::new(),
        tasks_have_times: found.has("work_items", "updated_at"),
    };
    let Some(shape) = shape else {
        layer.condition = Condition::Impossible;
        return Ok(layer);
    };
    layer.advice = shape::missing_indexes(conn, shape).await?;
    let made = mark.is_some_and(|mark| mark.starts_with(&layer.mark(shape)));
    if made && contract::missing(conn).await?.is_empty() {
        layer.condition = Condition::UpToDate;
    }
    Ok(layer)
}

/// The schema's comment; `None` where there is no schema, empty where it has none.
async fn mark(conn: &mut PgConnection) -> Result<Option<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select coalesce(obj_description(oid, 'pg_namespace'), '') as "mark!"
           from pg_namespace where nspname = 'focobot'"#
    )
    .fetch_optional(conn)
    .await
}

/// Takes away what an earlier release made. What others have built on it stands in the way, and
/// PostgreSQL names it.
async fn drop_former(conn: &mut PgConnection) -> anyhow::Result<()> {
    let functions = sqlx::query_scalar!(
        r#"select p.oid::regprocedure::text as "name!" from pg_proc p
           where p.pronamespace = to_regnamespace('focobot')"#
    )
    .fetch_all(&mut *conn)
    .await?;
    let views = sqlx::query_scalar!(
        r#"select c.oid::regclass::text as "name!" from pg_class c
           where c.relnamespace = to_regnamespace('focobot') and c.relkind = 'v'"#
    )
    .fetch_all(&mut *conn)
    .await?;
    for (kind, names) in [("function", functions), ("view", views)] {
        if !names.is_empty() {
            let statement = format!("drop {kind} {}", names.join(", "));
            conn.execute(AssertSqlSafe(statement)).await?;
        }
    }
    Ok(())
}

/// Several in a sentence.
pub(crate) fn listed(missing: &[Missing]) -> String {
    let each: Vec<String> = missing.iter().map(Missing::to_string).collect();
    each.join("; ")
}
