//! Following updates, against the calls, replies and waits that were recorded of the released client.

use aurora_api::{
    GetJobUpdateSummariesResult, JobKey as WireJobKey, JobUpdateKey, JobUpdateState,
    JobUpdateStatus, JobUpdateSummary, ResponseCode, Result as ResultBranch,
};
use aurora_jobkey::JobKey;
use aurora_rpc::Error;
use aurora_rpc::operations::{UPDATE_PAUSE, UpdateEnd, UpdateEvent, follow_update};
use aurora_testkit::scheduler::{Act, ScriptedScheduler};

use crate::recorded::job;
use crate::server::{ok, refuse};
use crate::trace::Traced;

pub(crate) fn summary(id: &str, status: JobUpdateStatus, created_ms: i64) -> JobUpdateSummary {
    JobUpdateSummary {
        key: Some(JobUpdateKey {
            job: Some(WireJobKey {
                role: Some("www".to_owned()),
                environment: Some("prod".to_owned()),
                name: Some("web".to_owned()),
            }),
            id: Some(id.to_owned()),
        }),
        user: Some("bob".to_owned()),
        state: Some(JobUpdateState {
            status: Some(status),
            created_timestamp_ms: Some(created_ms),
            last_modified_timestamp_ms: Some(created_ms),
        }),
    }
}

pub(crate) fn summaries(summaries: Vec<JobUpdateSummary>) -> Act {
    let result = GetJobUpdateSummariesResult {
        update_summaries: Some(summaries),
    };
    ok(Some(ResultBranch::GetJobUpdateSummariesResult(result)), "")
}

fn update(status: JobUpdateStatus) -> Act {
    summaries(vec![summary("u-1", status, 1_448_992_800_999)])
}

/// Follows, and writes down what happens.
async fn reported_follow(traced: &Traced<'_>, id: Option<&str>) -> String {
    let mut events = follow_update(&traced.client, &job(), id, UPDATE_PAUSE).unwrap();
    let mut reported = Vec::new();
    while let Some(event) = events.next().await {
        reported.push(match event {
            Ok(UpdateEvent::State { status, .. }) => status.to_string(),
            Ok(UpdateEvent::Ended(UpdateEnd::Several(all))) => format!("{} updates", all.len()),
            Ok(UpdateEvent::Ended(end)) => format!("{end:?}, success: {}", end.is_success()),
            Ok(other) => format!("{other:?}"),
            Err(error) => error.to_string(),
        });
    }
    assert!(events.next().await.is_none());
    reported.join("\n")
}

#[tokio::test]
async fn an_update_is_followed_to_its_end() {
    let server = ScriptedScheduler::performing([
        update(JobUpdateStatus::ROLLING_FORWARD),
        update(JobUpdateStatus::ROLLING_FORWARD),
        update(JobUpdateStatus::ROLL_FORWARD_PAUSED),
        update(JobUpdateStatus::ROLLED_FORWARD),
    ]);
    let traced = Traced::new(&server);
    insta::assert_snapshot!(reported_follow(&traced, Some("a1b2")).await, @r"
    ROLLING_FORWARD
    ROLL_FORWARD_PAUSED
    ROLLED_FORWARD
    Over(ROLLED_FORWARD), success: true
    ");
    insta::assert_snapshot!(traced.reported(), @r#"
    getJobUpdateSummaries Some("a1b2")
    5 s
    getJobUpdateSummaries Some("a1b2")
    5 s
    getJobUpdateSummaries Some("a1b2")
    5 s
    getJobUpdateSummaries Some("a1b2")
    "#);
}

#[tokio::test]
async fn every_other_end_of_an_update_is_no_success() {
    for status in [
        JobUpdateStatus::ROLLED_BACK,
        JobUpdateStatus::ABORTED,
        JobUpdateStatus::FAILED,
        JobUpdateStatus::ERROR,
        JobUpdateStatus(99),
    ] {
        let server =
            ScriptedScheduler::performing([update(JobUpdateStatus::ROLLING_BACK), update(status)]);
        let traced = Traced::new(&server);
        let events = follow_update(&traced.client, &job(), None, UPDATE_PAUSE).unwrap();
        let end = events.end().await.unwrap();
        assert_eq!(end, UpdateEnd::Over(status));
        assert!(!end.is_success());
    }
}

#[tokio::test]
async fn an_update_that_cannot_be_followed_says_why() {
    let two = || summary("u", JobUpdateStatus::ROLLING_FORWARD, 1);
    let stateless = JobUpdateSummary::default();
    let server = ScriptedScheduler::performing([
        summaries(Vec::new()),
        summaries(vec![two(), two()]),
        summaries(vec![stateless]),
        refuse(ResponseCode::ERROR_TRANSIENT, ""),
        refuse(ResponseCode::INVALID_REQUEST, "no such job"),
    ]);
    let traced = Traced::new(&server);
    let mut reported = Vec::new();
    for _ in 0..4 {
        reported.push(reported_follow(&traced, None).await);
    }
    insta::assert_snapshot!(reported.join("\n"), @r"
    NotFound, success: false
    2 updates
    the scheduler's reply to getJobUpdateSummaries lacks its state; it may be too old or too new for this client
    the scheduler refused getJobUpdateSummaries (INVALID_REQUEST): no such job
    ");
    insta::assert_snapshot!(traced.reported(), @r"
    getJobUpdateSummaries None
    getJobUpdateSummaries None
    getJobUpdateSummaries None
    getJobUpdateSummaries None
    5 s
    getJobUpdateSummaries None
    ");
    let elsewhere = JobKey::new("east", "www", "prod", "web").unwrap();
    let error = follow_update(&traced.client, &elsewhere, None, UPDATE_PAUSE).unwrap_err();
    assert!(matches!(error, Error::WrongCluster { .. }));
}

#[tokio::test]
async fn whoever_stops_following_stops_the_looks() {
    let server = ScriptedScheduler::performing([update(JobUpdateStatus::ROLLING_FORWARD)]);
    let traced = Traced::new(&server);
    let mut events = follow_update(&traced.client, &job(), None, UPDATE_PAUSE).unwrap();
    assert!(server.requests().is_empty());
    events.next().await.unwrap().unwrap();
    drop(events);
    assert_eq!(server.requests().len(), 1);
}
