#!/usr/bin/env bash
# One number, asked whether it is valid of the port of libphonenumber that most of npm uses.
#
# Expected: one answer, and the same as libphonenumber's.
# Instead:  it depends on which of the package's entry points was imported. The default one knows
#           lengths and little more, and calls a Brazilian mobile of eight digits valid; the one
#           with all metadata, and libphonenumber in Python, call it invalid. A front end that took
#           a number and a server that refuses it can both be on the same library.
# Versions: libphonenumber-js 1.13.16, phonenumbers 9.0.43.
# Source:   libphonenumber-js' README, "min" vs "max" vs "mobile" vs "core".
# FocoBot:  asks no library; it takes seven to fifteen digits and knows the forms of Mexico and
#           Brazil by itself (common/src/phone.rs).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
    --target "$work/python" phonenumbers==9.0.43
npm install --silent --no-save --no-audit --no-fund --prefix "$work" libphonenumber-js@1.13.16
seen=
echo "VERSION  libphonenumber-js 1.13.16, phonenumbers 9.0.43"
echo "EXPECTED the same answer three times for each number"
for number in +525555550100 +5511999990100 +551199990100; do
    node=$(NODE_PATH=$work/node_modules node - "$number" <<'NODE'
const [number] = process.argv.slice(2);
console.log(['libphonenumber-js', 'libphonenumber-js/max']
  .map((name) => (require(name).isValidPhoneNumber(number) ? 'valid' : 'invalid')).join(' '));
NODE
    )
    python=$(PYTHONPATH=$work/python python3 - "$number" <<'PYTHON'
import sys
import phonenumbers

valid = phonenumbers.is_valid_number(phonenumbers.parse(sys.argv[1]))
print("valid" if valid else "invalid")
PYTHON
    )
    echo "SEEN     $number: by default and with all metadata in Node.js: $node; in Python: $python"
    seen="$seen$node $python,"
done
[ "$seen" = "valid valid valid,valid valid valid,valid invalid invalid," ] ||
    { echo "CHANGED: this is no longer so" >&2; exit 1; }
