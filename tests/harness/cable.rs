//! A cable to a server that a story can pull out and put back.

use std::net::SocketAddr;

use crate::port::free_port;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// Passes one port on to another while it is plugged in.
pub struct Cable {
    address: SocketAddr,
    target: String,
    /// Every connection ends with it.
    plugged: JoinSet<()>,
}

impl Cable {
    /// Plugged in, on a free port.
    ///
    /// # Panics
    /// When it is taken meanwhile.
    pub async fn to(target: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", free_port()))
            .await
            .expect("a port");
        let mut cable = Self {
            address: listener.local_addr().expect("its address"),
            target: target.to_owned(),
            plugged: JoinSet::new(),
        };
        cable.plug(listener);
        cable
    }

    /// Where it is plugged in.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends every connection and takes no new one.
    pub async fn cut(&mut self) {
        self.plugged.shutdown().await;
    }

    /// Ends every connection, and leads new ones elsewhere.
    pub async fn lead_to(&mut self, target: &str) {
        self.cut().await;
        target.clone_into(&mut self.target);
        self.restore().await;
    }

    /// Takes connections again.
    pub async fn restore(&mut self) {
        let listener = TcpListener::bind(self.address).await.expect("the port");
        self.plug(listener);
    }

    fn plug(&mut self, listener: TcpListener) {
        self.plugged.spawn(pass_on(listener, self.target.clone()));
    }
}

async fn pass_on(listener: TcpListener, target: String) {
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
