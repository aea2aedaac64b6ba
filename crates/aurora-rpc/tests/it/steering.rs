//! Finding, pulsing and planning updates: which calls are made, and what their replies mean.

use aurora_api::calls::{AnyCall, GetJobUpdateSummaries};
use aurora_api::{
    GetJobUpdateDiffResult, JobUpdatePulseStatus, JobUpdateQuery, JobUpdateRequest,
    JobUpdateStatus, JobUpdateSummary, PulseJobUpdateResult, ResponseCode, Result as ResultBranch,
};
use aurora_rpc::Error;
use aurora_rpc::operations::{
    ActiveUpdate, UpdateFilter, active_update, list_updates, pulse_to_the_end, update_key,
    update_plan,
};
use aurora_testkit::scheduler::{Act, Request, ScriptedScheduler, http};
use std::time::Duration;

use crate::following::{summaries, summary};
use crate::recorded::job;
use crate::server::{Clients, ok, refuse};

const ROLLING: JobUpdateStatus = JobUpdateStatus::ROLLING_FORWARD;

/// What a request asks for.
fn query(seen: &Request) -> JobUpdateQuery {
    match seen.call() {
        Some(AnyCall::GetJobUpdateSummaries(GetJobUpdateSummaries { job_update_query })) => {
            job_update_query.unwrap()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_active_update_is_looked_for_among_active_states() {
    let update = |id| summary(id, ROLLING, 1);
    let server = ScriptedScheduler::performing([
        summaries(vec![]),
        summaries(vec![update("u-1")]),
        summaries(vec![update("u-1"), update("u-2")]),
        summaries(vec![JobUpdateSummary::default()]),
    ]);
    let client = server.once();
    let look = || async { active_update(&client, &job()).await.map(|it| it.value) };
    assert_eq!(look().await.unwrap(), ActiveUpdate::None);
    let key = update("u-1").key.unwrap();
    assert_eq!(look().await.unwrap(), ActiveUpdate::One(key));
    let several = ActiveUpdate::Several(vec![update("u-1"), update("u-2")]);
    assert_eq!(look().await.unwrap(), several);
    let error = look().await.unwrap_err();
    assert!(
        matches!(error, Error::MissingResult { wanted: "key", .. }),
        "{error}"
    );
    let asked = query(&server.requests()[0]);
    assert_eq!(asked.job_key, update("u-1").key.unwrap().job);
    let states: Vec<i32> = asked
        .update_statuses
        .unwrap()
        .iter()
        .map(|it| it.0)
        .collect();
    assert_eq!(states, [0, 1, 2, 3, 9, 10]);
}

#[tokio::test]
async fn a_list_asks_for_a_job_or_for_a_role_and_leaves_other_environments_out() {
    let mut elsewhere = summary("u-2", ROLLING, 1);
    let key = elsewhere.key.as_mut().unwrap().job.as_mut().unwrap();
    key.environment = Some("devel".to_owned());
    let both = vec![summary("u-1", ROLLING, 1), elsewhere];
    let server = ScriptedScheduler::performing([summaries(both)]);
    let client = server.once();
    let filter = UpdateFilter::default()
        .statuses([ROLLING])
        .user(Some("bob".to_owned()));
    let plain = UpdateFilter::default();
    for (scope, filter, found) in [
        ("west", &plain, 2),
        ("west/www", &filter, 2),
        ("west/www/prod", &plain, 1),
        ("west/www/prod/web", &plain, 1),
    ] {
        let updates = list_updates(&client, &scope.parse().unwrap(), filter).await;
        assert_eq!(updates.unwrap().value.len(), found, "{scope}");
    }
    let asked: Vec<_> = server.requests().iter().map(query).collect();
    assert_eq!(asked[0], JobUpdateQuery::default());
    assert_eq!(asked[1].role.as_deref(), Some("www"));
    assert_eq!(asked[1].user.as_deref(), Some("bob"));
    assert_eq!(asked[1].update_statuses, Some([ROLLING].into()));
    assert_eq!(asked[2].role.as_deref(), Some("www"));
    assert_eq!((&asked[3].role, asked[3].job_key.is_some()), (&None, true));
}

#[tokio::test]
async fn a_list_of_a_job_that_cannot_exist_is_not_asked_for() {
    let server = ScriptedScheduler::performing([summaries(vec![])]);
    let client = server.once();
    for scope in ["west/www/prod/w?b", "east/www/prod/web"] {
        let filter = UpdateFilter::default();
        let result = list_updates(&client, &scope.parse().unwrap(), &filter).await;
        let error = result.unwrap_err();
        assert!(
            matches!(error, Error::NoJobKey { .. } | Error::WrongCluster { .. }),
            "{error}"
        );
    }
    assert!(server.requests().is_empty());
}

fn pulsed(status: JobUpdatePulseStatus) -> Act {
    let result = PulseJobUpdateResult {
        status: Some(status),
    };
    ok(Some(ResultBranch::PulseJobUpdateResult(result)), "")
}

#[tokio::test]
async fn pulses_go_on_until_the_update_is_over() {
    let (going, over) = (JobUpdatePulseStatus::OK, JobUpdatePulseStatus::FINISHED);
    let server = ScriptedScheduler::performing([pulsed(going), pulsed(going), pulsed(over)]);
    let (client, clock) = server.patient();
    let key = update_key(&client, &job(), "u-1").unwrap();
    let mut heard = Vec::new();
    let pause = Duration::from_secs(30);
    let pulses = pulse_to_the_end(&client, &key, pause, |status| heard.push(status));
    pulses.await.unwrap();
    assert_eq!(heard, [going, going, over]);
    assert_eq!(clock.sleeps(), [pause, pause]);
    assert_eq!(server.methods(), ["pulseJobUpdate"; 3]);
}

#[tokio::test]
async fn a_refused_pulse_ends_the_pulses() {
    let server = ScriptedScheduler::performing([refuse(ResponseCode::AUTH_FAILED, "not yours")]);
    let client = server.once();
    let key = update_key(&client, &job(), "u-1").unwrap();
    let pulses = pulse_to_the_end(&client, &key, Duration::ZERO, |_| {});
    assert!(matches!(pulses.await, Err(Error::Rejected { .. })));
}

#[tokio::test]
async fn a_scheduler_that_cannot_foresee_is_no_failure_and_one_that_refuses_is() {
    let nothing = GetJobUpdateDiffResult::default();
    let server = ScriptedScheduler::performing([
        ok(Some(ResultBranch::GetJobUpdateDiffResult(nothing)), ""),
        ok(None, ""),
        http(200, "<html>"),
        refuse(ResponseCode::INVALID_REQUEST, "is a cron job"),
    ]);
    let client = server.once();
    let plan = || update_plan(&client, JobUpdateRequest::default());
    assert!(plan().await.unwrap().unwrap().is_empty());
    assert_eq!(plan().await.unwrap(), None);
    assert_eq!(plan().await.unwrap(), None);
    assert!(matches!(plan().await, Err(Error::Rejected { .. })));
}
