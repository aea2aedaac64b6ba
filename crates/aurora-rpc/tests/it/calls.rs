//! Calls that go well, and refusals: what is sent, and what comes back.

use std::collections::BTreeSet;

use aurora_api::{
    GetJobsResult, JobConfiguration, PopulateJobResult, ResponseCode, Result as ResultBranch,
    ScheduleStatusResult, ServerInfo, TaskQuery,
};
use aurora_cluster::Cluster;
use aurora_jobkey::{InstanceSet, JobKey};
use aurora_rpc::{Created, Credentials, Error, RetryPolicy, SchedulerClient};
use aurora_testkit::scheduler::{Act, ScriptedScheduler, http, keep_alive};

use crate::server::{Clients, builder, ok, refuse};

fn job() -> JobKey {
    JobKey::new("west", "www", "prod", "web").unwrap()
}

#[tokio::test]
async fn a_call_is_a_post_of_one_message_with_the_documented_headers() {
    let server = ScriptedScheduler::performing([ok(None, "")]);
    server.once().kill_tasks(&job(), None).await.unwrap();
    let seen = server.requests();
    let [request] = &seen[..] else {
        panic!("{seen:?}");
    };
    assert_eq!(request.line(), "POST /api HTTP/1.1");
    assert_eq!(request.header("content-type"), Some("application/x-thrift"));
    assert_eq!(request.header("user-agent"), Some("Aurora V2"));
    assert_eq!(request.header("accept"), Some("*/*"));
    assert_eq!(request.header("accept-encoding"), Some("gzip"));
    assert_eq!(request.header("authorization"), None);
    let host = server.url().strip_prefix("http://");
    assert_eq!(request.header("host"), host);
    assert_eq!(
        std::str::from_utf8(&request.body).unwrap(),
        r#"[1,"killTasks",1,0,{"4":{"rec":{"1":{"str":"www"},"2":{"str":"prod"},"3":{"str":"web"}}}}]"#
    );
}

#[tokio::test]
async fn messages_and_server_come_with_the_result() {
    let mut act = ok(None, "3 new tasks pending for job www/prod/web");
    if let Act::Answer(response) = &mut act {
        response.server_info = Some(ServerInfo {
            cluster_name: Some("west".to_owned()),
            ..ServerInfo::default()
        });
    }
    let server = ScriptedScheduler::performing([act]);
    let reply = server.once().create_job(JobConfiguration::default()).await;
    let reply = reply.unwrap();
    assert_eq!(reply.value, Created::Confirmed);
    assert_eq!(reply.message(), "3 new tasks pending for job www/prod/web");
    let name = reply.server.unwrap().cluster_name;
    assert_eq!(name.as_deref(), Some("west"));
}

#[tokio::test]
async fn results_are_unwrapped() {
    let server = ScriptedScheduler::performing([ok(
        Some(ResultBranch::GetJobsResult(GetJobsResult {
            configs: Some(BTreeSet::from([JobConfiguration::default()])),
        })),
        "",
    )]);
    let jobs = server.once().get_jobs(Some("www")).await.unwrap().value;
    assert_eq!(jobs.len(), 1);
}

