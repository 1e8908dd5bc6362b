//! Each role on each table, with row-level security and grants alone: a stranger sees and changes
//! nothing of anybody's, a guest reads, a member writes what is theirs.

use std::collections::BTreeMap;

use common::database::act_as_user;
use harness::{GUEST, PROJECT_WEB, Setup, USER, USER_OF_ANOTHER_WORKSPACE, World};
use sqlx::{AssertSqlSafe, PgConnection, postgres::PgArguments, query::Query};
use uuid::{Uuid, uuid};

/// "Estudio Jacaranda".
const WORKSPACE: Uuid = uuid!("00000000-0000-4000-8000-00000000000a");

/// PostgreSQL's code for what a role may not do.
const DENIED: &str = "42501";

/// Who tries.
#[derive(Clone, Copy, Debug)]
enum Role {
    /// Nobody is signed in.
    Anon,
    /// Signed in, with a workspace of their own.
    Stranger,
    /// Signed in, and whose data it is.
    Own,
    /// Signed in, a guest of the workspace.
    Guest,
}

impl Role {
    const ALL: [Self; 4] = [Self::Anon, Self::Stranger, Self::Own, Self::Guest];

    async fn act(self, conn: &mut PgConnection) {
        let user = match self {
            Self::Anon => {
                sqlx::query("select set_config('role', 'anon', true)")
                    .execute(conn)
                    .await
                    .unwrap();
                return;
            }
            Self::Stranger => USER_OF_ANOTHER_WORKSPACE,
            Self::Own => USER,
            Self::Guest => GUEST,
        };
        act_as_user(conn, user).await.unwrap();
    }
}

/// What a statement comes to for a role, all of it undone: how many rows, or that it may not.
async fn tries(world: &World, role: Role, statement: &str) -> String {
    let statement: Query<'_, _, PgArguments> = sqlx::query(AssertSqlSafe(statement.to_owned()));
    let mut transaction = world.pool().begin().await.unwrap();
    role.act(&mut transaction).await;
    let done = statement.execute(&mut *transaction).await;
    transaction.rollback().await.unwrap();
    match done {
        Ok(done) => done.rows_affected().to_string(),
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(DENIED) => {
            "denied".to_owned()
        }
        Err(error) => format!("{error}"),
    }
}

/// What each role comes to: anon, stranger, own, guest.
async fn each(world: &World, statement: &str) -> [String; 4] {
    let mut all = [const { String::new() }; 4];
    for (role, found) in Role::ALL.into_iter().zip(&mut all) {
        *found = tries(world, role, statement).await;
    }
    all
}

/// Every table of Foco's and ours.
async fn tables(world: &World) -> Vec<String> {
    sqlx::query_scalar(
        "select case schemaname when 'public' then tablename::text
             else schemaname || '.' || tablename end
         from pg_tables where schemaname in ('public', 'auth')
         order by 1",
    )
    .fetch_all(world.pool())
    .await
    .unwrap()
}

