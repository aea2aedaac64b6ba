//! The line between a client and its server, which a test can freeze.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A relay to one server.
pub(crate) struct Line {
    pub(crate) address: SocketAddr,
    frozen: watch::Sender<bool>,
    /// The ports of the connections to the server, in order.
    ports: Arc<Mutex<Vec<u16>>>,
    task: JoinHandle<()>,
}

impl Line {
    pub(crate) async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (frozen, is_frozen) = watch::channel(false);
        let ports = Arc::new(Mutex::new(Vec::new()));
        let task = tokio::spawn({
            let ports = Arc::clone(&ports);
            async move {
                loop {
                    let (near, _) = listener.accept().await.unwrap();
                    let Ok(far) = TcpStream::connect(server).await else {
                        continue;
                    };
                    ports.lock().unwrap().push(far.local_addr().unwrap().port());
                    let (near_read, near_write) = near.into_split();
                    let (far_read, far_write) = far.into_split();
                    tokio::spawn(carry(near_read, far_write, is_frozen.clone()));
                    tokio::spawn(carry(far_read, near_write, is_frozen.clone()));
                }
            }
        });
        Self {
            address,
            frozen,
            ports,
            task,
        }
    }

    pub(crate) fn freeze(&self, frozen: bool) {
        self.frozen.send_replace(frozen);
    }

    pub(crate) fn ports(&self) -> Vec<u16> {
        self.ports.lock().unwrap().clone()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut frozen: watch::Receiver<bool>) {
    let mut bytes = [0; 4096];
    loop {
        let count = from.read(&mut bytes).await.unwrap_or(0);
        // The end is news as well, which a frozen line does not pass on.
        if frozen.wait_for(|frozen| !frozen).await.is_err() || count == 0 {
            return;
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}
