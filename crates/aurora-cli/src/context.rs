//! What every verb works with: the terminal, the environment, the clusters, the job files.

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aurora_cluster::{Cluster, Clusters, Error, Warning};
use aurora_compat::Compat;
use aurora_rpc::operations::{Pace, UPDATE_PAUSE};
use aurora_rpc::{Netrc, RetryPolicy, SchedulerClient};

use crate::access;
use crate::embedded::{self, Embedded};
use crate::environment::Environment;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::output::Output;
use crate::surroundings::Surroundings;
use crate::variables::CA_FILE;

/// The surroundings of a command.
pub(crate) struct Context {
    pub(crate) output: Output,
    pub(crate) environment: Environment,
    pub(crate) verbose: bool,
    compat: Option<Compat>,
    clusters: OnceLock<Clusters>,
    netrc: OnceLock<Option<Netrc>>,
    surroundings: Surroundings,
}

/// The compatibility mode that was asked for: by option, else by `AURORA_COMPAT`.
pub(crate) fn chosen_compat(
    option: Option<Compat>,
    environment: &Environment,
) -> Result<Option<Compat>> {
    match (option, environment.get("AURORA_COMPAT")) {
        (Some(compat), _) => Ok(Some(compat)),
        (None, None) => Ok(None),
        (None, Some(text)) => match text.to_string_lossy().parse::<Compat>() {
            Ok(compat) => Ok(Some(compat)),
            Err(error) => Err(Failure::new(exit::USAGE, format!("AURORA_COMPAT: {error}"))),
        },
    }
}

/// What to do about the devcluster when it does not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhenStopped {
    /// Start it: something is to be created on it.
    Start,
    /// Say so: there is nothing to be seen on it.
    Fail,
}

/// A devcluster that does not answer has ended: nobody elects another leader.
const EMBEDDED_RETRIES: RetryPolicy =
    RetryPolicy::new(Duration::from_millis(500), Duration::from_secs(5));

/// As much as the main thread has.
const WORK_STACK: usize = 8 << 20;

/// A cluster to talk to.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) cluster: Cluster,
    /// Whether it is the scheduler of this machine, which may be asked more often.
    embedded: bool,
}

impl Target {
    /// Whether it is the scheduler of this machine.
    pub(crate) fn is_embedded(&self) -> bool {
        self.embedded
    }

    /// How often to look whether instances are dead.
    pub(crate) fn kill_pace(&self) -> Pace {
        self.pace(Pace::KILL)
    }

    /// How often to look whether instances run or have ended.
    pub(crate) fn patient_pace(&self) -> Pace {
        self.pace(Pace::PATIENT)
    }

    /// How often to look at an update.
    pub(crate) fn update_pause(&self) -> Duration {
        if self.embedded {
            Duration::from_millis(500)
        } else {
            UPDATE_PAUSE
        }
    }

    fn pace(&self, mut pace: Pace) -> Pace {
        if self.embedded {
            pace.first_pause = Duration::from_millis(50);
            pace.longest_pause = Duration::from_secs(1);
        }
        pace
    }
}

impl Context {
    /// The surroundings that options and environment describe.
    pub(crate) fn new(
        verbose: bool,
        compat: Option<Compat>,
        environment: Environment,
        output: Output,
        surroundings: Surroundings,
    ) -> Self {
        Self {
            output,
            environment,
            verbose,
            compat,
            clusters: OnceLock::new(),
            netrc: OnceLock::new(),
            surroundings,
        }
    }

    /// The clusters of the configuration files, read at the first use.
    pub(crate) fn clusters(&self) -> Result<&Clusters> {
        if let Some(clusters) = self.clusters.get() {
            return Ok(clusters);
        }
        let paths = Clusters::default_paths(
            self.environment.get("AURORA_CONFIG_ROOT"),
            self.environment.home().map(|home| home.as_path()),
        );
        let clusters = Clusters::load(&paths)?;
        for warning in clusters.warnings() {
            // Properties that look like nothing of ours belong to other programs.
            if matches!(warning, Warning::UnknownProperty { nearest: None, .. }) {
                tracing::debug!("{warning}");
            } else {
                tracing::warn!("{warning}");
            }
        }
        Ok(self.clusters.get_or_init(|| clusters))
    }

