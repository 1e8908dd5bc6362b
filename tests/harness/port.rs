//! Ports for programs that have to know theirs beforehand. Below those that the system gives to
//! outgoing connections, which could take one before its program listens.

use std::{
    net::TcpListener,
    process,
    sync::atomic::{AtomicU16, Ordering},
};

const FIRST: u16 = 10_000;
/// Linux's first port for outgoing connections is 32768.
const COUNT: u16 = 22_000;
/// Apart from what other processes begin with.
const STRIDE: u32 = 977;

/// A port that nobody listens at, and that this process was not given before.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let begin = process::id().wrapping_mul(STRIDE) % u32::from(COUNT);
    for _ in 0..COUNT {
        let step = u32::from(NEXT.fetch_add(1, Ordering::Relaxed));
        let offset = (begin + step) % u32::from(COUNT);
        let port = FIRST + u16::try_from(offset).expect("below the count");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no port is free");
}
