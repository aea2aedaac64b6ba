//! The progress of a restart: what to log, and what to show while it runs or when it is interrupted.

use std::sync::{Mutex, MutexGuard, PoisonError};

use aurora_jobkey::{InstanceSet, JobKey};
use aurora_rpc::operations::RestartEvent;

use crate::python_text::python_instances;

/// The progress of a restart.
#[derive(Debug, Default)]
pub(super) struct Restarting {
    all: InstanceSet,
    healthy: InstanceSet,
    /// Asked for, and neither healthy nor failed.
    restarting: InstanceSet,
    failed: InstanceSet,
}

pub(super) fn lock(restarting: &Mutex<Restarting>) -> MutexGuard<'_, Restarting> {
    restarting.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Restarting {
    /// Records an event, and logs it in the words of the release.
    pub(super) fn record(&mut self, event: &RestartEvent<'_>, job: &JobKey) {
        match event {
            RestartEvent::Begins { instances } => {
                self.all = (*instances).clone();
                tracing::info!(
                    "Performing rolling restart of job {job} (instances: {})",
                    python_instances(instances)
                );
            }
            RestartEvent::Restarting { instances } => {
                self.restarting = instances.iter().copied().collect();
                self.failed = self.failed.difference(&self.restarting);
                tracing::info!("Restarting instances: {instances:?}");
            }
            RestartEvent::Accepted { instances, .. } => {
                tracing::info!("Watching instances: {instances:?}");
            }
            RestartEvent::Running { instance } => {
                tracing::info!("Detected RUNNING instance {instance}");
            }
            RestartEvent::Healthy { instance, watch } => {
                self.settle(*instance, true);
                tracing::info!(
                    "Instance {instance} has been up and healthy for at least {} seconds",
                    watch.as_secs()
                );
            }
            RestartEvent::Unhealthy { instance } => {
                self.settle(*instance, false);
                tracing::info!("Instance {instance} is unhealthy");
            }
            RestartEvent::NotRunning {
                instance,
                threshold,
            } => {
                self.settle(*instance, false);
                tracing::info!(
                    "Instance {instance} was not reported healthy within {} seconds",
                    threshold.as_secs()
                );
            }
            RestartEvent::Undecided { instance } => {
                self.settle(*instance, false);
                tracing::info!(
                    "Instance {instance} was not healthy for long enough before the time limit"
                );
            }
            RestartEvent::LookRefused { error } => tracing::warn!("{error}"),
            _ => {}
        }
    }

    fn settle(&mut self, instance: u32, is_healthy: bool) {
        let instance: InstanceSet = [instance].into_iter().collect();
        self.restarting = self.restarting.difference(&instance);
        let side = match is_healthy {
            true => &mut self.healthy,
            false => &mut self.failed,
        };
        *side = side.union(&instance);
    }

    /// The progress for the status line.
    pub(super) fn status(&self, job: &JobKey) -> String {
        let mut text = format!(
            "restarting {job}: {} of {} healthy",
            self.healthy.len(),
            self.all.len()
        );
        for (instances, what) in [(&self.failed, "failed"), (&self.restarting, "restarting")] {
            if !instances.is_empty() {
                text += &format!(", {} {what}", python_instances(instances));
            }
        }
        text
    }

    /// The summary for a user who interrupts the restart.
    pub(super) fn summary(&self) -> String {
        let rest = [&self.healthy, &self.failed, &self.restarting]
            .into_iter()
            .fold(self.all.clone(), |rest, part| rest.difference(part));
        let parts: Vec<_> = [
            (&self.healthy, "were restarted and are healthy"),
            (&self.failed, "failed"),
            (&self.restarting, "may still be restarting"),
            (&rest, "were not restarted"),
        ]
        .into_iter()
        .filter(|(instances, _)| !instances.is_empty())
        .map(|(instances, what)| format!("{} {what}", python_instances(instances)))
        .collect();
        if rest == self.all {
            return "Nothing was restarted".to_owned();
        }
        format!("Instances {}", parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_restart_reports_what_was_done() {
        let job: JobKey = "west/www/prod/web".parse().unwrap();
        let mut restarting = Restarting::default();
        assert_eq!(restarting.summary(), "Nothing was restarted");
        let all: InstanceSet = "0-4".parse().unwrap();
        restarting.record(&RestartEvent::Begins { instances: &all }, &job);
        assert_eq!(restarting.summary(), "Nothing was restarted");
        for batch in [&[0, 1][..], &[2, 3]] {
            restarting.record(&RestartEvent::Restarting { instances: batch }, &job);
            if batch[0] == 0 {
                let watch = std::time::Duration::from_secs(30);
                restarting.record(&RestartEvent::Healthy { instance: 0, watch }, &job);
                restarting.record(&RestartEvent::Unhealthy { instance: 1 }, &job);
            }
        }
        assert_eq!(
            restarting.summary(),
            "Instances [0] were restarted and are healthy, [1] failed, [2, 3] may still be restarting, [4] were not restarted"
        );
    }
}
