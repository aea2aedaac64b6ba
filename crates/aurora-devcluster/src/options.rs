//! The options of a development cluster.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use aurora_thermos::Bytes;
use jiff::tz::TimeZone;

use crate::Error;

/// The port that is tried first when the caller names none.
pub const DEFAULT_PORT: u16 = 8081;

/// The cluster name in replies when the caller gives none.
pub const DEFAULT_CLUSTER_NAME: &str = "devcluster";

/// How to run a development cluster.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// The folder of state, sandboxes and the lock; created with mode 0700 when missing.
    pub root: PathBuf,
    /// The port on 127.0.0.1. A named port that is in use is an error; with none, [`DEFAULT_PORT`] is tried and
    /// then any free port is taken. Port 0 means any free port.
    pub port: Option<u16>,
    /// The name in `serverInfo` of every reply.
    pub cluster_name: String,
    /// The name of the one host, as tasks and constraints see it.
    pub host_name: String,
    /// The value of `{{thermos.user}}`. Tasks run as the user of this process, whatever their role.
    pub user: String,
    /// `PATH` of the tasks.
    pub path: String,
    /// What tasks may use together. `None` takes the cores, the memory and the free disk space of this machine.
    pub capacity: Option<Capacity>,
    /// Attributes of the host in addition to `host`, for constraints.
    pub attributes: BTreeMap<String, BTreeSet<String>>,
    /// The ports that tasks can get. Keep it outside the range from which the system serves outgoing connections.
    pub task_ports: std::ops::RangeInclusive<u16>,
    /// The time zone of the schedules of cron jobs, as the system's time zone database names it. `GMT` is always there.
    pub cron_time_zone: String,
    /// When things happen.
    pub timings: Timings,
}

impl Options {
    /// Options with every default: this machine's name and size, the current user, a plain `PATH`.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            port: None,
            cluster_name: DEFAULT_CLUSTER_NAME.to_owned(),
            host_name: machine_name(),
            user: current_user(),
            path: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned(),
            capacity: None,
            attributes: BTreeMap::new(),
            task_ports: 31_000..=32_000,
            cron_time_zone: "GMT".to_owned(),
            timings: Timings::default(),
        }
    }

    pub(crate) fn time_zone(&self) -> Result<TimeZone, Error> {
        // A system without the database still has these.
        if ["GMT", "UTC"].contains(&self.cron_time_zone.as_str()) {
            return Ok(TimeZone::UTC);
        }
        TimeZone::get(&self.cron_time_zone).map_err(|error| Error::Option {
            option: "cron_time_zone",
            reason: error.to_string(),
        })
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let refuse = |option, reason: &str| {
            Err(Error::Option {
                option,
                reason: reason.to_owned(),
            })
        };
        if self.host_name.is_empty() || self.host_name.contains(['/', '\0']) {
            return refuse("host_name", "it must not be empty or hold a slash");
        }
        if self.attributes.contains_key("host") {
            return refuse("attributes", "`host` is the host name; set `host_name`");
        }
        if self.task_ports.is_empty() || *self.task_ports.start() == 0 {
            return refuse("task_ports", "it must name at least one port above 0");
        }
        if let Some(capacity) = self.capacity
            && !(capacity.cpus.is_finite() && capacity.cpus >= 0.0)
        {
            return refuse("capacity", "cpus must be a number of cores");
        }
        self.time_zone().map(|_| ())
    }
}

/// An amount of a machine. The scheduler counts memory and disk in whole MiB, rounded down.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Capacity {
    /// Cores.
    pub cpus: f64,
    /// Memory.
    pub ram: Bytes,
    /// Disk space.
    pub disk: Bytes,
}

impl Capacity {
    /// A number of cores, an amount of memory, an amount of disk space.
    #[must_use]
    pub const fn new(cpus: f64, ram: Bytes, disk: Bytes) -> Self {
        Self { cpus, ram, disk }
    }

    /// What this machine has: all its cores, all its memory, and the free disk space where `folder` is.
    ///
    /// A value that the system does not report counts as one core, 1 GiB of memory or 1 GiB of disk.
    #[must_use]
    pub fn of_machine(folder: &Path) -> Self {
        const FALLBACK: Bytes = Bytes::mebibytes(1024);
        let cpus = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let cpus = u32::try_from(cpus).unwrap_or(1);
        let ram = fs_err::read_to_string("/proc/meminfo")
            .ok()
            .and_then(|text| {
                let line = text.lines().find(|line| line.starts_with("MemTotal:"))?;
                let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
                Some(Bytes::new(kib.saturating_mul(1024)))
            })
            .unwrap_or(FALLBACK);
        let disk = nix::sys::statvfs::statvfs(folder)
            .ok()
            .and_then(|stats| {
                let bytes =
                    u128::from(stats.blocks_available()) * u128::from(stats.fragment_size());
                u64::try_from(bytes).ok().map(Bytes::new)
            })
            .unwrap_or(FALLBACK);
        Self {
            cpus: f64::from(cpus),
            ram,
            disk,
        }
    }
}

