//! The run loop of one task: ACTIVE, CLEANING, FINALIZING, end.
//!
//! It sleeps until something happens: a run ends, somebody asks for the end, a process becomes due, or
//! the time for stopping is used up.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use nix::sys::signal::Signal;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;

use crate::checkpoint::{Checkpoint, Event};
use crate::error::Error;
use crate::groups::Groups;
use crate::logs::{self, Sink};
use crate::plan::Plan;
use crate::proc_table::{self, Entry};
use crate::process::{self, Group, Launched};
use crate::recovery::strays;
use crate::spec::ProcessSpec;
use crate::status::{
    FinalState, ProcessState, ProcessStatus, Stage, TaskEvent, TaskOutcome, TaskStatus,
};
use crate::task::Prepared;

/// How long runs may take to end after SIGKILL. Only output held open by a process that left its
/// session, or a disk that does not answer, can take longer; then the rest of the output is given up.
const SETTLE: Duration = Duration::from_secs(2);

/// A wish for the end of the task.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    pub(crate) state: FinalState,
    pub(crate) grace: Duration,
}

/// How a run ended.
struct RunEnd {
    process: usize,
    run: u32,
    end: io::Result<i32>,
    trouble: Vec<String>,
}

struct Running {
    run: u32,
    group: Arc<Group>,
}

pub(crate) struct Engine {
    prepared: Prepared,
    requests: mpsc::UnboundedReceiver<Request>,
    events: Arc<broadcast::Sender<TaskEvent>>,
    status: watch::Sender<TaskStatus>,
    groups: Arc<Groups>,
    runs: JoinSet<RunEnd>,
    running: HashMap<usize, Running>,
    positions: HashMap<String, usize>,
    /// Origin of the planner's clock.
    origin: Instant,
    /// Start of the task in clock ticks since boot.
    since: u64,
    stage: Stage,
    forced: Option<FinalState>,
    deadline: Option<Instant>,
}

impl Engine {
    pub(crate) fn new(
        prepared: Prepared,
        requests: mpsc::UnboundedReceiver<Request>,
        events: Arc<broadcast::Sender<TaskEvent>>,
        status: watch::Sender<TaskStatus>,
        groups: Arc<Groups>,
    ) -> Engine {
        let positions = prepared
            .spec
            .processes
            .iter()
            .enumerate()
            .map(|(position, process)| (process.name.clone(), position))
            .collect();
        Engine {
            since: prepared.guard.start_time(),
            prepared,
            requests,
            events,
            status,
            groups,
            runs: JoinSet::new(),
            running: HashMap::new(),
            positions,
            origin: Instant::now(),
            stage: Stage::Active,
            forced: None,
            deadline: None,
        }
    }

    pub(crate) async fn run(mut self) {
        let outcome = match self.stages().await {
            Ok(()) => self.outcome(),
            Err(error) => TaskOutcome {
                state: FinalState::Lost,
                reason: error.to_string(),
            },
        };
        self.kill_the_rest().await;
        // If the record cannot be written, whoever waits must still learn the outcome.
        let recorded = self
            .append(Event::Outcome(outcome.clone()))
            .inspect_err(|error| tracing::warn!(%error, "the outcome is not on record"));
        drop(recorded);
        self.publish(TaskEvent::Stage(Stage::Ended));
        self.publish(TaskEvent::Ended(outcome.clone()));
        let Engine {
            prepared, status, ..
        } = self;
        // The lock on the checkpoint ends before anybody learns that the task has.
        drop(prepared);
        status.send_modify(|status| {
            status.stage = Stage::Ended;
            status.outcome = Some(outcome);
        });
    }

    async fn stages(&mut self) -> Result<(), Error> {
        self.enter(Stage::Active)?;
        self.active().await?;
        self.enter(Stage::Cleaning)?;
        self.cleaning().await?;
        if self.time_is_up() {
            return Ok(());
        }
        self.enter(Stage::Finalizing)?;
        self.finalizing().await
    }

    async fn active(&mut self) -> Result<(), Error> {
        while self.forced.is_none() && self.is_healthy() {
            let launched = self.launch_due().await?;
            if self.prepared.regular.is_complete() {
                break;
            }
            // A launch that failed has changed the plan already.
            if !launched {
                continue;
            }
            self.wait().await?;
        }
        Ok(())
    }

