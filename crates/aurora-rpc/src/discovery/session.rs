//! Sessions with ZooKeeper: what finding a leader needs of them, on top of `zookeeper-async`.
//!
//! That crate reconnects for ever, forgets its watches when it does, and panics on names that
//! are not UTF-8. So a session here is one connection to one server: when it ends, for whatever
//! reason, it is [`Lost`], and the caller opens another one. Nothing ends the tasks of
//! `zookeeper-async`: run every session in a runtime of its own, and drop that.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use aurora_cluster::HostPort;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;
use zookeeper_async::{WatchedEvent, ZkError, ZkResult, ZkState, ZooKeeper};

use crate::error::seconds;

/// `zookeeper-async` works in whole seconds, and takes less than two for none.
const SHORTEST_SESSION: Duration = Duration::from_secs(2);
/// How long `zookeeper-async` sleeps when it could not connect. It is given up before.
const PAUSE: Duration = Duration::from_secs(1 << 30);
/// Saying goodbye is a courtesy.
const GOODBYE: Duration = Duration::from_millis(500);

/// Why a session cannot be opened, or ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lost(pub(super) String);

/// Servers that sessions can be opened with.
pub(super) trait Ensemble {
    type Session: Session;

    /// Opens a session with whichever server can be reached.
    async fn open(&self) -> Result<Self::Session, Lost>;
}

/// A session that reads nodes and receives changes to them.
pub(super) trait Session {
    /// The names of a node's children, or nothing if the node does not exist.
    async fn children(&mut self, path: &str) -> Result<Option<Vec<String>>, Lost>;

    /// A node's data, or nothing if the node does not exist.
    async fn data(&mut self, path: &str) -> Result<Option<Vec<u8>>, Lost>;

    /// Completes when something that was read may have changed since.
    async fn changed(&mut self) -> Result<(), Lost>;

    /// Closes the session at the server.
    async fn close(self);
}

/// The servers of a cluster's ZooKeeper.
#[derive(Clone, Debug)]
pub(super) struct Servers {
    pub(super) servers: Vec<HostPort>,
    /// How long one server may take for each step.
    pub(super) limit: Duration,
    /// How long a server keeps a session that sends nothing.
    pub(super) session: Duration,
}

impl Ensemble for Servers {
    type Session = Connected;

    async fn open(&self) -> Result<Connected, Lost> {
        // Clients that all began with the first server would all be served by it.
        let first = RandomState::new().hash_one(()) as usize % self.servers.len().max(1);
        let (before, after) = self.servers.split_at(first);
        let mut reasons = Vec::new();
        for server in after.iter().chain(before) {
            match self.open_at(server).await {
                Ok(session) => return Ok(session),
                Err(Lost(reason)) => reasons.push(format!("{server}: {reason}")),
            }
        }
        reasons.sort_unstable();
        Err(Lost(reasons.join("; ")))
    }
}

impl Servers {
    async fn open_at(&self, server: &HostPort) -> Result<Connected, Lost> {
        // A fresh look each time, as an ensemble may move to other addresses.
        let found = tokio::net::lookup_host((server.host.as_str(), server.port));
        let addresses = match timeout(self.limit, found).await {
            Ok(Ok(addresses)) => addresses,
            Ok(Err(error)) => return Err(Lost(format!("its host cannot be found: {error}"))),
            Err(_) => return Err(self.late("its host was not found")),
        };
        let mut last = Lost("its host has no address".to_owned());
        for address in addresses {
            match self.open_session(address, server).await {
                Ok(session) => return Ok(session),
                Err(reason) => last = reason,
            }
        }
        Err(last)
    }

    async fn open_session(
        &self,
        address: SocketAddr,
        server: &HostPort,
    ) -> Result<Connected, Lost> {
        // `zookeeper-async` would not say why it cannot connect.
        match timeout(self.limit, TcpStream::connect(address)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(Lost(format!("cannot connect: {error}"))),
            Err(_) => return Err(self.late("no connection")),
        }
        let tripwire = Tripwire::set().await?;
        let opening = self.open_behind(&tripwire, address);
        let (zookeeper, changes) = tokio::select! {
            opened = timeout(self.limit, opening) => match opened {
                Ok(opened) => opened?,
                Err(_) => {
                    return Err(self.late("it accepts connections, but opened no session"));
                }
            },
            () = tripwire.tripped() => {
                let why = "it ends connections without opening a session; it may have no quorum";
                return Err(Lost(why.to_owned()));
            }
        };
        Ok(Connected {
            server: server.clone(),
            zookeeper: Arc::new(zookeeper),
            changes,
            tripwire,
            limit: self.limit,
        })
    }

