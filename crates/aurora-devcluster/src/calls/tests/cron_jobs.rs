//! Jobs that run by the clock, against a clock of our own.

use aurora_api::CronCollisionPolicy;
use aurora_api::calls::{
    DescheduleCronJob, ReplaceCronTemplate, ScheduleCronJob, SetQuota, StartCronJob,
};

use super::super::cron;
use super::*;

const MINUTE: i64 = 60_000;

fn nightly(schedule: &str, change: impl FnOnce(&mut JobConfiguration)) -> JobConfiguration {
    changed(|job| {
        job.cron_schedule = text(schedule);
        change(job);
    })
}

fn schedule(bench: &mut Bench, now: i64, description: JobConfiguration) -> Reply {
    let call = ScheduleCronJob {
        description: Some(description),
        lock: None,
    };
    merge(cron::schedule(&mut bench.engine, now, &call))
}

fn start(bench: &mut Bench, now: i64) -> Reply {
    let call = StartCronJob { job: Some(key()) };
    merge(cron::start(&mut bench.engine, now, &call))
}

fn deschedule(bench: &mut Bench, now: i64) -> Reply {
    let call = DescheduleCronJob {
        job: Some(key()),
        lock: None,
    };
    merge(cron::deschedule(&mut bench.engine, now, &call))
}

#[test]
fn a_job_runs_by_the_clock() {
    let mut bench = Bench::new();
    let reply = schedule(
        &mut bench,
        500,
        nightly("*/2 * * * *", |job| job.instance_count = Some(2)),
    );
    assert_eq!(reply, Reply::ok());
    assert_eq!(bench.engine.tick(500).unwrap(), Some(2 * MINUTE));
    assert!(bench.states().is_empty(), "scheduling starts nothing");
    bench.engine.tick(2 * MINUTE - 1).unwrap();
    assert!(bench.states().is_empty());
    bench.live(2 * MINUTE);
    assert_eq!(bench.states(), ["RUNNING"; 2]);
    let ids: Vec<String> = bench.engine.tasks().map(|task| task.id.clone()).collect();
    for id in &ids {
        bench.report(2 * MINUTE + 5, id, TaskState::Finished);
    }
    assert_eq!(bench.live(3 * MINUTE), Some(4 * MINUTE));

    let mut bench = bench.reopen();
    bench.engine.recover(7 * MINUTE).unwrap();
    assert_eq!(
        bench.engine.tick(7 * MINUTE).unwrap(),
        Some(8 * MINUTE),
        "runs that were missed are not made up for"
    );
    assert_eq!(bench.states(), ["FINISHED"; 2]);
    // A machine that slept.
    bench.engine.tick(9 * MINUTE + 1).unwrap();
    assert_eq!(bench.states(), ["FINISHED"; 2]);
    bench.live(10 * MINUTE + 100);
    assert_eq!(bench.states().len(), 4);
}

#[test]
fn the_policy_decides_when_runs_meet() {
    let mut bench = Bench::new();
    schedule(&mut bench, 0, nightly("0 0 * * *", |_| {}));
    assert_eq!(start(&mut bench, 1000), Reply::ok());
    bench.live(1000);
    assert_eq!(bench.states(), ["RUNNING"]);

    assert_eq!(start(&mut bench, 2000), Reply::ok());
    assert_eq!(bench.states(), ["KILLING"]);
    let killed = bench.engine.tasks().next().unwrap();
    assert_eq!(
        killed.events.last().unwrap().message,
        text("Killed by cronScheduler")
    );
    assert_eq!(
        message_of(&start(&mut bench, 2100)),
        "No run of job www/prod/web begins now: the previous run still waits for the job's tasks to end"
    );
    // What runs is what was there when the run began.
    let bigger = nightly("0 0 * * *", |job| {
        job.instance_count = Some(2);
        job.cron_collision_policy = Some(CronCollisionPolicy::CANCEL_NEW);
    });
    schedule(&mut bench, 2200, bigger);
    assert_eq!(bench.live(2500), Some(3000));
    assert_eq!(bench.states(), ["KILLED"]);
    bench.live(3000);
    assert_eq!(bench.states(), ["KILLED", "RUNNING"]);

    assert_eq!(
        message_of(&start(&mut bench, 4000)),
        "No run of job www/prod/web begins now: tasks of the previous run are active"
    );
    assert_eq!(bench.states(), ["KILLED", "RUNNING"]);
}

#[test]
fn a_run_that_waits_is_checked_after_longer_and_longer_waits() {
    let mut bench = Bench::with_random(1.0);
    schedule(&mut bench, 0, nightly("0 0 1 1 *", |_| {}));
    start(&mut bench, 0);
    bench.live(0);
    // Nothing reports that the task of the first run is dead.
    start(&mut bench, 1);
    let mut now = 1;
    let mut waits = Vec::new();
    for _ in 0..8 {
        let next = bench.engine.tick(now).unwrap().unwrap();
        waits.push(next - now);
        now = next;
    }
    assert_eq!(
        waits,
        [1, 2, 4, 8, 16, 32, 60, 60].map(|seconds| seconds * 1000)
    );
}

