//! Real ZooKeeper servers, and what tests do to them.

use std::fmt;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use zookeeper_async::{Acl, CreateMode, ZkError, ZooKeeper};

use crate::ports::free_addresses;
use crate::process::Process;
use crate::{PATIENCE, left_out};

/// Where the Debian package `zookeeper` puts the server.
const JAR: &str = "/usr/share/java/zookeeper.jar";
const CLASSES: &str = "/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-simple.jar";
const SETTINGS: &str = "zoo.cfg";
const LOG: &str = "log";
/// Sessions live for 2 to 20 ticks.
const TICK_MILLISECONDS: u32 = 2000;
/// The shortest time-out of a session that a server agrees to.
pub const SHORTEST_SESSION: Duration = Duration::from_secs(4);
/// The longest time-out of a session that a server agrees to.
pub const LONGEST_SESSION: Duration = Duration::from_secs(40);

/// One server. It is killed when it is dropped, and when this process ends without that.
#[derive(Debug)]
pub struct Server {
    /// Where it listens for clients.
    pub address: SocketAddr,
    folder: PathBuf,
    process: Process,
}

impl Server {
    fn start(folder: PathBuf, address: SocketAddr) -> Self {
        let settings = folder.join(SETTINGS);
        let words = [
            "java",
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            CLASSES,
            "org.apache.zookeeper.server.quorum.QuorumPeerMain",
        ];
        let words = words.iter().map(Path::new).chain([&*settings]);
        let process = Process::start(Process::shell(), words, &folder.join(LOG));
        Self {
            address,
            folder,
            process,
        }
    }

    /// Waits until it serves. Fails when another program took one of its ports.
    fn comes_up(&self) -> bool {
        let folder = self.folder.to_str().unwrap();
        let log = self.folder.join(LOG);
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            // By its folder it is known to be the server that was started.
            if self.say("conf").contains(folder) {
                return true;
            }
            if fs::read_to_string(&log).is_ok_and(|log| log.contains("BindException")) {
                return false;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!(
            "ZooKeeper does not come up: {}",
            fs::read_to_string(log).unwrap()
        );
    }

    /// What the server answers to one of ZooKeeper's commands of four letters.
    pub fn say(&self, command: &str) -> String {
        let mut answer = String::new();
        let _ = TcpStream::connect(self.address).and_then(|mut stream| {
            stream.set_read_timeout(Some(Duration::from_secs(5)))?;
            stream.write_all(command.as_bytes())?;
            stream.read_to_string(&mut answer)
        });
        answer
    }

    /// The ids of all sessions that it keeps.
    pub fn sessions(&self) -> Vec<String> {
        let dump = self.say("dump");
        let kept = dump.split("ephemeral nodes dump").next().unwrap();
        kept.lines()
            .map(str::trim)
            .filter(|line| line.starts_with("0x"))
            .map(str::to_owned)
            .collect()
    }

    /// The session of the connection that comes from that port.
    pub fn session_of(&self, port: u16) -> Option<String> {
        let connections = self.say("cons");
        let line = connections
            .lines()
            .find(|line| line.contains(&format!(":{port}[")))?;
        let (_, id) = line.split_once("sid=")?;
        id.split(',').next().map(str::to_owned)
    }

    /// Kills it.
    pub fn kill(self) {
        drop(self);
    }
}

/// Servers that elect a leader among them, or one that is alone.
#[derive(Debug)]
pub struct Ensemble {
    /// In the order in which [`Ensemble::hosts`] names them.
    pub servers: Vec<Server>,
    _folder: TempDir,
}

impl Ensemble {
    /// So many servers, all of them serving; nothing if ZooKeeper is not installed: the test is left out by name.
    pub fn start(count: usize) -> Option<Self> {
        is_installed().then(|| {
            for _ in 0..3 {
                if let Some(ensemble) = Self::try_start(count) {
                    return ensemble;
                }
            }
            panic!("ZooKeeper does not start");
        })
    }

    /// The server that all tests share which do not disturb it; nothing as above.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Ensemble>> = OnceLock::new();
        if !is_installed() {
            return None;
        }
        SHARED.get_or_init(|| Self::start(1)).as_ref()
    }

