#!/usr/bin/env bash
# A webhook's address has a name and a password in it (Twilio sends them as basic authentication)
# and a port. The request is signed over the address without the port, as one of the two ways that
# both SDKs say they allow for.
#
# Expected: Twilio's own validators agree on a rightly signed request.
# Instead:  the one of Node.js takes it, the one of Python refuses it. To drop the port, Python's
#           cuts at the first colon, which is the one of the password: what is left is no address
#           any more. Signed over the address with the port both take it, and without a password
#           too.
# Versions: twilio 9.13.0 (Python), twilio 6.3.1 (Node.js).
# Source:   measured; Twilio's page on webhook security says that a port may or may not be signed,
#           and that a name and a password in the address are.
# FocoBot:  has a validator of its own, for the address that it is configured with
#           (ingest/src/webhook/signature.rs).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
    --target "$work/python" twilio==9.13.0 tzdata==2026.6
npm install --silent --no-save --no-audit --no-fund --prefix "$work" twilio@6.3.1
export PARAMETERS='{"Body": "hola", "From": "whatsapp:+525555550100"}'
# Made here, by the rule that Twilio publishes, so that neither SDK is its own judge.
sign() {
    python3 - "$1" <<'PYTHON'
import base64
import hashlib
import hmac
import json
import os
import sys

text = sys.argv[1] + "".join(k + v for k, v in sorted(json.loads(os.environ["PARAMETERS"]).items()))
print(base64.b64encode(hmac.digest(b"token", text.encode(), hashlib.sha1)).decode())
PYTHON
}
python() { # ADDRESS SIGNATURE
    PYTHONPATH=$work/python python3 - "$@" <<'PYTHON'
import json
import os
import sys
from twilio.request_validator import RequestValidator

parameters = json.loads(os.environ["PARAMETERS"])
print("yes" if RequestValidator("token").validate(sys.argv[1], parameters, sys.argv[2]) else "no")
PYTHON
}
node_js() {
    NODE_PATH=$work/node_modules node - "$@" <<'NODE'
const [address, signature] = process.argv.slice(2);
const { validateRequest } = require('twilio');
console.log(validateRequest('token', signature, address, JSON.parse(process.env.PARAMETERS))
  ? 'yes' : 'no');
NODE
}
echo "VERSION  twilio 9.13.0 (Python), twilio 6.3.1 (Node.js)"
echo "EXPECTED yes from both, three times"
seen=
while read -r address signed what; do
    signature=$(sign "$signed")
    answers="$(python "$address" "$signature") $(node_js "$address" "$signature")"
    echo "SEEN     $what: Python and Node.js say $answers"
    seen="$seen$answers,"
done <<'CASES'
https://example.com:8443/hook https://example.com/hook no password, signed without the port
https://me:secret@example.com:8443/hook https://me:secret@example.com:8443/hook password, signed with the port
https://me:secret@example.com:8443/hook https://me:secret@example.com/hook password, signed without the port
CASES
[ "$seen" = "yes yes,yes yes,no yes," ] || { echo "CHANGED: this is no longer so" >&2; exit 1; }
