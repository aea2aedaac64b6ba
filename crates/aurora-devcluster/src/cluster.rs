//! The cluster as a whole: its start, its address, its end.

use std::collections::BTreeSet;
use std::io;
use std::net::Ipv4Addr;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use crate::engine::{Engine, EngineSettings};
use crate::executor::{Executor, Settings};
use crate::fit::Host;
use crate::layout::Layout;
use crate::running::{Lock, RunningCluster};
use crate::scheduler::{Scheduler, now};
use crate::service::{self, App};
use crate::state::Store;
use crate::ui::{self, Site, Templates};
use crate::{Capacity, DEFAULT_PORT, Error, Options, leftovers};

/// How long open connections may take to finish once the cluster ends.
const HTTP_GRACE: Duration = Duration::from_secs(2);

/// A development cluster that runs in this process.
///
/// End it with [`shutdown`](Self::shutdown). Dropping it kills its tasks at once and leaves it to the next start to
/// determine how they ended.
#[derive(Debug)]
pub struct DevCluster {
    instance: RunningCluster,
    scheduler: Scheduler,
    stop: watch::Sender<bool>,
    stop_http: watch::Sender<bool>,
    executor: JoinHandle<()>,
    clock: JoinHandle<()>,
    http: JoinHandle<()>,
    _lock: Lock,
}

impl DevCluster {
    /// Starts a cluster in the current tokio runtime, which needs time and I/O.
    ///
    /// Cleans up after an earlier run first: processes that outlived a crash are killed, and their tasks become LOST and
    /// are rescheduled.
    ///
    /// # Errors
    ///
    /// [`Error::AlreadyRunning`] when another copy uses the same root, [`Error::Port`] when a port that was named is in
    /// use, [`Error::Store`] and [`Error::Io`] when the root cannot be used, [`Error::Option`] for options out of range.
    pub async fn start(options: Options) -> Result<Self, Error> {
        options.check()?;
        let (layout, lock) = prepare(&options.root).await?;
        let listener = bind(options.port).await?;
        let address = listener
            .local_addr()
            .map_err(|source| Error::io("asking for the port", source))?;
        let url = format!("http://{address}");
        let templates = Templates::new()?;
        leftovers::kill_all(&layout).await?;

        let (orders, incoming) = mpsc::unbounded_channel();
        let capacity = options
            .capacity
            .unwrap_or_else(|| Capacity::of_machine(layout.root()));
        let settings = EngineSettings {
            host: host(&options, capacity),
            timings: options.timings,
            task_ports: options.task_ports.clone(),
            random: Box::new(random),
            time_zone: options.time_zone()?,
            // The receiver is gone once the executor has ended, and then nothing runs.
            orders: Box::new(move |order| drop(orders.send(order))),
        };
        let scheduler = Scheduler::new(open(&layout, settings).await?);

        // The port is open, so an early client only waits for the server. From here on nothing can fail.
        let instance = lock.announce(&url)?;

        let (stop, stopped) = watch::channel(false);
        let (stop_http, http_stopped) = watch::channel(false);
        let settings = Settings {
            layout: layout.clone(),
            host_name: options.host_name,
            user: options.user,
            path: options.path,
            timings: options.timings,
        };
        let executor = Executor::new(settings, scheduler.clone());
        let executor = tokio::spawn(executor.work(incoming, stopped.clone()));
        let clock = tokio::spawn(scheduler.clone().keep_time(stopped));
        let pages = ui::router(Arc::new(Site {
            scheduler: scheduler.clone(),
            cluster_name: options.cluster_name.clone(),
            layout,
            templates,
        }));
        let app = Arc::new(App {
            scheduler: scheduler.clone(),
            cluster_name: options.cluster_name,
            started: Instant::now(),
        });
        let router = service::router(app, pages);
        let http = tokio::spawn(serve(listener, router, http_stopped));
        tracing::info!(url, "the development cluster runs");
        Ok(Self {
            instance,
            scheduler,
            stop,
            stop_http,
            executor,
            clock,
            http,
            _lock: lock,
        })
    }

    /// The scheduler's address, such as `http://127.0.0.1:8081`, without a trailing slash. The API is at `/api` there.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.instance.url
    }

    /// Runs until `signal` is ready, then ends as [`shutdown`](Self::shutdown) does.
    pub async fn serve_until(self, signal: impl Future<Output = ()>) {
        signal.await;
        self.shutdown().await;
    }

    /// Ends the cluster: its tasks get SIGTERM and, after [`shutdown_grace`](crate::Timings::shutdown_grace), SIGKILL. When
    /// this returns, none of their processes is left. Their jobs are kept, and run again with the next start.
    pub async fn shutdown(mut self) {
        self.scheduler.end();
        if let Ok(Err(error)) = self.scheduler.with(|engine, now| engine.drain(now)).await {
            tracing::error!(%error, "cannot store that the tasks are being stopped");
        }
        self.stop.send_replace(true);
        // A failure of one does not keep the others from ending.
        let _ = (&mut self.executor).await;
        let _ = (&mut self.clock).await;
        self.stop_http.send_replace(true);
        let _ = tokio::time::timeout(HTTP_GRACE, &mut self.http).await;
        tracing::info!("the development cluster has ended");
    }
}

impl Drop for DevCluster {
    fn drop(&mut self) {
        self.http.abort();
        self.clock.abort();
        self.executor.abort();
    }
}

/// Makes the root folder and takes its lock.
async fn prepare(root: &Path) -> Result<(Layout, Lock), Error> {
    let root = root.to_owned();
    let prepare = move || {
        let unusable =
            |source| Error::io(format!("making the folder `{}`", root.display()), source);
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&root)
            .map_err(unusable)?;
        let layout = Layout::new(&fs_err::canonicalize(&root).map_err(unusable)?);
        let lock = Lock::take(&layout)?;
        Ok((layout, lock))
    };
    blocking(prepare).await
}

async fn open(layout: &Layout, settings: EngineSettings) -> Result<Engine, Error> {
    let path = layout.state();
    blocking(move || {
        let (store, state) = Store::open(&path)?;
        let mut engine = Engine::new(store, state, settings);
        engine.recover(now())?;
        Ok(engine)
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(Error::io("starting the cluster", io::Error::other(error))),
    }
}

/// Loopback only: every client of the scheduler can run programs as this user.
async fn bind(port: Option<u16>) -> Result<TcpListener, Error> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    match port {
        Some(port) => bind(port)
            .await
            .map_err(|source| Error::Port { port, source }),
        None => match bind(DEFAULT_PORT).await {
            Ok(listener) => Ok(listener),
            Err(_) => bind(0)
                .await
                .map_err(|source| Error::Port { port: 0, source }),
        },
    }
}

async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let stopped = async move {
        // The sender lives as long as the cluster; without it there is nothing to serve either.
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let server = axum::serve(listener, router).with_graceful_shutdown(stopped);
    if let Err(error) = server.await {
        tracing::error!(%error, "the HTTP server has failed");
    }
}

fn host(options: &Options, capacity: Capacity) -> Host {
    let mut attributes = options.attributes.clone();
    attributes.insert(
        "host".to_owned(),
        BTreeSet::from([options.host_name.clone()]),
    );
    Host {
        name: options.host_name.clone(),
        attributes,
        capacity: capacity.into(),
        ports: options.task_ports.len(),
    }
}

/// A number in `[0, 1)` with 32 random bits.
fn random() -> f64 {
    let (bits, ..) = uuid::Uuid::new_v4().as_fields();
    f64::from(bits) / (f64::from(u32::MAX) + 1.0)
}
