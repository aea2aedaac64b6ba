//! Calls that the scheduler carried out although its reply never came.

use std::collections::BTreeSet;

use aurora_api::calls::AnyCall;
use aurora_api::{
    AssignedTask, GetJobsResult, GetLocksResult, Identity, JobConfiguration, JobKey as WireJobKey,
    Lock, LockValidation, PopulateJobResult, ResponseCode, Result as ResultBranch, ScheduleStatus,
    ScheduleStatusResult, ScheduledTask, TaskConfig,
};
use aurora_jobkey::JobKey;
use aurora_rpc::{Created, Error};
use aurora_testkit::scheduler::{Act, ScriptedScheduler, http};

use crate::server::{Clients, ok, refuse};

fn config(user: &str) -> TaskConfig {
    TaskConfig {
        owner: Some(Identity {
            role: Some("www".to_owned()),
            user: Some(user.to_owned()),
        }),
        ram_mb: Some(128),
        ..TaskConfig::default()
    }
}

fn description() -> JobConfiguration {
    JobConfiguration {
        key: Some(WireJobKey {
            role: Some("www".to_owned()),
            environment: Some("prod".to_owned()),
            name: Some("web".to_owned()),
        }),
        task_config: Some(config("alice")),
        instance_count: Some(2),
        ..JobConfiguration::default()
    }
}

fn exists() -> Act {
    refuse(
        ResponseCode::INVALID_REQUEST,
        "Job already exists: www/prod/web",
    )
}

fn populated() -> Act {
    let mut config = config("alice");
    config.metadata = Some(BTreeSet::new());
    let result = PopulateJobResult {
        task_config: Some(config),
    };
    ok(Some(ResultBranch::PopulateJobResult(result)), "")
}

fn tasks_of(user: &str) -> Act {
    let task = |instance| ScheduledTask {
        status: Some(ScheduleStatus::PENDING),
        assigned_task: Some(AssignedTask {
            instance_id: Some(instance),
            task: Some(config(user)),
            ..AssignedTask::default()
        }),
        ..ScheduledTask::default()
    };
    let result = ScheduleStatusResult {
        tasks: Some(vec![task(0), task(1)]),
    };
    ok(Some(ResultBranch::ScheduleStatusResult(result)), "")
}

#[tokio::test]
async fn a_job_that_the_lost_attempt_created_is_a_success() {
    let server =
        ScriptedScheduler::performing([Act::Drop, exists(), populated(), tasks_of("alice")]);
    let (client, _) = server.patient();
    let reply = client.create_job(description()).await.unwrap();
    assert_eq!(reply.value, Created::FoundAfterLostReply);
    assert_eq!(
        server.methods(),
        [
            "createJob",
            "createJob",
            "populateJobConfig",
            "getTasksStatus"
        ]
    );
    // Only the tasks of this job count.
    let [_, _, _, AnyCall::GetTasksStatus(look)] = &server.calls()[..] else {
        panic!("{:?}", server.methods());
    };
    let keys = look.query.clone().and_then(|query| query.job_keys);
    assert_eq!(keys, description().key.map(|key| BTreeSet::from([key])));
}

#[tokio::test]
async fn the_job_of_somebody_else_is_a_refusal() {
    let server = ScriptedScheduler::performing([Act::Drop, exists(), populated(), tasks_of("bob")]);
    let (client, _) = server.patient();
    let error = client.create_job(description()).await.unwrap_err();
    assert!(error.rejection().is_some(), "{error}");
}

#[tokio::test]
async fn without_a_lost_reply_nobody_looks() {
    for first in [refuse(ResponseCode::ERROR_TRANSIENT, ""), http(503, "")] {
        let server = ScriptedScheduler::performing([first, exists()]);
        let (client, _) = server.patient();
        let error = client.create_job(description()).await.unwrap_err();
        assert!(error.rejection().is_some(), "{error}");
        assert_eq!(server.methods(), ["createJob", "createJob"]);
    }
}

