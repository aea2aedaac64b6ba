//! A small scheduler in memory, on which everything is over at once.

use std::collections::{BTreeMap, BTreeSet};

use aurora_api::calls::AnyCall;
use aurora_api::{
    AssignedTask, ConfigGroup, ConfigSummary, ConfigSummaryResult, GetJobUpdateSummariesResult,
    GetJobsResult, GetPendingReasonResult, GetQuotaResult, JobConfiguration, JobKey, JobStats,
    JobSummary, JobSummaryResult, JobUpdateKey, JobUpdateQuery, JobUpdateState, JobUpdateStatus,
    JobUpdateSummary, PopulateJobResult, Range, Response, Result as Branch, RoleSummary,
    RoleSummaryResult, ScheduleStatus, ScheduleStatusResult, ScheduledTask, StartJobUpdateResult,
    TaskConfig, TaskEvent, TaskQuery,
};

use super::responses::{refusal, success, success_with_message};

/// When everything happens, in milliseconds since 1970: 2015-12-01 20:00 UTC.
const NOW: i64 = 1_449_000_000_000;
/// Where all tasks run.
const HOST: &str = "host1.example.com";

/// The tasks and updates so far.
#[derive(Default)]
pub(super) struct Jobs {
    tasks: Vec<ScheduledTask>,
    updates: Vec<JobUpdateSummary>,
}

impl Jobs {
    /// Runs a job, named as `ROLE/ENV/NAME`, on so many instances.
    pub(super) fn run(&mut self, job: &str, instances: u32) {
        let parts: Vec<_> = job.split('/').map(str::to_owned).map(Some).collect();
        let [role, environment, name] = parts.try_into().expect("a job as ROLE/ENV/NAME");
        let key = JobKey {
            role,
            environment,
            name,
        };
        let config = TaskConfig {
            is_service: Some(true),
            num_cpus: Some(0.1.into()),
            ram_mb: Some(16),
            disk_mb: Some(16),
            job: Some(key.clone()),
            ..TaskConfig::default()
        };
        for instance in 0..i32::try_from(instances).unwrap() {
            self.start(&key, instance, &config);
        }
    }

    fn start(&mut self, job: &JobKey, instance: i32, config: &TaskConfig) {
        let name = |part: &Option<String>| part.clone().unwrap_or_default();
        let id = format!(
            "{NOW}-{}-{}-{}-{instance}-{}",
            name(&job.role),
            name(&job.environment),
            name(&job.name),
            self.tasks.len()
        );
        self.tasks.push(ScheduledTask {
            assigned_task: Some(AssignedTask {
                task_id: Some(id),
                slave_id: Some("agent1".to_owned()),
                slave_host: Some(HOST.to_owned()),
                task: Some(config.clone()),
                assigned_ports: Some(BTreeMap::new()),
                instance_id: Some(instance),
            }),
            status: Some(ScheduleStatus::RUNNING),
            failure_count: Some(0),
            task_events: Some(vec![event(ScheduleStatus::RUNNING)]),
            ancestor_id: None,
        });
    }

    /// Ends the active ones of these instances; of all if there is no set. Returns their configurations.
    fn stop(
        &mut self,
        job: &JobKey,
        instances: Option<&BTreeSet<i32>>,
    ) -> BTreeMap<i32, TaskConfig> {
        let mut stopped = BTreeMap::new();
        for task in &mut self.tasks {
            let instance = instance(task);
            let is_meant = instances.is_none_or(|instances| instances.contains(&instance));
            if is_active(task) && config(task).job.as_ref() == Some(job) && is_meant {
                stopped.insert(instance, config(task).clone());
                task.status = Some(ScheduleStatus::KILLED);
                let events = task.task_events.get_or_insert_default();
                events.push(event(ScheduleStatus::KILLED));
            }
        }
        stopped
    }

    fn create(&mut self, job: &JobConfiguration) {
        let key = job.key.clone().unwrap_or_default();
        let mut config = job.task_config.clone().unwrap_or_default();
        config.job = Some(key.clone());
        for instance in 0..job.instance_count.unwrap_or(1) {
            self.start(&key, instance, &config);
        }
    }