    async fn cleaning(&mut self) -> Result<(), Error> {
        if self.deadline.is_none() {
            self.deadline = Some(Instant::now() + self.prepared.spec.finalization_wait);
        }
        if !self.time_is_up() {
            self.terminate().await;
        }
        while !self.running.is_empty() && !self.time_is_up() {
            self.wait().await?;
        }
        Ok(())
    }

    async fn finalizing(&mut self) -> Result<(), Error> {
        loop {
            let plan = &self.prepared.finalizing;
            if plan.is_complete() || plan.is_deadlocked() || self.time_is_up() {
                return Ok(());
            }
            if self.launch_due().await? && !self.prepared.finalizing.is_complete() {
                self.wait().await?;
            }
        }
    }

    /// Waits for one thing to happen and takes account of it.
    async fn wait(&mut self) -> Result<(), Error> {
        let now = self.now();
        let due = self
            .plan()
            .next_due(now)
            .map(|wait| self.origin + now + wait);
        tokio::select! {
            // A request must not starve behind processes that end all the time.
            biased;
            Some(request) = self.requests.recv() => {
                self.forced = Some(request.state);
                self.deadline = Some(Instant::now() + request.grace);
                if self.stage == Stage::Cleaning && !self.time_is_up() {
                    self.terminate().await;
                }
                Ok(())
            }
            Some(ended) = self.runs.join_next() => self.run_ended(ended),
            () = until(self.deadline) => Ok(()),
            () = until(due) => Ok(()),
            // A stage without anything to wait for would be an error of the plan; better to look again
            // than to hang.
            else => Ok(()),
        }
    }

    /// Launches what is due. `false` if one could not be launched.
    async fn launch_due(&mut self) -> Result<bool, Error> {
        let now = self.now();
        let mut all = true;
        for name in self.plan().launchable(now) {
            let Some(&position) = self.positions.get(&name) else {
                continue;
            };
            self.plan_mut().started(&name);
            all &= self.launch(position).await?;
        }
        Ok(all)
    }

    async fn launch(&mut self, position: usize) -> Result<bool, Error> {
        let spec = self.prepared.spec.processes[position].clone();
        let mut run = 0;
        self.change(position, |status| {
            run = status.runs;
            status.runs += 1;
            status.state = Some(ProcessState::Forked);
        });
        self.append(Event::Forked {
            process: spec.name.clone(),
            run,
        })?;
        match self.try_launch(&spec, run).await {
            Ok((launched, sinks)) => {
                self.launched(position, run, launched, sinks)?;
                Ok(true)
            }
            Err(error) => {
                self.record_end(position, run, Err(error))?;
                Ok(false)
            }
        }
    }

    async fn try_launch(
        &self,
        spec: &ProcessSpec,
        run: u32,
    ) -> io::Result<(Launched, (Sink, Sink))> {
        let prepared = &self.prepared;
        let surroundings = Arc::clone(&prepared.surroundings);
        let guard = Arc::clone(&prepared.guard);
        let log_dir = prepared.log_dir.clone();
        let logger = spec.logger.unwrap_or(prepared.options.logger);
        let console = prepared.options.console.clone();
        let name = spec.name.clone();
        let cmdline = spec.cmdline.clone();
        tokio::task::spawn_blocking(move || {
            let sinks = logs::open(
                &log_dir,
                &name,
                run,
                logger,
                console.as_ref(),
                &surroundings.user,
            )?;
            let launched = process::launch(&surroundings, &cmdline, guard)
                .map_err(|error| io::Error::new(error.kind(), format!("/bin/bash: {error}")))?;
            Ok((launched, sinks))
        })
        .await
        .map_err(io::Error::other)?
    }

    fn launched(
        &mut self,
        position: usize,
        run: u32,
        launched: Launched,
        sinks: (Sink, Sink),
    ) -> Result<(), Error> {
        let group = Arc::clone(&launched.group);
        self.groups.add(&group);
        let pid = group.pid().unsigned_abs();
        let process = self.name(position);
        let pid_start = group.start();
        self.runs.spawn(supervise(position, run, launched, sinks));
        self.running.insert(position, Running { run, group });
        self.append(Event::Running {
            process: process.clone(),
            run,
            pid,
            pid_start,
        })?;
        self.change(position, |status| {
            status.state = Some(ProcessState::Running);
            status.pid = Some(pid);
            status.started = Some(SystemTime::now());
            status.ended = None;
        });
        self.publish(TaskEvent::ProcessStarted { process, run, pid });
        Ok(())
    }

