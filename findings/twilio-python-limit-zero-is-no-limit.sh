#!/usr/bin/env bash
# A program lists as many messages as it still has room for, and that is none.
#
# Expected: `limit=0` gives an empty list and asks Twilio for nothing; or an error.
# Instead:  the SDK for Python takes 0 for "no limit": it walks through all pages of the account's
#           log, one request each, to the end. The SDK for Node.js refuses it.
# Versions: twilio 9.13.0 (Python), twilio 6.3.1 (Node.js).
# Source:   measured; the SDK says of `limit` that it is the upper bound of what is returned.
# FocoBot:  uses no SDK; it reads one page a call (common/src/message_log.rs).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
    --target "$work/python" twilio==9.13.0 tzdata==2026.6
npm install --silent --no-save --no-audit --no-fund --prefix "$work" twilio@6.3.1
python=$(PYTHONPATH=$work/python python3 - <<'PYTHON'
import json
from twilio.http.response import Response
from twilio.rest import Client

PAGES = 4


class Log:
    """In place of the network: a log of four pages with three messages each."""

    asked = 0

    def request(self, method, url, **_):
        self.asked += 1
        more = "/2010-04-01/Accounts/AC/Messages.json?Page=1" if self.asked < PAGES else None
        return Response(200, json.dumps({"messages": [{"sid": "SM"}] * 3, "next_page_uri": more}))


log = Log()
got = Client("AC", "token", http_client=log).messages.list(limit=0)
print(f"{len(got)} messages, {log.asked} requests")
PYTHON
)
node=$(NODE_PATH=$work/node_modules node - <<'NODE'
const client = require('twilio')('AC', 'token', { httpClient: {} });
try {
  client.messages.list({ limit: 0 }).then(console.log);
} catch (error) {
  console.log(error.message);
}
NODE
)
echo "VERSION  twilio 9.13.0 (Python), twilio 6.3.1 (Node.js)"
echo "EXPECTED 0 messages, 0 requests, or an error"
echo "SEEN     Python: $python; Node.js: $node"
[ "$python|$node" = "12 messages, 4 requests|Parameter limit must be a positive integer" ] ||
    { echo "CHANGED: this is no longer so" >&2; exit 1; }
