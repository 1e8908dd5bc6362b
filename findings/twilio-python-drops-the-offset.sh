#!/usr/bin/env bash
# The messages that were sent since noon in Mexico City, by each of two of Twilio's own SDKs. The
# time is one that knows its offset.
#
# Expected: both ask for `DateSent>` 18:00:00Z.
# Instead:  the SDK for Python writes the local hour and a Z behind it, 12:00:00Z: another instant,
#           six hours early, and no error. A time in UTC comes out right, so nobody sees it at home.
#           The SDK for Node.js turns it into UTC.
# Versions: twilio 9.13.0 (Python), twilio 6.3.1 (Node.js).
# Source:   measured; Twilio's reference of the list of messages asks for a time in GMT.
# FocoBot:  uses no SDK; it asks for whole days in UTC (common/src/message_log.rs).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
    --target "$work/python" twilio==9.13.0 tzdata==2026.6
npm install --silent --no-save --no-audit --no-fund --prefix "$work" twilio@6.3.1
python=$(PYTHONPATH=$work/python python3 - <<'PYTHON'
import datetime
import json
import zoneinfo
from twilio.http.response import Response
from twilio.rest import Client


class Listener:
    """In place of the network: notes what would be asked for, answers with an empty list."""

    def request(self, method, url, params=None, **_):
        self.asked = params["DateSent>"]
        return Response(200, json.dumps({"messages": [], "next_page_uri": None}))


listener = Listener()
noon = datetime.datetime(2026, 11, 29, 12, tzinfo=zoneinfo.ZoneInfo("America/Mexico_City"))
Client("AC", "token", http_client=listener).messages.list(date_sent_after=noon)
print(listener.asked)
PYTHON
)
node=$(NODE_PATH=$work/node_modules node - <<'NODE'
let asked;
const httpClient = {
  async request({ params }) {
    asked = params['DateSent>'];
    return { statusCode: 200, body: JSON.stringify({ messages: [], next_page_uri: null }) };
  },
};
const noon = new Date('2026-11-29T12:00:00-06:00');
require('twilio')('AC', 'token', { httpClient }).messages.list({ dateSentAfter: noon })
  .then(() => console.log(asked));
NODE
)
echo "VERSION  twilio 9.13.0 (Python), twilio 6.3.1 (Node.js)"
echo "EXPECTED 2026-11-29T18:00:00Z from both, for noon in Mexico City"
echo "SEEN     Python: $python, Node.js: $node"
[ "$python $node" = "2026-11-29T12:00:00Z 2026-11-29T18:00:00Z" ] ||
    { echo "CHANGED: this is no longer so" >&2; exit 1; }
