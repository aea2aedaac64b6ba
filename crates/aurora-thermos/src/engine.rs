//! The run loop of one task: ACTIVE, CLEANING, FINALIZING, end.
//!
//! It sleeps until something happens: a run ends, a caller asks for the end, a process becomes due, or
//! the time for stopping is used up. One file, although a long one: every step changes plan, record and
//! status together, and in no other place.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use nix::sys::signal::Signal;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;

use crate::checkpoint::{Checkpoint, Event};
use crate::clock::{after, until};
use crate::error::Error;
use crate::groups::Groups;
use crate::plan::Plan;
use crate::prepared::Prepared;
use crate::process::Group;
use crate::request::Request;
use crate::spec::ProcessSpec;
use crate::state::{FinalState, ProcessState, Stage};
use crate::status::{ProcessStatus, TaskEvent, TaskOutcome, TaskStatus};
use crate::supervise::{Launch, RunEnd, RunResult, Started, finish};
use crate::verdict;

/// How long runs may take to end after SIGKILL. Only output held open by a process that left its
/// session, or a disk that does not answer, can take longer; then the rest of the output is given up.
const SETTLE: Duration = Duration::from_secs(2);

struct Running {
    run: u32,
    group: Arc<Group>,
    /// The task that supervises it.
    supervision: tokio::task::Id,
}

