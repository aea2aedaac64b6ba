//! What an update would do to a job, and how a configuration differs from what runs.

use std::collections::BTreeMap;

use aurora_api::{
    ACTIVE_STATES, ConfigGroup, GetJobUpdateDiffResult, JobUpdateRequest, Range, ScheduledTask,
    TaskConfig,
};
use aurora_jobkey::{InstanceSet, JobKey};

use crate::client::SchedulerClient;
use crate::error::Error;
use crate::recover::comparable;

/// What an update would do: the instances that it would add, remove, change and leave alone, in groups
/// of one configuration. Groups come by their lowest instance.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct UpdatePlan {
    /// Instances that the job lacks, with the configuration that they would get.
    pub add: Vec<PlannedGroup>,
    /// Instances that the job is not to have, with the configuration that they have.
    pub remove: Vec<PlannedGroup>,
    /// Instances that would be replaced, with the configuration that they have.
    pub change: Vec<PlannedGroup>,
    /// Instances that would stay as they are.
    pub keep: Vec<PlannedGroup>,
}

/// Instances of one configuration.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct PlannedGroup {
    /// The configuration, as the scheduler has it.
    pub config: TaskConfig,
    /// The instances, ascending; ranges may adjoin.
    pub ranges: Vec<Range>,
}

impl PlannedGroup {
    /// The instances as a set.
    pub fn instances(&self) -> InstanceSet {
        let number = |end: Option<i32>| u32::try_from(end.unwrap_or_default()).ok();
        let ranges = self.ranges.iter();
        ranges
            .filter_map(|range| Some(number(range.first)?..=number(range.last)?))
            .collect()
    }
}

impl UpdatePlan {
    /// Whether nothing would be done.
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty() && self.change.is_empty()
    }

    /// What would have to be done for `wanted` instances of `local` to be there instead of `tasks`.
    ///
    /// This is what the scheduler says by [`update_plan`], for schedulers that cannot, for cron jobs,
    /// and for a comparison with another job. With `only`, no other instances count.
    pub fn of_tasks(
        tasks: &[ScheduledTask],
        local: &TaskConfig,
        wanted: u32,
        only: Option<&InstanceSet>,
    ) -> Self {
        let mut wanted: InstanceSet = wanted
            .checked_sub(1)
            .map(|last| 0..=last)
            .into_iter()
            .collect();
        if let Some(only) = only {
            wanted = wanted.intersection(only);
        }
        let mut found = InstanceSet::new();
        let mut by_config: BTreeMap<TaskConfig, InstanceSet> = BTreeMap::new();
        for task in tasks {
            let Some(assigned) = &task.assigned_task else {
                continue;
            };
            let instance = assigned.instance_id.unwrap_or_default();
            let Ok(instance) = u32::try_from(instance) else {
                continue;
            };
            if only.is_none_or(|only| only.contains(instance)) {
                found.insert(instance);
                let config = assigned.task.clone().unwrap_or_default();
                by_config.entry(config).or_default().insert(instance);
            }
        }
        let mut plan = Self::default();
        let mut put = |list: fn(&mut Self) -> &mut Vec<PlannedGroup>, config, set: &InstanceSet| {
            if !set.is_empty() {
                list(&mut plan).push(PlannedGroup {
                    config,
                    ranges: ranges(set),
                });
            }
        };
        put(
            |plan| &mut plan.add,
            local.clone(),
            &wanted.difference(&found),
        );
        for (config, instances) in by_config {
            let staying = instances.intersection(&wanted);
            let going = instances.difference(&wanted);
            put(|plan| &mut plan.remove, config.clone(), &going);
            if is_same_task(&config, local) {
                put(|plan| &mut plan.keep, config, &staying);
            } else {
                put(|plan| &mut plan.change, config, &staying);
            }
        }
        plan.in_order()
    }

    fn in_order(mut self) -> Self {
        let lists = [
            &mut self.add,
            &mut self.remove,
            &mut self.change,
            &mut self.keep,
        ];
        for list in lists {
            list.sort_by_key(|group| group.ranges.first().map(|range| range.first));
        }
        self
    }
}

impl From<GetJobUpdateDiffResult> for UpdatePlan {
    fn from(diff: GetJobUpdateDiffResult) -> Self {
        let groups = |groups: Option<std::collections::BTreeSet<ConfigGroup>>| {
            let groups = groups.into_iter().flatten().map(|group| {
                let mut ranges: Vec<_> = group.instances.into_iter().flatten().collect();
                ranges.sort_by_key(|range| range.first);
                PlannedGroup {
                    config: group.config.unwrap_or_default(),
                    ranges,
                }
            });
            groups.filter(|group| !group.ranges.is_empty()).collect()
        };
        let plan = Self {
            add: groups(diff.add),
            remove: groups(diff.remove),
            change: groups(diff.update),
            keep: groups(diff.unchanged),
        };
        plan.in_order()
    }
}

fn ranges(instances: &InstanceSet) -> Vec<Range> {
    // Every number came out of one of theirs, or is smaller than a count of theirs.
    let number = |instance: u32| Some(i32::try_from(instance).unwrap_or(i32::MAX));
    let ranges = instances.ranges().map(|range| Range {
        first: number(*range.start()),
        last: number(*range.end()),
    });
    ranges.collect()
}

