//! Updates and cron jobs of real processes.

use aurora_api::calls::{
    GetJobUpdateDetails, GetJobs, ScheduleCronJob, StartCronJob, StartJobUpdate,
};
use aurora_api::{
    JobConfiguration, JobUpdateDetails, JobUpdateKey, JobUpdateRequest, JobUpdateSettings,
    JobUpdateStatus, ResponseCode, ScheduleStatus,
};
use aurora_devcluster::DevCluster;
use std::time::{Duration, Instant};

use crate::common::{Client, PATIENCE, Place, key, messages, options, simple, states, task_config};

fn service(cmdline: &str, instances: i32) -> JobConfiguration {
    let mut job = simple("web", cmdline);
    job.instance_count = Some(instances);
    task_config(&mut job).is_service = Some(true);
    job
}

async fn start(client: &Client, job: &JobConfiguration) -> JobUpdateKey {
    let settings = JobUpdateSettings {
        update_group_size: Some(2),
        max_per_instance_failures: Some(0),
        max_failed_instances: Some(0),
        min_wait_in_instance_running_ms: Some(200),
        rollback_on_failure: Some(true),
        ..JobUpdateSettings::default()
    };
    let response = client
        .call(&StartJobUpdate {
            request: Some(JobUpdateRequest {
                task_config: job.task_config.clone(),
                instance_count: job.instance_count,
                settings: Some(settings),
            }),
            message: None,
        })
        .await;
    match response.result {
        Some(aurora_api::Result::StartJobUpdateResult(result)) => result.key.unwrap(),
        _ => panic!("{response:?}"),
    }
}

async fn details(client: &Client, key: &JobUpdateKey) -> JobUpdateDetails {
    let call = GetJobUpdateDetails {
        key: Some(key.clone()),
    };
    let response = client.call(&call).await;
    match response.result {
        Some(aurora_api::Result::GetJobUpdateDetailsResult(result)) => result.details.unwrap(),
        _ => panic!("{response:?}"),
    }
}

/// Waits for the end of an update, and says how it went.
async fn course(client: &Client, key: &JobUpdateKey) -> Vec<String> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let events = details(client, key).await.update_events.unwrap();
        let statuses: Vec<JobUpdateStatus> = events.iter().filter_map(|it| it.status).collect();
        if statuses.last().is_some_and(|status| !status.is_active()) {
            return statuses.iter().map(ToString::to_string).collect();
        }
        assert!(Instant::now() < deadline, "{statuses:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The commands of the running instances, as the scheduler tells them.
async fn running(client: &Client) -> Vec<bool> {
    let tasks = client.tasks(&key("web")).await;
    tasks
        .iter()
        .filter(|task| task.status == Some(ScheduleStatus::RUNNING))
        .map(|task| {
            let config = task.assigned_task.as_ref().unwrap().task.as_ref().unwrap();
            let data = config.executor_config.as_ref().unwrap().data.clone();
            data.unwrap().contains("sleep 1001")
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_is_updated_and_a_bad_update_rolled_back() {
    let place = Place::start().await;
    let client = &place.client;
    client.create(&service("sleep 1000", 2)).await;
    client.wait_for(&key("web"), ScheduleStatus::RUNNING).await;

    let good = start(client, &service("sleep 1001", 3)).await;
    assert_eq!(
        course(client, &good).await,
        ["ROLLING_FORWARD", "ROLLED_FORWARD"]
    );
    assert_eq!(running(client).await, [true; 3]);

    let bad = start(client, &service("exit 1", 3)).await;
    assert_eq!(
        course(client, &bad).await,
        ["ROLLING_FORWARD", "ROLLING_BACK", "ROLLED_BACK"]
    );
    assert_eq!(running(client).await, [true; 3], "as before");

    let page = client.get("/scheduler/www/test/web").await.text();
    let path = format!("/scheduler/www/test/web/update/{}", bad.id.clone().unwrap());
    assert!(page.contains(&format!("href=\"{path}\"")), "{page}");
    let page = client.get(&path).await;
    assert_eq!(page.code, 200);
    for text in [
        "ROLLED_BACK",
        "INSTANCE_UPDATE_FAILED",
        "exited too often",
        "instances 0-2",
    ] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
    let unknown = client.get("/scheduler/www/test/web/update/nothing").await;
    assert_eq!(unknown.code, 404);
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_survives_the_restart_of_the_cluster() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = DevCluster::start(options(folder.path())).await.unwrap();
    let client = Client::new(cluster.url());
    client.create(&service("sleep 1000", 4)).await;
    client.wait_for(&key("web"), ScheduleStatus::RUNNING).await;
    let update = start(&client, &service("sleep 1001", 4)).await;
    cluster.shutdown().await;

    let cluster = DevCluster::start(options(folder.path())).await.unwrap();
    let client = Client::new(cluster.url());
    assert_eq!(
        course(&client, &update).await,
        ["ROLLING_FORWARD", "ROLLED_FORWARD"]
    );
    assert_eq!(running(&client).await, [true; 4]);
    cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cron_job_is_seen_and_run() {
    let place = Place::start().await;
    let client = &place.client;
    client.create(&simple("plain", "true")).await;
    let mut job = simple("nightly", "echo done");
    job.cron_schedule = Some("*/30 0 1 1 *".to_owned());
    let response = client
        .call(&ScheduleCronJob {
            description: Some(job),
            lock: None,
        })
        .await;
    assert_eq!(
        response.response_code,
        Some(ResponseCode::OK),
        "{}",
        messages(&response)
    );
    assert!(client.tasks(&key("nightly")).await.is_empty());
    let response = client.call(&GetJobs { owner_role: None }).await;
    assert!(format!("{response:?}").contains("*/30 0 1 1 *"));

    let start = StartCronJob {
        job: Some(key("nightly")),
    };
    client.call(&start).await;
    let tasks = client
        .wait_for(&key("nightly"), ScheduleStatus::FINISHED)
        .await;
    assert_eq!(
        states(&tasks[0]),
        "PENDING ASSIGNED STARTING RUNNING FINISHED"
    );

    let page = client.get("/scheduler/www/test/nightly").await.text();
    assert!(page.contains("<code>0,30 0 1 1 *</code>"), "{page}");
    assert!(page.contains("-01-01 00:00:00 UTC"), "{page}");
    let page = client.get("/scheduler/www/test").await.text();
    assert_eq!(page.matches("runs at").count(), 1, "{page}");
    place.cluster.shutdown().await;
}
