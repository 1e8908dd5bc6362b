//! `focobot migrate`: it looks before it changes anything, one at a time does it, and what was
//! begun and cut off is there as a whole or not at all.

mod index;
mod lock;
mod needs;
mod rights;

use std::process::Output;

use harness::{BareDatabase, Foco};
use sqlx::{AssertSqlSafe, Executor as _};

/// All that a command said.
pub(super) fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(out),
        String::from_utf8_lossy(err)
    )
}

/// Runs `focobot migrate` with options, which has to succeed; what it said.
pub(super) async fn migrates(foco: &BareDatabase, options: &[&str]) -> String {
    let output = foco.focobot(&[&["migrate"], options].concat()).await;
    assert!(output.status.success(), "{}", said(&output));
    said(&output)
}

/// The same where it has to refuse.
pub(super) async fn refuses(foco: &BareDatabase, options: &[&str]) -> String {
    let output = foco.focobot(&[&["migrate"], options].concat()).await;
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    said(&output)
}

/// The lines of what is done, or would be.
fn plan_of(said: &str) -> Vec<&str> {
    let lines = said
        .lines()
        .skip_while(|line| !line.ends_with("o:") && *line != "Doing:");
    lines
        .skip(1)
        .take_while(|line| line.starts_with(['-', ' ']))
        .collect()
}

/// Runs statements as the role that migrates.
pub(super) async fn does(foco: &BareDatabase, statements: &str) {
    let statements = AssertSqlSafe(statements.to_owned());
    let done = foco.pool().execute(statements).await;
    done.unwrap();
}

/// Texts that a query gives.
pub(super) async fn texts(foco: &BareDatabase, query: &str) -> Vec<String> {
    let found = sqlx::query_scalar(AssertSqlSafe(query.to_owned()));
    found.fetch_all(foco.pool()).await.expect(query)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_would_be_done_and_changes_nothing_and_a_second_run_has_nothing_to_do()
{
    for shape in Foco::REAL {
        let foco = BareDatabase::of(shape).await;
        let before = foco.snapshot().await;
        let plan = migrates(&foco, &["--dry-run"]).await;
        for part in [
            "Would do:",
            "make public._sqlx_migrations, closed to users",
            "migrations/20261122100000_links.sql",
            "migrations/20261129100000_used_workspaces.sql (beside the work)",
            "make the schema focobot",
        ] {
            assert!(plan.contains(part), "{part}: {plan}");
        }
        assert_eq!(foco.snapshot().await, before);
        let done = migrates(&foco, &[]).await;
        assert!(done.contains("The database is up to date."), "{done}");
        assert_eq!(plan_of(&done), plan_of(&plan));
        let migrated = foco.snapshot().await;
        let again = migrates(&foco, &[]).await;
        assert!(again.contains("there was nothing to do"), "{again}");
        let nothing = migrates(&foco, &["--dry-run"]).await;
        assert!(nothing.contains("Nothing to do"), "{nothing}");
        assert_eq!(foco.snapshot().await, migrated);
        foco.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_said_once_with_its_file_and_leaves_nothing_behind() {
    let foco = BareDatabase::of(Foco::A).await;
    // A name that the ledger's first index has.
    does(&foco, "create sequence whatsapp_messages_waiting").await;
    let before = foco.snapshot().await;
    let failure = refuses(&foco, &[]).await;
    let message = "relation \"whatsapp_messages_waiting\" already exists";
    assert_eq!(failure.matches(message).count(), 1, "{failure}");
    assert!(
        failure.contains("migrations/20261122100100_messages.sql: "),
        "{failure}"
    );
    assert!(failure.contains("(SQLSTATE 42P07)"), "{failure}");
    for noise in [
        ".c",
        "PgDatabaseError",
        "line:",
        "error returned from database",
    ] {
        assert!(!failure.contains(noise), "{noise}: {failure}");
    }
    // The table of what was applied is made first, closed, and holds nothing.
    does(&foco, "drop table _sqlx_migrations").await;
    assert_eq!(foco.snapshot().await, before);
    foco.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_path_of_the_databases_leads_nothing_astray() {
    let foco = BareDatabase::of(Foco::A).await;
    let name = foco.name().to_owned();
    does(
        &foco,
        &format!(
            "create schema elsewhere; create table elsewhere.whatsapp_replies (of_others int);
             alter database {name} set search_path = elsewhere, public"
        ),
    )
    .await;
    migrates(&foco, &[]).await;
    let elsewhere = texts(
        &foco,
        "select relname::text from pg_class where relnamespace = 'elsewhere'::regnamespace",
    )
    .await;
    assert_eq!(elsewhere, ["whatsapp_replies"]);
    let functions = texts(
        &foco,
        "select proname::text from pg_proc
         where pronamespace = 'public'::regnamespace and proname like 'whatsapp%'
             and proconfig is null",
    )
    .await;
    assert_eq!(functions, [""; 0], "they look where the session says");
    foco.ends().await;
}
