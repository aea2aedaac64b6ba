//! Health checks and the HTTP teardown against a real server and real commands.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::common::{Place, With, dead, process};
use aurora_thermos::{
    FinalState, HealthChecker, HealthSettings, HttpHealthChecker, HttpTeardown, ShellHealthChecker,
    ShellMode, TaskSpec, Teardown,
};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpSocket};

const SECOND: Duration = Duration::from_secs(1);

/// Answers every request by its path, and remembers request lines.
struct Server {
    port: u16,
    requests: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    async fn start(answer: impl Fn(&str) -> String + Send + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let mut stream = BufReader::new(stream);
                let mut first = String::new();
                let mut line = String::new();
                stream.read_line(&mut first).await.unwrap();
                while stream.read_line(&mut line).await.unwrap() > 2 {
                    line.clear();
                }
                let first = first.trim_end().to_owned();
                let text = answer(&first);
                seen.lock().unwrap().push(first);
                // The client may have gone.
                let _ = stream.write_all(text.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        Server {
            port,
            requests,
            task,
        }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn answer(code: u16, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {code} Word\r\nContent-Length: {length}\r\n\r\n{body}")
}

async fn check(server: &Server, change: impl FnOnce(&mut HttpHealthChecker)) -> Result<(), String> {
    let mut checker = HttpHealthChecker::new(server.port);
    change(&mut checker);
    let checked = HealthChecker::Http(checker).check(SECOND).await;
    checked.map_err(|unhealthy| unhealthy.reason)
}

#[tokio::test]
async fn bodies_and_codes_are_compared() {
    let server = Server::start(|request| match request.split(' ').nth(1).unwrap() {
        "/health" => answer(200, " OK\n"),
        "/chunked" => {
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n"
                .to_owned()
        }
        "/until-the-end" => "HTTP/1.0 200 OK\r\n\r\nok".to_owned(),
        "/sick" => answer(200, "a rather long complaint"),
        "/broken" => answer(500, "ok"),
        "/created" => answer(201, "ok"),
        "/empty" => answer(204, ""),
        "/moved" => {
            "HTTP/1.1 302 Found\r\nLocation: /health\r\nContent-Length: 0\r\n\r\n".to_owned()
        }
        "/round" => "HTTP/1.1 302 Found\r\nLocation: round\r\nContent-Length: 0\r\n\r\n".to_owned(),
        "/garbage" => "this is not http\r\n\r\n".to_owned(),
        other => panic!("{other}"),
    })
    .await;
    for path in ["/health", "health", "/chunked", "/until-the-end", "/moved"] {
        check(&server, |c| c.endpoint = path.to_owned())
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    assert_eq!(
        check(&server, |c| c.endpoint = "/sick".to_owned()).await,
        Err("expected the response 'ok', got 'a rather l' (code 200)".to_owned())
    );
    assert_eq!(
        check(&server, |c| c.endpoint = "/broken".to_owned()).await,
        Err("expected the response 'ok', got '' (code 500)".to_owned()),
        "the body of an error does not count"
    );
    for path in ["/round", "/garbage"] {
        check(&server, |c| c.endpoint = path.to_owned())
            .await
            .unwrap_err();
    }
    assert_eq!(
        check(&server, |c| {
            c.endpoint = "/created".to_owned();
            c.expected_response_code = Some(200);
        })
        .await,
        Err("expected the response code 200, got 201".to_owned())
    );
    for path in ["/broken", "/empty", "/sick"] {
        check(&server, |c| {
            c.endpoint = path.to_owned();
            c.expected_response = None;
        })
        .await
        .unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    assert!(
        server
            .requests()
            .contains(&"GET /health HTTP/1.1".to_owned())
    );
}

/// A port that refuses connections for as long as the socket is kept.
///
/// It is bound and does not listen: a closed listener would live on in the children that other tests are just forking.
fn refusing_port() -> (TcpSocket, u16) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = socket.local_addr().unwrap().port();
    (socket, port)
}

#[tokio::test]
async fn no_answer_is_unhealthy() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let checker = HealthChecker::Http(HttpHealthChecker::new(port));
    let silent = checker.check(Duration::from_millis(100)).await;
    assert_eq!(silent.unwrap_err().reason, "no answer within 100ms");

    let (_taken, port) = refusing_port();
    let checker = HealthChecker::Http(HttpHealthChecker::new(port));
    let refused = checker.check(SECOND).await.unwrap_err().reason;
    assert!(
        refused.starts_with("cannot connect to localhost:"),
        "{refused}"
    );
}

#[tokio::test]
async fn watching_ends_with_the_first_unforgiven_failure() {
    let server = Server::start(|_| answer(200, "sick")).await;
    let settings = HealthSettings::default().with(|it| {
        it.initial_interval = Duration::ZERO;
        it.interval = Duration::from_millis(1);
        it.max_consecutive_failures = 2;
    });
    let checker = HealthChecker::Http(HttpHealthChecker::new(server.port));
    let unhealthy = checker.watch(&settings).await;
    assert_eq!(
        unhealthy.reason,
        "expected the response 'ok', got 'sick' (code 200)"
    );
    assert_eq!(server.requests().len(), 3);
}

async fn shell(command: &str, mode: ShellMode, place: &Place) -> Result<(), String> {
    let checker = ShellHealthChecker::new(command, place.path()).with(|it| it.mode = mode);
    let checked = HealthChecker::Shell(checker).check(SECOND).await;
    checked.map_err(|unhealthy| unhealthy.reason)
}

#[tokio::test]
async fn commands_are_healthy_when_they_exit_with_0() {
    let place = Place::new();
    let bash = async |command| shell(command, ShellMode::Bash, &place).await;
    let words = async |command| shell(command, ShellMode::Words, &place).await;
    assert_eq!(bash("true | true && exit 0").await, Ok(()));
    assert_eq!(
        bash("exit 3").await,
        Err("the command 'exit 3' exited with 3".to_owned())
    );
    assert_eq!(
        bash("kill -9 $$").await,
        Err("the command 'kill -9 $$' died by signal 9".to_owned())
    );
    assert_eq!(words("test 'a b' = \"a b\"").await, Ok(()));
    assert_eq!(
        words("test 1 = 1 | false").await,
        Err("the command 'test 1 = 1 | false' exited with 2".to_owned()),
        "no shell, so no pipe"
    );
    for bad in ["", "'open"] {
        let reason = words(bad).await.unwrap_err();
        assert!(
            reason.ends_with("has no words or an open quote"),
            "{reason}"
        );
    }
    let reason = words("/no/such/program").await.unwrap_err();
    assert!(reason.contains("cannot run: No such file"), "{reason}");
}

#[tokio::test]
async fn a_slow_command_is_killed_with_its_children() {
    let place = Place::new();
    let command = format!(
        "sleep 1000 & echo $! > {}/sandbox/pid; wait",
        place.path().display()
    );
    std::fs::create_dir(place.sandbox()).unwrap();
    let reason = shell(&command, ShellMode::Bash, &place).await.unwrap_err();
    assert!(reason.ends_with("did not end within 1s"), "{reason}");
    dead(place.pid("pid").await).await;
}

fn teardown(port: u16) -> HttpTeardown {
    HttpTeardown::new(port).with(|it| it.pause = Duration::from_millis(100))
}

#[tokio::test]
async fn both_endpoints_are_asked_and_any_answer_is_one() {
    let server = Server::start(|_| answer(404, "")).await;
    let start = Instant::now();
    let result = teardown(server.port)
        .run(std::future::pending::<()>())
        .await;
    assert_eq!(
        result,
        Teardown::Running {
            graceful_shutdown: true,
            shutdown: true
        }
    );
    assert!(start.elapsed() >= Duration::from_millis(200));
    assert_eq!(
        server.requests(),
        [
            "POST /quitquitquit HTTP/1.1",
            "POST /abortabortabort HTTP/1.1"
        ]
    );
}

#[tokio::test]
async fn without_an_answer_there_is_no_pause() {
    let (_taken, port) = refusing_port();
    let start = Instant::now();
    let result = HttpTeardown::new(port)
        .run(std::future::pending::<()>())
        .await;
    assert_eq!(
        result,
        Teardown::Running {
            graceful_shutdown: false,
            shutdown: false
        }
    );
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn a_task_that_shuts_itself_down_is_not_asked_again() {
    let place = Place::new();
    let runner = place
        .start(TaskSpec::new(
            "t",
            [process("p", "until [ -e quit ]; do sleep 0.01; done")],
        ))
        .await;
    let quit = place.sandbox().join("quit");
    let server = Server::start(move |_| {
        std::fs::write(&quit, "").unwrap();
        answer(200, "")
    })
    .await;
    let long = HttpTeardown::new(server.port);
    let result = tokio::time::timeout(long.pause, long.run(runner.wait())).await;
    assert_eq!(result, Ok(Teardown::Ended));
    assert_eq!(runner.wait().await.state, FinalState::Success);
    assert_eq!(server.requests(), ["POST /quitquitquit HTTP/1.1"]);
}
