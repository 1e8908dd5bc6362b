//! A stream that gives up on a client that began a request's head and does not end it. Between
//! requests it waits as long as the server lets it: proxies keep connections for a minute.

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

/// How long a request's head may take.
const HEAD: Duration = Duration::from_secs(10);

/// Counts the beginnings and ends of a connection's requests: odd while one is being served,
/// whose body has a time-out of its own.
#[derive(Clone, Default)]
pub(crate) struct Serving(Arc<AtomicU64>);

impl Serving {
    /// Says that a request begins or ends.
    pub(crate) fn turn(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A client's stream.
pub(crate) struct Stallable {
    stream: TcpStream,
    serving: Serving,
    /// Runs from a head's first byte; with the count at that time.
    deadline: Option<(u64, Pin<Box<Sleep>>)>,
}

impl Stallable {
    pub(crate) fn new(stream: TcpStream, serving: Serving) -> Self {
        Self {
            stream,
            serving,
            deadline: None,
        }
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
        let count = self.serving.0.load(Ordering::Relaxed);
        let is_serving = count % 2 == 1;
        self.deadline
            .take_if(|(since, _)| is_serving || *since != count);
        if !is_serving && buffer.filled().len() > before && self.deadline.is_none() {
            self.deadline = Some((count, Box::pin(sleep(HEAD))));
        }
        if read.is_pending()
            && let Some((_, deadline)) = &mut self.deadline
            && deadline.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        read
    }
}

impl AsyncWrite for Stallable {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
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