    pub(super) fn answer(&mut self, call: AnyCall) -> Response {
        match call {
            AnyCall::GetRoleSummary(_) => success(Branch::RoleSummaryResult(RoleSummaryResult {
                summaries: Some(self.roles()),
            })),
            AnyCall::GetJobSummary(call) => success(Branch::JobSummaryResult(JobSummaryResult {
                summaries: Some(self.summaries(call.role.as_deref())),
            })),
            AnyCall::GetJobs(call) => {
                let summaries = self.summaries(call.owner_role.as_deref());
                success(Branch::GetJobsResult(GetJobsResult {
                    configs: Some(summaries.into_iter().filter_map(|it| it.job).collect()),
                }))
            }
            AnyCall::GetTasksStatus(call) => self.found(call.query),
            AnyCall::GetTasksWithoutConfigs(call) => self.found(call.query),
            AnyCall::GetConfigSummary(call) => {
                let key = call.job.unwrap_or_default();
                success(Branch::ConfigSummaryResult(ConfigSummaryResult {
                    summary: Some(self.configs(&key)),
                }))
            }
            AnyCall::GetPendingReason(_) => {
                success(Branch::GetPendingReasonResult(GetPendingReasonResult {
                    reasons: Some(BTreeSet::new()),
                }))
            }
            AnyCall::GetQuota(_) => success(Branch::GetQuotaResult(GetQuotaResult::default())),
            AnyCall::PopulateJobConfig(call) => {
                let job = call.description.unwrap_or_default();
                let mut config = job.task_config.unwrap_or_default();
                config.job = job.key;
                success(Branch::PopulateJobResult(PopulateJobResult {
                    task_config: Some(config),
                }))
            }
            AnyCall::GetJobUpdateSummaries(call) => success(Branch::GetJobUpdateSummariesResult(
                GetJobUpdateSummariesResult {
                    update_summaries: Some(self.updates(&call.job_update_query)),
                },
            )),
            AnyCall::CreateJob(call) => {
                let job = call.description.unwrap_or_default();
                if self.active(job.key.as_ref()).next().is_some() {
                    return refusal("Job already exists");
                }
                self.create(&job);
                success_with_message("")
            }
            AnyCall::KillTasks(call) => {
                self.stop(&call.job.unwrap_or_default(), call.instances.as_ref());
                success_with_message("")
            }
            AnyCall::RestartShards(call) => {
                let key = call.job.unwrap_or_default();
                for (instance, config) in self.stop(&key, call.shard_ids.as_ref()) {
                    self.start(&key, instance, &config);
                }
                success_with_message("")
            }
            AnyCall::StartJobUpdate(call) => {
                let request = call.request.unwrap_or_default();
                let config = request.task_config.unwrap_or_default();
                let job = JobConfiguration {
                    key: config.job.clone(),
                    task_config: Some(config),
                    instance_count: request.instance_count,
                    ..JobConfiguration::default()
                };
                let key = JobUpdateKey {
                    job: job.key.clone(),
                    id: Some(format!("update-{}", self.updates.len())),
                };
                self.stop(&job.key.clone().unwrap_or_default(), None);
                self.create(&job);
                self.updates.push(over(key.clone()));
                success(Branch::StartJobUpdateResult(StartJobUpdateResult {
                    key: Some(key),
                }))
            }
            _ => success_with_message(""),
        }
    }

    fn active(&self, job: Option<&JobKey>) -> impl Iterator<Item = &ScheduledTask> {
        let is_meant = move |task: &&ScheduledTask| {
            is_active(task) && job.is_none_or(|job| config(task).job.as_ref() == Some(job))
        };
        self.tasks.iter().filter(is_meant)
    }

    fn found(&self, query: Option<TaskQuery>) -> Response {
        let query = query.unwrap_or_default();
        let found = self.tasks.iter().filter(|task| fits(&query, task));
        success(Branch::ScheduleStatusResult(ScheduleStatusResult {
            tasks: Some(found.cloned().collect()),
        }))
    }

    fn roles(&self) -> BTreeSet<RoleSummary> {
        let mut jobs: BTreeMap<Option<String>, i32> = BTreeMap::new();
        for summary in self.summaries(None) {
            let key = summary.job.and_then(|job| job.key).unwrap_or_default();
            *jobs.entry(key.role).or_default() += 1;
        }
        let summary = |(role, count)| RoleSummary {
            role,
            job_count: Some(count),
            cron_job_count: Some(0),
        };
        jobs.into_iter().map(summary).collect()
    }