    /// The cluster of that name, with the compatibility mode that was asked for.
    ///
    /// `devcluster` exists even when no file defines it; then it is the embedded one, which has an
    /// address only while it runs.
    pub(crate) fn target(&self, name: &str, when_stopped: WhenStopped) -> Result<Target> {
        let (mut cluster, embedded) = match self.clusters()?.get(name) {
            Ok(cluster) => (cluster.clone(), false),
            Err(Error::Unknown { .. }) if name == embedded::CLUSTER => {
                let embedded = Embedded::of(&self.environment)?;
                let running = match (embedded.find()?, when_stopped) {
                    (Some(running), _) => running,
                    (None, WhenStopped::Start) => {
                        embedded.start(None, self.verbose, &self.output)?
                    }
                    (None, WhenStopped::Fail) => return Err(embedded::not_running()),
                };
                let mut cluster = Cluster::direct(name, running.url);
                cluster.slave_root = embedded.root().to_str().map(str::to_owned);
                cluster.slave_run_directory = Some("latest".to_owned());
                (cluster, true)
            }
            Err(Error::Unknown {
                known, searched, ..
            }) => return Err(unknown_cluster(name, &known, &searched)),
            Err(error) => return Err(error.into()),
        };
        if let Some(compat) = self.compat {
            cluster.compat = compat;
        }
        Ok(Target { cluster, embedded })
    }

    /// The names of all clusters: those of the files, and the embedded one while it runs.
    pub(crate) fn cluster_names(&self) -> Result<Vec<String>> {
        let mut names: Vec<String> = self.clusters()?.names().map(str::to_owned).collect();
        if !names.iter().any(|name| name == embedded::CLUSTER)
            && Embedded::of(&self.environment)?.find()?.is_some()
        {
            names.push(embedded::CLUSTER.to_owned());
        }
        Ok(names)
    }

    /// The compatibility mode for jobs of a cluster: as asked for, else as the cluster says.
    pub(crate) fn compat(&self, cluster: Option<&str>) -> Result<Compat> {
        match (self.compat, cluster) {
            (Some(compat), _) => Ok(compat),
            (None, None) => Ok(Compat::default()),
            (None, Some(cluster)) => {
                let known = self.clusters()?.get(cluster);
                Ok(known.map_or_else(|_| Compat::default(), |cluster| cluster.compat))
            }
        }
    }

    /// A client of the cluster's scheduler, which says on standard error when it tries again.
    pub(crate) fn client(&self, target: &Target) -> Result<SchedulerClient> {
        let builder = SchedulerClient::builder(&target.cluster)
            .clock(Arc::clone(&self.surroundings.clock))
            .search(self.surroundings.search)
            .on_failed_search(|failed| {
                tracing::warn!("Could not connect to scheduler: {}", failed.text());
            })
            .on_retry(|retry| {
                tracing::warn!(
                    "Connection error with scheduler: {}, reconnecting...",
                    retry.error.connection_text()
                );
            });
        if target.embedded {
            return Ok(builder.retry(EMBEDDED_RETRIES).build()?);
        }
        let builder = match self.netrc.get_or_init(|| access::netrc(&self.environment)) {
            Some(netrc) => builder.netrc(netrc.clone()),
            None => builder,
        };
        let builder = match self.environment.get(CA_FILE) {
            Some(path) => builder.ca_file(path),
            None => builder,
        };
        Ok(builder.build()?)
    }

    /// Runs a future to its end, or to Ctrl-C.
    pub(crate) fn block_on<T>(&self, future: impl Future<Output = Result<T>>) -> Result<T> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| {
                Failure::new(exit::FATAL, format!("cannot start the runtime: {error}"))
            })?;
        let result = runtime.block_on(async {
            tokio::select! {
                biased;
                interrupted = tokio::signal::ctrl_c() => match interrupted {
                    Ok(()) => Err(Failure::interrupted()),
                    Err(error) => Err(Failure::new(
                        exit::FATAL,
                        format!("cannot listen for Ctrl-C: {error}"),
                    )),
                },
                result = future => result,
            }
        });
        // A name that is looked up on a thread of its own must not hold up the end.
        runtime.shutdown_background();
        result
    }
}

/// Runs work on a thread of its own, which is left behind if nobody waits for it any more.
pub(crate) async fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let worker = std::thread::Builder::new()
        .stack_size(WORK_STACK)
        .spawn(move || {
            // Nobody is left to hear of it after Ctrl-C.
            let _ = sender.send(work());
        })
        .map_err(|error| Failure::new(exit::FATAL, format!("cannot start a thread: {error}")))?;
    match receiver.await {
        Ok(result) => Ok(result),
        // It ended without a result: it panicked, and so does the command.
        Err(_) => match worker.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => Err(Failure::new(exit::FATAL, "a thread gave no result")),
        },
    }
}

/// The release's words, and the names that there are.
fn unknown_cluster(name: &str, known: &[String], searched: &[PathBuf]) -> Failure {
    let mut names = known.to_vec();
    if !known.iter().any(|name| name == embedded::CLUSTER) {
        names.push(embedded::CLUSTER.to_owned());
    }
    let files: Vec<_> = searched
        .iter()
        .map(|file| format!("`{}`", file.display()))
        .collect();
    Failure::new(
        exit::INVALID_CONFIGURATION,
        format!("Unknown cluster: {name}"),
    )
    .hint(format!("known clusters: {}", names.join(", ")))
    .hint(format!("clusters are read from {}", files.join(" and ")))
}
