//! Starting an update when the reply gets lost: it starts once, and the result says so.

use aurora_api::calls::AnyCall;
use aurora_api::{
    Constraint, GetJobUpdateDetailsResult, Identity, InstanceTaskConfig, JobConfiguration, JobKey,
    JobUpdate, JobUpdateDetails, JobUpdateEvent, JobUpdateInstructions, JobUpdateKey,
    JobUpdateQuery, JobUpdateRequest, JobUpdateSettings, JobUpdateStatus, JobUpdateSummary,
    PopulateJobResult, Range, ResponseCode, Result as ResultBranch, StartJobUpdateResult,
    TaskConfig,
};
use aurora_rpc::{Credentials, Error, SchedulerClient, Started, VirtualClock};
use aurora_testkit::scheduler::{Act, ScriptedScheduler, http};

use crate::following::{summaries, summary};
use crate::server::{builder, ok, refuse};
use crate::trace::NOW;

const NOW_MS: i64 = 1_449_000_000_000;
const MINUTE_MS: i64 = 60_000;
const ROLLING: JobUpdateStatus = JobUpdateStatus::ROLLING_FORWARD;
const OVER: JobUpdateStatus = JobUpdateStatus::ROLLED_FORWARD;

fn config(ram_mb: i64) -> TaskConfig {
    TaskConfig {
        owner: Some(Identity {
            role: Some("www".to_owned()),
            user: Some("bob".to_owned()),
        }),
        environment: Some("prod".to_owned()),
        job_name: Some("web".to_owned()),
        is_service: Some(true),
        ram_mb: Some(ram_mb),
        ..TaskConfig::default()
    }
}

fn settings() -> JobUpdateSettings {
    JobUpdateSettings {
        update_group_size: Some(1),
        min_wait_in_instance_running_ms: Some(30_000),
        ..JobUpdateSettings::default()
    }
}

fn request() -> JobUpdateRequest {
    JobUpdateRequest {
        task_config: Some(config(128)),
        instance_count: Some(2),
        settings: Some(settings()),
    }
}

/// The configuration as the scheduler keeps it, which is not quite as it was sent.
fn populated(ram_mb: i64) -> TaskConfig {
    TaskConfig {
        constraints: Some(std::collections::BTreeSet::<Constraint>::new()),
        priority: Some(0),
        ..config(ram_mb)
    }
}

fn populate() -> Act {
    let result = PopulateJobResult {
        task_config: Some(populated(128)),
    };
    ok(Some(ResultBranch::PopulateJobResult(result)), "")
}

/// What the scheduler keeps of the update that is asked for.
fn details() -> JobUpdateDetails {
    let desired = InstanceTaskConfig {
        task: Some(populated(128)),
        instances: Some(
            [Range {
                first: Some(0),
                last: Some(1),
            }]
            .into(),
        ),
    };
    JobUpdateDetails {
        update: Some(JobUpdate {
            summary: None,
            instructions: Some(JobUpdateInstructions {
                initial_state: None,
                desired_state: Some(desired),
                settings: Some(JobUpdateSettings {
                    rollback_on_failure: Some(false),
                    max_failed_instances: Some(0),
                    // No instances stand for all of them.
                    update_only_these_instances: Some([].into()),
                    ..settings()
                }),
            }),
        }),
        update_events: Some(vec![JobUpdateEvent {
            status: Some(ROLLING),
            message: Some("go".to_owned()),
            ..JobUpdateEvent::default()
        }]),
        instance_events: None,
    }
}

fn detail(details: JobUpdateDetails) -> Act {
    let result = GetJobUpdateDetailsResult {
        details: Some(details),
    };
    ok(Some(ResultBranch::GetJobUpdateDetailsResult(result)), "")
}

fn started(id: &str) -> Act {
    let result = StartJobUpdateResult {
        key: summary(id, ROLLING, 0).key,
    };
    ok(Some(ResultBranch::StartJobUpdateResult(result)), "")
}

fn in_progress() -> Act {
    refuse(
        ResponseCode::INVALID_REQUEST,
        "An active update already exists",
    )
}

fn key(id: &str) -> JobUpdateKey {
    summary(id, ROLLING, 0).key.unwrap()
}

fn client(server: &ScriptedScheduler) -> SchedulerClient {
    let builder = builder(server.url()).clock(VirtualClock::starting_at(NOW));
    builder.build().unwrap()
}

/// Starts the update with these replies: what came of it, and which calls were made.
async fn start(acts: impl IntoIterator<Item = Act>) -> (Result<Started, Error>, Vec<String>) {
    let server = ScriptedScheduler::performing(acts);
    let client = client(&server);
    let result = client.start_job_update(request(), Some("go".to_owned()));
    let result = result.await.map(|reply| reply.value);
    (result, server.methods())
}

