//! The load balancer before the ingesters: passes a connection on to whichever takes it.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// A running balancer; it ends when this is dropped.
pub(super) struct Balancer {
    _tasks: JoinSet<()>,
}

impl Balancer {
    /// Listens on `port` and passes on to `backends` in turn.
    pub(super) async fn start(port: u16, backends: Vec<u16>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await;
        let listener = listener.expect("the balancer's port");
        let (backends, turn) = (Arc::new(backends), Arc::new(AtomicUsize::new(0)));
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let first = turn.fetch_add(1, Ordering::Relaxed);
                connections.spawn(pass_on(client, Arc::clone(&backends), first));
                while connections.try_join_next().is_some() {}
            }
        });
        Self { _tasks: tasks }
    }
}

/// The first backend that takes the connection gets it; where none does it is closed.
async fn pass_on(mut client: TcpStream, backends: Arc<Vec<u16>>, first: usize) {
    for step in 0..backends.len() {
        let port = backends[(first + step) % backends.len()];
        if let Ok(mut backend) = TcpStream::connect(("127.0.0.1", port)).await {
            drop(copy_bidirectional(&mut client, &mut backend).await);
            return;
        }
    }
}
