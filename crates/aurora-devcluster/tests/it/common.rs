//! A cluster in a temporary folder, a client for it, and jobs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aurora_api::calls::{Call, CreateJob, GetTasksStatus, KillTasks};
use aurora_api::{
    ExecutorConfig, Identity, JobConfiguration, JobKey, Limits, Response, ResponseCode,
    ScheduleStatus, ScheduledTask, TaskConfig, TaskQuery, message,
};
use aurora_devcluster::{Bytes, Capacity, DevCluster, Options};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Time in which anything that a test waits for must have happened.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Options for tests: a free port, a roomy machine, and short waits.
pub(crate) fn options(root: &Path) -> Options {
    let mut options = Options::new(root);
    options.port = Some(0);
    options.host_name = "box".to_owned();
    options.capacity = Some(Capacity::new(
        64.0,
        Bytes::mebibytes(64 * 1024),
        Bytes::mebibytes(64 * 1024),
    ));
    options.timings.kill_grace = Duration::from_millis(500);
    options.timings.shutdown_grace = Duration::from_millis(500);
    options.timings.http_teardown_wait = Duration::from_millis(300);
    options
}

/// A running cluster with its folder.
pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) cluster: DevCluster,
    pub(crate) client: Client,
}

impl Place {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Options)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = options(folder.path());
        change(&mut options);
        let cluster = DevCluster::start(options).await.unwrap();
        let client = Client::new(cluster.url());
        Self {
            folder,
            cluster,
            client,
        }
    }

    pub(crate) fn sandbox(&self, task: &str) -> PathBuf {
        sandbox(self.folder.path(), task)
    }

    pub(crate) fn log(&self, task: &str, process: &str, stream: &str) -> String {
        let path = self
            .sandbox(task)
            .join(".logs")
            .join(process)
            .join("0")
            .join(stream);
        std::fs::read_to_string(path).unwrap()
    }
}

pub(crate) fn sandbox(root: &Path, task: &str) -> PathBuf {
    root.join("slaves/devcluster/frameworks/aurora/executors")
        .join(format!("thermos-{task}"))
        .join("runs/latest/sandbox")
}

/// An answer to a plain HTTP request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Talks to a cluster.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    authority: String,
}

impl Client {
    pub(crate) fn new(url: &str) -> Self {
        Self {
            authority: url.strip_prefix("http://").unwrap().to_owned(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n", self.authority);
        self.send(&head, b"").await
    }

    pub(crate) async fn post(&self, headers: &str, body: &[u8]) -> Answer {
        let head = format!("POST /api HTTP/1.1\r\n{headers}");
        self.send(&head, body).await
    }

    /// Sends a request whose head lacks its last lines.
    pub(crate) async fn send(&self, head: &str, body: &[u8]) -> Answer {
        let exchange = async {
            let mut stream = TcpStream::connect(&self.authority).await.unwrap();
            let head = format!(
                "{head}Content-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            // The server may answer and close before it has read everything.
            let _ = stream.write_all(body).await;
            let mut bytes = Vec::new();
            let _ = stream.read_to_end(&mut bytes).await;
            bytes
        };
        let bytes = tokio::time::timeout(PATIENCE, exchange).await.unwrap();
        let end = bytes
            .windows(4)
            .position(|it| it == b"\r\n\r\n")
            .expect("an HTTP answer");
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut body = bytes[end + 4..].to_vec();
        if head.to_lowercase().contains("transfer-encoding: chunked") {
            body = unchunk(&body);
        }
        Answer {
            code: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head,
            body,
        }
    }

    pub(crate) async fn call<C: Call>(&self, call: &C) -> Response {
        let headers = format!("Host: {}\r\n", self.authority);
        let answer = self.post(&headers, &message::encode_call(call)).await;
        assert_eq!(answer.code, 200, "{}", answer.text());
        assert!(
            answer
                .head
                .to_lowercase()
                .contains("content-type: application/x-thrift")
        );
        let reply = message::decode_reply(&answer.body, &Limits::default()).unwrap();
        assert_eq!(reply.method, C::METHOD);
        let message::ReplyBody::Response(response) = reply.body else {
            panic!("no response: {reply:?}");
        };
        let info = response.server_info.as_ref().unwrap();
        assert_eq!(info.cluster_name.as_deref(), Some("devcluster"));
        assert_eq!(info.stats_url_prefix.as_deref(), Some(""));
        assert!(response.details.is_some());
        response
    }

    pub(crate) async fn create(&self, job: &JobConfiguration) {
        let response = self
            .call(&CreateJob {
                description: Some(job.clone()),
                lock: None,
            })
            .await;
        assert_eq!(
            response.response_code,
            Some(ResponseCode::OK),
            "{response:?}"
        );
    }

    pub(crate) async fn kill(&self, key: &JobKey) {
        let response = self
            .call(&KillTasks {
                job: Some(key.clone()),
                ..KillTasks::default()
            })
            .await;
        assert_eq!(
            response.response_code,
            Some(ResponseCode::OK),
            "{response:?}"
        );
    }

    /// All tasks of a job, by instance and age.
    pub(crate) async fn tasks(&self, key: &JobKey) -> Vec<ScheduledTask> {
        let query = TaskQuery {
            role: key.role.clone(),
            environment: key.environment.clone(),
            job_name: key.name.clone(),
            ..TaskQuery::default()
        };
        let response = self.call(&GetTasksStatus { query: Some(query) }).await;
        let Some(result) = response.result else {
            panic!("no result: {response:?}");
        };
        let aurora_api::Result::ScheduleStatusResult(result) = result else {
            panic!("another result: {result:?}");
        };
        result.tasks.unwrap()
    }

    /// Waits until the tasks of a job are as wanted.
    pub(crate) async fn wait(
        &self,
        key: &JobKey,
        wanted: impl Fn(&[ScheduledTask]) -> bool,
    ) -> Vec<ScheduledTask> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let tasks = self.tasks(key).await;
            if wanted(&tasks) {
                return tasks;
            }
            assert!(
                Instant::now() < deadline,
                "never as wanted: {}",
                history(&tasks)
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until every task of a job is in one state.
    pub(crate) async fn wait_for(&self, key: &JobKey, state: ScheduleStatus) -> Vec<ScheduledTask> {
        self.wait(key, |tasks| {
            !tasks.is_empty() && tasks.iter().all(|it| it.status == Some(state))
        })
        .await
    }
}

fn unchunk(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|it| it == b"\r\n").unwrap();
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).unwrap(), 16).unwrap();
        if size == 0 {
            return body;
        }
        body.extend_from_slice(&rest[line + 2..line + 2 + size]);
        rest = &rest[line + 2 + size + 2..];
    }
}

