//! The request that updates a job to what its configuration says.

use std::collections::BTreeSet;

use aurora_api as api;
use aurora_jobkey::InstanceSet;

use super::LoadedJob;
use crate::{Error, Seconds, UpdateConfig};

const MS: i64 = 1000;

/// Shorter intervals between pulses are refused, as no one could keep them reliably.
const SHORTEST_PULSE_INTERVAL: Seconds = Seconds(60);

impl LoadedJob {
    /// The request that updates the job to this configuration, by its `update_config`; of `only` these
    /// instances, if given. `user` is who asks for it.
    ///
    /// # Errors
    /// [`Error::UpdateSettings`] for settings that no update can go by; [`Error::Invalid`] when
    /// `only` names no instances, or more than a job can have; as
    /// [`to_job_configuration`](Self::to_job_configuration).
    pub fn to_job_update_request(
        &self,
        user: &str,
        only: Option<&InstanceSet>,
    ) -> Result<api::JobUpdateRequest, Error> {
        let settings = settings(&self.job.update_config).map_err(|error| {
            // Settings belong to the job, instances to the caller.
            self.located(error.under("update_config"))
        })?;
        let only = only.map(ranges).transpose()?;
        let configuration = self.to_job_configuration(user)?;
        Ok(api::JobUpdateRequest {
            task_config: configuration.task_config,
            instance_count: configuration.instance_count,
            settings: Some(api::JobUpdateSettings {
                update_only_these_instances: only,
                ..settings
            }),
        })
    }
}

/// Everything that keeps these settings from being those of an update.
pub(super) fn problems(config: &UpdateConfig) -> Vec<Error> {
    let mut problems = Vec::new();
    convert(config, &mut problems);
    problems
}

/// The settings for all instances, or the first problem.
fn settings(config: &UpdateConfig) -> Result<api::JobUpdateSettings, Error> {
    let mut problems = Vec::new();
    let settings = convert(config, &mut problems);
    match problems.into_iter().next() {
        Some(first) => Err(first),
        None => Ok(settings),
    }
}

/// The settings, apart from those that are noted as problems.
fn convert(config: &UpdateConfig, problems: &mut Vec<Error>) -> api::JobUpdateSettings {
    let mut refuse = |field: &str, error: Error| problems.push(error.with_field(field));
    if config.batch_size <= 0 {
        let rule = "Batch size should be greater than 0";
        refuse("batch_size", Error::update_settings(rule));
    }
    if config.watch_secs <= Seconds(0) {
        let rule = "Watch seconds should be greater than 0";
        refuse("watch_secs", Error::update_settings(rule));
    }
    if config
        .pulse_interval_secs
        .is_some_and(|interval| interval < SHORTEST_PULSE_INTERVAL)
    {
        let rule = "Pulse interval seconds must be at least 60 seconds.";
        refuse("pulse_interval_secs", Error::update_settings(rule));
    }
    let out_of_range = |field: &str, value: i64| {
        Error::update_settings(format!("{field} is out of range: {value}"))
    };
    let mut number = |field: &str, value: i64| {
        let fitting = i32::try_from(value).ok();
        if fitting.is_none() {
            refuse(field, out_of_range(field, value));
        }
        fitting
    };
    let update_group_size = number("batch_size", config.batch_size);
    let max_per_instance_failures = number("max_per_shard_failures", config.max_per_shard_failures);
    let max_failed_instances = number("max_total_failures", config.max_total_failures);
    let mut milliseconds = |field: &str, Seconds(seconds): Seconds| {
        let fitting = i32::try_from(seconds.saturating_mul(MS)).ok();
        if fitting.is_none() {
            let most = i64::from(i32::MAX) / MS;
            let hint = format!("at most {most} seconds are possible");
            refuse(field, out_of_range(field, seconds).with_hint(hint));
        }
        fitting
    };
    api::JobUpdateSettings {
        update_group_size,
        max_per_instance_failures,
        max_failed_instances,
        min_wait_in_instance_running_ms: milliseconds("watch_secs", config.watch_secs),
        rollback_on_failure: Some(config.rollback_on_failure),
        wait_for_batch_completion: Some(config.wait_for_batch_completion),
        update_only_these_instances: None,
        block_if_no_pulses_after_ms: config
            .pulse_interval_secs
            .and_then(|interval| milliseconds("pulse_interval_secs", interval)),
    }
}