    fn run_ended(&mut self, ended: Result<RunEnd, JoinError>) -> Result<(), Error> {
        // A supervision that was aborted or panicked is found in `running` by `kill_the_rest`.
        let Ok(ended) = ended else { return Ok(()) };
        self.running.remove(&ended.process);
        for message in ended.trouble {
            self.publish(TaskEvent::LogTrouble {
                process: self.name(ended.process),
                run: ended.run,
                message,
            });
        }
        self.record_end(ended.process, ended.run, ended.end)
    }

    /// Takes the end of a run into plan, record and status.
    fn record_end(&mut self, position: usize, run: u32, end: io::Result<i32>) -> Result<(), Error> {
        let process = self.name(position);
        let now = self.now();
        let is_final = self.prepared.spec.processes[position].is_final;
        let plan = if is_final {
            &mut self.prepared.finalizing
        } else {
            &mut self.prepared.regular
        };
        let (state, return_code, error) = match end {
            Ok(0) => (ProcessState::Success, Some(0), None),
            Ok(code @ 1..) => (ProcessState::Failed, Some(code), None),
            Ok(code) => (ProcessState::Killed, Some(code), None),
            Err(error) => (ProcessState::Failed, None, Some(error.to_string())),
        };
        match state {
            ProcessState::Success => plan.succeeded(&process, now),
            ProcessState::Failed => plan.failed(&process, now),
            _ => plan.lost(&process, now),
        }
        self.change(position, |status| {
            status.state = Some(state);
            status.pid = None;
            status.return_code = return_code;
            status.ended = Some(SystemTime::now());
            match state {
                ProcessState::Success => status.successes += 1,
                ProcessState::Failed => status.failures += 1,
                _ => {}
            }
        });
        self.publish(TaskEvent::ProcessEnded {
            process: process.clone(),
            run,
            state,
            return_code,
            error: error.clone(),
        });
        self.append(Event::Ended {
            process,
            run,
            state,
            return_code,
            error,
        })
    }

    /// SIGTERM to everything that runs, whole groups and trees: children that a shell does not hand the
    /// signal on to must have their chance too.
    async fn terminate(&self) {
        self.signal(Signal::SIGTERM).await;
    }

    async fn signal(&self, signal: Signal) {
        let groups = Arc::clone(&self.groups);
        // Looks through the process table, and with SIGKILL waits for the dying.
        let sent = tokio::task::spawn_blocking(move || groups.signal(signal)).await;
        drop(sent);
    }

    /// Kills what still runs, and whoever lives in the sandbox without belonging to any session of ours.
    async fn kill_the_rest(&mut self) {
        if !self.running.is_empty() {
            self.signal(Signal::SIGKILL).await;
        }
        self.kill_strays().await;
        let settled = Instant::now() + SETTLE;
        while !self.running.is_empty() {
            let ended = tokio::select! {
                ended = self.runs.join_next() => ended,
                () = tokio::time::sleep_until(settled) => None,
            };
            let Some(ended) = ended else { break };
            self.keep(|engine| engine.run_ended(ended));
        }
        self.runs.shutdown().await;
        let given_up: Vec<(usize, Running)> = self.running.drain().collect();
        for (position, Running { run, group }) in given_up {
            let end = tokio::task::spawn_blocking(move || group.finish())
                .await
                .map_err(io::Error::other)
                .flatten()
                .map(process::return_code);
            self.keep(|engine| engine.record_end(position, run, end));
        }
    }

    /// Does something whose record may fail without changing how the task ends.
    fn keep(&mut self, work: impl FnOnce(&mut Engine) -> Result<(), Error>) {
        if let Err(error) = work(self) {
            tracing::warn!(%error, "the end of a run is not on record");
        }
    }

    async fn kill_strays(&self) {
        if !self.prepared.owns_sandbox {
            return;
        }
        let surroundings = Arc::clone(&self.prepared.surroundings);
        let since = self.since;
        let swept = tokio::task::spawn_blocking(move || {
            let uid = surroundings.user.uid.as_raw();
            for _ in 0..10 {
                let table = proc_table::snapshot().unwrap_or_default();
                let found: Vec<Entry> = strays(&table, &surroundings.sandbox, uid, since);
                if found.is_empty() {
                    return;
                }
                for stray in found {
                    stray.signal(Signal::SIGKILL);
                }
                std::thread::sleep(Duration::from_millis(1));
            }
        })
        .await;
        drop(swept);
    }

