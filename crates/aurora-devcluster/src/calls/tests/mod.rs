//! The calls against an engine without an executor.

mod administration;
mod checks;
mod cron_jobs;
mod locks;
mod updates;

use std::collections::BTreeSet;

use aurora_api::calls::{AddInstances, CreateJob, KillTasks, RestartShards};
use aurora_api::{
    AddInstancesConfig, Constraint, Container, DockerContainer, ExecutorConfig, Identity,
    InstanceKey, JobConfiguration, JobKey, LimitConstraint, Lock, Range, ResponseCode, TaskConfig,
    TaskConstraint, TaskQuery, ValueConstraint,
};

use super::*;
use crate::engine::tests::Bench;
use crate::model::TaskState;

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn key() -> JobKey {
    JobKey {
        role: text("www"),
        environment: text("prod"),
        name: text("web"),
    }
}

fn job(instances: i32) -> JobConfiguration {
    let owner = Identity {
        role: text("www"),
        user: text("alice"),
    };
    JobConfiguration {
        key: Some(key()),
        owner: Some(owner.clone()),
        instance_count: Some(instances),
        task_config: Some(TaskConfig {
            job: Some(key()),
            owner: Some(owner),
            environment: text("prod"),
            job_name: text("web"),
            num_cpus: Some(0.5.into()),
            ram_mb: Some(64),
            disk_mb: Some(64),
            executor_config: Some(ExecutorConfig {
                name: text("AuroraExecutor"),
                data: text("{}"),
            }),
            ..TaskConfig::default()
        }),
        ..JobConfiguration::default()
    }
}

fn changed(change: impl FnOnce(&mut JobConfiguration)) -> JobConfiguration {
    let mut job = job(1);
    change(&mut job);
    job
}

fn task(change: impl FnOnce(&mut TaskConfig)) -> JobConfiguration {
    changed(|job| change(job.task_config.as_mut().unwrap()))
}

fn merge(outcome: Result<Reply, Reply>) -> Reply {
    match outcome {
        Ok(reply) | Err(reply) => reply,
    }
}

fn create(bench: &mut Bench, description: &JobConfiguration) -> Reply {
    let call = CreateJob {
        description: Some(description.clone()),
        lock: None,
    };
    merge(create_job(&mut bench.engine, 1000, &call))
}

fn message_of(reply: &Reply) -> String {
    reply.messages.join(", ")
}

#[test]
fn a_job_is_created_once() {
    let mut bench = Bench::new();
    let reply = create(&mut bench, &job(3));
    assert_eq!(
        reply,
        Reply::ok_saying("3 new tasks pending for job www/prod/web")
    );
    assert_eq!(bench.states(), ["PENDING"; 3]);
    let reply = create(&mut bench, &job(1));
    assert_eq!(reply, Reply::invalid("Job already exists: www/prod/web"));
    assert_eq!(bench.states(), ["PENDING"; 3]);
}

