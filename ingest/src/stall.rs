//! A stream that gives up on a client that does not end a request's head, or does not take its
//! answer. Before a head it waits as long as the server lets it: proxies keep connections for a
//! minute, and some open them ahead of need.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};

/// How long a request's head may take, and the taking of an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Counts the beginnings and ends of a connection's requests: odd while one is being served,
/// whose body has a time-out of its own.
#[derive(Clone, Default)]
pub(crate) struct Serving(Arc<AtomicU64>);

impl Serving {
    /// Says that a request begins or ends.
    pub(crate) fn turn(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A client's stream.
pub(crate) struct Stallable {
    stream: TcpStream,
    serving: Serving,
    head: Deadline,
    answer: Deadline,
}

/// The end of a client's time for what it does at some count of turns: when the count moves on, it
/// has done it.
#[derive(Default)]
struct Deadline(Option<(u64, Pin<Box<Sleep>>)>);

impl Deadline {
    /// Runs from now on, unless it runs already.
    fn begin(&mut self, count: u64) {
        if self.0.is_none() {
            *self = Self(Some((count, Box::pin(sleep(PATIENCE)))));
        }
    }

    /// Ends with the turn in which it began.
    fn end_unless(&mut self, count: u64) {
        self.0.take_if(|(since, _)| *since != count);
    }

    /// The error of a client whose time is over.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        match &mut self.0 {
            Some((_, sleep)) => sleep
                .as_mut()
                .poll(context)
                .map(|()| io::ErrorKind::TimedOut.into()),
            None => Poll::Pending,
        }
    }
}

impl Stallable {
    pub(crate) fn new(stream: TcpStream, serving: Serving) -> Self {
        Self {
            stream,
            serving,
            head: Deadline::default(),
            answer: Deadline::default(),
        }
    }

    /// Bounds what a client may take to make room for more of its answer.
    fn bounded(
        &mut self,
        written: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let count = self.serving.count();
        self.answer.end_unless(count);
        if written.is_ready() {
            return written;
        }
        self.answer.begin(count);
        self.answer.poll(context).map(Err)
    }
}

impl AsyncRead for Stallable {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        let count = self.serving.count();
        if count % 2 == 1 {
            self.head = Deadline::default();
            return read;
        }
        self.head.end_unless(count);
        if buffer.filled().len() > before {
            self.head.begin(count);
        }
        match read {
            Poll::Pending => self.head.poll(context).map(Err),
            ready @ Poll::Ready(_) => ready,
        }
    }
}

impl AsyncWrite for Stallable {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.bounded(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.bounded(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