#[tokio::test]
async fn when_looking_fails_nothing_is_claimed() {
    let denied = refuse(ResponseCode::AUTH_FAILED, "no");
    let server = ScriptedScheduler::performing([Act::Drop, exists(), denied]);
    let (client, _) = server.patient();
    let error = client.create_job(description()).await.unwrap_err();
    insta::assert_snapshot!(error, @"the scheduler of west may or may not have executed createJob, because the scheduler refused createJob (INVALID_REQUEST): Job already exists: www/prod/web; check the job before you repeat the call");
}

#[tokio::test]
async fn a_lost_attempt_that_did_nothing_is_repeated() {
    let server = ScriptedScheduler::performing([Act::Drop, ok(None, "2 new tasks")]);
    let (client, _) = server.patient();
    let reply = client.create_job(description()).await.unwrap();
    assert_eq!(reply.value, Created::Confirmed);
    assert_eq!(reply.message(), "2 new tasks");
}

#[tokio::test]
async fn what_would_happen_twice_is_not_repeated() {
    let job = JobKey::new("west", "www", "prod", "web").unwrap();
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[1".to_vec();
    for act in [
        Act::Drop,
        Act::Raw(half),
        Act::RawThenSilence(Vec::new()),
        http(500, ""),
    ] {
        let server = ScriptedScheduler::performing([act]);
        let (client, clock) = server.patient();
        let like = job.clone().with_instance(0);
        for result in [
            client.add_instances(&like, 3).await,
            client.start_cron_job(&job).await,
        ] {
            let error = result.unwrap_err();
            assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error:?}");
        }
        assert_eq!(server.methods(), ["addInstances", "startCronJob"]);
        assert!(clock.sleeps().is_empty());
    }
}

#[tokio::test]
async fn what_was_not_carried_out_is_repeated_even_then() {
    let server = ScriptedScheduler::performing([
        http(503, ""),
        refuse(ResponseCode::ERROR_TRANSIENT, ""),
        ok(None, ""),
    ]);
    let (client, clock) = server.patient();
    let job = JobKey::new("west", "www", "prod", "web").unwrap();
    let like = job.with_instance(0);
    client.add_instances(&like, 3).await.unwrap();
    assert_eq!(clock.sleeps().len(), 2);
}

#[tokio::test]
async fn a_schedule_that_is_gone_after_a_lost_reply_is_a_success() {
    let cron = |schedule: &str| {
        let job = JobConfiguration {
            cron_schedule: Some(schedule.to_owned()),
            ..description()
        };
        let result = GetJobsResult {
            configs: Some(BTreeSet::from([job])),
        };
        ok(Some(ResultBranch::GetJobsResult(result)), "")
    };
    let job = JobKey::new("west", "www", "prod", "web").unwrap();
    for (schedule, is_gone) in [("", true), ("* * * * *", false)] {
        let refusal = refuse(ResponseCode::INVALID_REQUEST, "not scheduled");
        let server = ScriptedScheduler::performing([Act::Drop, refusal, cron(schedule)]);
        let (client, _) = server.patient();
        let result = client.deschedule_cron_job(&job).await;
        match result {
            Ok(_) => assert!(is_gone),
            Err(error) => assert!(matches!(error, Error::OutcomeUnknown { .. }) && !is_gone),
        }
    }
}

#[tokio::test]
async fn a_lock_that_is_gone_after_a_lost_reply_is_released() {
    let lock = |token: &str| Lock {
        token: Some(token.to_owned()),
        ..Lock::default()
    };
    for (token, is_gone) in [("other", true), ("ours", false)] {
        let refusal = refuse(ResponseCode::LOCK_ERROR, "no such lock");
        let result = GetLocksResult {
            locks: Some(BTreeSet::from([lock(token)])),
        };
        let locks = ok(Some(ResultBranch::GetLocksResult(result)), "");
        let server = ScriptedScheduler::performing([Act::Drop, refusal, locks]);
        let (client, _) = server.patient();
        let result = client.release_lock(lock("ours"), LockValidation::CHECKED);
        match result.await {
            Ok(_) => assert!(is_gone),
            Err(error) => assert!(matches!(error, Error::OutcomeUnknown { .. }) && !is_gone),
        }
    }
}
