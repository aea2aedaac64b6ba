//! Runs the command as a recorded run describes, in a world of its own.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use aurora_testkit::command::{Answer, ClockServer, Home, ReservedPort, Waits};
use aurora_testkit::{Act, ScriptedScheduler};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::json;

use super::difference::differences;
use super::scenario::{Exchange, Scenario};
use super::scheduler::{Closeness, Script};
use super::zookeeper::Nodes;

/// How long a command may take on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(180);
/// Divides the commands that were written down; no argument holds it.
const END_OF_COMMAND: &str = "\u{1e}";

/// What to replay otherwise than it was recorded.
pub(crate) struct Variation<'a> {
    /// The value of `AURORA_COMPAT`.
    pub(crate) compat: &'a str,
    /// The answers of the scheduler, and how closely what is sent is compared.
    pub(crate) exchanges: &'a [Exchange],
    pub(crate) closeness: Closeness,
    /// The sleeps after the last exchange.
    pub(crate) waits: &'a [f64],
    /// Replacements in the entries of clusters.
    pub(crate) in_clusters: &'a [(&'a str, &'a str)],
}

/// How a command ended.
pub(crate) struct Outcome {
    pub(crate) exit: Option<i32>,
    /// With placeholders for the port and the folder, as in the records.
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The pages that were given to the browser.
    pub(crate) opened: Vec<String>,
    /// The command lines of ssh.
    pub(crate) ssh: Vec<Vec<String>>,
    /// What was sent, waited for or asked of ZooKeeper otherwise than recorded.
    pub(crate) complaints: Vec<String>,
}

/// Runs it. Nothing without a ZooKeeper server that it needs.
pub(crate) fn replay(scenario: &Scenario, variation: &Variation<'_>) -> Option<Outcome> {
    let run = &scenario.run;
    let reserved = ReservedPort::take();
    let port = reserved.port();
    let nodes = match &run.zookeeper {
        None => None,
        Some(recorded) => {
            let nodes = Nodes::of(&format!("{}-{}", scenario.name, variation.compat), port)?;
            nodes.replace(&[], recorded);
            Some(nodes)
        }
    };
    let world = World::new();
    world.fill(scenario, variation, port, nodes.as_ref());

    let waits = Waits::default();
    let before_first_answer = nodes.filter(|_| !run.zookeeper_after_first.is_empty()).map(
        |nodes| -> Box<dyn FnOnce() + Send> {
            let (old, new) = (run.zookeeper.clone(), run.zookeeper_after_first.clone());
            Box::new(move || nodes.replace(&old.unwrap_or_default(), &new))
        },
    );
    let script = Script::new(
        variation.exchanges,
        variation.closeness,
        port,
        waits.clone(),
        before_first_answer,
    );
    let serving = script.clone();
    let mut listen = Some(move || {
        let answer = Act::bytes(move |request| serving.answer(&request));
        ScriptedScheduler::listening(reserved.listen(), [answer])
    });
    let mut scheduler = Vec::new();
    let (listens_after, interrupted_at) =
        (run.scheduler_listens_after_waits, run.interrupted_at_wait);
    if listens_after == 0 {
        scheduler.extend(listen.take().map(|listen| listen()));
    }
    let (pid_sender, pid) = mpsc::channel::<i32>();
    let clock = ClockServer::start(waits.clone(), move |count| {
        if count == listens_after {
            scheduler.extend(listen.take().map(|listen| listen()));
        }
        if interrupted_at == Some(count) {
            let pid = pid.recv().unwrap();
            kill(Pid::from_raw(pid), Signal::SIGINT).unwrap();
            return Answer::Never;
        }
        Answer::Passed
    });

    let mut child = world.command(scenario, variation, &clock).spawn().unwrap();
    let _ = pid_sender.send(child.id().try_into().unwrap());
    let status = wait(&mut child);
    drop(clock);

    let mut complaints = script.complaints();
    let waits_after = json!(waits.take());
    let late = differences(&waits_after, &json!(variation.waits)).into_iter();
    complaints.extend(late.map(|difference| format!("waits at the end: {difference}")));
    if status.is_none() {
        complaints.push(format!("it did not end within {PATIENCE:?}"));
    }
    Some(world.outcome(scenario, status, port, complaints))
}

/// Ends a command that takes too long.
fn wait(child: &mut Child) -> Option<ExitStatus> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

/// The folders of one run.
struct World {
    home: Home,
    root: PathBuf,
}

impl World {
    fn new() -> Self {
        let home = Home::of(env!("CARGO_BIN_EXE_aurora-under-test"));
        // As the command names it.
        let root = home.folder().canonicalize().unwrap();
        fs::create_dir(root.join("bin")).unwrap();
        Self { home, root }
    }

