//! Cleaning up after a supervising process that died.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::sys::signal::Signal;
use tokio::time::Instant;

use crate::checkpoint::{Checkpoint, Event, Header, Record};
use crate::error::Error;
use crate::proc_table::{self, Entry};
use crate::state::{FinalState, ProcessState, Stage};
use crate::status::TaskOutcome;
use crate::sys;

/// How long processes may take to die after SIGKILL.
const DEATH: Duration = Duration::from_secs(10);

/// Most time between two looks at the process table, for processes that have no descriptor.
const LOOK: Duration = Duration::from_millis(50);

/// One run in the record of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunRecord {
    /// The process.
    pub process: String,
    /// Index of the run, from 0.
    pub run: u32,
    /// State as last recorded.
    pub state: ProcessState,
    /// Process id of bash, its group and its session, if it came that far.
    pub pid: Option<u32>,
    /// Exit code, or the negative number of the signal.
    pub return_code: Option<i32>,
    pid_start: u64,
}

/// A process that the dead supervisor left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Leftover {
    /// Its id.
    pub pid: u32,
    /// Process of the task that it belongs to; `None` if it left its session and only lives in the sandbox.
    pub process: Option<String>,
    entry: Entry,
}

/// The record of a task whose supervisor is gone. Holds the lock on the checkpoint.
#[derive(Debug)]
pub struct Recovery {
    checkpoint: Checkpoint,
    path: PathBuf,
    header: Option<Header>,
    stage: Option<Stage>,
    outcome: Option<TaskOutcome>,
    runs: BTreeMap<(String, u32), RunRecord>,
}

/// Reads the checkpoint of a task whose supervising process died, and takes it over.
///
/// # Errors
///
/// [`Error::CheckpointInUse`] while a runner still has it, [`Error::Checkpoint`] if it cannot be read,
/// [`Error::CheckpointCorrupt`] if it is not a checkpoint. A truncated last record is not an error.
pub fn recover(checkpoint: &Path) -> Result<Recovery, Error> {
    let (opened, records) = Checkpoint::reopen(checkpoint)?;
    let mut recovery = Recovery {
        checkpoint: opened,
        path: checkpoint.to_owned(),
        header: None,
        stage: None,
        outcome: None,
        runs: BTreeMap::new(),
    };
    for record in records {
        recovery.replay(record);
    }
    Ok(recovery)
}

impl Recovery {
    fn replay(&mut self, record: Record) {
        match record.event {
            Event::Task(header) => self.header = Some(header),
            Event::Stage { stage } => self.stage = Some(stage),
            Event::Outcome(outcome) => self.outcome = Some(outcome),
            Event::Unknown => {}
            Event::Forked { process, run } => {
                self.run(process, run);
            }
            Event::Running {
                process,
                run,
                pid,
                pid_start,
            } => {
                let known = self.run(process, run);
                known.state = ProcessState::Running;
                known.pid = Some(pid);
                known.pid_start = pid_start;
            }
            Event::Ended {
                process,
                run,
                state,
                return_code,
                ..
            } => {
                let known = self.run(process, run);
                known.state = state;
                known.return_code = return_code;
            }
        }
    }

    fn run(&mut self, process: String, run: u32) -> &mut RunRecord {
        self.runs
            .entry((process.clone(), run))
            .or_insert_with(|| RunRecord {
                process,
                run,
                state: ProcessState::Forked,
                pid: None,
                return_code: None,
                pid_start: 0,
            })
    }

    /// Name of the task; `None` if the supervisor died before it wrote one.
    pub fn task(&self) -> Option<&str> {
        self.header.as_ref().map(|header| header.task.as_str())
    }

    /// Sandbox of the task.
    pub fn sandbox(&self) -> Option<&Path> {
        self.header.as_ref().map(|header| header.sandbox.as_path())
    }

    /// Folder of its logs.
    pub fn log_dir(&self) -> Option<&Path> {
        self.header.as_ref().map(|header| header.log_dir.as_path())
    }

    /// Last stage that was recorded.
    pub fn stage(&self) -> Option<Stage> {
        self.stage
    }

    /// How the task ended, if it did.
    pub fn outcome(&self) -> Option<&TaskOutcome> {
        self.outcome.as_ref()
    }

    /// All recorded runs, by process and index.
    pub fn runs(&self) -> impl Iterator<Item = &RunRecord> {
        self.runs.values()
    }