/// The states that a task went through, such as `PENDING ASSIGNED`.
pub(crate) fn states(task: &ScheduledTask) -> String {
    let events = task.task_events.iter().flatten();
    let names: Vec<String> = events
        .map(|event| event.status.unwrap().to_string())
        .collect();
    names.join(" ")
}

/// What happened, for messages.
pub(crate) fn history(tasks: &[ScheduledTask]) -> String {
    let mut text = String::new();
    for task in tasks {
        text.push_str(&format!("\n{}", id(task)));
        for event in task.task_events.iter().flatten() {
            let message = event.message.clone().unwrap_or_default();
            text.push_str(&format!("\n    {} {message}", event.status.unwrap()));
        }
    }
    text
}

pub(crate) fn id(task: &ScheduledTask) -> String {
    task.assigned_task
        .as_ref()
        .unwrap()
        .task_id
        .clone()
        .unwrap()
}

pub(crate) fn last_message(task: &ScheduledTask) -> String {
    let last = task.task_events.iter().flatten().last().unwrap();
    last.message.clone().unwrap_or_default()
}

pub(crate) fn messages(response: &Response) -> String {
    let details = response.details.iter().flatten();
    let texts: Vec<String> = details
        .filter_map(|detail| detail.message.clone())
        .collect();
    texts.join(", ")
}

/// The key of `www/test/NAME`.
pub(crate) fn key(name: &str) -> JobKey {
    JobKey {
        role: Some("www".to_owned()),
        environment: Some("test".to_owned()),
        name: Some(name.to_owned()),
    }
}

/// A process that is not repeated.
pub(crate) fn process(name: &str, cmdline: &str) -> Value {
    json!({"name": name, "cmdline": cmdline, "max_failures": 1, "daemon": false, "ephemeral": false,
        "min_duration": 0, "final": false})
}

/// The executor data of a job.
pub(crate) fn data(name: &str, processes: &[Value]) -> Value {
    json!({
        "environment": "test",
        "name": name,
        "role": "www",
        "cluster": "devcluster",
        "task": {
            "name": name,
            "processes": processes,
            "constraints": [],
            "max_failures": 1,
            "max_concurrency": 0,
            "finalization_wait": 1,
            "resources": {"cpu": 0.1, "ram": 1_048_576, "disk": 1_048_576},
        },
        "lifecycle": {"http": {"port": "health", "graceful_shutdown_endpoint": "/quitquitquit",
            "shutdown_endpoint": "/abortabortabort"}},
    })
}

/// A job of one instance, as a client sends it.
pub(crate) fn job(name: &str, data: &Value) -> JobConfiguration {
    let owner = Identity {
        role: Some("www".to_owned()),
        user: Some("tester".to_owned()),
    };
    JobConfiguration {
        key: Some(key(name)),
        owner: Some(owner.clone()),
        instance_count: Some(1),
        task_config: Some(TaskConfig {
            job: Some(key(name)),
            owner: Some(owner),
            environment: Some("test".to_owned()),
            job_name: Some(name.to_owned()),
            is_service: Some(false),
            num_cpus: Some(0.1.into()),
            ram_mb: Some(1),
            disk_mb: Some(1),
            priority: Some(0),
            max_task_failures: Some(1),
            production: Some(false),
            requested_ports: Some(BTreeSet::new()),
            executor_config: Some(ExecutorConfig {
                name: Some("AuroraExecutor".to_owned()),
                data: Some(data.to_string()),
            }),
            ..TaskConfig::default()
        }),
        ..JobConfiguration::default()
    }
}

/// A job of one process.
pub(crate) fn simple(name: &str, cmdline: &str) -> JobConfiguration {
    job(name, &data(name, &[process("main", cmdline)]))
}

pub(crate) fn task_config(job: &mut JobConfiguration) -> &mut TaskConfig {
    job.task_config.as_mut().unwrap()
}

/// Waits until something holds.
pub(crate) async fn eventually(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Whether the process with the id in a file runs.
pub(crate) fn is_alive(pid: i32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = stat.rsplit(')').next().unwrap_or_default().trim_start();
    !state.is_empty() && !state.starts_with(['Z', 'X'])
}

/// The process id that a task has written into a file.
pub(crate) async fn pid_in(path: &Path) -> i32 {
    eventually("a process id is written", || {
        std::fs::read_to_string(path).is_ok_and(|text| text.ends_with('\n'))
    })
    .await;
    std::fs::read_to_string(path)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}
