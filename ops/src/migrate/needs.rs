//! What a role needs of a database, asked all at once and before anything is changed; each answer
//! comes with the statement that mends it. `doctor` asks the same.

use sqlx::PgConnection;

use super::{layer::Missing, own};

/// Since this version a membership may be without SET; before it `grant` has no word for that.
pub(super) const SET_IS_APART: i32 = 160_000;
/// The oldest that is looked after.
const OLDEST: i32 = 150_000;

/// Something that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    /// What, in words.
    pub(crate) what: String,
    /// The statement that mends it, and who has to run it; empty where another's says it.
    pub(crate) mend: String,
}

impl Need {
    /// Something that is missing, and what mends it.
    pub(crate) fn new(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            mend: mend.into(),
        }
    }
}

impl From<&Missing> for Need {
    fn from(missing: &Missing) -> Self {
        Self::new(&missing.what, missing.fix.clone().unwrap_or_default())
    }
}

/// The server, and who we are there. Names are as SQL writes them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Server {
    /// Such as 150018.
    pub(crate) version: i32,
    /// The role that is signed in.
    pub(crate) role: String,
    database: String,
    database_owner: String,
    schema_owner: Option<String>,
}

impl Server {
    /// Asks the server.
    pub(crate) async fn ask(conn: &mut PgConnection) -> Result<Self, sqlx::Error> {
        sqlx::query_as(
            "select current_setting('server_version_num')::int as version,
                 quote_ident(current_user) as role, quote_ident(datname) as database,
                 quote_ident(pg_get_userbyid(datdba)) as database_owner,
                 (select quote_ident(pg_get_userbyid(nspowner)) from pg_namespace
                  where nspname = 'public') as schema_owner
             from pg_database where datname = current_database()",
        )
        .fetch_one(conn)
        .await
    }

    /// The statement that lets a role act as a signed-in user.
    fn grant_of_users(&self, role: &str) -> String {
        let with = if self.version >= SET_IS_APART {
            " with set true, inherit true"
        } else {
            ""
        };
        format!("grant authenticated to {role}{with}; -- as a role that may, such as postgres")
    }
}

/// What Supabase brings, and what we may do with it.
#[derive(sqlx::FromRow)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "answers of one query, each its own question"
)]
struct Rights {
    anon: bool,
    authenticated: bool,
    uid: bool,
    id_type: Option<String>,
    auth_owner: Option<String>,
    users_owner: Option<String>,
    uses_auth: Option<bool>,
    refers: Option<bool>,
    creates_tables: Option<bool>,
    creates_schemas: bool,
}

/// Names are looked for in the catalogue: by `to_regclass` a schema that may not be used is an
/// error.
const RIGHTS: &str = "
    select exists (select from pg_roles where rolname = 'anon') as anon,
        exists (select from pg_roles where rolname = 'authenticated') as authenticated,
        exists (select from pg_proc where pronamespace = auth.oid and proname = 'uid'
            and pronargs = 0) as uid,
        format_type(id.atttypid, null) as id_type,
        quote_ident(pg_get_userbyid(auth.nspowner)) as auth_owner,
        quote_ident(pg_get_userbyid(users.relowner)) as users_owner,
        has_schema_privilege(auth.oid, 'usage') as uses_auth,
        has_column_privilege(users.oid, id.attnum, 'references') as refers,
        has_schema_privilege(ours.oid, 'create') as creates_tables,
        has_database_privilege(current_database(), 'create')
            or exists (select from pg_namespace where nspname = 'focobot'
                and pg_has_role(nspowner, 'usage')) as creates_schemas
    from (select) one
    left join pg_namespace auth on auth.nspname = 'auth'
    left join pg_class users on users.relnamespace = auth.oid and users.relname = 'users'
    left join pg_attribute id on id.attrelid = users.oid and id.attname = 'id' and id.attnum > 0
    left join pg_namespace ours on ours.nspname = 'public'";

/// What the database lacks of what every Supabase has; and, where something is to be changed, what
/// the role that does it may not do.
pub(crate) async fn to_migrate(
    conn: &mut PgConnection,
    server: &Server,
    changes: bool,
) -> Result<Vec<Need>, sqlx::Error> {
    let rights: Rights = sqlx::query_as(RIGHTS).fetch_one(&mut *conn).await?;
    let mut needs = of_supabase(server, &rights);
    if changes {
        needs.extend(of_role(server, &rights));
        needs.extend(of_owner(conn, server).await?);
    }
    Ok(needs)
}

