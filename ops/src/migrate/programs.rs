//! Where one role migrates and the programs sign in as another: what that one needs of our tables.
//! The policy says which role it is, so that a later `migrate` gives it the tables that come then.

use std::fmt::Write as _;

use sqlx::PgConnection;

use super::own;

/// Our tables are under row-level security, which only their owner passes without a policy.
const POLICY: &str = "focobot_programs";
/// What was applied is read by `focobot doctor`.
const RECORD: &str = "_sqlx_migrations";

/// The roles of the programs, and what is still to be given to them.
pub(super) struct Programs {
    /// The roles, as SQL writes them.
    pub(super) roles: Vec<String>,
    tables: Vec<String>,
    schema: bool,
}

/// Asked for now, or in an earlier run.
const ROLES: &str = "
    select quote_ident($1) where $1 is not null
    union
    select quote_ident(r.rolname) from pg_policy p
    join pg_class c on c.oid = p.polrelid
    join pg_roles r on r.oid = any(p.polroles)
    where p.polname = $2 and c.relnamespace = to_regnamespace('public')";

/// Tables that are there, and without a policy for one of them.
const TABLES: &str = "
    select distinct c.relname::text
    from pg_class c, unnest($1::text[]) r (name)
    where c.relnamespace = to_regnamespace('public') and c.relkind = 'r' and c.relname = any($2)
        and not exists (select from pg_policy p join pg_roles o on o.oid = any(p.polroles)
            where p.polrelid = c.oid and p.polname = $3 and quote_ident(o.rolname) = r.name)
    order by 1";

/// Whether the schema of the layer is there, and one of them may not use it.
const SCHEMA: &str = "
    select exists (select from pg_namespace n
        join pg_roles o on quote_ident(o.rolname) = any($1)
        where n.nspname = 'focobot' and not has_schema_privilege(o.oid, n.oid, 'usage'))";

impl Programs {
    /// Looks for what they lack of what is there.
    pub(super) async fn look(
        conn: &mut PgConnection,
        asked: Option<&str>,
    ) -> Result<Self, sqlx::Error> {
        let roles: Vec<String> = sqlx::query_scalar(ROLES)
            .bind(asked)
            .bind(POLICY)
            .fetch_all(&mut *conn)
            .await?;
        let mut ours = own::tables();
        ours.push(RECORD);
        let tables = sqlx::query_scalar(TABLES)
            .bind(&roles)
            .bind(ours)
            .bind(POLICY)
            .fetch_all(&mut *conn)
            .await?;
        let schema = sqlx::query_scalar(SCHEMA)
            .bind(&roles)
            .fetch_one(conn)
            .await?;
        Ok(Self {
            roles,
            tables,
            schema,
        })
    }

    /// Whether each has what is there.
    pub(super) fn are_served(&self) -> bool {
        self.tables.is_empty() && !self.schema
    }

    /// Gives them what they lack, all or nothing.
    pub(super) async fn serve(&self, conn: &mut PgConnection) -> Result<(), sqlx::Error> {
        let roles = self.roles.join(", ");
        let mut script = String::from("begin;\n");
        for table in &self.tables {
            let (rights, policy) = if table == RECORD {
                ("select", "for select to ROLES using (true)")
            } else {
                (
                    "select, insert, update, delete",
                    "to ROLES using (true) with check (true)",
                )
            };
            let policy = policy.replace("ROLES", &roles);
            let _ = writeln!(
                script,
                "grant {rights} on public.{table} to {roles};
                 drop policy if exists {POLICY} on public.{table};
                 create policy {POLICY} on public.{table} {policy};"
            );
        }
        if self.schema {
            let _ = writeln!(script, "grant usage on schema focobot to {roles};");
        }
        script.push_str("commit");
        sqlx::raw_sql(sqlx::AssertSqlSafe(script))
            .execute(conn)
            .await
            .map(drop)
    }
}