    async fn open_behind(
        &self,
        tripwire: &Tripwire,
        address: SocketAddr,
    ) -> Result<(ZooKeeper, mpsc::Receiver<()>), Lost> {
        // A full channel says already that there is something new.
        let (changed, changes) = mpsc::channel(1);
        let watcher = move |_: WatchedEvent| {
            let _ = changed.try_send(());
        };
        let servers = format!("{address},{}", tripwire.address);
        let session = self.session.max(SHORTEST_SESSION);
        let zookeeper = ZooKeeper::connect_with_retry_time(&servers, session, watcher, PAUSE)
            .await
            .map_err(|error| Lost(error.to_string()))?;
        let opened = Arc::new(Notify::new());
        let opens = Arc::clone(&opened);
        // In a runtime of one thread its tasks have not run yet: no news is missed.
        zookeeper.add_listener(move |state| {
            if matches!(state, ZkState::Connected | ZkState::ConnectedReadOnly) {
                opens.notify_one();
            }
        });
        opened.notified().await;
        Ok((zookeeper, changes))
    }

    fn late(&self, what: &str) -> Lost {
        Lost(format!("{what} within {}", seconds(self.limit)))
    }
}

/// The second server that `zookeeper-async` gets, which serves no one: when it connects
/// there, its connection to the first one has ended. When this is gone, it fails there and sleeps.
struct Tripwire {
    listener: TcpListener,
    address: SocketAddr,
}

impl Tripwire {
    async fn set() -> Result<Self, Lost> {
        let set = async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let address = listener.local_addr()?;
            Ok(Self { listener, address })
        };
        let failed = |error: io::Error| Lost(format!("cannot listen on this machine: {error}"));
        set.await.map_err(failed)
    }

    async fn tripped(&self) {
        // That it cannot be watched any more is as bad.
        let _ = self.listener.accept().await;
    }
}

/// A session with one server.
pub(super) struct Connected {
    server: HostPort,
    zookeeper: Arc<ZooKeeper>,
    /// It ends when a task of `zookeeper-async` does.
    changes: mpsc::Receiver<()>,
    tripwire: Tripwire,
    limit: Duration,
}

impl Connected {
    fn lost(&self, why: impl std::fmt::Display) -> Lost {
        Lost(format!("{}: {why}", self.server))
    }

    /// Asks the server: nothing if the node does not exist.
    async fn ask<T, F>(&self, request: impl FnOnce(Arc<ZooKeeper>) -> F) -> Result<Option<T>, Lost>
    where
        T: Send + 'static,
        F: Future<Output = ZkResult<T>> + Send + 'static,
    {
        // In a task, as it panics on names that are not UTF-8.
        let answer = tokio::spawn(request(Arc::clone(&self.zookeeper)));
        match timeout(self.limit, answer).await {
            Ok(Ok(Ok(value))) => Ok(Some(value)),
            Ok(Ok(Err(ZkError::NoNode))) => Ok(None),
            Ok(Ok(Err(ZkError::NoAuth))) => Err(self.lost("it does not let us read there")),
            Ok(Ok(Err(ZkError::ConnectionLoss))) => Err(self.lost("the connection ended")),
            Ok(Ok(Err(error))) => Err(self.lost(format_args!("it refused a request ({error})"))),
            Ok(Err(_)) => Err(self.lost("its answer cannot be read")),
            Err(_) => Err(self.lost(format_args!("no answer within {}", seconds(self.limit)))),
        }
    }
}

impl Session for Connected {
    async fn children(&mut self, path: &str) -> Result<Option<Vec<String>>, Lost> {
        loop {
            let node = path.to_owned();
            let children = self
                .ask(|zookeeper| async move { zookeeper.get_children(&node, true).await })
                .await?;
            if children.is_some() {
                return Ok(children);
            }
            // A node that does not exist can only be watched like this.
            let node = path.to_owned();
            let exists = self
                .ask(|zookeeper| async move { zookeeper.exists(&node, true).await })
                .await?;
            if exists.flatten().is_none() {
                return Ok(None);
            }
        }
    }

    async fn data(&mut self, path: &str) -> Result<Option<Vec<u8>>, Lost> {
        let node = path.to_owned();
        let found = self
            .ask(|zookeeper| async move { zookeeper.get_data(&node, true).await })
            .await?;
        Ok(found.map(|(data, _)| data))
    }

    async fn changed(&mut self) -> Result<(), Lost> {
        let why = tokio::select! {
            change = self.changes.recv() => match change {
                Some(()) => return Ok(()),
                None => "what it says cannot be read",
            },
            () = self.tripwire.tripped() => "the connection ended",
        };
        Err(self.lost(why))
    }

    async fn close(self) {
        // Whatever comes of it, the connection ends now.
        let _ = timeout(GOODBYE, self.zookeeper.close()).await;
    }
}
