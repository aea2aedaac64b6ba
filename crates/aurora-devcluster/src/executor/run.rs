//! One task from launch to its terminal report.

use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;

use aurora_thermos::{FinalState, RunnerOptions, TaskOutcome, TaskRunner};
use tokio::sync::watch;

use super::plan::{Plan, PlanInput};
use super::{Goal, Settings};
use crate::model::{Task, TaskState};
use crate::scheduler::Scheduler;

/// Runs a task. Whatever happens, exactly one terminal state is reported.
pub(super) async fn run(
    task: Task,
    settings: Arc<Settings>,
    scheduler: Scheduler,
    mut goal: watch::Receiver<Goal>,
) {
    let id = task.id.clone();
    if *goal.borrow() != Goal::Run {
        let message = "Task killed during initialization.";
        scheduler
            .report(&id, TaskState::Killed, Some(message))
            .await;
        return;
    }
    let message = "Initializing sandbox.";
    scheduler
        .report(&id, TaskState::Starting, Some(message))
        .await;
    let (runner, plan) = match start(task, &settings).await {
        Ok(started) => started,
        Err(reason) => {
            scheduler
                .report(&id, TaskState::Failed, Some(&reason))
                .await;
            return;
        }
    };
    scheduler.report(&id, TaskState::Running, None).await;
    let (state, message) = wait_or_end(&runner, &plan, &settings, &mut goal).await;
    scheduler.report(&id, state, Some(&message)).await;
}

/// Everything up to the first process; the reason when something is in the way.
async fn start(task: Task, settings: &Arc<Settings>) -> Result<(TaskRunner, Plan), String> {
    let layout = &settings.layout;
    let (sandbox, checkpoint) = (layout.sandbox(&task.id), layout.checkpoint(&task.id));
    let prepared = {
        let (settings, sandbox) = (Arc::clone(settings), sandbox.clone());
        tokio::task::spawn_blocking(move || {
            make_private_folder(&sandbox)
                .map_err(|error| format!("Failed to create the sandbox: {error}"))?;
            Plan::new(&PlanInput {
                task: &task,
                host_name: &settings.host_name,
                user: &settings.user,
                path: &settings.path,
                sandbox: &sandbox,
                folder: &settings.layout.run(&task.id),
                teardown_wait: settings.timings.http_teardown_wait,
            })
        })
        .await
    };
    let plan = match prepared {
        Ok(plan) => plan?,
        Err(error) => return Err(format!("The task could not be prepared: {error}")),
    };
    let mut options = RunnerOptions::new(sandbox, checkpoint);
    options.path = settings.path.clone().into();
    let runner = TaskRunner::start(plan.spec.clone(), options)
        .await
        .map_err(|error| format!("The task could not be started: {error}"))?;
    Ok((runner, plan))
}

/// Only the user may look into the folder, or into any above it that this makes.
fn make_private_folder(path: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

/// Waits for the task's end, or for a reason to end it.
async fn wait_or_end(
    runner: &TaskRunner,
    plan: &Plan,
    settings: &Settings,
    goal: &mut watch::Receiver<Goal>,
) -> (TaskState, String) {
    let (state, reason) = tokio::select! {
        outcome = runner.wait() => return terminal(outcome),
        _ = goal.wait_for(|goal| *goal != Goal::Run) => {
            (TaskState::Killed, "Instructed to kill task.".to_owned())
        }
        reason = plan.unhealthy() => {
            (TaskState::Failed, format!("Failed health check! {reason}"))
        }
    };
    end(runner, plan, settings, goal).await;
    // An outcome that the task reached before the request counts more than the request.
    match runner.wait().await {
        TaskOutcome {
            state: FinalState::Success,
            ..
        } => (TaskState::Finished, reason),
        TaskOutcome {
            state: FinalState::Failed,
            ..
        } => (TaskState::Failed, reason),
        _ => (state, reason),
    }
}

/// Ends the task: over HTTP if it listens there, then by signals.
async fn end(
    runner: &TaskRunner,
    plan: &Plan,
    settings: &Settings,
    goal: &mut watch::Receiver<Goal>,
) {
    let soon = async {
        // The sender is dropped only after the last receiver.
        let _ = goal.wait_for(|goal| *goal == Goal::EndSoon).await;
    };
    tokio::pin!(soon);
    let polite = async {
        plan.tear_down(runner).await;
        runner.kill(settings.timings.kill_grace);
        runner.wait().await;
    };
    tokio::select! {
        () = polite => {}
        () = &mut soon => {
            runner.kill(settings.timings.shutdown_grace);
            runner.wait().await;
        }
    }
}

fn terminal(outcome: TaskOutcome) -> (TaskState, String) {
    let state = match outcome.state {
        FinalState::Success => TaskState::Finished,
        FinalState::Failed => TaskState::Failed,
        FinalState::Killed => TaskState::Killed,
        FinalState::Lost => TaskState::Lost,
    };
    (state, outcome.reason)
}
