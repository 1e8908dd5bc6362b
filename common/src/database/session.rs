//! What a connection's session is given before anybody uses it. Nothing of it can go into the
//! start-up message: PgBouncer refuses its parameter `options`, and Supavisor drops most of it
//! without a word. So it is set, and read back.

use std::time::Duration;

use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use crate::settings::Timings;

/// The setting that says which connection a session belongs to; `application_name` says so too.
/// Poolers that share sessions carry that one from session to session with its client, and do not
/// know of this one: where the two differ, the session is another connection's.
pub(super) const OWNER: &str = "focobot.session";

/// One setting, its value as it is set, and how a session's own is compared with it.
#[derive(Debug)]
struct Setting {
    name: &'static str,
    value: String,
    is_duration: bool,
}

/// A setting that is not in force although it was set.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotInForce {
    pub(super) name: String,
    pub(super) asked: String,
    pub(super) got: String,
}

/// Everything that a session is given.
#[derive(Debug)]
pub(super) struct Wanted(Vec<Setting>);

impl Wanted {
    /// With these time-outs; without any for what may take long.
    pub(super) fn new(owner: &str, timings: Option<Timings>) -> Self {
        let of = |limit: fn(&Timings) -> Duration| timings.as_ref().map_or(Duration::ZERO, limit);
        let limit = |name, limit: Duration| Setting {
            name,
            value: format!("{}ms", limit.as_millis()),
            is_duration: true,
        };
        let text = |name, value: &str| Setting {
            name,
            value: value.to_owned(),
            is_duration: false,
        };
        // A statement of a message's way is planned once a connection, not each time: by plans that
        // hold for any value, which are those that the tests look at.
        let plans = if timings.is_some() {
            "force_generic_plan"
        } else {
            "auto"
        };
        Self(vec![
            text("plan_cache_mode", plans),
            limit("statement_timeout", of(|timings| timings.statement)),
            limit("lock_timeout", of(|timings| timings.lock)),
            limit(
                "idle_in_transaction_session_timeout",
                of(|timings| timings.idle_in_transaction),
            ),
            text("timezone", "UTC"),
            // What answers are read by.
            text("client_encoding", "UTF8"),
            text("datestyle", "ISO, MDY"),
            // Not a schema that is called as the role is, and no temporary table before ours.
            text("search_path", "public, pg_temp"),
            text("application_name", owner),
            text(OWNER, owner),
        ])
    }

    /// One statement that sets all of them.
    fn setting(&self) -> String {
        let each = self.0.iter().map(|setting| {
            let Setting { name, value, .. } = setting;
            format!("set_config('{name}', '{value}', false)")
        });
        format!("select {}", each.collect::<Vec<_>>().join(", "))
    }

    /// One statement that says of each whether it is in force, and what is.
    fn asking(&self) -> String {
        let each = self.0.iter().map(|setting| {
            let Setting { name, value, .. } = setting;
            let shown = format!("current_setting('{name}', true)");
            let equal = if setting.is_duration {
                format!("{shown}::interval = '{value}'::interval")
            } else {
                format!("{shown} = '{value}'")
            };
            format!("coalesce({equal}, false), coalesce({shown}, 'nothing')")
        });
        format!("select {}", each.collect::<Vec<_>>().join(", "))
    }

    /// Those that are not in force.
    fn compare(&self, row: &sqlx::postgres::PgRow) -> Result<Vec<NotInForce>, sqlx::Error> {
        let mut found = Vec::new();
        for (index, setting) in self.0.iter().enumerate() {
            if !row.try_get::<bool, _>(index * 2)? {
                found.push(NotInForce {
                    name: setting.name.to_owned(),
                    asked: setting.value.clone(),
                    got: row.try_get(index * 2 + 1)?,
                });
            }
        }
        Ok(found)
    }
}

/// Makes a session ours: forgets what a pooler's earlier client left in it (a role, prepared
/// statements, locks, settings), sets what is wanted, and asks anew what is in force. Everything in
/// simple queries: a prepared one could already meet somebody else's.
pub(super) async fn make_ours(
    conn: &mut PgConnection,
    wanted: &Wanted,
) -> Result<Vec<NotInForce>, sqlx::Error> {
    sqlx::raw_sql("discard all").execute(&mut *conn).await?;
    sqlx::raw_sql(AssertSqlSafe(wanted.setting()))
        .execute(&mut *conn)
        .await?;
    let row = sqlx::raw_sql(AssertSqlSafe(wanted.asking()))
        .fetch_one(conn)
        .await?;
    wanted.compare(&row)
}