    /// The jobs of a role; of all roles without one.
    fn summaries(&self, role: Option<&str>) -> BTreeSet<JobSummary> {
        let keys: BTreeSet<_> = self
            .tasks
            .iter()
            .filter_map(|task| config(task).job.as_ref())
            .filter(|key| role.is_none_or(|role| key.role.as_deref() == Some(role)))
            .collect();
        let summary = |key: &JobKey| {
            let tasks: Vec<_> = self.active(Some(key)).collect();
            let count = i32::try_from(tasks.len()).unwrap();
            JobSummary {
                job: Some(JobConfiguration {
                    task_config: tasks.first().map(|task| config(task).clone()),
                    instance_count: Some(count),
                    key: Some(key.clone()),
                    ..JobConfiguration::default()
                }),
                stats: Some(JobStats {
                    active_task_count: Some(count),
                    ..JobStats::default()
                }),
                next_cron_run_ms: None,
            }
        };
        keys.into_iter().map(summary).collect()
    }

    fn configs(&self, key: &JobKey) -> ConfigSummary {
        let mut groups: BTreeMap<&TaskConfig, BTreeSet<Range>> = BTreeMap::new();
        for task in self.active(Some(key)) {
            let number = Some(instance(task));
            groups.entry(config(task)).or_default().insert(Range {
                first: number,
                last: number,
            });
        }
        let group = |(config, instances): (&TaskConfig, _)| ConfigGroup {
            config: Some(config.clone()),
            instances: Some(instances),
        };
        ConfigSummary {
            key: Some(key.clone()),
            groups: Some(groups.into_iter().map(group).collect()),
        }
    }

    fn updates(&self, query: &Option<JobUpdateQuery>) -> Vec<JobUpdateSummary> {
        let query = query.clone().unwrap_or_default();
        let fits = |update: &&JobUpdateSummary| {
            let key = update.key.clone().unwrap_or_default();
            let status = update.state.as_ref().and_then(|state| state.status);
            let asked = query.update_statuses.as_ref();
            (query.job_key.is_none() || query.job_key == key.job)
                && (query.key.is_none() || query.key == update.key)
                && (query.role.is_none() || query.role == key.job.unwrap_or_default().role)
                && asked.is_none_or(|asked| status.is_some_and(|it| asked.contains(&it)))
        };
        self.updates.iter().filter(fits).cloned().collect()
    }
}

fn event(status: ScheduleStatus) -> TaskEvent {
    TaskEvent {
        timestamp: Some(NOW),
        status: Some(status),
        message: None,
        scheduler: Some("scheduler.example.com".to_owned()),
    }
}

fn over(key: JobUpdateKey) -> JobUpdateSummary {
    JobUpdateSummary {
        user: Some("alice".to_owned()),
        state: Some(JobUpdateState {
            status: Some(JobUpdateStatus::ROLLED_FORWARD),
            created_timestamp_ms: Some(NOW),
            last_modified_timestamp_ms: Some(NOW),
        }),
        key: Some(key),
    }
}

fn instance(task: &ScheduledTask) -> i32 {
    task.assigned_task.as_ref().unwrap().instance_id.unwrap()
}

fn config(task: &ScheduledTask) -> &TaskConfig {
    let assigned = task.assigned_task.as_ref().unwrap();
    assigned.task.as_ref().unwrap()
}

fn is_active(task: &ScheduledTask) -> bool {
    task.status.is_some_and(ScheduleStatus::is_active)
}

/// Whether a task is among those that are asked for; hosts, ids, offset and limit are not looked at.
fn fits(query: &TaskQuery, task: &ScheduledTask) -> bool {
    let key = config(task).job.clone().unwrap_or_default();
    let same = |asked: &Option<String>, is: &Option<String>| {
        asked.as_deref().is_none_or(str::is_empty) || asked == is
    };
    same(&query.role, &key.role)
        && same(&query.environment, &key.environment)
        && same(&query.job_name, &key.name)
        && is_among(&query.job_keys, &key)
        && is_among(&query.instance_ids, &instance(task))
        && is_among(&query.statuses, &task.status.unwrap())
}

/// An empty set is for any value.
fn is_among<T: Ord>(asked: &Option<BTreeSet<T>>, value: &T) -> bool {
    let asked = asked.as_ref().filter(|asked| !asked.is_empty());
    asked.is_none_or(|asked| asked.contains(value))
}
