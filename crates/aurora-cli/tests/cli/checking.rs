//! `config check` and `config render`.

use crate::harness::{Home, home};

const WEB: &str = "\
base = Job(cluster = 'west', role = 'www', environment = 'prod',
           task = Task(
             resources = Resources(cpu = 0.5, ram = 64 * MB, disk = 64 * MB),
             processes = [Process(
               name = 'serve',
               cmdline = './serve --shard {{mesos.instance}} -p {{thermos.ports[http]}} --as {{thermos.user}}')]))
";

fn web(jobs: &str) -> Home {
    home().with_file("web.aurora", &format!("{WEB}{jobs}"))
}

fn two() -> Home {
    web(
        "print 'reading'\njobs = [base(name = 'web', instances = 2), base(name = 'api', announce = Announcer())]\n",
    )
}

fn broken() -> Home {
    web("\
jobs = [
  base(name = 'web', environment = 'production', priority = 'high'),
  base(name = 'api', announce = Announcer(primary_port = 'admin', portmap = {})),
  base(name = 'log', update_config = UpdateConfig(watch_secs = 3), contact = '{{tem}}@west').bind(team = 'www'),
]
")
}

#[test]
fn jobs_without_problems_are_one_line() {
    insta::assert_snapshot!(two().show(&["config", "check", "web.aurora"]), @r"
    exit 0
    --- stdout
    reading
    web.aurora: 2 jobs, no problems
    ");
}

#[test]
fn all_problems_of_all_jobs_are_reported_at_once() {
    insta::assert_snapshot!(broken().show(&["config", "check", "web.aurora"]), @r#"
    exit 3
    --- stderr
    In west/www/production/web:

    error: Cannot coerce 'high' to Integer
     --> web.aurora:8:3
      |
    8 |   base(name = 'web', environment = 'production', priority = 'high'),
      |   ^^^^ jobs[0].priority

    error: Environment should be one of "prod", "devel", "test" or staging<number>!  Got production
     --> web.aurora:8:3
      |
    8 |   base(name = 'web', environment = 'production', priority = 'high'),
      |   ^^^^ jobs[0].environment

    In west/www/prod/api:

    warning: no process uses the port `admin`, which is announced as the primary one
     --> web.aurora:9:33
      |
    9 |   base(name = 'api', announce = Announcer(primary_port = 'admin', portmap = {})),
      |                                 ^^^^^^^^^ jobs[1].announce.primary_port
      |
      = help: listen on {{thermos.ports[admin]}} in a process, or name the port that one uses

    In west/www/prod/log:

    error: You have specified an insufficiently short watch period (3 seconds) in your update configuration.
           Your update will always succeed. In order for the updater to detect health check failures,
           UpdateConfig.watch_secs must be greater than 15 seconds to account for an initial
           health check interval (15 seconds) plus 0 consecutive failures at a check interval of 10 seconds.
      --> web.aurora:10:38
       |
    10 |   base(name = 'log', update_config = UpdateConfig(watch_secs = 3), contact = '{{tem}}@west').bind(team = 'www'),
       |                                      ^^^^^^^^^^^^ jobs[2].update_config.watch_secs

    error: nothing binds {{tem}}
      --> web.aurora:10:79
       |
    10 |   base(name = 'log', update_config = UpdateConfig(watch_secs = 3), contact = '{{tem}}@west').bind(team = 'www'),
       |                                                                               ^^^^^^^ jobs[2].contact
       |
       = help: did you mean `{{team}}`?

    web.aurora: 3 jobs, 4 errors, 1 warning
    "#);
}

#[test]
fn warnings_alone_do_not_fail() {
    let home = web(
        "jobs = [base(name = 'api', announce = Announcer(primary_port = 'admin', portmap = {}))]\n",
    );
    insta::assert_snapshot!(home.show(&["config", "check", "web.aurora"]), @r"
    exit 0
    --- stdout
    web.aurora: 1 job, 0 errors, 1 warning
    --- stderr
    In west/www/prod/api:

    warning: no process uses the port `admin`, which is announced as the primary one
     --> web.aurora:7:39
      |
    7 | jobs = [base(name = 'api', announce = Announcer(primary_port = 'admin', portmap = {}))]
      |                                       ^^^^^^^^^ jobs[0].announce.primary_port
      |
      = help: listen on {{thermos.ports[admin]}} in a process, or name the port that one uses
    ");
}

#[test]
fn problems_can_be_read_by_programs() {
    insta::assert_snapshot!(broken().show(&["config", "check", "-o", "json", "web.aurora"]), @r#"
    exit 3
    --- stdout
    {
      "file": "web.aurora",
      "problems": [],
      "jobs": [
        {
          "key": "west/www/production/web",
          "problems": [
            {
              "severity": "error",
              "message": "Cannot coerce 'high' to Integer",
              "field": "jobs[0].priority",
              "file": "web.aurora",
              "line": 8,
              "column": 3,
              "hint": null,
              "includes": [],
              "notes": []
            },
            {
              "severity": "error",
              "message": "Environment should be one of \"prod\", \"devel\", \"test\" or staging<number>!  Got production",
              "field": "jobs[0].environment",
              "file": "web.aurora",
              "line": 8,
              "column": 3,
              "hint": null,
              "includes": [],
              "notes": []
            }
          ]
        },
        {
          "key": "west/www/prod/api",
          "problems": [
            {
              "severity": "warning",
              "message": "no process uses the port `admin`, which is announced as the primary one",
              "field": "jobs[1].announce.primary_port",
              "file": "web.aurora",
              "line": 9,
              "column": 33,
              "hint": "listen on {{thermos.ports[admin]}} in a process, or name the port that one uses",
              "includes": [],
              "notes": []
            }
          ]
        },
        {
          "key": "west/www/prod/log",
          "problems": [
            {
              "severity": "error",
              "message": "You have specified an insufficiently short watch period (3 seconds) in your update configuration.\nYour update will always succeed. In order for the updater to detect health check failures,\nUpdateConfig.watch_secs must be greater than 15 seconds to account for an initial\nhealth check interval (15 seconds) plus 0 consecutive failures at a check interval of 10 seconds.",
              "field": "jobs[2].update_config.watch_secs",
              "file": "web.aurora",
              "line": 10,
              "column": 38,
              "hint": null,
              "includes": [],
              "notes": []
            },
            {
              "severity": "error",
              "message": "nothing binds {{tem}}",
              "field": "jobs[2].contact",
              "file": "web.aurora",
              "line": 10,
              "column": 79,
              "hint": "did you mean `{{team}}`?",
              "includes": [],
              "notes": []
            }
          ]
        }
      ]
    }
    "#);
    insta::assert_snapshot!(two().show(&["config", "check", "-o=json", "web.aurora"]), @r#"
    exit 0
    --- stdout
    {
      "file": "web.aurora",
      "problems": [],
      "jobs": [
        {
          "key": "west/www/prod/web",
          "problems": []
        },
        {
          "key": "west/www/prod/api",
          "problems": []
        }
      ]
    }
    --- stderr
    reading
    "#);
}

#[test]
fn a_file_that_cannot_be_evaluated_is_one_problem() {
    let home = web("jobs = [bass(name = 'web')]\n");
    insta::assert_snapshot!(home.show(&["config", "check", "web.aurora"]), @r"
    exit 3
    --- stderr
    error: name 'bass' is not defined
     --> web.aurora:7:9
      |
    7 | jobs = [bass(name = 'web')]
      |         ^^^^
      |
      = help: did you mean `base`?

    web.aurora: 0 jobs, 1 error
    ");
    insta::assert_snapshot!(home.show(&["config", "check", "-o", "json", "web.aurora"]), @r#"
    exit 3
    --- stdout
    {
      "file": "web.aurora",
      "problems": [
        {
          "severity": "error",
          "message": "name 'bass' is not defined",
          "field": null,
          "file": "web.aurora",
          "line": 7,
          "column": 9,
          "hint": "did you mean `base`?",
          "includes": [],
          "notes": []
        }
      ],
      "jobs": []
    }
    "#);
    insta::assert_snapshot!(web("").show(&["config", "check", "web.aurora"]), @r"
    exit 0
    --- stdout
    web.aurora: 0 jobs, no problems
    --- stderr
    note: No job defined in this config!
      help: the file has to set `jobs`, a list of jobs
    ");
}

/// A folder with a good file, a bad one that includes another, and one without jobs.
fn folder() -> Home {
    home()
        .with_file("jobs/base.aurora", WEB)
        .with_file(
            "jobs/good.aurora",
            "include('base.aurora')\nprint 'read'\njobs = [base(name = 'good')]\n",
        )
        .with_file(
            "jobs/deep/bad.aurora",
            "include('../base.aurora')\njobs = [base(name = 'bad', instances = 0)]\n",
        )
        .with_file("jobs/deep/notes.txt", "jobs = [")
}

#[test]
fn folders_are_checked_with_one_summary() {
    insta::assert_snapshot!(folder().show(&["config", "check", "jobs"]), @r"
    exit 3
    --- stderr
    In jobs/base.aurora:

    note: No job defined in this config!
      help: the file has to set `jobs`, a list of jobs

    In west/www/prod/bad:

    error: A job has at least one instance, not 0
     --> jobs/deep/bad.aurora:2:9
      |
    2 | jobs = [base(name = 'bad', instances = 0)]
      |         ^^^^ jobs[0].instances

    3 files: 2 jobs, 1 error
    ");
    insta::assert_snapshot!(folder().show(&["config", "check", "jobs/good.aurora", "jobs/base.aurora"]), @r"
    exit 0
    --- stdout
    2 files: 1 job, no problems
    --- stderr
    In jobs/base.aurora:

    note: No job defined in this config!
      help: the file has to set `jobs`, a list of jobs
    ");
    insta::assert_snapshot!(folder().show(&["config", "check", "gone.aurora", "jobs/good.aurora"]), @r"
    exit 3
    --- stderr
    In gone.aurora:

    error: [Errno 2] No such file or directory: 'gone.aurora'
      help: check the name and the folder of the file

    2 files: 1 job, 1 error
    ");
}

#[test]
fn findings_are_for_other_tools_too() {
    insta::assert_snapshot!(folder().show(&["config", "check", "-o", "github", "jobs"]), @r"
    exit 3
    --- stdout
    ::notice file=jobs/base.aurora::No job defined in this config!%0Ahelp: the file has to set `jobs`, a list of jobs
    ::error file=jobs/deep/bad.aurora,line=2,col=9::A job has at least one instance, not 0%0Ain jobs[0].instances
    ");
    insta::assert_snapshot!(folder().show(&["config", "check", "-o", "sarif", "jobs/deep/bad.aurora"]), @r#"
    exit 3
    --- stdout
    {
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "version": "2.1.0",
      "runs": [
        {
          "tool": {
            "driver": {
              "name": "aurora",
              "version": "0.1.0"
            }
          },
          "columnKind": "unicodeCodePoints",
          "results": [
            {
              "level": "error",
              "message": {
                "text": "A job has at least one instance, not 0\nin jobs[0].instances"
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "jobs/deep/bad.aurora"
                    },
                    "region": {
                      "startLine": 2,
                      "startColumn": 9
                    }
                  }
                }
              ]
            }
          ]
        }
      ]
    }
    "#);
    let both = folder().show(&[
        "config",
        "check",
        "-o",
        "json",
        "jobs/good.aurora",
        "jobs/base.aurora",
    ]);
    assert!(both.contains("\"files\": ["), "{both}");
}

#[test]
fn bindings_and_json_are_checked_as_for_other_verbs() {
    let text = r#"{"cluster": "west", "role": "www", "environment": "prod", "name": "hello",
  "task": {
    "processes": [{"name": "greet", "cmdline": "echo {{greeting}}"}],
    "resources": {"cpu": 0.5, "ram": 16777216, "disk": 16777216}
  }
}"#;
    let home = home().with_file("hello.json", text);
    let check = ["config", "check", "--read-json", "hello.json"];
    insta::assert_snapshot!(home.show(&check), @r#"
    exit 3
    --- stderr
    In west/www/prod/hello:

    error: nothing binds {{greeting}}
     --> hello.json:3:54
      |
    3 |     "processes": [{"name": "greet", "cmdline": "echo {{greeting}}"}],
      |                                                      ^^^^^^^^^^^^ jobs[0].task.processes[0].cmdline
      |
      = help: bind them with `.bind(name = value)` in the file, or pass a binding `name=value`

    hello.json: 1 job, 1 error

    hint: `--bind NAME=VALUE` passes a binding
    "#);
    let bound = [&check[..], &["--bind", "greeting=hi"]].concat();
    insta::assert_snapshot!(home.show(&bound), @r"
    exit 0
    --- stdout
    hello.json: 1 job, no problems
    ");
}

#[test]
fn a_job_is_rendered_with_what_only_a_running_task_has() {
    insta::assert_snapshot!(
        two().show(&[
            "config", "render", "web.aurora", "west/www/prod/web",
            "--set", "instance=1,ports.http=31000", "--set", "user=nobody"
        ]),
        @r#"
    exit 0
    --- stdout
    {
      "name": "web",
      "role": "www",
      "cluster": "west",
      "environment": "prod",
      "instances": 2,
      "task": {
        "name": "serve",
        "processes": [
          {
            "cmdline": "./serve --shard 1 -p 31000 --as nobody",
            "name": "serve",
            "max_failures": 1,
            "daemon": false,
            "ephemeral": false,
            "min_duration": 15,
            "final": false
          }
        ],
        "constraints": [],
        "resources": {
          "cpu": 0.5,
          "ram": 67108864,
          "disk": 67108864
        },
        "max_failures": 1,
        "max_concurrency": 0,
        "finalization_wait": 30
      },
      "cron_collision_policy": "KILL_EXISTING",
      "update_config": {
        "batch_size": 1,
        "watch_secs": 45,
        "max_per_shard_failures": 0,
        "max_total_failures": 0,
        "rollback_on_failure": true,
        "wait_for_batch_completion": false
      },
      "service": false,
      "max_task_failures": 1,
      "production": false,
      "priority": 0,
      "health_check_config": {
        "health_checker": {
          "http": {
            "endpoint": "/health",
            "expected_response": "ok",
            "expected_response_code": 0
          }
        },
        "initial_interval_secs": 15.0,
        "interval_secs": 10.0,
        "max_consecutive_failures": 0,
        "timeout_secs": 1.0
      },
      "lifecycle": {
        "http": {
          "port": "health",
          "graceful_shutdown_endpoint": "/quitquitquit",
          "shutdown_endpoint": "/abortabortabort"
        }
      },
      "enable_hooks": false
    }
    --- stderr
    reading
    "#
    );
}

#[test]
fn without_a_key_all_jobs_are_rendered_as_a_list() {
    let shown = two().show(&["config", "render", "web.aurora"]);
    let (json, notes) = shown.split_once("--- stderr\n").unwrap();
    let json = json.strip_prefix("exit 0\n--- stdout\n").unwrap();
    let jobs: serde_json::Value = serde_json::from_str(json).unwrap();
    let names: Vec<_> = jobs
        .as_array()
        .unwrap()
        .iter()
        .map(|job| &job["name"])
        .collect();
    assert_eq!(names, ["web", "api"]);
    assert_eq!(jobs[0]["instances"], 2);
    assert_eq!(jobs[0]["update_config"]["watch_secs"], 45);
    insta::assert_snapshot!(notes, @r"
    reading
    unresolved until a task runs: {{mesos.instance}} {{thermos.ports[http]}}; --set sets them
    ");
}

#[test]
fn what_no_running_task_has_cannot_be_set() {
    insta::assert_snapshot!(two().show(&["config", "render", "--set", "instances=1", "web.aurora"]), @r"
    exit 2
    --- stderr
    error: invalid value 'instances=1' for '--set <NAME=VALUE>': `instances=1` sets nothing that a running task has: write NAME=VALUE, with one of the names instance, hostname, task_id, user, ports.NAME

    For more information, try '--help'.
    ");
}

#[test]
fn a_broken_job_is_not_rendered() {
    insta::assert_snapshot!(
        broken().show(&["config", "render", "web.aurora", "west/www/prod/log"]),
        @r"
    exit 1
    --- stderr
    FATAL] 
    You have specified an insufficiently short watch period (3 seconds) in your update configuration.
    Your update will always succeed. In order for the updater to detect health check failures,
    UpdateConfig.watch_secs must be greater than 15 seconds to account for an initial
    health check interval (15 seconds) plus 0 consecutive failures at a check interval of 10 seconds.

      --> web.aurora:10:38
       |
    10 |   base(name = 'log', update_config = UpdateConfig(watch_secs = 3), contact = '{{tem}}@west').bind(team = 'www'),
       |                                      ^^^^^^^^^^^^ jobs[2].update_config.watch_secs
    "
    );
}

#[test]
fn sets_of_the_raw_form_are_sorted_and_unset_fields_are_left_out() {
    let home = web("\
jobs = [base(name = 'web', constraints = {'rack': 'limit:1', 'host': '!b,a'},
             announce = Announcer(portmap = {'aurora': 'http', 'stats': 'admin'}))]
");
    let shown = home.show(&["job", "inspect", "--raw", "west/www/prod/web", "web.aurora"]);
    let json = shown.strip_prefix("exit 0\n--- stdout\n").unwrap();
    let raw: serde_json::Value = serde_json::from_str(json).unwrap();
    let task = &raw["taskConfig"];
    assert_eq!(task["requestedPorts"], serde_json::json!(["admin", "http"]));
    let names: Vec<_> = task["constraints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["name"])
        .collect();
    assert_eq!(names, ["host", "rack"]);
    assert_eq!(
        task["constraints"][0]["constraint"]["value"],
        serde_json::json!({"negated": true, "values": ["a", "b"]})
    );
    for (object, field) in [
        (&raw, "cronSchedule"),
        (task, "tier"),
        (task, "contactEmail"),
    ] {
        assert!(object.get(field).is_none(), "{field}");
    }
}