#[test]
fn a_populated_configuration_has_its_defaults() {
    let description = task(|task| {
        task.job = None;
        task.requested_ports = Some(BTreeSet::from(["http", "admin"].map(str::to_owned)));
    });
    let reply = populate_job_config(Some(&description)).unwrap();
    let Some(aurora_api::Result::PopulateJobResult(result)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    let config = result.task_config.as_ref().unwrap();
    assert_eq!(config.job, Some(key()));
    let links = config.task_links.as_ref().unwrap();
    assert_eq!(links.len(), 1);
    assert_eq!(links["http"], "http://%host%:%port:http%");
    assert!(matches!(config.container, Some(Container::Mesos(_))));
    assert_eq!(config.is_service, Some(false));
    assert_eq!(
        (config.tier.clone(), config.contact_email.clone()),
        (None, None)
    );

    let refused = populate_job_config(Some(&task(|task| task.num_cpus = None))).unwrap_err();
    assert_eq!(
        message_of(&refused),
        "Invalid configuration: numCpus must be greater than 0"
    );
}

#[test]
fn production_tasks_need_quota() {
    let mut bench = Bench::new();
    let production = changed(|job| {
        job.instance_count = Some(5);
        let task = job.task_config.as_mut().unwrap();
        task.production = Some(true);
        task.ram_mb = Some(300);
    });
    let reply = create(&mut bench, &production);
    assert_eq!(
        message_of(&reply),
        "Insufficient resource quota: CPU quota exceeded by 0.50 core(s); RAM quota exceeded by 500.00 MB"
    );
    assert_eq!(
        create(
            &mut bench,
            &changed(|job| {
                job.instance_count = Some(2);
                job.task_config.as_mut().unwrap().production = Some(true);
            })
        )
        .code,
        ResponseCode::OK
    );

    let reply = get_quota(&bench.engine, Some("www"));
    let Some(aurora_api::Result::GetQuotaResult(quota)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    let cpus = |amount: &Option<aurora_api::ResourceAggregate>| {
        amount.as_ref().unwrap().num_cpus.unwrap().0
    };
    assert!((cpus(&quota.quota) - 2.0).abs() < 1e-9);
    assert!((cpus(&quota.prod_shared_consumption) - 1.0).abs() < 1e-9);
    assert!(cpus(&quota.non_prod_shared_consumption).abs() < 1e-9);
    assert_eq!(
        get_quota(&bench.engine, Some(" ")).code,
        ResponseCode::ERROR
    );
}

#[test]
fn killing_names_what_it_found() {
    let mut bench = Bench::new();
    create(&mut bench, &job(3));
    bench.engine.tick(1001).unwrap();
    let kill = |bench: &mut Bench, instances: &[i32]| {
        let call = KillTasks {
            job: Some(key()),
            instances: Some(instances.iter().copied().collect()),
            ..KillTasks::default()
        };
        merge(kill_tasks(&mut bench.engine, 1002, &call))
    };
    assert_eq!(kill(&mut bench, &[1]), Reply::ok());
    assert_eq!(bench.states(), ["ASSIGNED", "KILLING", "ASSIGNED"]);
    assert_eq!(message_of(&kill(&mut bench, &[1, 7])), "No tasks to kill.");
    assert_eq!(kill(&mut bench, &[]), Reply::ok());
    assert_eq!(bench.states(), ["KILLING"; 3]);

    let neither = kill_tasks(&mut bench.engine, 0, &KillTasks::default()).unwrap_err();
    assert_eq!(neither.code, ResponseCode::ERROR);
    let malformed = KillTasks {
        job: Some(JobKey::default()),
        ..KillTasks::default()
    };
    assert_eq!(
        kill_tasks(&mut bench.engine, 0, &malformed)
            .unwrap_err()
            .code,
        ResponseCode::ERROR
    );
}

#[test]
fn waiting_tasks_vanish_when_killed_by_a_query() {
    let mut bench = Bench::new();
    create(&mut bench, &job(2));
    let by = |query: TaskQuery| KillTasks {
        query: Some(query),
        // Hidden by the query.
        job: Some(JobKey::default()),
        ..KillTasks::default()
    };
    let blank = by(TaskQuery {
        job_name: text(" "),
        ..TaskQuery::default()
    });
    let refused = kill_tasks(&mut bench.engine, 0, &blank).unwrap_err();
    assert_eq!(refused.code, ResponseCode::INVALID_REQUEST);
    let of_role = by(TaskQuery {
        role: text("www"),
        ..TaskQuery::default()
    });
    let reply = kill_tasks(&mut bench.engine, 0, &of_role).unwrap();
    assert!(
        message_of(&reply).contains("deprecated"),
        "{}",
        message_of(&reply)
    );
    assert!(bench.states().is_empty());
}

#[test]
fn restarting_wants_active_instances() {
    let mut bench = Bench::new();
    create(&mut bench, &job(2));
    let restart = |bench: &mut Bench, ids: &[i32]| {
        let call = RestartShards {
            job: Some(key()),
            shard_ids: Some(ids.iter().copied().collect()),
            lock: None,
        };
        merge(restart_shards(&mut bench.engine, 1002, &call))
    };
    assert_eq!(restart(&mut bench, &[]).code, ResponseCode::ERROR);
    assert_eq!(
        restart(&mut bench, &[0, 2]),
        Reply::invalid("Not all requested shards are active in job www/prod/web")
    );
    assert_eq!(
        restart(&mut bench, &[0]),
        Reply::ok_saying("1 of 1 instances are not running, so they were not restarted.")
    );
    assert_eq!(
        bench.states(),
        ["PENDING"; 2],
        "a waiting task cannot restart"
    );
    bench.engine.tick(1001).unwrap();
    assert_eq!(restart(&mut bench, &[0]), Reply::ok());
    assert_eq!(bench.states(), ["RESTARTING", "ASSIGNED"]);
}

#[test]
fn instances_are_added_above_the_highest() {
    let mut bench = Bench::new();
    create(&mut bench, &job(2));
    let add = |bench: &mut Bench, instance, count| {
        let call = AddInstances {
            key: Some(InstanceKey {
                job_key: Some(key()),
                instance_id: Some(instance),
            }),
            count: Some(count),
            ..AddInstances::default()
        };
        merge(add_instances(&mut bench.engine, 1001, &call))
    };
    assert_eq!(
        add(&mut bench, 0, 0),
        Reply::invalid("count must be greater than 0")
    );
    assert_eq!(add(&mut bench, 5, 1).code, ResponseCode::INVALID_REQUEST);
    assert_eq!(
        add(&mut bench, 0, i32::MAX).code,
        ResponseCode::INVALID_REQUEST
    );
    assert_eq!(add(&mut bench, 0, 2).code, ResponseCode::OK);
    let instances: BTreeSet<i32> = bench.engine.tasks().map(|task| task.instance).collect();
    assert_eq!(instances, BTreeSet::from([0, 1, 2, 3]));

    let old_form = |ids: &[i32]| AddInstances {
        config: Some(AddInstancesConfig {
            key: Some(key()),
            task_config: job(1).task_config,
            instance_ids: Some(ids.iter().copied().collect()),
        }),
        ..AddInstances::default()
    };
    for (ids, code) in [
        (vec![], ResponseCode::INVALID_REQUEST),
        (vec![3, 9], ResponseCode::INVALID_REQUEST),
        (vec![-1], ResponseCode::INVALID_REQUEST),
        (vec![9], ResponseCode::OK),
    ] {
        let reply = merge(add_instances(&mut bench.engine, 1001, &old_form(&ids)));
        assert_eq!(reply.code, code, "{ids:?}: {}", message_of(&reply));
    }
    assert_eq!(bench.states().len(), 5);
    let neither = add_instances(&mut bench.engine, 0, &AddInstances::default()).unwrap_err();
    assert_eq!(neither.code, ResponseCode::ERROR);
}

#[test]
fn a_lock_that_is_not_held_opens_nothing() {
    let mut bench = Bench::new();
    let call = CreateJob {
        description: Some(job(1)),
        lock: Some(Lock::default()),
    };
    let refused = create_job(&mut bench.engine, 0, &call).unwrap_err();
    assert_eq!(refused.code, ResponseCode::LOCK_ERROR);
    assert!(bench.states().is_empty());
}

#[test]
fn summaries_count_what_is_there() {
    let mut bench = Bench::new();
    create(&mut bench, &job(6));
    bench.engine.tick(1001).unwrap();
    let ended = bench
        .engine
        .tasks()
        .find(|task| task.instance == 1)
        .unwrap()
        .id
        .clone();
    bench
        .engine
        .report(1002, &ended, TaskState::Failed, None)
        .unwrap();

    let reply = config_summary(&bench.engine, Some(&key())).unwrap();
    let Some(aurora_api::Result::ConfigSummaryResult(result)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    let groups: Vec<_> = result
        .summary
        .as_ref()
        .unwrap()
        .groups
        .iter()
        .flatten()
        .collect();
    let range = |first, last| Range {
        first: Some(first),
        last: Some(last),
    };
    assert_eq!(groups.len(), 1);
    assert_eq!(
        groups[0].instances,
        Some(BTreeSet::from([range(0, 0), range(2, 5)]))
    );

    let reply = jobs(&bench.engine, Some("www"));
    let Some(aurora_api::Result::GetJobsResult(result)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    let found: Vec<_> = result.configs.iter().flatten().collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].instance_count, Some(5));
    assert_eq!(found[0].key, Some(key()));

    let reply = job_summary(&bench.engine, 1003, None);
    let Some(aurora_api::Result::JobSummaryResult(result)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    let summary = result.summaries.iter().flatten().next().unwrap();
    assert_eq!(summary.job.as_ref().unwrap().instance_count, Some(6));
    let stats = summary.stats.as_ref().unwrap();
    assert_eq!(
        [
            stats.active_task_count,
            stats.pending_task_count,
            stats.failed_task_count,
            stats.finished_task_count
        ],
        [Some(3), Some(2), Some(1), Some(0)]
    );

    let reply = role_summary(&bench.engine);
    let Some(aurora_api::Result::RoleSummaryResult(result)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    let roles: Vec<_> = result.summaries.iter().flatten().collect();
    assert_eq!(
        (roles[0].role.as_deref(), roles[0].job_count),
        (Some("www"), Some(1))
    );

    let reply = tasks_without_configs(&bench.engine, Some(&TaskQuery::default())).unwrap();
    let Some(aurora_api::Result::ScheduleStatusResult(result)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    for task in result.tasks.iter().flatten() {
        let config = task.assigned_task.as_ref().unwrap().task.as_ref().unwrap();
        assert_eq!(config.executor_config, None);
    }
}

#[test]
fn pending_reasons_are_asked_without_states() {
    let mut bench = Bench::new();
    create(&mut bench, &task(|task| task.num_cpus = Some(8.0.into())));
    let query = TaskQuery {
        statuses: Some(BTreeSet::new()),
        ..TaskQuery::default()
    };
    let refused = pending_reasons(&bench.engine, Some(&query)).unwrap_err();
    assert_eq!(refused.code, ResponseCode::INVALID_REQUEST);
    let reply = pending_reasons(&bench.engine, Some(&TaskQuery::default())).unwrap();
    let Some(aurora_api::Result::GetPendingReasonResult(result)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    let reasons: Vec<_> = result
        .reasons
        .iter()
        .flatten()
        .map(|it| it.reason.as_deref())
        .collect();
    assert_eq!(reasons, [Some("Insufficient: CPU")]);
}
