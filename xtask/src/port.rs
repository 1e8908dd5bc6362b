//! Ports of our own: a fixed one where it is free, else the next free one.

use std::collections::BTreeSet;
use std::net::TcpListener;

use anyhow::{Context as _, Result};

/// Steps between the ports that are tried, so that the families of ports stay apart.
const STEP: u16 = 10;

/// The first free port at or after `preferred` that is not among `chosen`.
pub(crate) fn choose(preferred: u16, chosen: &BTreeSet<u16>) -> Result<u16> {
    (0..100)
        .filter_map(|turn| preferred.checked_add(turn * STEP))
        .find(|port| !chosen.contains(port) && is_free(*port))
        .with_context(|| format!("no free port near {preferred} on 127.0.0.1"))
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_passed_over() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        if port > u16::MAX - 100 * STEP {
            return;
        }
        let chosen = choose(port, &BTreeSet::from([port + STEP])).unwrap();
        assert!(chosen >= port + 2 * STEP);
    }
}