    fn fill(
        &self,
        scenario: &Scenario,
        variation: &Variation<'_>,
        port: u16,
        nodes: Option<&Nodes>,
    ) {
        let run = &scenario.run;
        for name in &run.files {
            let path = self.root.join("work").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::copy(scenario.folder.join(name), path).unwrap();
        }
        for (name, text) in &run.home_files {
            self.write(&self.root.join("home").join(name), text);
        }
        let mut clusters = run.clusters.clone().unwrap_or_default();
        for cluster in clusters.as_array_mut().into_iter().flatten() {
            if let Some(nodes) = nodes {
                nodes.move_path(cluster);
            }
        }
        let zookeeper = nodes.map(|nodes| nodes.port().to_string());
        let text_of = |recorded: &str| {
            let mut text = recorded.to_owned();
            for (old, new) in variation.in_clusters {
                text = text.replace(old, new);
            }
            text.replace("\"<ZKPORT>\"", zookeeper.as_deref().unwrap_or_default())
                .replace("<PORT>", &port.to_string())
        };
        if run.clusters.is_some() {
            let path = self.root.join("etc/clusters.json");
            self.write(&path, &text_of(&clusters.to_string()));
        }
        for (path, text) in &run.clusters_files {
            let path = path
                .replace("$AURORA_CONFIG_ROOT", "etc")
                .replace("$HOME", "home");
            self.write(&self.root.join(path), &text_of(text));
        }
        self.script("browser", "printf '%s\\n' \"$1\" >>../opened");
        self.script(
            "ssh",
            &format!(
                "for word in ssh \"$@\" '{END_OF_COMMAND}'; do printf '%s\\0' \"$word\"; done >>../ssh\n\
                 for word in \"$@\"; do case $word in *@*) host=$word; break;; esac; done\n\
                 printf '%s' '{}'\nexit {}",
                run.ssh_prints
                    .replace('\'', r"'\''")
                    .replace("${host}", "'\"$host\"'"),
                run.ssh_exits
            ),
        );
    }

    /// Only for its owner, as passwords have to be.
    fn write(&self, path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
    }

    fn script(&self, name: &str, text: &str) {
        let path = self.root.join("bin").join(name);
        self.write(&path, &format!("#!/bin/sh\n{text}\n"));
        fs::set_permissions(path, Permissions::from_mode(0o700)).unwrap();
    }

    fn command(
        &self,
        scenario: &Scenario,
        variation: &Variation<'_>,
        clock: &ClockServer,
    ) -> Command {
        let run = &scenario.run;
        let inherited = std::env::var("PATH").unwrap_or_default();
        let arguments: Vec<_> = run.args.iter().map(String::as_str).collect();
        let mut command = self.home.command(&arguments);
        command
            .env(
                "PATH",
                format!("{}:{inherited}", self.root.join("bin").display()),
            )
            .env("AURORA_COMPAT", variation.compat)
            .env("BROWSER", self.root.join("bin/browser"))
            .env("USER", "alice")
            .env("AURORA_TEST_CLOCK", clock.address.to_string())
            .env("AURORA_TEST_NOW", run.now.to_string())
            .env_remove("COLUMNS")
            .envs(&run.env)
            .stdout(File::create(self.root.join("stdout")).unwrap())
            .stderr(File::create(self.root.join("stderr")).unwrap());
        if run.zookeeper.is_some() && run.interrupted_at_wait.is_some() {
            // A search that finds no scheduler takes a minute, and it is real time.
            command.env("AURORA_TEST_SEARCH", "0.2 1");
        }
        command
    }

    fn outcome(
        &self,
        scenario: &Scenario,
        status: Option<ExitStatus>,
        port: u16,
        complaints: Vec<String>,
    ) -> Outcome {
        let text = |name: &str| {
            let bytes = fs::read(self.root.join(name)).unwrap_or_default();
            String::from_utf8_lossy(&bytes)
                .replace(&format!(":{port}"), ":<PORT>")
                .replace(self.root.to_str().unwrap(), "<WORK>")
        };
        let lines = |text: String| text.lines().map(str::to_owned).collect::<Vec<_>>();
        // A browser on a slow machine opens its pages after the command has ended.
        let deadline = Instant::now() + PATIENCE;
        while lines(text("opened")).len() < scenario.run.opened.len()
            && status.is_some_and(|status| status.success())
            && Instant::now() < deadline
        {
            std::thread::sleep(Duration::from_millis(20));
        }
        let words = text("ssh");
        let ssh = words
            .split(&format!("{END_OF_COMMAND}\0"))
            .map(|command| command.split_terminator('\0').map(str::to_owned).collect())
            .filter(|command: &Vec<_>| !command.is_empty())
            .collect();
        Outcome {
            exit: status.and_then(|status| status.code()),
            stdout: text("stdout"),
            stderr: text("stderr"),
            opened: lines(text("opened")),
            ssh,
            complaints,
        }
    }
}