fn of_supabase(server: &Server, rights: &Rights) -> Vec<Need> {
    let foco = "migrate the database of Foco, or create the stand-in on an empty one with: \
                focobot migrate --standalone";
    let mut needs = Vec::new();
    if server.version < OLDEST {
        let what = format!("PostgreSQL {} is too old", server.version / 10_000);
        needs.push(Need::new(what, "use PostgreSQL 15 or newer"));
    }
    for (there, what) in [
        (rights.anon, "the role anon is missing"),
        (rights.authenticated, "the role authenticated is missing"),
        (
            rights.users_owner.is_some(),
            "the table auth.users is missing",
        ),
        (rights.uid, "the function auth.uid() is missing"),
    ] {
        if !there {
            needs.push(Need::new(what, foco));
        }
    }
    if rights.users_owner.is_some() && rights.id_type.as_deref() != Some("uuid") {
        let found = rights.id_type.as_deref().unwrap_or("missing");
        needs.push(Need::new(
            format!("auth.users.id is no uuid, but {found}"),
            foco,
        ));
    }
    needs
}

fn of_role(server: &Server, rights: &Rights) -> Vec<Need> {
    let Server { role, database, .. } = server;
    let by = |owner: Option<&String>| owner.map_or("its owner", String::as_str).to_owned();
    let (auth, users) = (
        by(rights.auth_owner.as_ref()),
        by(rights.users_owner.as_ref()),
    );
    let (public, database_owner) = (by(server.schema_owner.as_ref()), &server.database_owner);
    [
        (
            rights.creates_tables == Some(true),
            "create tables in schema public",
            format!("grant usage, create on schema public to {role}; -- as {public}"),
        ),
        (
            rights.creates_schemas,
            "create the schema focobot",
            format!("grant create on database {database} to {role}; -- as {database_owner}"),
        ),
        (
            rights.uses_auth != Some(false),
            "use the schema auth",
            format!("grant usage on schema auth to {role}; -- as {auth}"),
        ),
        (
            rights.refers != Some(false),
            "refer to auth.users",
            format!(
                "grant references (id) on auth.users to {role}; -- as {users}; where nobody can, \
                 let postgres migrate: focobot migrate --programs {role}"
            ),
        ),
    ]
    .into_iter()
    .filter(|(may, ..)| !may)
    .map(|(_, what, mend)| Need::new(format!("the role {role} may not {what}"), mend))
    .collect()
}

/// What is changed has to be ours: our own tables, and the schema of the layer.
async fn of_owner(conn: &mut PgConnection, server: &Server) -> Result<Vec<Need>, sqlx::Error> {
    let foreign: Vec<(String, String, String)> = sqlx::query_as(
        "select 'table', 'public.' || quote_ident(relname), quote_ident(pg_get_userbyid(relowner))
         from pg_class
         where relnamespace = to_regnamespace('public') and relkind in ('r', 'p')
             and relname = any($1) and not pg_has_role(relowner, 'usage')
         union all
         select 'schema', 'focobot', quote_ident(pg_get_userbyid(nspowner)) from pg_namespace
         where nspname = 'focobot' and not pg_has_role(nspowner, 'usage')",
    )
    .bind(own::tables())
    .fetch_all(conn)
    .await?;
    let need = |(kind, name, owner): (String, String, String)| {
        Need::new(
            format!("the {kind} {name} belongs to {owner}"),
            format!(
                "alter {kind} {name} owner to {}; -- as {owner}",
                server.role
            ),
        )
    };
    Ok(foreign.into_iter().map(need).collect())
}

/// What a role lacks to act as a signed-in user, as the programs do.
pub(crate) async fn to_act(
    conn: &mut PgConnection,
    server: &Server,
    role: &str,
) -> Result<Vec<Need>, sqlx::Error> {
    let how = if server.version >= SET_IS_APART {
        "set"
    } else {
        "member"
    };
    let found: Option<Option<bool>> = sqlx::query_scalar(
        "select (select pg_has_role(r.oid, u.oid, $2) from pg_roles u
                 where u.rolname = 'authenticated')
         from pg_roles r where quote_ident(r.rolname) = $1",
    )
    .bind(role)
    .bind(how)
    .fetch_optional(conn)
    .await?;
    let (what, mend) = match found {
        Some(Some(true)) => return Ok(Vec::new()),
        None => (
            format!("the role {role} is missing"),
            format!(
                "create role {role} login password '...'; -- as {}",
                server.role
            ),
        ),
        Some(_) => (
            format!("the role {role} cannot act as a user"),
            server.grant_of_users(role),
        ),
    };
    Ok(vec![Need::new(what, mend)])
}
