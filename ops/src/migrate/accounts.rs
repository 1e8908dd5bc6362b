//! Whether the addresses of accounts are really seen. `auth.users` has row-level security and no
//! policy: a role without BYPASSRLS sees no row of it, and gets no error. Members are then known
//! by the names in their profiles alone.

use sqlx::PgConnection;

use super::needs::{Need, Server};

/// What is seen of accounts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Accounts {
    /// At least one.
    Seen,
    /// There is none to be seen yet.
    Empty,
    /// They are hidden.
    Hidden(Need),
}

/// Who reads accounts, and what stands in the way.
#[derive(sqlx::FromRow)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "answers of one query, each its own question"
)]
struct Reader {
    name: String,
    is_us: bool,
    granted: bool,
    passes: bool,
    is_there: bool,
}

/// The owner of the layer's function reads them; we do, until there is one.
const READER: &str = "
    select quote_ident(r.rolname) as name, r.rolname = current_user as is_us,
        coalesce(has_schema_privilege(r.oid, n.oid, 'usage')
            and has_column_privilege(r.oid, c.oid, 'id', 'select')
            and has_column_privilege(r.oid, c.oid, 'email', 'select'), false) as granted,
        r.rolsuper or r.rolbypassrls or not c.relrowsecurity
            or (c.relowner = r.oid and not c.relforcerowsecurity) as passes,
        c.relkind = 'r' as is_there
    from pg_namespace n
    join pg_class c on c.relnamespace = n.oid and c.relname = 'users'
    join pg_roles r on r.oid = coalesce(
        (select p.proowner from pg_proc p join pg_namespace f on f.oid = p.pronamespace
         where f.nspname = 'focobot' and p.proname = 'account_names' and p.prosecdef limit 1),
        (select oid from pg_roles where rolname = current_user))
    where n.nspname = 'auth'";

/// Looks as whoever reads accounts. `auth.users` has to be there.
pub(crate) async fn look(
    conn: &mut PgConnection,
    server: &Server,
) -> Result<Accounts, sqlx::Error> {
    let reader: Option<Reader> = sqlx::query_as(READER).fetch_optional(&mut *conn).await?;
    let Some(reader) = reader.filter(|reader| reader.is_there) else {
        return Ok(Accounts::Empty);
    };
    let role = &reader.name;
    if !reader.granted {
        let mend = format!("grant select (id, email) on auth.users to {role}; -- as postgres");
        return Ok(hidden(role, mend));
    }
    if reader.is_us {
        let seen: bool = sqlx::query_scalar("select exists (select from auth.users)")
            .fetch_one(conn)
            .await?;
        if seen {
            return Ok(Accounts::Seen);
        }
    }
    Ok(match (reader.passes, reader.is_us) {
        (true, true) => Accounts::Empty,
        (true, false) => Accounts::Seen,
        (false, _) => hidden(role, past_row_security(server, role)),
    })
}

fn hidden(role: &str, mend: String) -> Accounts {
    let what = format!(
        "the role {role} sees no address in auth.users: members without a name in their profile \
         cannot be named in requests"
    );
    Accounts::Hidden(Need::new(what, mend))
}

/// On PostgreSQL 15 only a superuser can give what Supabase's `postgres` has.
fn past_row_security(server: &Server, role: &str) -> String {
    let who = if server.version >= super::needs::SET_IS_APART {
        "postgres"
    } else {
        "a superuser"
    };
    format!(
        "alter role {role} bypassrls; -- as {who}; or let postgres migrate: focobot migrate \
         --programs {role}"
    )
}
