//! `focobot sizing`: how large the streams have to be for so many messages a second, and which
//! settings make them so. It asks no server.

use std::process::ExitCode;

use anyhow::ensure;
use common::{
    queue::{StreamName, Topology},
    settings::{Environment, NatsSettings},
};
use serde::Serialize;

/// What is asked of NATS beyond the streams: its own files.
const BESIDES: i64 = 20;
/// Sizes are said in whole mebibytes.
const MEBIBYTE: i64 = 1 << 20;

/// A stream.
#[derive(Debug, Serialize)]
struct Sized {
    stream: String,
    /// What it holds at that rate, and as much again.
    needs: i64,
    /// Its size by the setting below.
    max_bytes: i64,
    days: u64,
}

/// What is printed.
#[derive(Debug, Serialize)]
struct Sizing {
    per_second: f64,
    streams: Vec<Sized>,
    #[serde(rename = "FOCO_STREAM_MAX_BYTES")]
    stream_max_bytes: i64,
    #[serde(rename = "NATS_MAX_FILE")]
    max_file: String,
}

/// Prints it.
pub(crate) fn run(env: &Environment, per_second: f64, json: bool) -> anyhow::Result<ExitCode> {
    ensure!(
        (0.001..=10_000.0).contains(&per_second),
        "--per-second: from 0.001 to 10000"
    );
    let settings = NatsSettings::load(env)?;
    let sizing = sizing(per_second, |max_bytes| {
        Topology::new(
            &settings.prefix,
            settings.replicas,
            max_bytes,
            settings.ack_wait,
        )
    });
    if json {
        println!("{}", serde_json::to_string(&sizing)?);
    } else {
        print(&sizing);
    }
    Ok(ExitCode::SUCCESS)
}

fn sizing(per_second: f64, topology: impl Fn(i64) -> Topology) -> Sizing {
    // Checked above: a whole number, and small.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and ten million"
    )]
    let per_thousand_seconds = (per_second * 1000.0).ceil() as u64;
    let needs = |stream: StreamName| {
        i64::try_from(stream.room_for(per_thousand_seconds)).unwrap_or(i64::MAX / 32)
    };
    // The inbound stream's, of which each other has its share: as large as the neediest asks.
    let asked = StreamName::ALL.map(|stream| needs(stream) * 16 / stream.share().sixteenths);
    let most = asked.into_iter().max().unwrap_or_default().max(MEBIBYTE);
    let stream_max_bytes = (most + MEBIBYTE - 1) / MEBIBYTE * MEBIBYTE;
    let topology = topology(stream_max_bytes);
    let streams: Vec<Sized> = StreamName::ALL
        .into_iter()
        .map(|stream| Sized {
            stream: topology.stream(stream),
            needs: needs(stream),
            max_bytes: topology.stream_config(stream).max_bytes,
            days: stream.share().days,
        })
        .collect();
    let all: i64 = streams.iter().map(|stream| stream.max_bytes).sum();
    let file = (all + all / BESIDES + MEBIBYTE - 1) / MEBIBYTE;
    Sizing {
        per_second,
        streams,
        stream_max_bytes,
        max_file: format!("{file}MB"),
    }
}

fn print(sizing: &Sizing) {
    let mebibytes = |bytes: i64| (bytes + MEBIBYTE - 1) / MEBIBYTE;
    println!("at {} messages a second, in MiB:", sizing.per_second);
    println!();
    println!("stream              days      needs       size");
    for stream in &sizing.streams {
        println!(
            "{:<18} {:>5} {:>10} {:>10}",
            stream.stream,
            stream.days,
            mebibytes(stream.needs),
            mebibytes(stream.max_bytes)
        );
    }
    println!();
    println!("FOCO_STREAM_MAX_BYTES={}", sizing.stream_max_bytes);
    println!("NATS_MAX_FILE={}", sizing.max_file);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn every_stream_holds_twice_what_it_keeps_and_nats_holds_them_all() {
        for per_second in [0.001, 0.3, 1.3, 25.0, 300.0] {
            let of = |max_bytes| Topology::new("foco", 1, max_bytes, Duration::from_secs(10));
            let sizing = sizing(per_second, of);
            for stream in &sizing.streams {
                assert!(stream.max_bytes >= stream.needs, "{per_second}: {stream:?}");
            }
            let all: i64 = sizing.streams.iter().map(|stream| stream.max_bytes).sum();
            let file: i64 = sizing.max_file.trim_end_matches("MB").parse().unwrap();
            assert!(file * MEBIBYTE > all, "{per_second}");
        }
    }

    #[test]
    fn the_usual_size_is_enough_for_a_message_a_second() {
        let of = |max_bytes| Topology::new("foco", 1, max_bytes, Duration::from_secs(10));
        assert!(sizing(1.0, of).stream_max_bytes <= 1 << 30);
    }
}
