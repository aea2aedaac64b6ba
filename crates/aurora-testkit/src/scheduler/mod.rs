//! A scheduler on a port of its own that answers as a test says, right or wrong.

mod act;
mod http;
mod jobs;
mod responses;

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use aurora_api::Response;
use aurora_api::calls::AnyCall;
use tokio::sync::oneshot;
use tokio::task::{JoinError, JoinSet};

pub use act::{Act, gzip, http, keep_alive, redirect};
pub use http::{Request, http_answer};
pub use responses::{failure, refusal, success, success_with_message};

use jobs::Jobs;

/// A running server. It stops when it is dropped, and fails the test if a script of it has panicked.
#[derive(Debug)]
pub struct ScriptedScheduler {
    url: String,
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What the connections know of each other.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    requests: Mutex<Vec<Request>>,
    connections: AtomicUsize,
    has_failed: AtomicBool,
}

impl Shared {
    pub(crate) fn note(&self, request: Request) {
        self.requests.lock().unwrap().push(request);
    }

    pub(crate) fn next_connection(&self) -> usize {
        self.connections.fetch_add(1, Ordering::Relaxed)
    }

    fn note_end(&self, end: Result<(), JoinError>) {
        if end.is_err_and(|error| error.is_panic()) {
            self.has_failed.store(true, Ordering::Relaxed);
        }
    }
}

impl ScriptedScheduler {
    /// A scheduler without jobs. It keeps those that are created, and forgets them with its end.
    pub fn start() -> Self {
        Self::with_jobs(Jobs::default())
    }

    /// A scheduler on which these jobs, named as `ROLE/ENV/NAME`, run on so many instances.
    ///
    /// It answers what asks for jobs and tasks, and takes jobs, updates, restarts and kills, each of which is over at
    /// once. It accepts all other calls and does nothing for them.
    pub fn running<'a>(jobs: impl IntoIterator<Item = (&'a str, u32)>) -> Self {
        let mut running = Jobs::default();
        for (job, instances) in jobs {
            running.run(job, instances);
        }
        Self::with_jobs(running)
    }

    fn with_jobs(mut jobs: Jobs) -> Self {
        Self::answering(move |call| jobs.answer(call))
    }

    /// A scheduler that answers every call by a function, on connections that it keeps open.
    pub fn answering(answer: impl FnMut(AnyCall) -> Response + Send + 'static) -> Self {
        Self::performing([Act::calls(answer)])
    }

    /// A server that does one thing on each connection, in this order, and the last one on all that follow.
    pub fn performing(acts: impl IntoIterator<Item = Act>) -> Self {
        Self::performing_with(|_| acts)
    }

    /// The same, for acts that name the server's own address.
    pub fn performing_with<A>(acts: impl FnOnce(&str) -> A) -> Self
    where
        A: IntoIterator<Item = Act>,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        Self::listening(listener, acts(&url))
    }

    /// The same, on a port that listens already.
    pub fn listening(listener: TcpListener, acts: impl IntoIterator<Item = Act>) -> Self {
        let address = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        let mut acts: VecDeque<Act> = acts.into_iter().collect();
        let shared = Arc::new(Shared::default());
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                // On a thread of its own, so that tests without a runtime can have it too.
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                runtime.block_on(async {
                    let next = || match acts.len() {
                        1 => acts[0].clone(),
                        _ => acts.pop_front().expect("an act for the connection"),
                    };
                    serve(listener, next, &shared, stopped).await;
                });
                // An act that waits for something else than its connection is left to itself.
                runtime.shutdown_background();
            }
        });
        Self {
            url: format!("http://{address}"),
            address,
            shared,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// `http://HOST:PORT`, as `scheduler_uri` has it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port that it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// All requests so far, in the order in which they were complete.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// The calls that it received so far.
    pub fn calls(&self) -> Vec<AnyCall> {
        self.requests().iter().filter_map(Request::call).collect()
    }

    /// The methods that were called so far; an empty text for a request that is not a call.
    pub fn methods(&self) -> Vec<String> {
        self.requests().iter().map(Request::method).collect()
    }

    /// The methods that were called since the last time that this was asked.
    pub fn take_methods(&self) -> Vec<String> {
        let requests = std::mem::take(&mut *self.shared.requests.lock().unwrap());
        requests.iter().map(Request::method).collect()
    }

    /// Counts the requests, also after the scheduler was dropped.
    pub fn counter(&self) -> impl Fn() -> usize + Send + Sync + 'static {
        let shared = Arc::clone(&self.shared);
        move || shared.requests.lock().unwrap().len()
    }
}

async fn serve(
    listener: TcpListener,
    mut next: impl FnMut() -> Act,
    shared: &Arc<Shared>,
    mut stopped: oneshot::Receiver<()>,
) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    // They end with the server.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (stream, _) = accepted.unwrap();
                connections.spawn(next().perform(stream, Arc::clone(shared)));
            }
            Some(end) = connections.join_next() => shared.note_end(end),
            _ = &mut stopped => break,
        }
    }
    // A script may have failed just now: its client saw the connection end, and the test stopped the server.
    while let Some(end) = connections.try_join_next() {
        shared.note_end(end);
    }
}

impl Drop for ScriptedScheduler {
    fn drop(&mut self) {
        drop(self.stop.take());
        let end = self.thread.take().map(JoinHandle::join);
        let has_failed =
            matches!(end, Some(Err(_))) || self.shared.has_failed.load(Ordering::Relaxed);
        if has_failed && !std::thread::panicking() {
            panic!("the script of a scheduler has failed");
        }
    }
}