pub(crate) struct Engine {
    prepared: Prepared,
    requests: mpsc::UnboundedReceiver<Request>,
    events: Arc<broadcast::Sender<TaskEvent>>,
    status: watch::Sender<TaskStatus>,
    groups: Arc<Groups>,
    runs: JoinSet<(usize, u32, RunEnd)>,
    running: HashMap<usize, Running>,
    positions: HashMap<String, usize>,
    /// Origin of the planner's clock.
    origin: Instant,
    /// Reading of that clock when the plan was last asked what to launch.
    looked: Duration,
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
            looked: Duration::ZERO,
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
        let event = Event::Outcome(outcome.clone());
        self.keep(|engine| engine.append(event));
        self.publish(TaskEvent::Stage(Stage::Ended));
        self.publish(TaskEvent::Ended(outcome.clone()));
        let Engine {
            prepared, status, ..
        } = self;
        // Releases the lock on the checkpoint before the end of the task is published.
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
            self.deadline = Some(after(Instant::now(), self.prepared.spec.finalization_wait));
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
        while !self.time_is_up() {
            let launched = self.launch_due().await?;
            let plan = &self.prepared.finalizing;
            if plan.is_complete() || plan.is_deadlocked() {
                break;
            }
            if launched {
                self.wait().await?;
            }
        }
        Ok(())
    }

    /// Waits for one event and handles it.
    async fn wait(&mut self) -> Result<(), Error> {
        let due = self.due();
        tokio::select! {
            // A request must not starve behind processes that end all the time.
            biased;
            Some(request) = self.requests.recv() => {
                self.forced = Some(request.state);
                self.deadline = Some(request.deadline);
                if self.stage == Stage::Cleaning && !self.time_is_up() {
                    self.terminate().await;
                }
                Ok(())
            }
            Some(ended) = self.runs.join_next() => self.run_ended(ended),
            () = until(self.deadline) => Ok(()),
            () = until(due) => Ok(()),
        }
    }

    /// When the next process becomes due. Counted from the last look at the plan, so that one that has
    /// become due since is not overlooked.
    fn due(&self) -> Option<Instant> {
        if self.stage == Stage::Cleaning {
            return None;
        }
        let wait = self.plan().next_due(self.looked)?;
        Some(after(self.origin, self.looked.saturating_add(wait)))
    }

    /// Launches what is due. `false` if one could not be launched.
    async fn launch_due(&mut self) -> Result<bool, Error> {
        self.looked = self.now();
        let mut all = true;
        for name in self.plan().launchable(self.looked) {
            // A request to end the task must not wait for hundreds of launches.
            if !self.requests.is_empty() {
                break;
            }
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
        match self.start(&spec, run).await {
            Ok(started) => {
                self.started(position, run, started)?;
                Ok(true)
            }
            Err(error) => {
                self.record_end(position, run, RunResult::NotLaunched(error.to_string()))?;
                Ok(false)
            }
        }
    }

    async fn start(&self, spec: &ProcessSpec, run: u32) -> io::Result<Started> {
        let prepared = &self.prepared;
        let launch = Launch {
            context: Arc::clone(&prepared.context),
            guard: Arc::clone(&prepared.guard),
            process: spec.name.clone(),
            run,
            cmdline: spec.cmdline.clone(),
            log_dir: prepared.log_dir.clone(),
            logger: spec.logger.unwrap_or(prepared.options.logger),
            console: prepared.options.console.clone(),
        };
        tokio::task::spawn_blocking(move || launch.start())
            .await
            .map_err(io::Error::other)?
    }

    fn started(&mut self, position: usize, run: u32, started: Started) -> Result<(), Error> {
        let group = Arc::clone(started.group());
        self.groups.add(&group);
        let pid = group.pid().unsigned_abs();
        let process = self.name(position);
        let pid_start = group.start();
        let supervision = self
            .runs
            .spawn(async move { (position, run, started.supervise().await) })
            .id();
        let running = Running {
            run,
            group,
            supervision,
        };
        self.running.insert(position, running);
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

    fn run_ended(&mut self, ended: Result<(usize, u32, RunEnd), JoinError>) -> Result<(), Error> {
        let (position, run, RunEnd { result, log_errors }) = match ended {
            Ok(ended) => ended,
            Err(error) => return self.supervision_ended(&error),
        };
        self.running.remove(&position);
        for message in log_errors {
            self.publish(TaskEvent::LogFailed {
                process: self.name(position),
                run,
                message,
            });
        }
        self.record_end(position, run, result)
    }

    /// Gives up a run whose supervision panicked, which a console of the caller can cause.
    fn supervision_ended(&mut self, error: &JoinError) -> Result<(), Error> {
        let found = self
            .running
            .iter()
            .find(|(_, running)| running.supervision == error.id())
            .map(|(&position, running)| (position, running.run));
        let Some((position, run)) = found else {
            return Ok(());
        };
        // Dropping the last hold on its group kills it.
        self.running.remove(&position);
        self.record_end(position, run, RunResult::Lost(error.to_string()))
    }

    /// Takes the end of a run into plan, record and status.
    fn record_end(&mut self, position: usize, run: u32, result: RunResult) -> Result<(), Error> {
        let process = self.name(position);
        let now = self.now();
        let is_final = self.prepared.spec.processes[position].is_final;
        let plan = if is_final {
            &mut self.prepared.finalizing
        } else {
            &mut self.prepared.regular
        };
        let (state, return_code, error) = match result {
            RunResult::Ended(0) => (ProcessState::Success, Some(0), None),
            RunResult::Ended(code @ 1..) => (ProcessState::Failed, Some(code), None),
            RunResult::Ended(code) => (ProcessState::Killed, Some(code), None),
            RunResult::NotLaunched(error) => (ProcessState::Failed, None, Some(error)),
            RunResult::Lost(error) => (ProcessState::Lost, None, Some(error)),
        };
        match state {
            ProcessState::Success => plan.succeeded(&process, now),
            ProcessState::Failed if return_code.is_none() => plan.not_launched(&process, now),
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

    /// Sends SIGTERM to whole groups and trees, because a shell does not pass the signal on to its children.
    async fn terminate(&self) {
        let groups = Arc::clone(&self.groups);
        blocking(move || groups.signal(Signal::SIGTERM)).await;
    }

    /// Kills what still runs, and every process in the sandbox that left our sessions.
    async fn kill_the_rest(&mut self) {
        let groups = Arc::clone(&self.groups);
        blocking(move || groups.close()).await;
        let settled = after(Instant::now(), SETTLE);
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
        for (position, Running { run, group, .. }) in given_up {
            let end = tokio::time::timeout(SETTLE, finish(group))
                .await
                .unwrap_or_else(|_| RunResult::Lost("it is still alive after SIGKILL".to_owned()));
            self.keep(|engine| engine.record_end(position, run, end));
        }
    }

    /// Runs work whose failure to be recorded does not change the outcome of the task.
    fn keep(&mut self, work: impl FnOnce(&mut Engine) -> Result<(), Error>) {
        if let Err(error) = work(self) {
            tracing::warn!(%error, "cannot record an event");
        }
    }

    fn outcome(&self) -> TaskOutcome {
        verdict::of(
            &self.prepared.regular,
            self.prepared.spec.max_failures,
            self.forced,
            |name| self.last_code(name),
        )
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
        // There may be no listener.
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

/// Runs work of some milliseconds outside the shared threads of the runtime.
async fn blocking(work: impl FnOnce() + Send + 'static) {
    // Fails only when the runtime ends, which drops, and so kills, everything anyway.
    let _ = tokio::task::spawn_blocking(work).await;
}
