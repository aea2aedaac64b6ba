//! Servers in the place of ZooKeeper that do what it never does: the client fails, and goes on.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use aurora_cluster::Cluster;
use aurora_testkit::PATIENCE;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use super::{member, persistent, scheduler, until, until_the_reason_is};

const GET_DATA: i32 = 4;
const GET_CHILDREN: i32 = 8;
/// What ZooKeeper gives as the number of the request when it tells of a change.
const EVENT: i32 = -1;

#[derive(Clone)]
enum Malice {
    /// Close as soon as a session is asked for.
    NoSessions,
    /// The name of a child is not UTF-8.
    BadName,
    /// The data of the leader, and then a change of a path that is not UTF-8.
    BadEvent(String),
}

struct Impostor {
    address: SocketAddr,
    /// How many connections there were, and how many of them asked for a session.
    connections: Arc<AtomicUsize>,
    sessions: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Impostor {
    async fn start(malice: Malice) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let sessions = Arc::new(AtomicUsize::new(0));
        let (connected, opened) = (Arc::clone(&connections), Arc::clone(&sessions));
        let task = tokio::spawn(async move {
            let mut serving = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                connected.fetch_add(1, Ordering::Relaxed);
                serving.spawn(serve(stream, malice.clone(), Arc::clone(&opened)));
            }
        });
        Self {
            address,
            connections,
            sessions,
            task,
        }
    }

    fn cluster(&self) -> Cluster {
        Cluster::zookeeper("west", self.address.to_string(), "/aurora")
    }
}

impl Drop for Impostor {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, malice: Malice, sessions: Arc<AtomicUsize>) -> Option<()> {
    read_message(&mut stream).await?;
    sessions.fetch_add(1, Ordering::Relaxed);
    if matches!(malice, Malice::NoSessions) {
        return None;
    }
    // Version, time-out in milliseconds, id, password, whether it is read-only.
    let mut session = [0_i32, 10_000, 0, 7, 16].map(i32::to_be_bytes).concat();
    session.extend([0; 17]);
    write_message(&mut stream, &session).await?;
    loop {
        let request = read_message(&mut stream).await?;
        let number = |at: usize| i32::from_be_bytes(request[at..at + 4].try_into().unwrap());
        let (request, operation) = (number(0), number(4));
        let answer = match (&malice, operation) {
            (Malice::BadEvent(_), GET_CHILDREN) => children(b"member_0000000001"),
            (Malice::BadEvent(member), GET_DATA) => data(member.as_bytes()),
            _ => children(b"member_\xff"),
        };
        reply(&mut stream, request, &answer).await?;
        if matches!(malice, Malice::BadEvent(_)) && operation == GET_DATA {
            let mut event = [1_i32, 3].map(i32::to_be_bytes).concat();
            event.extend(text(b"/\xff"));
            reply(&mut stream, EVENT, &event).await?;
        }
    }
}

fn text(bytes: &[u8]) -> Vec<u8> {
    let length = i32::try_from(bytes.len()).unwrap();
    [&length.to_be_bytes(), bytes].concat()
}

fn children(name: &[u8]) -> Vec<u8> {
    [&1_i32.to_be_bytes()[..], &text(name)].concat()
}

fn data(bytes: &[u8]) -> Vec<u8> {
    // The state of the node follows.
    [text(bytes), vec![0; 68]].concat()
}

async fn reply(stream: &mut TcpStream, request: i32, answer: &[u8]) -> Option<()> {
    // Number of the request, of the last change, error.
    let head = [request, 0, 1, 0].map(i32::to_be_bytes).concat();
    write_message(stream, &[&head, answer].concat()).await
}

async fn read_message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let length = stream.read_i32().await.ok()?;
    let mut message = vec![0; usize::try_from(length).ok()?];
    stream.read_exact(&mut message).await.ok()?;
    Some(message)
}

async fn write_message(stream: &mut TcpStream, message: &[u8]) -> Option<()> {
    stream.write_all(&text(message)).await.ok()
}

#[tokio::test]
async fn a_server_that_opens_no_session_is_not_stormed() {
    let impostor = Impostor::start(Malice::NoSessions).await;
    let start = Instant::now();
    let expected = "it ends connections without opening a session; it may have no quorum";
    let expected = format!("{}: {expected}", impostor.address);
    until_the_reason_is(&impostor.cluster(), PATIENCE, &[&expected]).await;
    // Three a session at most, with pauses that grow. A storm would bring thousands.
    let connections = impostor.connections.load(Ordering::Relaxed) as u64;
    assert!(
        connections <= 30 + 3 * start.elapsed().as_secs(),
        "{connections}"
    );
}

#[tokio::test]
async fn a_name_that_is_no_text_ends_the_session_and_nothing_else() {
    let impostor = Impostor::start(Malice::BadName).await;
    let expected = format!("{}: its answer cannot be read", impostor.address);
    until_the_reason_is(&impostor.cluster(), PATIENCE, &[&expected]).await;
}

#[tokio::test]
async fn a_session_that_breaks_while_nobody_asks_is_replaced() {
    let scheduler = scheduler().await;
    let impostor = Impostor::start(Malice::BadEvent(member(&scheduler))).await;
    let client = persistent(&impostor.cluster());
    client.get_jobs(None).await.unwrap();
    until("the session is kept", async || {
        impostor.sessions.load(Ordering::Relaxed) > 2
    })
    .await;
    client.get_jobs(None).await.unwrap();
    assert_eq!(scheduler.requests().len(), 2);
}