    /// Fails when another program took one of the ports.
    fn try_start(count: usize) -> Option<Self> {
        let addresses = free_addresses(3 * count);
        let (clients, peers) = addresses.split_at(count);
        let mut peers_setting = String::new();
        if count > 1 {
            for (index, ports) in peers.chunks(2).enumerate() {
                peers_setting += &format!("server.{index}={}:{}\n", ports[0], ports[1].port());
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let start = |(index, &address): (usize, &SocketAddr)| {
            let folder = folder.path().join(index.to_string());
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("myid"), index.to_string()).unwrap();
            write_settings(&folder, address, &peers_setting);
            Server::start(folder, address)
        };
        let servers: Vec<_> = clients.iter().enumerate().map(start).collect();
        let all_serve = servers.iter().all(Server::comes_up);
        all_serve.then_some(Self {
            servers,
            _folder: folder,
        })
    }

    /// Kills the servers and starts them again where they were.
    pub fn restart(&mut self) {
        for server in &mut self.servers {
            server.process.end();
        }
        for server in &mut self.servers {
            while {
                *server = Server::start(server.folder.clone(), server.address);
                !server.comes_up()
            } {}
        }
    }

    /// The value of `zk` in the entry of a cluster.
    pub fn hosts(&self) -> String {
        hosts(self.servers.iter().map(|server| server.address))
    }

    /// A client that changes nodes.
    pub async fn editor(&self) -> Editor {
        let hosts = self.hosts();
        let connecting = ZooKeeper::connect_with_retry_time(
            &hosts,
            Duration::from_secs(10),
            |_| (),
            Duration::from_millis(100),
        );
        let zookeeper = tokio::time::timeout(PATIENCE, connecting).await;
        Editor(zookeeper.expect("a server that listens").unwrap())
    }
}

/// Addresses as the value of `zk` in the entry of a cluster.
pub fn hosts(addresses: impl IntoIterator<Item = SocketAddr>) -> String {
    let hosts: Vec<_> = addresses.into_iter().map(|it| it.to_string()).collect();
    hosts.join(",")
}

/// A client that puts nodes into ZooKeeper and takes them away.
pub struct Editor(ZooKeeper);

impl fmt::Debug for Editor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Editor(..)")
    }
}

impl Editor {
    /// Makes a node and the nodes above it.
    pub async fn put(&self, path: &str, data: impl AsRef<[u8]>) {
        for (end, _) in path.match_indices('/').filter(|&(end, _)| end > 0) {
            self.create(&path[..end], &[]).await;
        }
        self.create(path, data.as_ref()).await;
    }

    async fn create(&self, path: &str, data: &[u8]) {
        let acl = Acl::open_unsafe();
        self.surely(ZkError::NodeExists, async || {
            let mode = CreateMode::Persistent;
            let made = self.0.create(path, data.to_vec(), acl.clone(), mode);
            made.await.map(drop)
        })
        .await;
    }

    /// Takes a node away that has no nodes below it.
    pub async fn delete(&self, path: &str) {
        self.surely(ZkError::NoNode, async || self.0.delete(path, None).await)
            .await;
    }

    /// Does something until it is `done`, as connections get lost between servers.
    async fn surely(&self, done: ZkError, act: impl AsyncFn() -> Result<(), ZkError>) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match act().await {
                Ok(()) => return,
                Err(error) if error == done => return,
                Err(ZkError::ConnectionLoss) if Instant::now() < deadline => {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                Err(error) => panic!("{error}"),
            }
        }
    }
}

/// Whether the server is there; if not, the test is left out by name.
fn is_installed() -> bool {
    let is_installed = Path::new(JAR).is_file()
        && Command::new("java")
            .arg("-version")
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
    left_out::unless(
        is_installed,
        "ZooKeeper",
        &["zookeeper", "default-jre-headless"],
    )
}

fn write_settings(folder: &Path, address: SocketAddr, peers: &str) {
    let settings = format!(
        "tickTime={TICK_MILLISECONDS}\ninitLimit=60\nsyncLimit=20\ndataDir={}\nclientPortAddress={}\nclientPort={}\n\
         maxClientCnxns=0\nadmin.enableServer=false\n4lw.commands.whitelist=*\n{peers}",
        folder.display(),
        address.ip(),
        address.port(),
    );
    fs::write(folder.join(SETTINGS), settings).unwrap();
}
