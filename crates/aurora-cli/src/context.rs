//! The context of every verb: the terminal, the environment variables, the clusters, the clients.

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aurora_cluster::{Clusters, Error, Warning};
use aurora_compat::Compat;
use aurora_rpc::{Netrc, RetryPolicy, SchedulerClient};

use crate::access;
use crate::embedded;
use crate::environment::Environment;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::output::Output;
use crate::runtime::Runtime;
use crate::target::Target;
use crate::timing::Timing;
use crate::variables::CA_FILE;

/// The terminal, the environment variables, the clusters and the runtime of a command.
pub(crate) struct Context {
    pub(crate) output: Output,
    pub(crate) environment: Environment,
    pub(crate) verbose: bool,
    compat: Option<Compat>,
    clusters: OnceLock<Clusters>,
    netrc: OnceLock<Option<Netrc>>,
    timing: Timing,
    runtime: Runtime,
}

/// The requested compatibility mode: from the option, else from `AURORA_COMPAT`.
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

/// A devcluster that does not answer has stopped, and no other leader follows it.
const EMBEDDED_RETRIES: RetryPolicy =
    RetryPolicy::new(Duration::from_millis(500), Duration::from_secs(5));

impl Context {
    /// The context of a command with these options.
    pub(crate) fn new(
        verbose: bool,
        compat: Option<Compat>,
        environment: Environment,
        output: Output,
        timing: Timing,
    ) -> Self {
        Self {
            output,
            environment,
            verbose,
            compat,
            clusters: OnceLock::new(),
            netrc: OnceLock::new(),
            timing,
            runtime: Runtime::default(),
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
            // Properties that resemble none of ours belong to other programs.
            if matches!(warning, Warning::UnknownProperty { nearest: None, .. }) {
                tracing::debug!("{warning}");
            } else {
                tracing::warn!("{warning}");
            }
        }
        Ok(self.clusters.get_or_init(|| clusters))
    }

    /// The cluster of that name, with the requested compatibility mode. This starts nothing.
    ///
    /// `devcluster` exists even when no file defines it; then it is the embedded one, which has an
    /// address only while it runs.
    pub(crate) fn target(&self, name: &str) -> Result<Target> {
        let is_embedded = self.is_embedded(name)?;
        let mut cluster = if is_embedded {
            embedded::running_cluster(&self.environment)?
        } else {
            match self.clusters()?.get(name) {
                Ok(cluster) => cluster.clone(),
                Err(Error::Unknown {
                    known, searched, ..
                }) => return Err(unknown_cluster(name, &known, &searched)),
                Err(error) => return Err(error.into()),
            }
        };
        if let Some(compat) = self.compat {
            cluster.compat = compat;
        }
        Ok(Target {
            cluster,
            is_embedded,
        })
    }

    /// Starts the embedded devcluster if `name` means it and it does not run: for verbs that create something.
    pub(crate) fn start_if_embedded(&self, name: &str) -> Result<()> {
        if self.is_embedded(name)? {
            embedded::start_if_stopped(&self.environment, self.verbose, &self.output)?;
        }
        Ok(())
    }

    /// Whether a name means the embedded devcluster, because no file defines a cluster of that name.
    fn is_embedded(&self, name: &str) -> Result<bool> {
        Ok(name == embedded::CLUSTER && !self.clusters()?.contains(name))
    }

    /// The names of all clusters: those of the files, and the embedded one while it runs.
    pub(crate) fn cluster_names(&self) -> Result<Vec<String>> {
        let mut names: Vec<String> = self.clusters()?.names().map(str::to_owned).collect();
        if self.is_embedded(embedded::CLUSTER)? && embedded::is_running(&self.environment)? {
            names.push(embedded::CLUSTER.to_owned());
        }
        Ok(names)
    }

    /// The compatibility mode for jobs of a cluster: the requested one, else that of the cluster.
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

    /// A client of the cluster's scheduler, which logs its retries.
    pub(crate) fn client(&self, target: &Target) -> Result<SchedulerClient> {
        let builder = SchedulerClient::builder(&target.cluster)
            .clock(Arc::clone(&self.timing.clock))
            .search(self.timing.search)
            .on_failed_search(|failed| {
                tracing::warn!("Could not connect to scheduler: {}", failed.text());
            })
            .on_retry(|retry| {
                tracing::warn!(
                    "Connection error with scheduler: {}, reconnecting...",
                    retry.error.connection_text()
                );
            });
        if target.is_embedded {
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
        self.runtime.block_on(future)
    }
}

/// The failure for an unknown cluster: the message of the release, with hints.
fn unknown_cluster(name: &str, known: &[String], searched: &[PathBuf]) -> Failure {
    let mut names = known.to_vec();
    if embedded::IS_BUILT_IN && !known.iter().any(|name| name == embedded::CLUSTER) {
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
    .hint(match names.is_empty() {
        true => "no clusters are defined".to_owned(),
        false => format!("known clusters: {}", names.join(", ")),
    })
    .hint(format!("clusters are read from {}", files.join(" and ")))
}