/// The durations of the scheduler. The defaults are those of release 0.12.0 unless stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timings {
    /// A task that ended sooner than this after it became active has flapped. 5 min.
    pub flapping_threshold: Duration,
    /// The first penalty for flapping. 30 s.
    pub flapping_initial_delay: Duration,
    /// The highest penalty for flapping. 5 min.
    pub flapping_max_delay: Duration,
    /// ASSIGNED, PREEMPTING, RESTARTING, DRAINING and KILLING tasks older than this are lost. 5 min.
    pub transient_timeout: Duration,
    /// The grace period of a task between SIGTERM and SIGKILL. 60 s.
    pub kill_grace: Duration,
    /// The grace period when the cluster itself is stopped, which a real cluster does not have. 5 s.
    pub shutdown_grace: Duration,
    /// How long a task gets to end after each of the two HTTP calls of its life cycle. 5 s.
    pub http_teardown_wait: Duration,
    /// Ended tasks are removed after this. 2 days.
    pub history_max_age: Duration,
    /// Ended tasks younger than this are never forgotten. 1 h.
    pub history_min_age: Duration,
    /// How many ended tasks of a job are kept beyond `history_min_age`. 100.
    pub history_per_job: usize,
    /// Ended updates are removed after this. 30 days.
    pub update_history_max_age: Duration,
    /// The number of ended updates kept of a job. 10.
    pub update_history_per_job: usize,
    /// How often ended tasks and updates are looked through. 15 min.
    pub history_sweep: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        const MINUTE: u64 = 60;
        const HOUR: u64 = 60 * MINUTE;
        Self {
            flapping_threshold: Duration::from_secs(5 * MINUTE),
            flapping_initial_delay: Duration::from_secs(30),
            flapping_max_delay: Duration::from_secs(5 * MINUTE),
            transient_timeout: Duration::from_secs(5 * MINUTE),
            kill_grace: Duration::from_secs(60),
            shutdown_grace: Duration::from_secs(5),
            http_teardown_wait: Duration::from_secs(5),
            history_max_age: Duration::from_secs(48 * HOUR),
            history_min_age: Duration::from_secs(HOUR),
            history_per_job: 100,
            update_history_max_age: Duration::from_secs(30 * 24 * HOUR),
            update_history_per_job: 10,
            history_sweep: Duration::from_secs(15 * MINUTE),
        }
    }
}

fn machine_name() -> String {
    nix::unistd::gethostname()
        .ok()
        .and_then(|name| name.into_string().ok())
        .filter(|name| !name.is_empty() && !name.contains('/'))
        .unwrap_or_else(|| "localhost".to_owned())
}

fn current_user() -> String {
    let uid = nix::unistd::geteuid();
    nix::unistd::User::from_uid(uid)
        .ok()
        .flatten()
        .map_or_else(|| uid.to_string(), |user| user.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_has_something() {
        let capacity = Capacity::of_machine(Path::new("/"));
        assert!(capacity.cpus >= 1.0);
        assert!(capacity.ram > Bytes::default());
        assert!(capacity.disk > Bytes::default());
    }

    #[test]
    fn options_out_of_range_are_named() {
        let mut options = Options::new("/nowhere");
        assert!(options.check().is_ok());
        options.host_name = "a/b".to_owned();
        assert!(
            options
                .check()
                .unwrap_err()
                .to_string()
                .contains("host_name")
        );
        let mut options = Options::new("/nowhere");
        options
            .attributes
            .insert("host".to_owned(), BTreeSet::new());
        assert!(
            options
                .check()
                .unwrap_err()
                .to_string()
                .contains("attributes")
        );
        let mut options = Options::new("/nowhere");
        options.cron_time_zone = "Nowhere/Land".to_owned();
        assert!(
            options
                .check()
                .unwrap_err()
                .to_string()
                .contains("cron_time_zone")
        );
        let mut options = Options::new("/nowhere");
        options.task_ports = 0..=1;
        assert!(
            options
                .check()
                .unwrap_err()
                .to_string()
                .contains("task_ports")
        );
        let mut options = Options::new("/nowhere");
        options.capacity = Some(Capacity::new(
            f64::NAN,
            Bytes::mebibytes(1),
            Bytes::mebibytes(1),
        ));
        assert!(
            options
                .check()
                .unwrap_err()
                .to_string()
                .contains("capacity")
        );
    }
}