#[test]
fn every_check_of_a_cron_job_has_its_answer() {
    let invalid = ResponseCode::INVALID_REQUEST;
    let overlap = Some(CronCollisionPolicy::RUN_OVERLAP);
    let mut bench = Bench::new();
    for (description, code, message) in [
        (
            nightly("0 0 * * *", |job| job.key = None),
            ResponseCode::ERROR,
            "job key",
        ),
        (job(1), invalid, "has no cron schedule"),
        (nightly("", |_| {}), invalid, "does not have five fields"),
        (
            nightly("0 0 * * 7", |_| {}),
            invalid,
            "`7` is not valid as the day of week",
        ),
        (
            nightly("0 0 * * *", |job| job.cron_collision_policy = overlap),
            invalid,
            "RUN_OVERLAP",
        ),
        (
            nightly("0 0 * * *", |job| {
                job.task_config.as_mut().unwrap().is_service = Some(true);
            }),
            invalid,
            "a service cannot have a cron schedule",
        ),
        (
            nightly("0 0 * * *", |job| job.instance_count = Some(4001)),
            invalid,
            "more than 4000",
        ),
        (
            nightly("0 0 * * *", |job| {
                job.instance_count = Some(9);
                job.task_config.as_mut().unwrap().production = Some(true);
            }),
            invalid,
            "CPU quota exceeded by 2.50 core(s)",
        ),
    ] {
        let reply = schedule(&mut bench, 0, description);
        assert_eq!(reply.code, code, "{message}: {}", message_of(&reply));
        assert!(
            message_of(&reply).contains(message),
            "{}",
            message_of(&reply)
        );
    }
    assert!(bench.engine.state().crons.is_empty());
    let missing = "No cron template found for job www/prod/web";
    assert_eq!(start(&mut bench, 0), Reply::invalid(missing));
    assert_eq!(deschedule(&mut bench, 0), Reply::invalid(missing));
    let replace = ReplaceCronTemplate {
        config: Some(nightly("0 0 * * *", |_| {})),
        lock: None,
    };
    let reply = cron::replace(&mut bench.engine, 0, &replace).unwrap_err();
    assert_eq!(reply, Reply::invalid(missing));

    create(&mut bench, &job(1));
    let reply = schedule(&mut bench, 0, nightly("0 0 * * *", |_| {}));
    assert!(
        message_of(&reply).contains("has active tasks"),
        "{}",
        message_of(&reply)
    );
}

#[test]
fn cron_jobs_are_seen_and_keep_others_out() {
    let mut bench = Bench::new();
    schedule(
        &mut bench,
        0,
        nightly("0 7 * * *", |job| job.instance_count = Some(3)),
    );
    assert_eq!(
        create(&mut bench, &job(1)),
        Reply::invalid("Job already exists: www/prod/web")
    );
    let add = AddInstances {
        key: Some(InstanceKey {
            job_key: Some(key()),
            instance_id: Some(0),
        }),
        count: Some(1),
        ..AddInstances::default()
    };
    let refused = add_instances(&mut bench.engine, 0, &add).unwrap_err();
    assert!(message_of(&refused).contains("is scheduled with cron"));

    let reply = jobs(&bench.engine, Some("www"));
    let Some(aurora_api::Result::GetJobsResult(result)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    let found = result.configs.iter().flatten().next().unwrap();
    assert_eq!(found.cron_schedule, text("0 7 * * *"));
    assert_eq!(found.instance_count, Some(3));

    let reply = job_summary(&bench.engine, MINUTE, None);
    let Some(aurora_api::Result::JobSummaryResult(result)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    let summary = result.summaries.iter().flatten().next().unwrap();
    assert_eq!(summary.next_cron_run_ms, Some(7 * 60 * MINUTE));

    let reply = role_summary(&bench.engine);
    let Some(aurora_api::Result::RoleSummaryResult(result)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    let role = result.summaries.iter().flatten().next().unwrap();
    assert_eq!((role.job_count, role.cron_job_count), (Some(0), Some(1)));

    assert_eq!(deschedule(&mut bench, MINUTE), Reply::ok());
    assert_eq!(
        bench.engine.tick(8 * 60 * MINUTE).unwrap().map(|_| ()),
        Some(())
    );
    assert!(bench.states().is_empty(), "nothing runs any more");
}

#[test]
fn quota_counts_a_cron_job_whether_it_runs_or_not() {
    let mut bench = Bench::new();
    let production = |instances| {
        nightly("0 0 * * *", |job| {
            job.instance_count = Some(instances);
            job.task_config.as_mut().unwrap().production = Some(true);
        })
    };
    assert_eq!(schedule(&mut bench, 0, production(4)), Reply::ok());
    let tight = SetQuota {
        owner_role: text("www"),
        quota: Some(aurora_api::ResourceAggregate {
            num_cpus: Some(1.5.into()),
            ram_mb: Some(1000),
            disk_mb: Some(1000),
        }),
    };
    let refused = set_quota(&mut bench.engine, 0, &tight).unwrap_err();
    assert_eq!(
        message_of(&refused),
        "role www uses more than that already: CPU quota exceeded by 0.50 core(s)"
    );
    assert_eq!(start(&mut bench, 1000), Reply::ok());
    bench.live(1000);
    assert_eq!(
        schedule(&mut bench, 2000, production(3)),
        Reply::ok(),
        "what it takes the place of does not count"
    );
}
