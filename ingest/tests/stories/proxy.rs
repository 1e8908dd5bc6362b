//! A cable to a server that a test can pull out and put back.

use std::net::SocketAddr;

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

/// Forwards one port to another while it is plugged in.
pub(crate) struct Proxy {
    address: SocketAddr,
    target: String,
    cable: Option<JoinHandle<()>>,
}

impl Proxy {
    /// Plugged in, on a free port.
    pub(crate) async fn to(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let cable = Some(tokio::spawn(forward(listener, target.to_owned())));
        Self {
            address,
            target: target.to_owned(),
            cable,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends every connection and takes no new one.
    pub(crate) async fn cut(&mut self) {
        if let Some(cable) = self.cable.take() {
            cable.abort();
            drop(cable.await);
        }
    }

    /// Takes connections again.
    pub(crate) async fn restore(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.cable = Some(tokio::spawn(forward(listener, self.target.clone())));
    }
}

async fn forward(listener: TcpListener, target: String) {
    // Dropped with this task, and all its connections with it.
    let mut connections = JoinSet::new();
    while let Ok((mut inner, _)) = listener.accept().await {
        let target = target.clone();
        connections.spawn(async move {
            if let Ok(mut outer) = TcpStream::connect(target).await {
                drop(copy_bidirectional(&mut inner, &mut outer).await);
            }
        });
    }
}
