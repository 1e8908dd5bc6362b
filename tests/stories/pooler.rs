//! Poolers before PostgreSQL: in session mode everything holds as without one; in any other mode
//! programs say so and do not start, and one that runs ends.

use std::collections::BTreeMap;

use common::{
    database::{self, ConnectionError, Database},
    settings::{DatabaseSettings, Environment, Program as Of},
};
use harness::{LossyWay, Lost, PgBouncer, Setup, World, until};
use sqlx::{Connection as _, PgConnection};

/// The settings of a world's programs with another address of its database, and with ports of
/// their own beside those that run.
fn variables(world: &World, url: &str) -> BTreeMap<String, String> {
    let mut variables = world.variables().clone();
    for (name, value) in [
        ("DATABASE_URL", url),
        ("INGEST_ADDR", "127.0.0.1:0"),
        ("METRICS_ADDR", "127.0.0.1:0"),
    ] {
        variables.insert(name.to_owned(), value.to_owned());
    }
    variables
}

/// A program and its arguments.
type Started = (&'static str, &'static [&'static str]);

/// Those that do work within time-outs. A migration has none: it may take long.
const WITHIN_TIME_OUTS: [Started; 3] = [
    ("ingest", &[]),
    ("worker", &[]),
    ("focobot", &["dead", "list"]),
];

/// Each program ends with one line, which names the variable and says what is wrong.
async fn refuse(world: &World, programs: &[Started], url: &str, what: &str) {
    let variables = variables(world, url);
    for (program, arguments) in programs {
        let output = world.runs_with(program, arguments, &variables).await;
        let said = String::from_utf8_lossy(&output.stderr);
        let code = if *program == "focobot" { 1 } else { 2 };
        assert_eq!(output.status.code(), Some(code), "{program}: {said}");
        // No other line, so none of work that was begun.
        assert_eq!(said.lines().count(), 1, "{program}: {said}");
        assert!(said.contains("DATABASE_URL"), "{program}: {said}");
        assert!(said.contains(what), "{program}: {said}");
    }
}

/// The pool as programs have it, at that address.
fn opened(url: &str, most: &str) -> Database {
    let env = Environment::of([("DATABASE_URL", url), ("DATABASE_MAX_CONNECTIONS", most)]);
    database::open(&DatabaseSettings::load_for(Of::Worker, &env).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn through_pgbouncer_in_session_mode_a_request_becomes_a_proposal() {
    let pooler = PgBouncer::start("session", 15, "").await;
    let setup = Setup::default().with_postgres_through(&pooler);
    let world = setup.start().await;
    let phone = world.phone_at_work().await;
    let reply = phone.asks("Hay que arreglar el login, 3 horas").await;
    assert!(reply.contains("📝 1 tarea"), "{reply}");
    assert!(phone.asks("/list tasks").await.contains("Sitio web"));
    let direct = "select count(*) from pg_stat_activity
         where datname = current_database() and application_name like 'focobot-%'";
    assert!(
        world.count(direct).await > 1,
        "nobody came through the pooler"
    );
    let output = world.runs("focobot", &["status", "--json"]).await;
    assert!(output.status.success(), "{output:?}");
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_program_starts_behind_a_pooler_that_shares_sessions() {
    let world = Setup::default().start().await;
    let url = &world.variables()["DATABASE_URL"];
    for mode in ["transaction", "statement"] {
        for sessions in [1, 2, 20] {
            let pooler = PgBouncer::start(mode, sessions, "").await;
            let (url, what) = (pooler.instead_of(url), "transaction or statement mode");
            refuse(&world, &WITHIN_TIME_OUTS, &url, what).await;
            refuse(&world, &[("focobot", &["migrate"])], &url, what).await;
        }
    }
    world.ends_clean().await;
}

/// Asks again and again for a session for a moment, as other programs do.
async fn is_busy(url: String) {
    let mut conn = PgConnection::connect_with(
        &url.parse::<sqlx::postgres::PgConnectOptions>()
            .unwrap()
            .extra_float_digits(None),
    )
    .await
    .unwrap();
    loop {
        sqlx::raw_sql("select pg_sleep(0.001 * random())")
            .execute(&mut conn)
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sharing_is_seen_however_sessions_are_chosen_and_however_busy_they_are() {
    let world = Setup::default().start().await;
    let url = &world.variables()["DATABASE_URL"];
    for (sessions, more) in [
        (20, "server_round_robin = 1\nmin_pool_size = 2"),
        (20, "server_round_robin = 1\nmin_pool_size = 7"),
        (20, "server_reset_query_always = 1"),
        (1, "server_reset_query_always = 1"),
        (3, ""),
        (20, ""),
    ] {
        let pooler = PgBouncer::start("transaction", sessions, more).await;
        let url = pooler.instead_of(url);
        let mut others = tokio::task::JoinSet::new();
        for _ in 0..6 {
            others.spawn(is_busy(url.clone()));
        }
        for _ in 0..10 {
            let found = opened(&url, "4").look().await;
            assert!(
                matches!(found, Err(ConnectionError::Unfit(_))),
                "{sessions} {more}: {found:?}"
            );
        }
    }
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_never_hands_out_a_connection_of_a_pooler_that_shares_sessions() {
    let world = Setup::default().start().await;
    let pooler = PgBouncer::start("transaction", 20, "").await;
    let database = opened(&pooler.instead_of(&world.variables()["DATABASE_URL"]), "8");
    let mut takers = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let pool = database.pool.clone();
        takers.spawn(async move { pool.acquire().await.is_ok() });
    }
    let said = database.fitness.lost().await;
    assert_eq!(said.name, "DATABASE_URL");
    database.pool.close().await;
    while let Some(taken) = takers.join_next().await {
        assert!(!taken.unwrap(), "somebody got one");
    }
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_single_session_to_be_had_it_is_taken() {
    let world = Setup::default().start().await;
    let pooler = PgBouncer::start("session", 1, "").await;
    let database = opened(&pooler.instead_of(&world.variables()["DATABASE_URL"]), "1");
    for _ in 0..3 {
        let one: i32 = sqlx::query_scalar("select 1")
            .fetch_one(&database.pool)
            .await
            .unwrap();
        assert_eq!(one, 1);
    }
    world.ends_clean().await;
}

/// What a session is given, as it is in force.
async fn in_force(database: &Database) -> Vec<(String, String)> {
    sqlx::query_as(
        "select name, setting from pg_settings where name in ('statement_timeout', 'lock_timeout',
             'idle_in_transaction_session_timeout', 'TimeZone', 'search_path') order by name",
    )
    .fetch_all(&database.pool)
    .await
    .unwrap()
}

fn wanted() -> Vec<(String, String)> {
    [
        ("TimeZone", "UTC"),
        ("idle_in_transaction_session_timeout", "5000"),
        ("lock_timeout", "3000"),
        ("search_path", "public, pg_temp"),
        ("statement_timeout", "4000"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn time_outs_are_in_force_where_start_up_options_are_lost_and_else_nothing_starts() {
    let world = Setup::default().start().await;
    let url = &world.variables()["DATABASE_URL"];
    let way = LossyWay::of(Lost::Options).await;
    assert_eq!(in_force(&opened(&way.instead_of(url), "2")).await, wanted());
    let way = LossyWay::of(Lost::StatementTimeout).await;
    let (url, what) = (way.instead_of(url), "does not keep statement_timeout");
    refuse(&world, &WITHIN_TIME_OUTS, &url, what).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_client_left_in_a_session_is_no_concern_of_ours() {
    let world = Setup::default().start().await;
    // The reset is the pooler's own kindness, and some have none.
    let pooler = PgBouncer::start("session", 2, "server_reset_query =").await;
    let url = pooler.instead_of(&world.variables()["DATABASE_URL"]);
    let mut earlier = Vec::new();
    for _ in 0..2 {
        let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
        let mut conn = PgConnection::connect_with(&options.extra_float_digits(None))
            .await
            .unwrap();
        sqlx::raw_sql(
            "begin; select set_config('request.jwt.claims', '{\"sub\": \"somebody\"}', true); commit;
             select set_config('focobot.mark', 'left', false), set_config('focobot.session', 'x', false);
             set statement_timeout = '7s'; set lock_timeout = '6s'; set timezone = 'Asia/Tokyo';
             set search_path = pg_catalog; set default_transaction_read_only = on;
             prepare sqlx_s_1 as select 'somebody else''s';
             create temporary table whatsapp_messages (n integer);
             select pg_advisory_lock(pg_backend_pid()); set role authenticated;",
        )
        .execute(&mut conn)
        .await
        .unwrap();
        earlier.push(conn);
    }
    for conn in earlier {
        conn.close().await.unwrap();
    }
    let database = opened(&url, "1");
    assert_eq!(in_force(&database).await, wanted());
    let (role, locks, messages): (String, i64, i64) = sqlx::query_as(
        "select current_user::text,
             (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()),
             (select count(*) from whatsapp_messages)",
    )
    .fetch_one(&database.pool)
    .await
    .unwrap();
    assert_eq!((role.as_str(), locks, messages), ("focobot", 0, 0));
    let mut transaction = database.pool.begin().await.unwrap();
    database::act_as_user(&mut transaction, harness::USER)
        .await
        .unwrap();
    let projects = "select count(*) from foco_projects";
    let seen: i64 = sqlx::query_scalar(projects)
        .fetch_one(&mut *transaction)
        .await
        .unwrap();
    assert!(seen > 0, "the user's own");
    database::act_as_self(&mut transaction).await.unwrap();
    sqlx::query("delete from whatsapp_messages")
        .execute(&mut *transaction)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_go_on_after_their_pooler_died() {
    let mut pooler = PgBouncer::start("session", 15, "").await;
    let setup = Setup::default().with_postgres_through(&pooler);
    let world = setup.start().await;
    let phone = world.phone_at_work().await;
    let before = phone.replies().await.len();
    pooler.dies().await;
    phone.sends("Hay que arreglar el login, 3 horas").await;
    let waiting = || async { world.worker.as_ref().unwrap().logged().contains("waiting") };
    until("the worker to wait", waiting, |waits| *waits).await;
    pooler.is_back().await;
    let reply = phone.gets(before + 1).await;
    assert!(reply.contains("📝 1 tarea"), "{reply}");
    // The ingester's own connections.
    phone.links(harness::USER, "+52 55 5555 0100").await;
    world.ends_clean().await;
}

/// Ends with the one line, which is the last that it says.
async fn ends_by_itself(program: &mut harness::Program) {
    let status = program.ended().await;
    assert_eq!(status.code(), Some(2));
    let logged = program.logged();
    let last = logged.lines().last().unwrap_or_default();
    assert!(
        last.contains("DATABASE_URL: leads through a pooler"),
        "{logged}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_end_when_their_pooler_goes_on_in_transaction_mode() {
    let pooler = PgBouncer::start("session", 15, "").await;
    let setup = Setup::default().with_postgres_through(&pooler);
    let mut world = setup.start().await;
    let phone = world.phone_at_work().await;
    // More sessions than the ingester may have: what it does not use it keeps, until it uses it again.
    pooler.goes_on_in("transaction", 8).await;
    phone.sends("Hay que pintar la pared, 1 hora").await;
    let mut worker = world.worker.take().unwrap();
    ends_by_itself(&mut worker).await;
    pooler.goes_on_in("session", 15).await;
    world.start_worker(&[]).await;
    let proposals = "select count(*) from foco_proposals";
    until(
        "the proposal",
        || world.count(proposals),
        |count| *count == 1,
    )
    .await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_is_away_at_first_is_waited_for_and_refused_when_it_shares_sessions() {
    let mut pooler = PgBouncer::start("transaction", 20, "").await;
    pooler.dies().await;
    let mut world = Setup::default().start().await;
    let url = pooler.instead_of(&world.variables()["DATABASE_URL"]);
    world.worker.take().unwrap().stop().await;
    let mut worker = world.spawn_worker(&[("DATABASE_URL", &url)]);
    let works = || async { worker.logged().contains("\"working\"") };
    until("the worker", works, |works| *works).await;
    pooler.is_back().await;
    world.phone("whatsapp:+5215555550100").sends("/help").await;
    ends_by_itself(&mut worker).await;
    world.start_worker(&[]).await;
    world.ends_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_with_a_single_connection_does_all_its_work() {
    let setup = Setup::default().with("RATE_LIMIT_PER_MINUTE", "1000");
    let mut world = setup.start().await;
    world.worker.take().unwrap().stop().await;
    let one = [("DATABASE_MAX_CONNECTIONS", "1")];
    world
        .start_worker_of_with("route,parse,send,status,dead,reconcile", &one)
        .await;
    let phone = world.phone_at_work().await;
    let before = phone.replies().await.len();
    for n in 0..20 {
        phone
            .sends(&format!("Hay que pintar la pared {n}, 1 hora"))
            .await;
    }
    phone.gets(before + 20).await;
    let most = "select count(*) from pg_stat_activity
         where datname = current_database() and application_name like 'focobot-worker%'";
    assert_eq!(world.count(most).await, 1);
    world.ends_clean().await;
}
