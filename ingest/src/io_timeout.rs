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
    time::{Instant, Sleep, sleep_until},
};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// How long a request's head may take, and the taking of an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a head may take where somebody else wants the place: what is sent in one go is there by
/// then.
const HASTE: Duration = Duration::from_millis(100);

/// Counts the beginnings and ends of a connection's requests: odd while one is being served,
/// whose body has a time-out of its own.
#[derive(Clone, Default)]
pub(crate) struct Serving {
    turns: Arc<AtomicU64>,
    leaving: CancellationToken,
}

impl Serving {
    /// Says that a request begins or ends.
    pub(crate) fn turn(&self) {
        self.turns.fetch_add(1, Ordering::Relaxed);
    }

    /// Says that the connection's place is wanted.
    pub(crate) fn leave(&self) {
        self.leaving.cancel();
    }

    fn count(&self) -> u64 {
        self.turns.load(Ordering::Relaxed)
    }
}

/// A client's stream.
pub(crate) struct TimeoutStream {
    stream: TcpStream,
    serving: Serving,
    leaving: Pin<Box<WaitForCancellationFutureOwned>>,
    head: Deadline,
    answer: Deadline,
}

/// The end of a client's time for what it does at some count of turns: when the count moves on, it
/// has done it.
#[derive(Default)]
struct Deadline(Option<Running>);

struct Running {
    count: u64,
    began: Instant,
    end: Pin<Box<Sleep>>,
}

impl Deadline {
    /// Runs from now on, unless it runs already.
    fn begin(&mut self, count: u64) {
        self.0.get_or_insert_with(|| {
            let began = Instant::now();
            let end = Box::pin(sleep_until(began + PATIENCE));
            Running { count, began, end }
        });
    }

    /// Leaves it no more time than somebody has whose place is wanted.
    fn hasten(&mut self) {
        if let Some(running) = &mut self.0 {
            running.end.as_mut().reset(running.began + HASTE);
        }
    }

    /// Ends with the turn in which it began.
    fn end_unless(&mut self, count: u64) {
        self.0.take_if(|running| running.count != count);
    }

    /// The error of a client whose time is over.
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        match &mut self.0 {
            Some(running) => running
                .end
                .as_mut()
                .poll(context)
                .map(|()| io::ErrorKind::TimedOut.into()),
            None => Poll::Pending,
        }
    }
}

impl TimeoutStream {
    pub(crate) fn new(stream: TcpStream, serving: Serving) -> Self {
        Self {
            leaving: Box::pin(serving.leaving.clone().cancelled_owned()),
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

impl AsyncRead for TimeoutStream {
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
            Poll::Pending => {
                if self.leaving.as_mut().poll(context).is_ready() {
                    self.head.hasten();
                }
                self.head.poll(context).map(Err)
            }
            ready @ Poll::Ready(_) => ready,
        }
    }
}

impl AsyncWrite for TimeoutStream {
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

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use futures_util::{FutureExt as _, poll};
    use tokio::{io::AsyncWriteExt as _, net::TcpListener};

    use super::*;

    /// What a read of it comes to now.
    async fn read(stream: &mut TimeoutStream) -> Poll<io::Result<()>> {
        let mut bytes = [0; 64];
        let mut buffer = ReadBuf::new(&mut bytes);
        let mut reading =
            poll_fn(|context| Pin::new(&mut *stream).poll_read(context, &mut buffer)).boxed();
        poll!(&mut reading)
    }

    #[tokio::test]
    async fn half_a_head_gives_its_place_up_when_it_is_wanted() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap());
        let (mut client, accepted) = (client.await.unwrap(), listener.accept());
        let serving = Serving::default();
        let mut stream = TimeoutStream::new(accepted.await.unwrap().0, serving.clone());
        client.write_all(b"POST / HTTP/1.1\r\nHo").await.unwrap();
        while read(&mut stream).await.is_pending() {
            tokio::task::yield_now().await;
        }
        tokio::time::pause();
        tokio::time::advance(HASTE / 2).await;
        assert!(read(&mut stream).await.is_pending());
        serving.leave();
        assert!(read(&mut stream).await.is_pending(), "it may be on its way");
        tokio::time::advance(HASTE).await;
        let Poll::Ready(Err(error)) = read(&mut stream).await else {
            panic!("it holds its place");
        };
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }
}
