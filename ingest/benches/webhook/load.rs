//! Posts over keep-alive connections, each waiting for its answer before the next.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

use crate::{
    twilio::{WEBHOOK, encode, sender, sign, text},
    world::PUBLIC,
};

/// Connections at once.
pub(crate) const CONNECTIONS: usize = 64;
/// The processor time in a `clock tick` of `/proc` (`getconf CLK_TCK` is 100 on Linux).
const TICK: Duration = Duration::from_millis(10);

/// What one turn gave.
pub(crate) struct Round {
    /// Answers a second.
    pub(crate) rate: f64,
    /// What each took, sorted.
    times: Vec<Duration>,
    took: Duration,
    processor: Duration,
    /// Processor time of everything on this machine.
    machine: Duration,
}

impl Round {
    /// `machine` is what [`machine_time`] was when the turn began.
    pub(crate) fn new(
        mut times: Vec<Duration>,
        took: Duration,
        processor: Duration,
        machine: Duration,
    ) -> Self {
        times.sort();
        Self {
            rate: count(&times) / took.as_secs_f64(),
            times,
            took,
            processor,
            machine: machine_time().saturating_sub(machine),
        }
    }

    /// The time that so many of a hundred stay under, in milliseconds.
    pub(crate) fn quantile(&self, percent: usize) -> f64 {
        let at = (self.times.len() * percent / 100).min(self.times.len() - 1);
        self.times[at].as_secs_f64() * 1000.0
    }

    /// Processor time of the server for one answer, in microseconds.
    pub(crate) fn processor_micros(&self) -> f64 {
        self.processor.as_secs_f64() * 1e6 / count(&self.times)
    }

    /// How busy the server kept the processors of this machine, and how busy they were in all: 1 is
    /// every one of them, all the time.
    pub(crate) fn busy(&self) -> (f64, f64) {
        let processors = std::thread::available_parallelism().unwrap().get();
        let whole = self.took.as_secs_f64() * f64::from(u32::try_from(processors).unwrap());
        (
            self.processor.as_secs_f64() / whole,
            self.machine.as_secs_f64() / whole,
        )
    }
}

fn count(times: &[Duration]) -> f64 {
    f64::from(u32::try_from(times.len()).unwrap())
}

/// Posts new messages of new senders for so long; every answer has that status.
pub(crate) async fn round(
    address: &str,
    signed: bool,
    status: u16,
    turn: Duration,
    server: u32,
) -> Round {
    let (processor, machine) = (processor_time(server), machine_time());
    let began = Instant::now();
    let mut connections = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        connections.spawn(async move {
            let mut times = Vec::new();
            while began.elapsed() < turn {
                let request = request(signed);
                let asked = Instant::now();
                stream.write_all(request.as_bytes()).await.unwrap();
                let answered = answer(&mut stream).await;
                times.push(asked.elapsed());
                assert_eq!(answered, status);
            }
            times
        });
    }
    let times = connections.join_all().await.concat();
    let processor = processor_time(server).saturating_sub(processor);
    Round::new(times, began.elapsed(), processor, machine)
}

/// A message that nobody sent before, as Twilio posts it or with a signature over something else.
fn request(signed: bool) -> String {
    let form = text(&sender(), "Arreglar el login, 2 horas");
    let url = if signed {
        PUBLIC
    } else {
        "https://another.example"
    };
    let signature = sign(&format!("{url}{WEBHOOK}"), &form);
    let body = encode(&form);
    format!(
        "POST {WEBHOOK} HTTP/1.1\r\nHost: bot.example\r\nX-Twilio-Signature: {signature}\r\n\
         Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Reads one whole answer; its status.
async fn answer(stream: &mut TcpStream) -> u16 {
    let mut read = Vec::with_capacity(1024);
    loop {
        let length = stream.read_buf(&mut read).await.unwrap();
        assert!(length > 0, "the server closed the connection");
        let Some(head) = read.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let text = std::str::from_utf8(&read[..head]).unwrap();
        let body = text
            .lines()
            .find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                let is_length = name.eq_ignore_ascii_case("content-length");
                is_length.then(|| value.parse::<usize>().unwrap())
            })
            .unwrap();
        if read.len() >= head + 4 + body {
            return text[9..12].parse().unwrap();
        }
    }
}

/// Processor time that a process has had (`proc_pid_stat(5)`: the 14th and 15th field).
fn processor_time(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let after_name = stat.rsplit_once(") ").unwrap().1;
    let ticks = after_name.split(' ').skip(11).take(2);
    TICK * ticks
        .map(|ticks| ticks.parse::<u32>().unwrap())
        .sum::<u32>()
}

/// Processor time that all processes have had (`proc_stat(5)`: all but idle and waiting for disks).
pub(crate) fn machine_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/stat").unwrap();
    let all = stat.lines().next().unwrap().split_whitespace().skip(1);
    let busy = all
        .take(8)
        .enumerate()
        .filter(|(field, _)| ![3, 4].contains(field));
    TICK * busy
        .map(|(_, ticks)| ticks.parse::<u32>().unwrap())
        .sum::<u32>()
}
