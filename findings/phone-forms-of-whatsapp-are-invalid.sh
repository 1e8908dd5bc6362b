#!/usr/bin/env bash
# The numbers under which WhatsApp knows people in Mexico (a 1 behind the country code) and in
# Brazil (mobiles without their ninth digit), as they come in Twilio's `From` every day, and a
# Mexican number as people write it from habit (044, 045 and 01 in front), given to libphonenumber.
#
# Expected: numbers that are in use are valid, and two spellings of one subscriber compare equal.
# Instead:  all of them are invalid, Mexico's is not even possible. Formatting what was typed gives
#           no error and a number that nobody has. Comparing the two spellings gives a "short"
#           match for Mexico, as for any two numbers of which one ends like the other, and none at
#           all for Brazil.
# Versions: phonenumbers 9.0.43 (the port of libphonenumber to Python).
# Source:   measured; Mexico's numbering plan of August 2019 did away with 1, 044, 045 and 01, and
#           WhatsApp kept the 1.
# FocoBot:  asks no library; it brings all of these to one form by itself (common/src/phone.rs).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
    --target "$work/python" phonenumbers==9.0.43
PYTHONPATH=$work/python python3 - <<'PYTHON'
import sys
import phonenumbers as library

print(f"VERSION  phonenumbers {library.__version__}")
print("EXPECTED valid each time, the two spellings an exact or national match")
NAMES = {number: name for name, number in vars(library.MatchType).items() if name.isupper()}
seen = []


def judged(text):
    number = library.parse(text, "MX")
    return (library.is_possible_number(number), library.is_valid_number(number),
            library.format_number(number, library.PhoneNumberFormat.E164))


for country, whatsapp, canonical in (("Mexico", "+5215555550100", "+525555550100"),
                                     ("Brazil", "+551199990100", "+5511999990100")):
    possible, valid, _ = judged(whatsapp)
    match = NAMES[library.is_number_match(whatsapp, canonical)]
    seen.append((possible, valid, judged(canonical)[1], match))
    print(f"SEEN     {country}: WhatsApp's form possible: {possible}, valid: {valid}; the canonical "
          f"one valid: {judged(canonical)[1]}; one against the other: {match}")
for typed in ("044 55 5555 0100", "045 55 5555 0100", "01 55 5555 0100"):
    _, valid, formatted = judged(typed)
    seen.append((valid, formatted))
    print(f"SEEN     {typed} in Mexico: valid: {valid}, formatted as {formatted}")
sys.exit(0 if seen == [
    (False, False, True, "SHORT_NSN_MATCH"),
    (True, False, True, "NO_MATCH"),
    (False, "+520445555550100"),
    (False, "+520455555550100"),
    (False, "+52015555550100"),
] else "CHANGED: this is no longer so")
PYTHON