/// Instances as the scheduler takes them. No instances at all would be all of them to it.
fn ranges(instances: &InstanceSet) -> Result<BTreeSet<api::Range>, Error> {
    if instances.is_empty() {
        return Err(Error::invalid(
            "no instances are named; name those to be updated, or leave them out for all",
        ));
    }
    let number = |instance: u32| {
        i32::try_from(instance).map(Some).map_err(|_| {
            Error::invalid(format!(
                "no job can have an instance {instance}; the highest number is {}",
                i32::MAX
            ))
        })
    };
    instances
        .ranges()
        .map(|range| {
            Ok(api::Range {
                first: number(*range.start())?,
                last: number(*range.end())?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Configuration, ErrorKind, Job, LoadOptions, Process, Resources, Task};

    fn loaded(update: UpdateConfig) -> LoadedJob {
        let key = "west/www/prod/web".parse().unwrap();
        let task = Task::new("web", vec![Process::new("serve", "./serve")])
            .with_resources(Resources::new(0.5, 64 << 20, 64 << 20));
        let job = Job::new(&key, task)
            .with_instances(3)
            .with_update_config(update);
        let configuration = Configuration::from_jobs(&[job], &LoadOptions::default()).unwrap();
        configuration.job(&key).unwrap()
    }

    #[test]
    fn every_setting_reaches_the_scheduler() {
        let update = UpdateConfig::default()
            .with_batch_size(2)
            .with_watch_secs(60)
            .with_max_per_shard_failures(1)
            .with_max_total_failures(2)
            .with_rollback_on_failure(false)
            .with_wait_for_batch_completion(true)
            .with_pulse_interval_secs(90);
        let job = loaded(update);
        let only = "0,1,2,5,8,9".parse().unwrap();
        let request = job.to_job_update_request("alice", Some(&only)).unwrap();
        let range = |first, last| api::Range {
            first: Some(first),
            last: Some(last),
        };
        let expected = api::JobUpdateSettings {
            update_group_size: Some(2),
            max_per_instance_failures: Some(1),
            max_failed_instances: Some(2),
            min_wait_in_instance_running_ms: Some(60_000),
            rollback_on_failure: Some(false),
            wait_for_batch_completion: Some(true),
            update_only_these_instances: Some([range(0, 2), range(5, 5), range(8, 9)].into()),
            block_if_no_pulses_after_ms: Some(90_000),
        };
        assert_eq!(request.settings, Some(expected));
        assert_eq!(request.instance_count, Some(3));
        let configuration = job.to_job_configuration("alice").unwrap();
        assert_eq!(request.task_config, configuration.task_config);
    }

    #[test]
    fn all_instances_and_no_pulses_are_left_unset() {
        let request = loaded(UpdateConfig::default()).to_job_update_request("alice", None);
        let settings = request.unwrap().settings.unwrap();
        assert_eq!(settings.update_only_these_instances, None);
        assert_eq!(settings.block_if_no_pulses_after_ms, None);
    }

    #[test]
    fn settings_that_no_update_can_go_by_are_refused_with_their_field() {
        let good = UpdateConfig::default;
        for (update, text, field) in [
            (
                good().with_batch_size(0),
                "Batch size should be greater than 0",
                "batch_size",
            ),
            (
                good().with_pulse_interval_secs(59),
                "Pulse interval seconds must be at least 60 seconds.",
                "pulse_interval_secs",
            ),
            (
                good().with_pulse_interval_secs(0),
                "Pulse interval seconds must be at least 60 seconds.",
                "pulse_interval_secs",
            ),
            (
                good().with_watch_secs(1 << 40),
                "watch_secs is out of range: 1099511627776",
                "watch_secs",
            ),
            (
                good().with_max_per_shard_failures(1 << 31),
                "max_per_shard_failures is out of range: 2147483648",
                "max_per_shard_failures",
            ),
        ] {
            let error = loaded(update).to_job_update_request("alice", None);
            let error = error.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UpdateSettings);
            assert_eq!(error.to_string(), text);
            let field = format!("jobs[0].update_config.{field}");
            assert_eq!(error.field().unwrap().to_string(), field);
        }
        // The checks of a loaded job let no such setting through.
        let error = settings(&good().with_watch_secs(0)).unwrap_err();
        assert_eq!(error.to_string(), "Watch seconds should be greater than 0");
    }

    #[test]
    fn no_instances_never_become_all_instances() {
        let job = loaded(UpdateConfig::default());
        for only in ["4294967295".parse().unwrap(), InstanceSet::new()] {
            let error = job.to_job_update_request("alice", Some(&only));
            assert_eq!(error.unwrap_err().kind(), ErrorKind::Invalid);
        }
    }
}