    fn outcome(&self) -> TaskOutcome {
        let plan = &self.prepared.regular;
        match self.forced {
            Some(FinalState::Killed) => TaskOutcome {
                state: FinalState::Killed,
                reason: "killed on request".to_owned(),
            },
            Some(state) => TaskOutcome {
                state,
                reason: "given up on request".to_owned(),
            },
            None if self.is_healthy() => TaskOutcome {
                state: FinalState::Success,
                reason: "all processes have finished".to_owned(),
            },
            None => TaskOutcome {
                state: FinalState::Failed,
                reason: self.failure(plan),
            },
        }
    }

    fn failure(&self, plan: &Plan) -> String {
        let failed: Vec<String> = plan
            .failed_names()
            .map(|name| match self.last_code(name) {
                Some(code) => format!("'{name}' (exit code {code})"),
                None => format!("'{name}'"),
            })
            .collect();
        let failed = failed.join(", ");
        if plan.is_deadlocked() {
            let waiting: Vec<String> = plan
                .pending_names()
                .map(|name| format!("'{name}'"))
                .collect();
            format!(
                "process {failed} failed, and {} cannot run without it",
                waiting.join(", ")
            )
        } else {
            format!("process {failed} failed")
        }
    }

    fn last_code(&self, name: &str) -> Option<i32> {
        let position = self.positions.get(name)?;
        self.status.borrow().processes.get(*position)?.return_code
    }

    fn is_healthy(&self) -> bool {
        self.prepared
            .regular
            .is_healthy(self.prepared.spec.max_failures)
    }

    fn time_is_up(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| deadline <= Instant::now())
    }

    fn now(&self) -> Duration {
        self.origin.elapsed()
    }

    /// The plan that the stage works on.
    fn plan(&self) -> &Plan {
        match self.stage {
            Stage::Finalizing => &self.prepared.finalizing,
            _ => &self.prepared.regular,
        }
    }

    fn plan_mut(&mut self) -> &mut Plan {
        match self.stage {
            Stage::Finalizing => &mut self.prepared.finalizing,
            _ => &mut self.prepared.regular,
        }
    }

    fn name(&self, position: usize) -> String {
        self.prepared.spec.processes[position].name.clone()
    }

    fn enter(&mut self, stage: Stage) -> Result<(), Error> {
        self.stage = stage;
        self.status.send_modify(|status| status.stage = stage);
        self.publish(TaskEvent::Stage(stage));
        self.append(Event::Stage { stage })
    }

    fn append(&mut self, event: Event) -> Result<(), Error> {
        let checkpoint: &mut Checkpoint = &mut self.prepared.checkpoint;
        checkpoint.append(event)
    }

    fn publish(&self, event: TaskEvent) {
        // Nobody has to listen.
        let _ = self.events.send(event);
    }

    fn change(&self, position: usize, change: impl FnOnce(&mut ProcessStatus)) {
        self.status.send_modify(|status| {
            if let Some(process) = status.processes.get_mut(position) {
                change(process);
            }
        });
    }
}

/// Sees one run to its end: bash has exited and both streams have ended. Then whatever is left of its
/// session is killed.
async fn supervise(
    position: usize,
    run: u32,
    launched: Launched,
    (out, err): (Sink, Sink),
) -> RunEnd {
    let Launched {
        group,
        stdout,
        stderr,
    } = launched;
    let mut trouble = Vec::new();
    let watched: io::Result<()> = async {
        let (stdout, stderr) = (process::receiver(stdout)?, process::receiver(stderr)?);
        let (out, err, exited) = tokio::join!(
            logs::pump(stdout, out),
            logs::pump(stderr, err),
            group.exited()
        );
        trouble.extend(out.into_iter().chain(err));
        exited
    }
    .await;
    let end = tokio::task::spawn_blocking(move || group.finish())
        .await
        .map_err(io::Error::other)
        .flatten()
        .map(process::return_code);
    RunEnd {
        process: position,
        run,
        end: watched.and(end),
        trouble,
    }
}

/// Waits for a moment that may never come.
async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
