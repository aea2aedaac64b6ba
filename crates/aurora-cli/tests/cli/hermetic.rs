//! `--hermetic` and `--env`: what job files see, and that they give the same everywhere.

use std::process::Command;

use aurora_testkit::command::Run;

use crate::harness::home;

const JOB: &str = "
import os, time, random, locale, json
name = 'web-%s' % random.randint(1, 1000000)
facts = {
  'stage': os.environ['STAGE'],
  'user': os.getenv('USER'),
  'home': os.path.expanduser('~'),
  'time': time.ctime(0),
  'zone': time.strftime('%H %Z %_5Z %z %s %% %', time.localtime(0)),
  'names': list(set(['a', 'b', 'c', 'd', 'e'])),
  'hash': hash('web'),
}
jobs = [Job(
  cluster = 'west', role = 'www', environment = 'prod', name = 'web', contact = json.dumps(facts),
  task = Task(name = name, processes = [Process(name = 'web', cmdline = 'true')],
              resources = Resources(cpu = 1, ram = 1 * GB, disk = 1 * GB)))]
";

#[test]
fn the_same_jobs_come_out_everywhere() {
    let home = home().with_file("web.aurora", JOB);
    let file = home.work().join("web.aurora");
    let output = |change: &dyn Fn(&mut Command)| {
        let mut command = home.command(&[
            "job",
            "inspect",
            "--raw",
            "--hermetic",
            "--env=STAGE=test",
            "west/www/prod/web",
            file.to_str().unwrap(),
        ]);
        change(&mut command);
        Run::of(&mut command).succeeded().stdout.clone()
    };
    let first = output(&|_| {});
    assert!(first.contains("00 UTC UTC +0000 0 % %"), "{first}");
    for (name, value) in [
        ("HOME", "/nowhere"),
        ("USER", "bob"),
        ("STAGE", "prod"),
        ("TZ", "Asia/Tokyo"),
        ("LC_ALL", "de_DE.UTF-8"),
        ("PYTHONHASHSEED", "7"),
        ("PYTHONPATH", "/tmp"),
    ] {
        let other = output(&|command| {
            command.env(name, value);
        });
        assert_eq!(other, first, "{name}");
    }
    let elsewhere = output(&|command| {
        command.current_dir("/");
    });
    assert_eq!(elsewhere, first);
}

#[test]
fn refusals_are_errors_of_the_file() {
    let home = home().with_file("web.aurora", "import os\nrole = os.getlogin()\n");
    let file = ["west/www/prod/web", "web.aurora"];
    insta::assert_snapshot!(
        home.show(&["job", "inspect", "--hermetic", file[0], file[1]]),
        @r#"
    exit 3
    --- stderr
    Error loading configuration: `os.getlogin` is refused to a hermetic file
     --> web.aurora:2:8
      |
    2 | role = os.getlogin()
      |        ^^^^^^^^^^^^^
      |
      = help: a hermetic file gives the same jobs at any time and on any machine: pass the value as a binding or as an environment variable

    hint: `--bind NAME=VALUE` passes a binding
    hint: `--env NAME=VALUE` passes an environment variable
    "#
    );
    for arguments in [
        &["job", "create", "--hermetic", file[0], file[1]][..],
        &["config", "list", "--hermetic", file[1]],
    ] {
        let outcome = home.show(arguments);
        assert!(outcome.starts_with("exit 3\n"), "{outcome}");
        assert!(
            outcome.contains("is refused to a hermetic file"),
            "{outcome}"
        );
    }
}

#[test]
fn variables_are_set_and_shown() {
    let text = "import os\nprint os.getenv('STAGE'), os.getenv('LOGNAME'), os.getenv('USER')\n";
    let home = home().with_file("web.aurora", text);
    let printed = |options: &[&str]| {
        let arguments = [&["config", "list", "web.aurora"], options].concat();
        let outcome = home.show_with(("STAGE", "test"), &arguments);
        let line = outcome.lines().nth(2).unwrap_or_default();
        line.to_owned()
    };
    assert_eq!(printed(&[]), "test alice alice");
    assert_eq!(printed(&["--env=STAGE=prod"]), "prod alice alice");
    assert_eq!(printed(&["--hermetic"]), "None None None");
    assert_eq!(printed(&["--hermetic", "--env=STAGE"]), "test None None");
    assert_eq!(
        printed(&["--hermetic", "--env", "USER", "--env", "STAGE=prod"]),
        "prod None alice"
    );
    let wrong = home.show(&["config", "list", "--env", "=x", "web.aurora"]);
    assert!(wrong.starts_with("exit 2\n"), "{wrong}");
}
