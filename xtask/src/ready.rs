//! Is it ready? Asked of each server in its own words, until a deadline.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(1);

/// Whether `GET path` at a port of this machine answers 200.
pub(crate) fn http(port: u16, path: &str) -> bool {
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    first_line(port, &request).is_some_and(|line| is_ok(&line))
}

/// Whether a Redis answers `PING`; it answers otherwise while it still loads its data.
pub(crate) fn redis(port: u16) -> bool {
    first_line(port, "PING\r\n").is_some_and(|line| line.trim_end() == "+PONG")
}

fn is_ok(line: &str) -> bool {
    line.starts_with("HTTP/1.") && line.split(' ').nth(1) == Some("200")
}

fn first_line(port: u16, request: &str) -> Option<String> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).ok()?;
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_200_is_ready() {
        assert!(is_ok("HTTP/1.1 200 OK\r\n"));
        assert!(!is_ok("HTTP/1.1 503 Service Unavailable\r\n"));
        assert!(!is_ok("-NOAUTH 200"));
        assert!(!is_ok(""));
    }
}