    /// Processes of the task that are still alive, each proven to be one of them.
    ///
    /// Proof is a recorded process id together with its recorded start time, both of this boot of the
    /// machine. Members of a session whose leader has died must besides have started after it, belong to
    /// the task's user, and live or work in the sandbox.
    ///
    /// # Errors
    ///
    /// [`Error::ProcessTable`] if `/proc` cannot be read.
    pub fn leftovers(&self) -> Result<Vec<Leftover>, Error> {
        let Some(header) = &self.header else {
            return Ok(Vec::new());
        };
        if header.boot != proc_table::boot_id() {
            return Ok(Vec::new());
        }
        let table = proc_table::snapshot().map_err(|source| Error::ProcessTable { source })?;
        let mut found: BTreeMap<i32, Leftover> = BTreeMap::new();
        let mut add = |entry: Entry, process: Option<&str>| {
            found.entry(entry.pid).or_insert_with(|| Leftover {
                pid: entry.pid.unsigned_abs(),
                process: process.map(str::to_owned),
                entry,
            });
        };
        for run in self.runs.values().filter(|run| !run.state.is_terminal()) {
            for entry in members(run, header, &table) {
                add(entry, Some(&run.process));
            }
        }
        if header.owns_sandbox {
            for entry in
                proc_table::strays(&table, &header.sandbox, header.uid, header.supervisor_start)
            {
                add(entry, None);
            }
        }
        Ok(found.into_values().collect())
    }

    /// Kills what is left with SIGKILL, waits until it is gone, and records the end of the task: LOST,
    /// unless its outcome was recorded already. Returns that outcome.
    ///
    /// # Errors
    ///
    /// [`Error::StillAlive`] if processes do not die within 10 s, and those of
    /// [`leftovers`](Self::leftovers). Nothing is recorded then, and another attempt may be made.
    pub async fn kill(mut self) -> Result<TaskOutcome, Error> {
        let deadline = Instant::now() + DEATH;
        let first = self.leftovers()?;
        let mut left = first.clone();
        while !left.is_empty() {
            if Instant::now() >= deadline {
                return Err(Error::StillAlive {
                    task: self.task().unwrap_or_default().to_owned(),
                    pids: left.iter().map(|leftover| leftover.pid).collect(),
                });
            }
            for leftover in &left {
                leftover.entry.signal(Signal::SIGKILL);
            }
            for leftover in &left {
                gone(&leftover.entry).await;
            }
            left = self.leftovers()?;
        }
        self.close(&first)
    }

    fn close(&mut self, killed: &[Leftover]) -> Result<TaskOutcome, Error> {
        let open: Vec<(String, u32)> = self
            .runs
            .values()
            .filter(|run| !run.state.is_terminal())
            .map(|run| (run.process.clone(), run.run))
            .collect();
        for (process, run) in open {
            let was_alive = killed
                .iter()
                .any(|leftover| leftover.process.as_ref() == Some(&process));
            let (state, return_code) = if was_alive {
                (ProcessState::Killed, Some(-(Signal::SIGKILL as i32)))
            } else {
                (ProcessState::Lost, None)
            };
            self.checkpoint.append(Event::Ended {
                process,
                run,
                state,
                return_code,
                error: None,
            })?;
        }
        if let Some(outcome) = &self.outcome {
            return Ok(outcome.clone());
        }
        let outcome = TaskOutcome {
            state: FinalState::Lost,
            reason: "the process that supervised the task ended before it".to_owned(),
        };
        self.checkpoint.append(Event::Outcome(outcome.clone()))?;
        tracing::debug!(checkpoint = %self.path.display(), killed = killed.len(), "recovered");
        Ok(outcome)
    }
}

/// Living members of one recorded run.
fn members(run: &RunRecord, header: &Header, table: &[Entry]) -> Vec<Entry> {
    let Some(pid) = run.pid.and_then(|pid| i32::try_from(pid).ok()) else {
        return Vec::new();
    };
    match Entry::of(pid) {
        Some(leader) if leader.start == run.pid_start => proc_table::tree(table, pid),
        // Another process has the number now, and everything that it leads belongs to that one.
        Some(_) => Vec::new(),
        None => proc_table::tree(table, pid)
            .into_iter()
            .filter(|entry| {
                entry.start >= run.pid_start
                    && entry.belongs_to(header.uid)
                    && (entry.lives_in(&header.sandbox) || entry.works_in(&header.sandbox))
            })
            .collect(),
    }
}

/// Waits until a process is gone, at most a short while.
async fn gone(entry: &Entry) {
    if let Ok(descriptor) = sys::pidfd_open(entry.pid) {
        // The caller looks again in any case.
        let _ = tokio::time::timeout(LOOK, sys::exited(descriptor)).await;
    }
}