/// Asks the scheduler what an update would do; `None` if it is too old to
/// know the call.
///
/// # Errors
/// As [`SchedulerClient::call`].
pub async fn update_plan(
    client: &SchedulerClient,
    request: JobUpdateRequest,
) -> Result<Option<UpdatePlan>, Error> {
    match client.get_job_update_diff(request).await {
        Ok(reply) => Ok(Some(reply.value.into())),
        Err(
            error @ (Error::Exception { .. }
            | Error::NotThrift { .. }
            | Error::EmptyResult { .. }
            | Error::MissingResult { .. }),
        ) => {
            tracing::debug!(%error, "the scheduler cannot plan an update");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The active tasks of a job, with all of their configuration.
///
/// # Errors
/// As [`SchedulerClient::call`].
pub async fn active_tasks(
    client: &SchedulerClient,
    job: &JobKey,
) -> Result<Vec<ScheduledTask>, Error> {
    let query = client.task_query(job, Some(ACTIVE_STATES), None)?;
    Ok(client.get_tasks_status(query).await?.value)
}

/// Whether two task configurations are one to the scheduler: an empty collection and a missing one
/// are the same.
pub fn is_same_task(one: &TaskConfig, other: &TaskConfig) -> bool {
    comparable(one.clone()) == comparable(other.clone())
}

/// What the scheduler would have made of `other`, given that it made `populated` of `sent`; nothing
/// where the two differ in more than the executor's data, which the scheduler does not change.
///
/// So a client knows, without asking again, whether what runs was made from the same job by other
/// rules: see [`is_same_task`].
pub fn populated_from_other(
    populated: &TaskConfig,
    sent: &TaskConfig,
    other: &TaskConfig,
) -> Option<TaskConfig> {
    let with_executor_of_other = |task: &TaskConfig| TaskConfig {
        executor_config: other.executor_config.clone(),
        ..task.clone()
    };
    (with_executor_of_other(sent) == *other).then(|| with_executor_of_other(populated))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use aurora_api::{AssignedTask, ExecutorConfig};

    use super::*;

    fn config(ram_mb: i64) -> TaskConfig {
        TaskConfig {
            ram_mb: Some(ram_mb),
            ..TaskConfig::default()
        }
    }

    fn task(instance: i32, ram_mb: i64) -> ScheduledTask {
        ScheduledTask {
            assigned_task: Some(AssignedTask {
                instance_id: Some(instance),
                task: Some(config(ram_mb)),
                ..AssignedTask::default()
            }),
            ..ScheduledTask::default()
        }
    }

    fn text(groups: &[PlannedGroup]) -> String {
        let group = |group: &PlannedGroup| {
            format!(
                "{} of {}",
                group.instances(),
                group.config.ram_mb.unwrap_or(0)
            )
        };
        groups.iter().map(group).collect::<Vec<_>>().join("; ")
    }

    fn all(plan: &UpdatePlan) -> [String; 4] {
        [&plan.add, &plan.remove, &plan.change, &plan.keep].map(|groups| text(groups))
    }

    #[test]
    fn tasks_are_grouped_by_what_would_become_of_them() {
        let tasks = [
            task(7, 64),
            task(3, 32),
            task(1, 64),
            task(0, 64),
            task(2, 128),
            task(8, 128),
        ];
        let plan = UpdatePlan::of_tasks(&tasks, &config(128), 6, None);
        let expected = [
            "4-5 of 128",
            "7 of 64; 8 of 128",
            "0-1 of 64; 3 of 32",
            "2 of 128",
        ];
        assert_eq!(all(&plan), expected);
        assert!(!plan.is_empty());
        let only = "1-2,5,8".parse().unwrap();
        let plan = UpdatePlan::of_tasks(&tasks, &config(128), 6, Some(&only));
        assert_eq!(all(&plan), ["5 of 128", "8 of 128", "1 of 64", "2 of 128"]);
    }

    #[test]
    fn a_missing_collection_is_an_empty_one() {
        let mut wanted = config(64);
        wanted.constraints = Some(BTreeSet::new());
        let plan = UpdatePlan::of_tasks(&[task(0, 64)], &wanted, 1, None);
        assert!(plan.is_empty());
        assert_eq!(all(&plan), ["", "", "", "0 of 64"]);
    }

    #[test]
    fn groups_of_the_scheduler_come_by_their_lowest_instance_with_their_own_ranges() {
        let range = |first, last| Range {
            first: Some(first),
            last: Some(last),
        };
        let group = |ram, ranges: &[Range]| ConfigGroup {
            config: Some(config(ram)),
            instances: Some(ranges.iter().cloned().collect()),
        };
        let plan = UpdatePlan::from(GetJobUpdateDiffResult {
            update: Some(
                [
                    group(1, &[range(4, 4), range(10, 12)]),
                    group(2, &[range(0, 1), range(2, 3)]),
                ]
                .into(),
            ),
            add: Some([group(3, &[])].into()),
            ..GetJobUpdateDiffResult::default()
        });
        assert_eq!(all(&plan), ["", "", "0-3 of 2; 4,10-12 of 1", ""]);
        assert_eq!(plan.change[0].ranges.len(), 2, "they are not joined");
    }

    #[test]
    fn another_executor_config_is_all_that_may_differ() {
        let executor = |data: &str| {
            Some(ExecutorConfig {
                name: Some("AuroraExecutor".to_owned()),
                data: Some(data.to_owned()),
            })
        };
        let with = |ram, data| TaskConfig {
            executor_config: executor(data),
            ..config(ram)
        };
        let (sent, other) = (with(64, "15"), with(64, "5"));
        let mut populated = sent.clone();
        populated.priority = Some(0);
        let expected = TaskConfig {
            executor_config: executor("5"),
            ..populated.clone()
        };
        let made = populated_from_other(&populated, &sent, &other);
        assert_eq!(made, Some(expected));
        assert_eq!(
            populated_from_other(&populated, &sent, &with(65, "5")),
            None
        );
    }
}
