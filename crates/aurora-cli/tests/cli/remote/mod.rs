//! `task run` and `task ssh`, against a real SSH server. Without one these tests are left out, by name.

mod sessions;

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use aurora_api::calls::AnyCall;
use aurora_api::{
    AssignedTask, Result as Branch, ScheduleStatus, ScheduleStatusResult, ScheduledTask,
};
use aurora_testkit::command::Run;
use aurora_testkit::ssh::Sshd;
use aurora_testkit::until;

use crate::harness::Home;
use crate::scheduler::{Scheduler, ok};

/// A cluster with a job whose instances run on these hosts, instance 0 on the first, each with a port `http`.
pub(crate) struct Cluster {
    scheduler: Scheduler,
    options: String,
}

impl Cluster {
    /// Every name of a host leads to the server; nothing without a server: the test is left out by name.
    pub(crate) fn start(hosts: &[&str]) -> Option<(Self, Sshd)> {
        Self::with_port(hosts, 31000)
    }

    pub(crate) fn with_port(hosts: &[&str], http: u16) -> Option<(Self, Sshd)> {
        let sshd = Sshd::start()?;
        let mut cluster = Self::without_server(hosts, http);
        cluster.options = sshd.options();
        Some((cluster, sshd))
    }

    fn without_server(hosts: &[&str], http: u16) -> Self {
        let tasks: Vec<_> = hosts
            .iter()
            .enumerate()
            .map(|(instance, host)| task(instance, host, http))
            .collect();
        let scheduler = Scheduler::answering(move |call| {
            let AnyCall::GetTasksStatus(call) = call else {
                panic!("unexpected call of {}", call.method());
            };
            let wanted = call.query.unwrap().instance_ids;
            let is_wanted = |task: &&ScheduledTask| {
                let instance = task.assigned_task.as_ref().unwrap().instance_id.unwrap();
                wanted
                    .as_ref()
                    .is_none_or(|wanted| wanted.contains(&instance))
            };
            ok(Branch::ScheduleStatusResult(ScheduleStatusResult {
                tasks: Some(tasks.iter().filter(is_wanted).cloned().collect()),
            }))
        });
        let root = scheduler.home.folder().join("slave");
        let scheduler = scheduler.with_properties(&format!(
            r#""slave_root": "{}", "slave_run_directory": "latest""#,
            root.display()
        ));
        for instance in 0..hosts.len() {
            let task = format!(
                "slaves/S-{instance}/frameworks/F/executors/thermos-{}",
                id(instance)
            );
            fs::create_dir_all(root.join(task).join("runs/latest/sandbox")).unwrap();
        }
        Self {
            scheduler,
            options: String::new(),
        }
    }

    /// A file that all instances see.
    fn shared(&self, name: &str) -> PathBuf {
        self.scheduler.home.folder().join(name)
    }

    /// `aurora task VERB` with what it takes to get in.
    fn command(&self, verb: &str, arguments: &[&str]) -> Command {
        let options = format!("--ssh-options={}", self.options);
        let user = Sshd::user();
        let mut all = vec!["task", verb, &options, "-l", &user];
        all.extend(arguments);
        let mut command = self.scheduler.home.command(&all);
        command.env("PATH", std::env::var_os("PATH").unwrap());
        command
    }

    fn run(&self, verb: &str, arguments: &[&str]) -> Run {
        Run::of(&mut self.command(verb, arguments))
    }

    /// Starts it, with its input in the hand of the test.
    fn spawn(&self, verb: &str, arguments: &[&str]) -> Child {
        self.command(verb, arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

fn id(instance: usize) -> String {
    format!("1-www-prod-web-{instance}-a")
}

fn task(instance: usize, host: &str, http: u16) -> ScheduledTask {
    ScheduledTask {
        status: Some(ScheduleStatus::RUNNING),
        assigned_task: Some(AssignedTask {
            task_id: Some(id(instance)),
            instance_id: Some(i32::try_from(instance).unwrap()),
            slave_host: Some(host.to_owned()),
            assigned_ports: Some([("http".to_owned(), http.into())].into()),
            ..AssignedTask::default()
        }),
        ..ScheduledTask::default()
    }
}

const KEY: &str = "west/www/prod/web";

#[test]
fn a_command_runs_in_the_sandbox_of_each_instance() {
    let Some((cluster, _sshd)) = Cluster::start(&["127.0.0.1", "localhost"]) else {
        return;
    };
    let command = "basename $PWD; echo {{mesos.instance}} {{thermos.ports[http]}} {{thermos.task_id}} {{mesos.hostname}}; \
                   echo oops >&2";
    let ended = cluster.run("run", &[KEY, command]);
    insta::assert_snapshot!(ended.stdout, @r"
    127.0.0.1:  sandbox
    127.0.0.1:  0 31000 1-www-prod-web-0-a {{mesos.hostname}}
    127.0.0.1:  oops
    localhost:  sandbox
    localhost:  1 31000 1-www-prod-web-1-a {{mesos.hostname}}
    localhost:  oops
    ");
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));

    let above = cluster.run(
        "run",
        &["-e", &format!("{KEY}/1"), "--", "basename", "$PWD"],
    );
    assert_eq!(above.stdout, "localhost:  latest\n");
}

#[test]
fn instances_run_at_once_and_lines_stay_whole() {
    let Some((cluster, _sshd)) = Cluster::start(&["a.example", "b.example", "c.example"]) else {
        return;
    };
    let shared = cluster.shared("met");
    fs::create_dir(&shared).unwrap();
    // Each waits for all others, and then writes its lines in two halves.
    let command = format!(
        "cd {} && touch {{{{mesos.instance}}}} && until [ $(ls | wc -l) = 3 ]; do sleep 0.05; done; \
         for n in $(seq 500); do printf 'line %s ' $n; printf 'of {{{{mesos.instance}}}}\\n'; done",
        shared.display()
    );
    let ended = cluster.run("run", &["-t", "3", KEY, &command]);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let mut lines: Vec<_> = ended.stdout.lines().collect();
    let mut expected: Vec<_> = (0..3)
        .flat_map(|instance| {
            let host = ["a.example", "b.example", "c.example"][instance];
            (1..=500).map(move |n| format!("{host}:  line {n} of {instance}"))
        })
        .collect();
    lines.sort_unstable();
    expected.sort_unstable();
    assert_eq!(lines, expected);
}

#[test]
fn a_command_that_fails_somewhere_is_reported_and_shows_in_the_exit_code() {
    let Some((cluster, _sshd)) = Cluster::start(&["127.0.0.1", "localhost"]) else {
        return;
    };
    let arguments = [KEY, "echo {{mesos.instance}}; exit {{mesos.instance}}"];
    let ended = cluster.run("run", &arguments);
    assert_eq!(ended.stdout, "127.0.0.1:  0\nlocalhost:  1\n");
    insta::assert_snapshot!(ended.stderr, @r"
    The command failed on 1 of 2 instances:
    	localhost (instance 1): exit status 1
     INFO] Command terminated with error code 4
    ");
    assert_eq!(ended.code, Some(4));

    let released = cluster.run("run", &[&["--compat=released"][..], &arguments].concat());
    assert_eq!(released.stderr, "");
    assert_eq!((released.code, released.stdout), (Some(0), ended.stdout));
}

#[test]
fn an_instance_that_does_not_run_is_no_success() {
    let Some((cluster, _sshd)) = Cluster::start(&["localhost"]) else {
        return;
    };
    let ended = cluster.run("run", &[&format!("{KEY}/0,7"), "true"]);
    insta::assert_snapshot!(ended.stderr, @r"
    Instances [7] of job west/www/prod/web are not running:
    	the command ran on the others
     INFO] Command terminated with error code 4
    ");
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(4), "\n"));
}

