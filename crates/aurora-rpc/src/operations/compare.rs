//! How a job of a configuration differs from what runs, and whether only the compatibility mode makes the
//! difference.

use aurora_api::{ScheduledTask, TaskConfig};
use aurora_compat::Compat;
use aurora_config::LoadedJob;
use aurora_jobkey::JobKey;

use super::plan::{
    PlannedGroup, UpdatePlan, active_tasks, is_same_task, populated_from_other, update_plan,
};
use super::task_text::field_changes;
use super::wanted::WantedJob;
use crate::client::SchedulerClient;
use crate::error::Error;

/// How a job of a configuration differs from what runs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Comparison {
    /// The task that the configuration wants, as the scheduler would keep it.
    pub task: TaskConfig,
    /// How many instances the configuration wants.
    pub instance_count: u32,
    /// What an update would do.
    pub plan: UpdatePlan,
    /// The active tasks that the plan was made from; `None` when the scheduler made the plan.
    pub tasks: Option<Vec<ScheduledTask>>,
    /// The task as the configuration says it, before the scheduler filled it in.
    sent: TaskConfig,
}

/// Instances that differ from the configuration only because of the compatibility mode.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CompatDifference {
    /// The mode in which they do not differ.
    pub mode: Compat,
    /// The instances.
    pub groups: Vec<PlannedGroup>,
    /// The names of the fields that differ, sorted; none if only the order of executor data does.
    pub fields: Vec<String>,
}

/// Compares a job with what runs under its key, or with the tasks of another job that `other` names with
/// a client of its cluster.
///
/// The scheduler says what an update would do. The active tasks are compared here instead for another
/// job, for a cron job, and where the scheduler is too old to say it.
///
/// # Errors
/// [`Error::Config`] when the job cannot be converted, [`Error::Rejected`] with the method that the
/// scheduler refused, else as [`SchedulerClient::call`].
pub async fn compare(
    client: &SchedulerClient,
    wanted: &WantedJob,
    other: Option<(&SchedulerClient, &JobKey)>,
) -> Result<Comparison, Error> {
    let configuration = wanted.configuration()?;
    let sent = configuration.task_config.clone().unwrap_or_default();
    let count = configuration.instance_count.unwrap_or_default();
    let instance_count = u32::try_from(count).unwrap_or(0);
    let scheduler_plans = other.is_none() && !wanted.job().is_cron();
    let request = scheduler_plans
        .then(|| wanted.update_request())
        .transpose()?;
    let task = client.populate_job_config(configuration).await?.value;
    let planned = match request {
        Some(request) => update_plan(client, request).await?,
        None => None,
    };
    let (plan, tasks) = match planned {
        Some(plan) => (plan, None),
        None => {
            let (client, key) = other.unwrap_or((client, wanted.key()));
            let tasks = active_tasks(client, key).await?;
            let plan = UpdatePlan::of_tasks(&tasks, &task, instance_count, wanted.instances());
            (plan, Some(tasks))
        }
    };
    Ok(Comparison {
        task,
        instance_count,
        plan,
        tasks,
        sent,
    })
}

impl Comparison {
    /// Whether the scheduler said what an update would do.
    pub fn is_planned_by_scheduler(&self) -> bool {
        self.tasks.is_none()
    }

    /// Whether the job to compare with has no active tasks.
    pub fn lacks_tasks(&self) -> bool {
        self.tasks.as_ref().is_some_and(Vec::is_empty)
    }

    /// The instances that would not change if the job were `other`, which is the same job evaluated in
    /// the compatibility mode `mode`. `None` if the mode explains no difference.
    pub fn explain(
        &self,
        wanted: &WantedJob,
        mode: Compat,
        other: &LoadedJob,
    ) -> Option<CompatDifference> {
        // A job that cannot be converted in the other mode explains nothing.
        let other = other
            .to_job_configuration(wanted.user())
            .ok()?
            .task_config?;
        self.explained_by(mode, &other)
    }

    fn explained_by(&self, mode: Compat, other: &TaskConfig) -> Option<CompatDifference> {
        let other = populated_from_other(&self.task, &self.sent, other)?;
        let same = |group: &&PlannedGroup| is_same_task(&group.config, &other);
        let groups: Vec<_> = self.plan.change.iter().filter(same).cloned().collect();
        if groups.is_empty() {
            return None;
        }
        let changes = field_changes(&other, &self.task);
        let mut fields: Vec<_> = changes.iter().map(|it| it.name().to_owned()).collect();
        fields.sort();
        fields.dedup();
        Some(CompatDifference {
            mode,
            groups,
            fields,
        })
    }
}

#[cfg(test)]
mod tests {
    use aurora_api::{AssignedTask, ExecutorConfig};

    use super::*;

    fn task(ram_mb: i64, data: &str) -> TaskConfig {
        TaskConfig {
            ram_mb: Some(ram_mb),
            executor_config: Some(ExecutorConfig {
                name: Some("AuroraExecutor".to_owned()),
                data: Some(data.to_owned()),
            }),
            ..TaskConfig::default()
        }
    }

    /// What runs is `running`, and the configuration wants one instance with a `min_duration` of 15.
    fn comparison(running: &TaskConfig) -> Comparison {
        let wanted = task(64, r#"{"min_duration": 15}"#);
        let tasks = vec![ScheduledTask {
            assigned_task: Some(AssignedTask {
                instance_id: Some(0),
                task: Some(running.clone()),
                ..AssignedTask::default()
            }),
            ..ScheduledTask::default()
        }];
        Comparison {
            plan: UpdatePlan::of_tasks(&tasks, &wanted, 1, None),
            sent: wanted.clone(),
            task: wanted,
            instance_count: 1,
            tasks: Some(tasks),
        }
    }

    #[test]
    fn the_mode_explains_instances_that_equal_the_job_in_that_mode() {
        let released = task(64, r#"{"min_duration": 5}"#);
        let explained = comparison(&released).explained_by(Compat::Released, &released);
        let explained = explained.unwrap();
        assert_eq!(explained.mode, Compat::Released);
        assert_eq!(explained.groups[0].instances().to_string(), "0");
        assert_eq!(explained.fields, ["min_duration"]);
    }

    #[test]
    fn the_mode_explains_nothing_where_more_differs() {
        let released = task(64, r#"{"min_duration": 5}"#);
        let running = task(128, r#"{"min_duration": 5}"#);
        let compared = comparison(&running);
        assert_eq!(compared.explained_by(Compat::Released, &released), None);
        let unchanged = comparison(&task(64, r#"{"min_duration": 15}"#));
        assert_eq!(unchanged.explained_by(Compat::Released, &released), None);
    }
}