/// The acts of a server that lost a reply and then shows one update.
fn shown(update: JobUpdateSummary, details: JobUpdateDetails) -> Vec<Act> {
    vec![
        Act::Drop,
        summaries(vec![update]),
        populate(),
        detail(details),
    ]
}

#[tokio::test]
async fn the_update_that_the_lost_attempt_started_is_a_success() {
    for (status, created) in [
        (ROLLING, NOW_MS + 1),
        (OVER, NOW_MS + 1),
        (ROLLING, NOW_MS - 5 * MINUTE_MS),
    ] {
        let acts = shown(summary("u-1", status, created), details());
        let (result, methods) = start(acts).await;
        assert_eq!(result.unwrap(), Started::FoundAfterLostReply(key("u-1")));
        assert_eq!(
            methods,
            [
                "startJobUpdate",
                "getJobUpdateSummaries",
                "populateJobConfig",
                "getJobUpdateDetails"
            ]
        );
    }
}

#[tokio::test]
async fn only_updates_of_the_job_are_looked_at_and_compared_with_what_was_asked_for() {
    let acts = shown(summary("u-1", ROLLING, NOW_MS + 1), details());
    let server = ScriptedScheduler::performing(acts);
    let client = client(&server);
    let message = Some("go".to_owned());
    client.start_job_update(request(), message).await.unwrap();
    let job = JobKey {
        role: Some("www".to_owned()),
        environment: Some("prod".to_owned()),
        name: Some("web".to_owned()),
    };
    let [
        _,
        AnyCall::GetJobUpdateSummaries(look),
        AnyCall::PopulateJobConfig(populate),
        _,
    ] = &server.calls()[..]
    else {
        panic!("{:?}", server.methods());
    };
    let query = JobUpdateQuery {
        job_key: Some(job.clone()),
        ..JobUpdateQuery::default()
    };
    assert_eq!(look.job_update_query, Some(query));
    let description = JobConfiguration {
        key: Some(job),
        owner: config(128).owner,
        task_config: Some(config(128)),
        instance_count: Some(2),
        ..JobConfiguration::default()
    };
    assert_eq!(populate.description, Some(description));
}

#[tokio::test]
async fn a_coordinated_update_is_known_without_its_message() {
    let coordinated = |pulse| JobUpdateSettings {
        block_if_no_pulses_after_ms: Some(pulse),
        ..settings()
    };
    for (pulse, is_ours) in [(60_000, true), (0, false)] {
        let mut details = details();
        details.update_events.as_mut().unwrap()[0].message = Some("waits for a pulse".to_owned());
        let update = details.update.as_mut().unwrap();
        update.instructions.as_mut().unwrap().settings = Some(coordinated(pulse));
        let mut acts = shown(summary("u-1", ROLLING, NOW_MS + 1), details);
        acts.push(in_progress());
        let server = ScriptedScheduler::performing(acts);
        let client = client(&server);
        let request = JobUpdateRequest {
            settings: Some(coordinated(pulse)),
            ..request()
        };
        let result = client.start_job_update(request, Some("go".to_owned()));
        assert_eq!(result.await.is_ok(), is_ours, "pulse {pulse}");
    }
}

#[tokio::test]
async fn an_update_that_did_not_start_is_started_by_the_repetition() {
    let old = summary("old", OVER, NOW_MS - 60 * MINUTE_MS);
    let (result, methods) = start([Act::Drop, summaries(vec![old]), started("u-2")]).await;
    assert_eq!(result.unwrap(), Started::Confirmed(key("u-2")));
    let expected = ["startJobUpdate", "getJobUpdateSummaries", "startJobUpdate"];
    assert_eq!(methods, expected);
}

#[tokio::test]
async fn the_update_of_somebody_else_is_a_refusal() {
    let other = |change: fn(&mut JobUpdateDetails)| {
        let mut details = details();
        change(&mut details);
        details
    };
    let others = [
        other(|details| {
            let update = details.update.as_mut().unwrap();
            let instructions = update.instructions.as_mut().unwrap();
            instructions.desired_state.as_mut().unwrap().task = Some(populated(256));
        }),
        other(|details| {
            let update = details.update.as_mut().unwrap();
            let instructions = update.instructions.as_mut().unwrap();
            instructions.settings.as_mut().unwrap().update_group_size = Some(7);
        }),
        other(|details| {
            let update = details.update.as_mut().unwrap();
            let instructions = update.instructions.as_mut().unwrap();
            let only = [Range {
                first: Some(0),
                last: Some(0),
            }];
            let settings = instructions.settings.as_mut().unwrap();
            settings.update_only_these_instances = Some(only.into());
        }),
        // The job has the instances 0 and 1.
        other(|details| {
            let update = details.update.as_mut().unwrap();
            let instructions = update.instructions.as_mut().unwrap();
            let more = [Range {
                first: Some(0),
                last: Some(2),
            }];
            instructions.desired_state.as_mut().unwrap().instances = Some(more.into());
        }),
        other(|details| details.update_events = Some(Vec::new())),
        other(|details| details.update = None),
    ];
    for details in others {
        let mut acts = shown(summary("u-1", ROLLING, NOW_MS + 1), details.clone());
        acts.push(in_progress());
        acts.extend(shown(summary("u-1", ROLLING, NOW_MS + 1), details).drain(1..));
        let (result, methods) = start(acts).await;
        let error = result.unwrap_err();
        assert!(error.rejection().is_some(), "{error}");
        assert_eq!(methods.iter().filter(|m| *m == "startJobUpdate").count(), 2);
    }
}

