//! What is said of a restart while it goes on.

use std::sync::{Mutex, MutexGuard, PoisonError};

use aurora_jobkey::{InstanceSet, JobKey};
use aurora_rpc::operations::RestartEvent;

use crate::python_text::python_instances;

/// How far a restart has come.
#[derive(Debug, Default)]
pub(super) struct Restarting {
    all: InstanceSet,
    healthy: InstanceSet,
    /// Asked for, and neither healthy nor failed.
    under_way: InstanceSet,
    failed: InstanceSet,
}

pub(super) fn lock(restarting: &Mutex<Restarting>) -> MutexGuard<'_, Restarting> {
    restarting.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Restarting {
    /// Notes what happened, and logs it in the words of the release.
    pub(super) fn hear(&mut self, event: &RestartEvent<'_>, job: &JobKey) {
        match event {
            RestartEvent::Begins { instances } => {
                self.all = (*instances).clone();
                tracing::info!(
                    "Performing rolling restart of job {job} (instances: {})",
                    python_instances(instances)
                );
            }
            RestartEvent::Restarting { instances } => {
                self.under_way = instances.iter().copied().collect();
                self.failed = self.failed.difference(&self.under_way);
                tracing::info!("Restarting instances: {instances:?}");
            }
            RestartEvent::Accepted { instances, .. } => {
                tracing::info!("Watching instances: {instances:?}");
            }
            RestartEvent::Running { instance } => {
                tracing::info!("Detected RUNNING instance {instance}");
            }
            RestartEvent::Healthy { instance, watch } => {
                self.decide(*instance, true);
                tracing::info!(
                    "Instance {instance} has been up and healthy for at least {} seconds",
                    watch.as_secs()
                );
            }
            RestartEvent::Unhealthy { instance } => {
                self.decide(*instance, false);
                tracing::info!("Instance {instance} is unhealthy");
            }
            RestartEvent::NotRunning {
                instance,
                threshold,
            } => {
                self.decide(*instance, false);
                tracing::info!(
                    "Instance {instance} was not reported healthy within {} seconds",
                    threshold.as_secs()
                );
            }
            RestartEvent::Undecided { instance } => {
                self.decide(*instance, false);
                tracing::info!("Instance {instance} has not been healthy for long enough in time");
            }
            RestartEvent::LookRefused { error } => tracing::warn!("{error}"),
            _ => {}
        }
    }

    fn decide(&mut self, instance: u32, is_healthy: bool) {
        let instance: InstanceSet = [instance].into_iter().collect();
        self.under_way = self.under_way.difference(&instance);
        let side = match is_healthy {
            true => &mut self.healthy,
            false => &mut self.failed,
        };
        *side = side.union(&instance);
    }

    /// What to show whoever waits for it.
    pub(super) fn shown(&self, job: &JobKey) -> String {
        let mut text = format!(
            "restarting {job}: {} of {} healthy",
            self.healthy.len(),
            self.all.len()
        );
        for (instances, what) in [(&self.failed, "failed"), (&self.under_way, "under way")] {
            if !instances.is_empty() {
                text += &format!(", {} {what}", python_instances(instances));
            }
        }
        text
    }

    /// What to tell whoever interrupts it.
    pub(super) fn told(&self) -> String {
        let rest = [&self.healthy, &self.failed, &self.under_way]
            .into_iter()
            .fold(self.all.clone(), |rest, part| rest.difference(part));
        let parts: Vec<_> = [
            (&self.healthy, "are restarted and healthy"),
            (&self.failed, "failed"),
            (&self.under_way, "may still be restarting"),
            (&rest, "were left alone"),
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
    fn an_interrupted_restart_says_what_was_done() {
        let job: JobKey = "west/www/prod/web".parse().unwrap();
        let mut restarting = Restarting::default();
        assert_eq!(restarting.told(), "Nothing was restarted");
        let all: InstanceSet = "0-4".parse().unwrap();
        restarting.hear(&RestartEvent::Begins { instances: &all }, &job);
        assert_eq!(restarting.told(), "Nothing was restarted");
        for batch in [&[0, 1][..], &[2, 3]] {
            restarting.hear(&RestartEvent::Restarting { instances: batch }, &job);
            if batch[0] == 0 {
                let watch = std::time::Duration::from_secs(30);
                restarting.hear(&RestartEvent::Healthy { instance: 0, watch }, &job);
                restarting.hear(&RestartEvent::Unhealthy { instance: 1 }, &job);
            }
        }
        assert_eq!(
            restarting.told(),
            "Instances [0] are restarted and healthy, [1] failed, [2, 3] may still be restarting, [4] were left alone"
        );
    }
}
