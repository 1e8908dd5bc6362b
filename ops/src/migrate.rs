//! `focobot migrate`: connects, takes the lock, looks at everything, says what it would do, and
//! does it. FocoBot's own tables, what it knows of Foco's, and with `--standalone` a stand-in for
//! Foco's part.

mod accounts;
mod adoption;
mod apply;
mod found;
mod index;
pub(crate) mod layer;
mod lock;
mod needs;
mod own;
mod programs;
mod record;
mod session;

use std::process::ExitCode;

use common::settings::{DatabaseSettings, Environment};
use sqlx::{Connection as _, PgConnection};

pub(crate) use self::{
    accounts::{Accounts, look as accounts},
    needs::{Need, Server, to_act, to_migrate},
    own::{tables, versions},
};
use self::{found::Found, lock::Lock, own::Set};

/// What is asked for.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only say what would be done, with counts, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Also create the stand-in for Foco's part, on an empty PostgreSQL.
    #[arg(long)]
    standalone: bool,
    /// Links in a table that was there before FocoBot stay proven. Any signed-in user could make
    /// them: without this each becomes a claim that its phone has to prove anew.
    #[arg(long)]
    keep_verified: bool,
    /// The role that the programs sign in as, where it is not the one that migrates: it gets what
    /// it needs. Later runs remember it.
    #[arg(long, value_name = "ROLE")]
    programs: Option<String>,
}

/// Migrates, and says what it does.
pub(crate) async fn run(env: &Environment, options: &Options) -> anyhow::Result<ExitCode> {
    let settings = DatabaseSettings::load(env)?;
    let mut conn = session::open(&settings, "focobot migrate").await?;
    if options.dry_run {
        return say_only(conn, options).await;
    }
    let mut lock = Lock::take(&settings).await?;
    let mut found = Found::look(&mut conn, options).await?;
    found.refuse()?;
    if !found.stand_in.is_empty() {
        record::close(&mut conn).await?;
        apply::all(&mut conn, &mut lock, Set::StandIn, &found.stand_in, None).await?;
        found = Found::look(&mut conn, options).await?;
        found.refuse()?;
    }
    let plan = found.plan();
    say(&found, &plan, "Doing:");
    let changed = !plan.is_empty();
    carry_out(&mut conn, &mut lock, &found, options).await?;
    lock.release().await;
    println!(
        "The database is up to date{}.",
        if changed {
            ""
        } else {
            ": there was nothing to do"
        }
    );
    Ok(ExitCode::SUCCESS)
}

async fn carry_out(
    conn: &mut PgConnection,
    lock: &mut Lock,
    found: &Found,
    options: &Options,
) -> anyhow::Result<()> {
    if found.record != record::Table::Closed {
        record::close(conn).await?;
    }
    let old_links = found.old_links.as_ref();
    apply::all(conn, lock, Set::Own, &found.pending, old_links).await?;
    lock.is_still_held().await?;
    if let Some(layer) = found
        .layer
        .as_ref()
        .filter(|layer| !layer.plan().is_empty())
    {
        layer.apply(conn).await?;
    }
    let programs = programs::Programs::look(conn, options.programs.as_deref()).await?;
    if !programs.are_served() {
        programs.serve(conn).await?;
    }
    Ok(())
}

/// PostgreSQL itself sees to it that nothing is changed.
async fn say_only(mut conn: PgConnection, options: &Options) -> anyhow::Result<ExitCode> {
    sqlx::raw_sql("begin transaction isolation level repeatable read, read only")
        .execute(&mut conn)
        .await?;
    let found = Found::look(&mut conn, options).await?;
    conn.close().await?;
    let plan = found.plan();
    say(&found, &plan, "Would do:");
    if plan.is_empty() {
        println!("Nothing to do: the database is up to date.");
    }
    found.refuse()?;
    Ok(ExitCode::SUCCESS)
}

fn say(found: &Found, plan: &[String], title: &str) {
    if let Some(foco) = found.described() {
        println!("{foco}.");
    }
    if !plan.is_empty() {
        println!("{title}");
    }
    for line in plan {
        // What a line consists of stands below it.
        let bullet = if line.starts_with(' ') { ' ' } else { '-' };
        println!("{bullet} {line}");
    }
    for note in found.notes() {
        println!("Note: {note}");
    }
}