/// A world with rows of [`USER`]'s in every table that a day's work fills.
async fn busy() -> World {
    let world = Setup::default().start().await;
    let phone = world.phone_at_work().await;
    phone.asks("Fix the login, 2 hours").await;
    phone.asks("/clear").await;
    phone.asks("Paint the shed, 3 hours").await;
    phone.asks("VERIFY 000000").await;
    let web = world.signs_in(USER).await;
    assert_eq!(web.asks_to_deliver("55 5555 0100").await.0, 200);
    phone.gets(7).await;
    world
        .streams
        .publish("inbound.02.0123456789abcdef", "{")
        .await;
    world.streams.are_quiet().await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_sees_of_each_table_what_is_theirs_and_nothing_else() {
    let world = busy().await;
    // Rows in all, and as each role sees them. What nobody is granted is ours alone.
    let shared = BTreeMap::from([
        ("auth.users", ["denied", "1", "1", "1"]),
        ("foco_projects", ["denied", "1", "3", "2"]),
        ("foco_proposal_items", ["denied", "0", "1", "1"]),
        ("foco_proposals", ["denied", "0", "1", "1"]),
        ("whatsapp_user_links", ["denied", "0", "2", "0"]),
        ("work_items", ["denied", "1", "2", "2"]),
        ("workspace_members", ["denied", "1", "3", "2"]),
        ("workspaces", ["denied", "1", "2", "1"]),
    ]);
    for table in tables(&world).await {
        let column = if table == "whatsapp_user_links" {
            "id"
        } else {
            "1"
        };
        let seen = each(&world, &format!("select {column} from {table}")).await;
        let expected = shared.get(table.as_str()).unwrap_or(&["denied"; 4]);
        assert_eq!(&seen.each_ref().map(String::as_str), expected, "{table}");
        assert!(
            shared.contains_key(table.as_str())
                || table.starts_with("whatsapp_")
                || table == "_sqlx_migrations",
            "{table}"
        );
    }
    // Of their own link people see what the API shows, and no hash of a code.
    let hash = each(
        &world,
        "select verification_code_hash from whatsapp_user_links",
    )
    .await;
    assert_eq!(hash, ["denied"; 4].map(str::to_owned));
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_a_row_of_anybody_elses() {
    let world = busy().await;
    for table in tables(&world).await {
        let columns: Vec<String> = sqlx::query_scalar(
            "select attname::text from pg_attribute
             where attrelid = $1::text::regclass and attnum > 0 and not attisdropped
                 and attgenerated = '' and attidentity = ''",
        )
        .bind(&table)
        .fetch_all(world.pool())
        .await
        .unwrap();
        for column in columns {
            let update = format!("update {table} set {column} = {column}");
            let changed = each(&world, &update).await;
            assert_eq!(
                changed,
                ["denied"; 4].map(str::to_owned),
                "{table}.{column}"
            );
        }
        let deleted = each(&world, &format!("delete from {table}")).await;
        let expected = match table.as_str() {
            // Who made a proposal takes it back.
            "foco_proposals" => ["denied", "0", "1", "0"],
            _ => ["denied"; 4],
        };
        assert_eq!(deleted, expected.map(str::to_owned), "{table}");
        let inserted = each(&world, &format!("insert into {table} default values")).await;
        let written = matches!(table.as_str(), "foco_proposals" | "foco_proposal_items");
        assert!(
            inserted
                .iter()
                .enumerate()
                .all(|(n, found)| (written && n > 0) || found == "denied"),
            "{table}: {inserted:?}"
        );
    }
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_proposes_in_their_own_name_and_a_guest_does_not() {
    let world = busy().await;
    let propose = |owner: Uuid, workspace: Uuid| {
        format!(
            "insert into foco_proposals (workspace_id, project_id, owner_id, title)
             values ('{workspace}', '{PROJECT_WEB}', '{owner}', 'Anything')"
        )
    };
    let as_owner = each(&world, &propose(USER, WORKSPACE)).await;
    assert_eq!(
        as_owner,
        ["denied", "denied", "1", "denied"].map(str::to_owned)
    );
    for owner in [GUEST, USER_OF_ANOTHER_WORKSPACE] {
        let found = each(&world, &propose(owner, WORKSPACE)).await;
        assert_eq!(found, ["denied"; 4].map(str::to_owned), "{owner}");
    }
    // A project of another workspace than the one that is named.
    let elsewhere = uuid!("00000000-0000-4000-8000-00000000000b");
    let found = each(&world, &propose(USER, elsewhere)).await;
    assert_eq!(found, ["denied"; 4].map(str::to_owned));
    let item = "insert into foco_proposal_items (proposal_id, position, title)
        select id, 9, 'Anything' from foco_proposals";
    // The stranger finds no proposal to add to.
    assert_eq!(
        each(&world, item).await,
        ["denied", "0", "1", "denied"].map(str::to_owned)
    );
    world.ends().await;
}
