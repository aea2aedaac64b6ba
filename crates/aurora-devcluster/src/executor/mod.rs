//! Runs tasks as processes of this machine and reports their states.

mod plan;
mod run;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio::task::{Id, JoinSet};

use crate::Timings;
use crate::layout::Layout;
use crate::model::TaskState;
use crate::scheduler::Scheduler;
use crate::state::Order;

/// What every task run has in common.
pub(crate) struct Settings {
    pub(crate) layout: Layout,
    pub(crate) host_name: String,
    pub(crate) user: String,
    pub(crate) path: String,
    pub(crate) timings: Timings,
}

/// What a running task has to do next. It only ever grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Goal {
    Run,
    /// End with all steps of the life cycle.
    End,
    /// End soon, because the cluster ends.
    EndSoon,
}

/// Carries out the orders of the scheduler until the cluster ends and every task has ended.
pub(crate) struct Executor {
    settings: Arc<Settings>,
    scheduler: Scheduler,
    running: HashMap<String, watch::Sender<Goal>>,
    names: HashMap<Id, String>,
    runs: JoinSet<()>,
}

impl Executor {
    pub(crate) fn new(settings: Settings, scheduler: Scheduler) -> Self {
        Self {
            settings: Arc::new(settings),
            scheduler,
            running: HashMap::new(),
            names: HashMap::new(),
            runs: JoinSet::new(),
        }
    }

    /// Works until `stop` turns true, and then until the last task has ended. The order to kill every task comes from
    /// the scheduler; `stop` only shortens their grace period.
    pub(crate) async fn work(
        mut self,
        mut orders: mpsc::UnboundedReceiver<Order>,
        mut stop: watch::Receiver<bool>,
    ) {
        loop {
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => self.execute(order),
                    None => break,
                },
                Some(ended) = self.runs.join_next_with_id() => self.forget(ended).await,
                changed = stop.changed() => {
                    if changed.is_err() || *stop.borrow() {
                        break;
                    }
                }
            }
        }
        // Launches that were decided before the cluster stopped are followed by their kill in the same queue.
        while let Ok(order) = orders.try_recv() {
            self.execute(order);
        }
        for goal in self.running.values() {
            goal.send_replace(Goal::EndSoon);
        }
        while let Some(ended) = self.runs.join_next_with_id().await {
            self.forget(ended).await;
        }
    }

    fn execute(&mut self, order: Order) {
        match order {
            Order::Launch(task) => {
                let (goal, goals) = watch::channel(Goal::Run);
                let id = task.id.clone();
                self.running.insert(id.clone(), goal);
                let run = run::run(
                    *task,
                    Arc::clone(&self.settings),
                    self.scheduler.clone(),
                    goals,
                );
                let handle = self.runs.spawn(run);
                self.names.insert(handle.id(), id);
            }
            // One that does not run has reported its end, or was never launched.
            Order::Kill(id) => {
                if let Some(goal) = self.running.get(&id) {
                    goal.send_if_modified(|goal| {
                        let grows = *goal < Goal::End;
                        *goal = (*goal).max(Goal::End);
                        grows
                    });
                }
            }
            Order::Forget(id) => {
                let folder = self.settings.layout.executor(&id);
                tokio::task::spawn_blocking(move || remove(&folder));
            }
        }
    }

    async fn forget(&mut self, ended: Result<(Id, ()), tokio::task::JoinError>) {
        let (id, failure) = match ended {
            Ok((id, ())) => (id, None),
            Err(error) => (error.id(), Some(error)),
        };
        let Some(task) = self.names.remove(&id) else {
            return;
        };
        self.running.remove(&task);
        if let Some(error) = failure {
            tracing::error!(task, %error, "the supervision of a task has failed");
            let message = "The supervision of the task has failed";
            self.scheduler
                .report(&task, TaskState::Lost, Some(message))
                .await;
        }
    }
}

fn remove(folder: &PathBuf) {
    match fs_err::remove_dir_all(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => tracing::warn!(%error, "cannot remove an old sandbox"),
    }
}
