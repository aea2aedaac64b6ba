//! The death of the supervising process, and what comes after it.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::common::{Place, With, alive, dead, eventually, process};
use aurora_thermos::{Error, FinalState, ProcessState, Stage, TaskRunner, TaskSpec, recover};

/// Names the folder of the place to a supervisor that a test starts.
const PLACE: &str = "AURORA_THERMOS_TEST_PLACE";

/// Names the command line that it runs.
const CMDLINE: &str = "AURORA_THERMOS_TEST_CMDLINE";

/// A shell, a child in its group, one in a job of its own, and one that left everything.
const FAMILY: &str = r#"
trap '' TERM HUP
sleep 1000 & echo $! > child
bash -c 'set -m; sleep 1001 & echo $! > job; wait' &
setsid -f bash -c 'echo $$ > stray; exec sleep 1002' >/dev/null 2>&1
echo $$ > shell
wait
"#;

#[tokio::test]
#[ignore = "is the supervising process that other tests start and kill"]
async fn supervisor() {
    let folder = std::env::var_os(PLACE).expect("started by another test");
    let cmdline = std::env::var(CMDLINE).expect("started by another test");
    let folder = Path::new(&folder);
    let options =
        aurora_thermos::RunnerOptions::new(folder.join("sandbox"), folder.join("checkpoint"));
    let task = TaskSpec::new(
        "crashing",
        [process("p", &cmdline).with(|it| it.daemon = true)],
    );
    let runner = TaskRunner::start(task, options).await.unwrap();
    println!("outcome: {:?}", runner.wait().await);
}

/// A supervising process; killed when a test fails.
struct Supervisor(Child);

impl Supervisor {
    fn command(place: &Place, cmdline: &str) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "crash::supervisor", "--ignored", "--nocapture"])
            .env(PLACE, place.path())
            .env(CMDLINE, cmdline)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    fn start(place: &Place) -> Supervisor {
        Supervisor(Supervisor::command(place, FAMILY).spawn().unwrap())
    }

    fn pid(&self) -> i32 {
        self.0.id() as i32
    }

    async fn guard(&self) -> i32 {
        eventually("the guard runs", || {
            crate::common::children(self.pid())
                .into_iter()
                .find(|&pid| crate::common::cmdline(pid).contains("aurora-thermos-guard crashing"))
        })
        .await
    }

    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn family(place: &Place) -> [i32; 4] {
    let pids = [
        place.pid("shell").await,
        place.pid("child").await,
        place.pid("job").await,
        place.pid("stray").await,
    ];
    assert!(pids.into_iter().all(alive));
    pids
}

async fn recovered(place: &Place) -> aurora_thermos::Recovery {
    eventually("the lock is free", || recover(&place.checkpoint()).ok()).await
}

#[tokio::test]
async fn a_killed_supervisor_leaves_no_session_behind() {
    let place = Place::new();
    let mut supervisor = Supervisor::start(&place);
    let [shell, child, job, stray] = family(&place).await;
    let guard = supervisor.guard().await;
    supervisor.kill();
    for pid in [shell, child, job, guard] {
        dead(pid).await;
    }
    // What left its session is the business of recovery.
    assert!(alive(stray));
    let outcome = recovered(&place).await.kill().await.unwrap();
    assert_eq!(outcome.state, FinalState::Lost);
    dead(stray).await;
}

#[tokio::test]
async fn recovery_finds_and_kills_what_a_dead_guard_left() {
    let place = Place::new();
    let mut supervisor = Supervisor::start(&place);
    let pids = family(&place).await;
    let guard = supervisor.guard().await;
    Command::new("kill")
        .args(["-KILL", &guard.to_string()])
        .status()
        .unwrap();
    dead(guard).await;
    supervisor.kill();

    let recovery = recovered(&place).await;
    assert!(pids.into_iter().all(alive));
    assert_eq!(recovery.task(), Some("crashing"));
    assert_eq!(recovery.sandbox(), Some(place.sandbox().as_path()));
    assert_eq!(recovery.stage(), Some(Stage::Active));
    assert_eq!(recovery.outcome(), None);
    let runs: Vec<_> = recovery.runs().collect();
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0].state, ProcessState::Running);
    assert_eq!(runs[0].pid, Some(pids[0].unsigned_abs()));
    let leftovers = recovery.leftovers().unwrap();
    for (pid, process) in pids
        .into_iter()
        .zip([Some("p"), Some("p"), Some("p"), None])
    {
        let found = leftovers
            .iter()
            .find(|left| left.pid == pid.unsigned_abs())
            .unwrap();
        assert_eq!(found.process.as_deref(), process);
    }
    assert!(matches!(
        recover(&place.checkpoint()),
        Err(Error::CheckpointInUse { .. })
    ));

    let outcome = recovery.kill().await.unwrap();
    assert!(!pids.into_iter().any(alive));
    assert_eq!(
        outcome.reason,
        "the process that supervised the task ended before it"
    );
    let again = recover(&place.checkpoint()).unwrap();
    assert_eq!(again.outcome(), Some(&outcome));
    let run = again.runs().next().unwrap();
    assert_eq!(
        (run.state, run.return_code),
        (ProcessState::Killed, Some(-9))
    );
    assert_eq!(again.leftovers().unwrap(), []);
    assert_eq!(again.kill().await.unwrap(), outcome);
}