#[tokio::test]
async fn a_result_that_is_missing_or_another_is_an_error() {
    let other = ResultBranch::PopulateJobResult(PopulateJobResult::default());
    for result in [None, Some(other)] {
        let server = ScriptedScheduler::performing([ok(result, "")]);
        let error = server.once().get_jobs(None).await.unwrap_err();
        assert!(
            matches!(
                error,
                Error::MissingResult {
                    method: "getJobs",
                    wanted: "getJobsResult"
                }
            ),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_empty_list_is_a_result() {
    let result = ResultBranch::ScheduleStatusResult(ScheduleStatusResult { tasks: None });
    let server = ScriptedScheduler::performing([ok(Some(result), "")]);
    let tasks = server.once().get_tasks_status(TaskQuery::default()).await;
    assert!(tasks.unwrap().value.is_empty());
}

#[tokio::test]
async fn a_refusal_keeps_code_and_messages_and_is_final() {
    for code in [
        ResponseCode::INVALID_REQUEST,
        ResponseCode::ERROR,
        ResponseCode::WARNING,
        ResponseCode::AUTH_FAILED,
        ResponseCode::LOCK_ERROR,
        ResponseCode(99),
    ] {
        let server = ScriptedScheduler::performing([refuse(code, "because")]);
        let (client, clock) = server.patient();
        let error = client.kill_tasks(&job(), None).await.unwrap_err();
        let (found, messages) = error.rejection().unwrap();
        assert_eq!((found, messages), (code, &["because".to_owned()][..]));
        assert_eq!(server.requests().len(), 1);
        assert!(clock.sleeps().is_empty());
    }
    let server = ScriptedScheduler::performing([refuse(ResponseCode::LOCK_ERROR, "job is locked")]);
    let error = server.once().kill_tasks(&job(), None).await.unwrap_err();
    insta::assert_snapshot!(error, @"the scheduler refused killTasks (LOCK_ERROR): job is locked");
}

#[tokio::test]
async fn nothing_is_sent_for_no_instances_or_for_another_cluster() {
    let server = ScriptedScheduler::performing([http(500, "")]);
    let client = server.once();
    let none = InstanceSet::new();
    let error = client.kill_tasks(&job(), Some(&none)).await.unwrap_err();
    assert!(matches!(error, Error::NoInstances { .. }), "{error}");
    let error = client.restart_shards(&job(), &none).await.unwrap_err();
    assert!(matches!(error, Error::NoInstances { .. }), "{error}");
    let other = JobKey::new("east", "www", "prod", "web").unwrap();
    let error = client.kill_tasks(&other, None).await.unwrap_err();
    insta::assert_snapshot!(error, @"job east/www/prod/web does not belong to cluster west; use a client of its own cluster");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn credentials_of_the_address_are_sent_and_never_shown() {
    let server = ScriptedScheduler::performing([http(401, "who?")]);
    let url = server.url().replace("http://", "http://alice:s3cret@");
    let client = builder(&url).retry(RetryPolicy::never()).build().unwrap();
    let error = client.get_locks().await.unwrap_err();
    let seen = server.requests();
    assert_eq!(
        seen[0].header("authorization"),
        Some("Basic YWxpY2U6czNjcmV0")
    );
    let reported = format!("{error} {error:?} {client:?}");
    assert!(
        !reported.contains("s3cret") && !reported.contains("YWxp"),
        "{reported}"
    );
}

#[tokio::test]
async fn basic_needs_credentials_and_takes_those_of_the_builder() {
    let server = ScriptedScheduler::performing([ok(None, "")]);
    let mut cluster = server.cluster();
    cluster.set_auth_mechanism("BASIC");
    let error = SchedulerClient::connect(&cluster).unwrap_err();
    assert!(matches!(error, Error::NoCredentials { .. }), "{error}");
    let client = SchedulerClient::builder(&cluster)
        .credentials(Credentials::new("alice", "s3cret"))
        .build()
        .unwrap();
    client.snapshot().await.unwrap();
    let seen = server.requests();
    assert_eq!(
        seen[0].header("authorization"),
        Some("Basic YWxpY2U6czNjcmV0")
    );
}

#[tokio::test]
async fn a_client_is_shared_by_tasks() {
    let server = ScriptedScheduler::performing([ok(None, "")]);
    let client = server.once();
    let calls: Vec<_> = (0..8)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.snapshot().await })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(server.requests().len(), 8);
}

#[tokio::test]
async fn an_address_with_a_path_keeps_it() {
    let server = ScriptedScheduler::performing([ok(None, "")]);
    let cluster = Cluster::direct("west", format!("{}/aurora/", server.url()));
    let client = SchedulerClient::connect(&cluster).unwrap();
    client.snapshot().await.unwrap();
    assert_eq!(server.requests()[0].line(), "POST /aurora/api HTTP/1.1");
}

#[tokio::test]
async fn reads_share_a_connection_and_changes_have_their_own() {
    let result = ResultBranch::GetJobsResult(GetJobsResult::default());
    let server = ScriptedScheduler::performing([keep_alive(result)]);
    let client = server.once();
    for _ in 0..3 {
        client.get_jobs(None).await.unwrap();
    }
    for _ in 0..2 {
        client.kill_tasks(&job(), None).await.unwrap();
    }
    let seen = server.requests();
    let connections: Vec<_> = seen.iter().map(|request| request.connection).collect();
    assert_eq!(connections, [0, 0, 0, 1, 2]);
}

#[tokio::test]
async fn a_large_reply_is_read_whole() {
    let message = "x".repeat(3 << 20);
    let server = ScriptedScheduler::performing([ok(None, &message)]);
    let client = SchedulerClient::connect(&server.cluster()).unwrap();
    let reply = client.kill_tasks(&job(), None).await.unwrap();
    assert_eq!(reply.messages, [message]);
}
