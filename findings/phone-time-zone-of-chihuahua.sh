#!/usr/bin/env bash
# Somebody's time zone is guessed from the area of the phone number, by libphonenumber's own table.
#
# Expected: a zone that shows the clock of that place.
# Instead:  numbers of Chihuahua (614, and Parral's 627) are given `America/Mazatlan`: an hour
#           behind, the whole year, since the state went over to UTC-6 in 2022. Matamoros (868), on
#           the border, is given `America/Mexico_City`: an hour behind in summer, when it goes with
#           Texas; Reynosa (899) next to it is right. Each number is valid and no answer is a
#           doubtful one.
# Versions: phonenumbers 9.0.43, tzdata 2026.6.
# Source:   measured; release notes of the time-zone database, 2022f; Mexico's law on time zones
#           of October 2022 and its change for Chihuahua.
# FocoBot:  takes the zone that the user has in Foco; where there is none it guesses by the country
#           alone, and marks it as a guess (worker/src/route/request.rs).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
    --target "$work/python" phonenumbers==9.0.43 tzdata==2026.6
PYTHONTZPATH='' PYTHONPATH=$work/python python3 - <<'PYTHON'
import datetime
import importlib.metadata
import sys
import zoneinfo
import phonenumbers
from phonenumbers import timezone

print(f"VERSION  phonenumbers {phonenumbers.__version__}, "
      f"tzdata {importlib.metadata.version('tzdata')}")
print("EXPECTED the clock of the place in January and in July")


def clock(zone, month):
    noon = datetime.datetime(2027, month, 1, 12, tzinfo=datetime.timezone.utc)
    return noon.astimezone(zoneinfo.ZoneInfo(zone)).strftime("%H:%M")


seen = {}
for place, number, own in (("Chihuahua", "+526145550100", "America/Chihuahua"),
                           ("Parral", "+526275550100", "America/Chihuahua"),
                           ("Matamoros", "+528685550100", "America/Matamoros"),
                           ("Reynosa", "+528995550100", "America/Matamoros"),
                           ("Tijuana", "+526645550100", "America/Tijuana"),
                           ("Cancun", "+529985550100", "America/Cancun")):
    parsed = phonenumbers.parse(number)
    [zone] = timezone.time_zones_for_number(parsed)
    by_number = [clock(zone, month) for month in (1, 7)]
    there = [clock(own, month) for month in (1, 7)]
    seen[place] = [a == b for a, b in zip(by_number, there)]
    print(f"SEEN     {place}, valid: {phonenumbers.is_valid_number(parsed)}: {zone} shows "
          f"{by_number}, the clock there {there}")
wrong = {"Chihuahua": [False, False], "Parral": [False, False], "Matamoros": [True, False]}
right = {place: [True, True] for place in ("Reynosa", "Tijuana", "Cancun")}
sys.exit(0 if seen == wrong | right else "CHANGED: this is no longer so")
PYTHON