#[tokio::test]
async fn a_session_whose_leader_died_is_recovered() {
    let place = Place::new();
    let mut supervisor = Supervisor::start(&place);
    let [shell, child, job, stray] = family(&place).await;
    let guard = supervisor.guard().await;
    for pid in [guard, supervisor.pid(), shell] {
        Command::new("kill")
            .args(["-KILL", &pid.to_string()])
            .status()
            .unwrap();
    }
    supervisor.kill();
    dead(shell).await;
    let outcome = recovered(&place).await.kill().await.unwrap();
    assert_eq!(outcome.state, FinalState::Lost);
    assert!(![child, job, stray].into_iter().any(alive));
}

/// A checkpoint that claims that `pid` is one of its processes.
fn claim(place: &Place, pid: u32, pid_start: u64, boot: &str) {
    let sandbox = place.sandbox();
    fs::write(
        place.checkpoint(),
        format!(
            r#"{{"at":1,"record":"task","version":1,"task":"t","sandbox":"{0}","log_dir":"{0}/.logs","user":"u","uid":0,"owns_sandbox":true,"supervisor":1,"supervisor_start":1,"boot":"{boot}"}}
{{"at":2,"record":"stage","stage":"active"}}
{{"at":3,"record":"forked","process":"p","run":0}}
{{"at":4,"record":"running","process":"p","run":0,"pid":{pid},"pid_start":{pid_start}}}
{{"at":5,"record":"ended","proc"#,
            sandbox.display()
        ),
    )
    .unwrap();
}

#[tokio::test]
async fn only_the_very_process_on_record_is_killed() {
    let mut bystander = Command::new("sleep").arg("1000").spawn().unwrap();
    let pid = bystander.id();
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let start: u64 = stat.split_whitespace().nth(21).unwrap().parse().unwrap();
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
    let cases = [
        (start - 1, boot.trim(), false),
        (start, "another boot", false),
        (start, boot.trim(), true),
    ];
    for (pid_start, boot, killed) in cases {
        let place = Place::new();
        claim(&place, pid, pid_start, boot);
        let recovery = recover(&place.checkpoint()).unwrap();
        assert_eq!(recovery.leftovers().unwrap().len(), usize::from(killed));
        assert_eq!(recovery.kill().await.unwrap().state, FinalState::Lost);
        assert_eq!(alive(pid as i32), !killed);
    }
    bystander.wait().unwrap();
}

#[tokio::test]
async fn a_runner_has_its_checkpoint_for_itself() {
    let place = Place::new();
    let task = || TaskSpec::new("t", [process("p", "sleep 1000")]);
    let runner = place.start(task()).await;
    assert!(matches!(
        TaskRunner::start(task(), place.options()).await,
        Err(Error::CheckpointInUse { .. })
    ));
    assert!(matches!(
        recover(&place.checkpoint()),
        Err(Error::CheckpointInUse { .. })
    ));
    runner.kill(Duration::ZERO);
    let outcome = runner.wait().await;
    // The lock ends with the task, not with the runner.
    assert!(matches!(
        TaskRunner::start(task(), place.options()).await,
        Err(Error::CheckpointExists { .. })
    ));
    let recovery = recover(&place.checkpoint()).unwrap();
    assert_eq!(recovery.outcome(), Some(&outcome));
}

#[test]
fn a_task_whose_record_cannot_be_kept_is_lost() {
    let place = Place::new();
    // Files end at 2 KiB for this supervisor, which its growing checkpoint reaches first.
    let script = r#"trap '' XFSZ; ulimit -f 2; exec "$@""#;
    let inner = Supervisor::command(&place, "true");
    let child = Command::new("bash")
        .args(["-c", script, "bash"])
        .arg(inner.get_program())
        .args(inner.get_args())
        .envs(
            inner
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("state: Lost, reason: \"cannot write the checkpoint ")
            && text.contains("File too large"),
        "{text}"
    );
}