#[test]
fn a_server_that_is_not_there_is_reported_with_the_way_to_see_why() {
    let Some((cluster, sshd)) = Cluster::start(&["localhost"]) else {
        return;
    };
    drop(sshd);
    let ended = cluster.run("run", &[KEY, "true"]);
    insta::assert_snapshot!(ended.stderr, @r"
    The command failed on 1 of 1 instances:
    	localhost (instance 0): exit status 255, which is also that of an ssh that cannot connect

    hint: `--ssh-options=-v` shows what ssh does
     INFO] Command terminated with error code 4
    ");
    let ended = cluster.run("ssh", &[KEY, "0"]);
    assert_eq!(ended.code, Some(255));
}

#[test]
fn a_host_that_would_be_an_option_of_ssh_is_refused() {
    let cluster = Cluster::without_server(&["-oProxyCommand=touch${IFS}caught"], 31000);
    for arguments in [["run", KEY, "true"], ["ssh", KEY, "0"]] {
        let ended = cluster.run(arguments[0], &arguments[1..]);
        insta::allow_duplicates! {
            insta::assert_snapshot!(ended.stderr, @r#"
            The reply of the scheduler cannot be used:
            	task 1-www-prod-web-0-a is on "-oProxyCommand=touch${IFS}caught", which is not a host name
            "#);
        }
        assert_eq!(ended.code, Some(20));
    }
    let role = cluster
        .scheduler
        .show(&["task", "run", "west/-F/prod/web", "true"]);
    insta::assert_snapshot!(role, @r#"
    exit 6
    --- stderr
    "-F" is not a user name that ssh accepts

    hint: `--ssh-user USER` logs in as another user than the role of the job
    "#);
}

#[test]
fn a_missing_ssh_is_reported_with_what_to_install() {
    let cluster = Cluster::without_server(&["localhost"], 31000);
    for arguments in [["run", KEY, "true"], ["ssh", KEY, "0"]] {
        let mut command = cluster.command(arguments[0], &arguments[1..]);
        let ended = Run::of(command.env("PATH", "/none"));
        let first = ended.stderr.lines().next();
        let text = "cannot run `ssh`: No such file or directory (os error 2)";
        assert_eq!((ended.code, first), (Some(4), Some(text)));
        assert!(ended.stderr.contains("openssh-client"), "{ended:?}");
    }
}

/// Stops a home's devcluster, however the test ends.
struct Devcluster<'a>(&'a Home);

impl Drop for Devcluster<'_> {
    fn drop(&mut self) {
        let _ = with_path(self.0.command(&["devcluster", "stop"])).output();
    }
}

#[test]
fn the_devcluster_s_tasks_are_found_where_they_are() {
    let Some((cluster, _sshd)) = Cluster::start(&[]) else {
        return;
    };
    let home = &cluster.scheduler.home;
    let file = home.work().join("here.aurora");
    let job = "jobs = [Service(cluster = 'devcluster', role = 'tester', environment = 'test', \
               task = SimpleTask(name = 'here', command = 'echo it is here > found; sleep 600'))]";
    fs::write(&file, job).unwrap();
    let key = "devcluster/tester/test/here";
    let _devcluster = Devcluster(home);
    let created = home.command(&["job", "create", "--wait-until=RUNNING", key, "here.aurora"]);
    Run::of(&mut with_path(created)).succeeded();
    let mut shown = String::new();
    until("the task to write its file", || {
        shown = cluster.run("run", &[key, "cat found"]).stdout;
        shown.contains("it is here")
    });
}

fn with_path(mut command: Command) -> Command {
    command.env("PATH", std::env::var_os("PATH").unwrap());
    command
}