#[tokio::test]
async fn a_late_first_attempt_is_found_when_the_repetition_is_refused() {
    let mut acts = vec![Act::Drop, summaries(Vec::new()), in_progress()];
    acts.extend(shown(summary("u-1", ROLLING, NOW_MS + 1), details()).drain(1..));
    let (result, _) = start(acts).await;
    assert_eq!(result.unwrap(), Started::FoundAfterLostReply(key("u-1")));
}

#[tokio::test]
async fn nothing_to_do_after_a_lost_reply_may_be_due_to_the_first_attempt() {
    let mut acts = vec![Act::Drop, summaries(Vec::new()), ok(None, "nothing to do")];
    acts.extend(shown(summary("u-1", OVER, NOW_MS + 1), details()).drain(1..));
    let (result, _) = start(acts).await;
    assert_eq!(result.unwrap(), Started::FoundAfterLostReply(key("u-1")));

    let nothing = [
        Act::Drop,
        summaries(Vec::new()),
        ok(None, ""),
        summaries(Vec::new()),
    ];
    assert_eq!(start(nothing).await.0.unwrap(), Started::NothingToDo);
}

#[tokio::test]
async fn an_update_like_it_that_is_over_and_may_be_older_is_not_claimed_and_not_repeated() {
    let acts = shown(summary("u-1", OVER, NOW_MS - MINUTE_MS), details());
    let (result, methods) = start(acts).await;
    let error = result.unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error}");
    assert_eq!(methods.iter().filter(|m| *m == "startJobUpdate").count(), 1);
}

#[tokio::test]
async fn when_looking_fails_nothing_is_claimed_and_nothing_repeated() {
    let (result, methods) = start([Act::Drop, refuse(ResponseCode::AUTH_FAILED, "no")]).await;
    let error = result.unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error}");
    assert_eq!(methods, ["startJobUpdate", "getJobUpdateSummaries"]);
}

#[tokio::test]
async fn a_reply_that_makes_no_sense_is_looked_into_as_well() {
    let mut acts = shown(summary("u-1", ROLLING, NOW_MS + 1), details());
    acts[0] = http(200, "garbage");
    let (result, _) = start(acts).await;
    assert_eq!(result.unwrap(), Started::FoundAfterLostReply(key("u-1")));

    let acts = [http(200, "garbage"), summaries(Vec::new())];
    let (result, methods) = start(acts).await;
    assert!(matches!(result, Err(Error::OutcomeUnknown { .. })));
    assert_eq!(methods.len(), 2);
}

#[tokio::test]
async fn without_a_lost_reply_nobody_looks() {
    let (result, methods) = start([in_progress()]).await;
    assert!(result.unwrap_err().rejection().is_some());
    assert_eq!(methods, ["startJobUpdate"]);
    let (result, _) = start([ok(None, "nothing to do")]).await;
    assert_eq!(result.unwrap(), Started::NothingToDo);
    let (result, _) = start([started("u-1")]).await;
    assert_eq!(result.unwrap().key(), Some(&key("u-1")));
}

#[tokio::test]
async fn the_update_of_another_user_is_not_ours() {
    for (user, is_ours) in [("bob", true), ("eve", false)] {
        let mut acts = shown(summary("u-1", ROLLING, NOW_MS + 1), details());
        if !is_ours {
            acts.truncate(2);
            acts.extend([in_progress(), acts[1].clone()]);
        }
        let server = ScriptedScheduler::performing(acts);
        let client = builder(server.url())
            .clock(VirtualClock::starting_at(NOW))
            .credentials(Credentials::new(user, "s3cret"))
            .build()
            .unwrap();
        let result = client
            .start_job_update(request(), Some("go".to_owned()))
            .await;
        match result {
            Ok(reply) => {
                assert!(is_ours);
                assert_eq!(reply.value, Started::FoundAfterLostReply(key("u-1")));
            }
            Err(error) => {
                assert!(!is_ours, "{error}");
                assert!(error.rejection().is_some(), "{error}");
            }
        }
    }
}
