//! Job files: what is read, listed, shown and refused.

use crate::harness::{Home, home};

const HELLO: &str = r#"{
  "cluster": "west", "role": "www", "environment": "prod", "name": "hello", "contact": "www@example.com",
  "task": {
    "processes": [{"name": "greet", "cmdline": "echo {{greeting}} from {{mesos.instance}}"}],
    "resources": {"cpu": 0.5, "ram": 16777216, "disk": 16777216}
  }
}"#;

fn hello() -> Home {
    home().with_file("hello.json", HELLO)
}

#[test]
fn jobs_are_listed_by_key() {
    insta::assert_snapshot!(hello().show(&["config", "list", "--read-json", "hello.json"]), @r"
    exit 0
    --- stdout
    jobs=[west/www/prod/hello]
    ");
}

#[test]
fn a_job_is_shown_by_its_parts() {
    insta::assert_snapshot!(
        hello().show(&[
            "job", "inspect", "west/www/prod/hello", "hello.json", "--read-json", "--bind", "greeting=hi"
        ]),
        @r"
    exit 0
    --- stdout
    Job level information
      name:       'hello'
      role:       'www'
      contact:    'www@example.com'
      cluster:    'west'
      instances:  '1'
      service:    False
      production: False

    Task level information
      name: 'greet'

    Process 'greet':
      cmdline:
        echo hi from {{mesos.instance}}
    "
    );
}

#[test]
fn the_raw_form_is_json_or_as_released() {
    let home = hello();
    let arguments = [
        "job",
        "inspect",
        "--raw",
        "--read-json",
        "--bind=greeting=hi",
        "west/www/prod/hello",
        "hello.json",
    ];
    insta::assert_snapshot!(home.show(&arguments), @r#"
    exit 0
    --- stdout
    {
      "cronCollisionPolicy": 0,
      "taskConfig": {
        "jobName": "hello",
        "isService": false,
        "numCpus": 0.5,
        "ramMb": 16,
        "diskMb": 16,
        "priority": 0,
        "maxTaskFailures": 1,
        "owner": {
          "role": "www",
          "user": "alice"
        },
        "production": false,
        "constraints": [],
        "requestedPorts": [],
        "taskLinks": {},
        "contactEmail": "www@example.com",
        "executorConfig": {
          "name": "AuroraExecutor",
          "data": "{\"environment\": \"prod\", \"health_check_config\": {\"initial_interval_secs\": 15.0, \"health_checker\": {\"http\": {\"expected_response_code\": 0, \"endpoint\": \"/health\", \"expected_response\": \"ok\"}}, \"interval_secs\": 10.0, \"timeout_secs\": 1.0, \"max_consecutive_failures\": 0}, \"name\": \"hello\", \"service\": false, \"max_task_failures\": 1, \"cron_collision_policy\": \"KILL_EXISTING\", \"enable_hooks\": false, \"cluster\": \"west\", \"task\": {\"processes\": [{\"daemon\": false, \"name\": \"greet\", \"max_failures\": 1, \"ephemeral\": false, \"min_duration\": 15, \"cmdline\": \"echo hi from {{mesos.instance}}\", \"final\": false}], \"name\": \"greet\", \"finalization_wait\": 30, \"max_failures\": 1, \"max_concurrency\": 0, \"resources\": {\"disk\": 16777216, \"ram\": 16777216, \"cpu\": 0.5}, \"constraints\": []}, \"production\": false, \"role\": \"www\", \"contact\": \"www@example.com\", \"lifecycle\": {\"http\": {\"graceful_shutdown_endpoint\": \"/quitquitquit\", \"port\": \"health\", \"shutdown_endpoint\": \"/abortabortabort\"}}, \"priority\": 0}"
        },
        "environment": "prod",
        "metadata": [],
        "job": {
          "role": "www",
          "environment": "prod",
          "name": "hello"
        },
        "container": {
          "mesos": {}
        }
      },
      "owner": {
        "role": "www",
        "user": "alice"
      },
      "instanceCount": 1,
      "key": {
        "role": "www",
        "environment": "prod",
        "name": "hello"
      }
    }
    "#);
    insta::assert_snapshot!(home.show_with(("AURORA_COMPAT", "released"), &arguments), @r#"
    exit 0
    --- stdout
    JobConfiguration(instanceCount=1, cronSchedule=None, cronCollisionPolicy=0, key=JobKey(environment=u'prod', role=u'www', name=u'hello'), taskConfig=TaskConfig(isService=False, priority=0, taskLinks={}, tier=None, executorConfig=ExecutorConfig(data='{"environment": "prod", "health_check_config": {"initial_interval_secs": 15.0, "health_checker": {"http": {"expected_response_code": 0, "endpoint": "/health", "expected_response": "ok"}}, "interval_secs": 10.0, "timeout_secs": 1.0, "max_consecutive_failures": 0}, "name": "hello", "service": false, "max_task_failures": 1, "cron_collision_policy": "KILL_EXISTING", "enable_hooks": false, "cluster": "west", "task": {"processes": [{"daemon": false, "name": "greet", "max_failures": 1, "ephemeral": false, "min_duration": 5, "cmdline": "echo hi from {{mesos.instance}}", "final": false}], "name": "greet", "finalization_wait": 30, "max_failures": 1, "max_concurrency": 0, "resources": {"disk": 16777216, "ram": 16777216, "cpu": 0.5}, "constraints": []}, "production": false, "role": "www", "contact": "www@example.com", "lifecycle": {"http": {"graceful_shutdown_endpoint": "/quitquitquit", "port": "health", "shutdown_endpoint": "/abortabortabort"}}, "priority": 0}', name='AuroraExecutor'), metadata=frozenset([]), requestedPorts=set([]), jobName=u'hello', environment=u'prod', ramMb=16, job=JobKey(environment=u'prod', role=u'www', name=u'hello'), production=False, diskMb=16, owner=Identity(role=u'www', user='alice'), container=Container(docker=None, mesos=MesosContainer()), maxTaskFailures=1, contactEmail=u'www@example.com', numCpus=0.5, constraints=set([])), owner=Identity(role=u'www', user='alice'))
    "#);
}

#[test]
fn a_variable_that_nothing_binds_is_refused_before_anything_is_sent() {
    let home = hello();
    insta::assert_snapshot!(
        home.show(&["job", "inspect", "--read-json", "west/www/prod/hello", "hello.json"]),
        @r#"
    exit 3
    --- stderr
    Error loading configuration: The configuration was invalid: Task is invalid: Unexpected unbound refs: {{greeting}}. Make sure you are not nesting template variables.
     --> hello.json:4:54
      |
    4 |     "processes": [{"name": "greet", "cmdline": "echo {{greeting}} from {{mesos.instance}}"}],
      |                                                      ^^^^^^^^^^^^ jobs[0].task.processes[0].cmdline
      |
      = note: nothing binds {{greeting}} in task.processes[0].cmdline
      = help: bind them with `.bind(name = value)` in the file, or pass a binding `name=value`

    hint: `--bind NAME=VALUE` passes a binding
    "#
    );
    let home = home.with_file("dev.json", &HELLO.replace("west", "devcluster"));
    insta::assert_snapshot!(
        home.show(&["job", "create", "--read-json", "devcluster/www/prod/hello", "dev.json"]),
        @r#"
    exit 3
    --- stderr
    Error loading configuration: The configuration was invalid: Task is invalid: Unexpected unbound refs: {{greeting}}. Make sure you are not nesting template variables.
     --> dev.json:4:54
      |
    4 |     "processes": [{"name": "greet", "cmdline": "echo {{greeting}} from {{mesos.instance}}"}],
      |                                                      ^^^^^^^^^^^^ jobs[0].task.processes[0].cmdline
      |
      = note: nothing binds {{greeting}} in task.processes[0].cmdline
      = help: bind them with `.bind(name = value)` in the file, or pass a binding `name=value`

    hint: `--bind NAME=VALUE` passes a binding
    "#
    );
    assert!(
        !home.devcluster().exists(),
        "no scheduler was started for it"
    );
}

#[test]
fn a_job_that_the_file_does_not_have() {
    insta::assert_snapshot!(
        hello().show(&["job", "create", "--read-json", "west/www/prod/helo", "hello.json"]),
        @r"
    exit 3
    --- stderr
    Error loading configuration: Could not find job west/www/prod/helo
    Candidates are:
      west/www/prod/hello

    hint: did you mean `west/www/prod/hello`?
    "
    );
}

#[test]
fn files_that_cannot_be_read() {
    let home = home().with_file("broken.json", "{\"jobs\": [\n  {\"name\" \"x\"}\n]}");
    insta::assert_snapshot!(
        home.show(&["job", "create", "west/www/prod/web", "nowhere.aurora"]),
        @r"
    exit 3
    --- stderr
    Error loading configuration: [Errno 2] No such file or directory: 'nowhere.aurora'

    hint: check the name and the folder of the file
    "
    );
    insta::assert_snapshot!(home.show(&["config", "list", "nowhere.aurora"]), @r"
    exit 4
    --- stderr
    Error loading configuration file: Could not load resource nowhere.aurora
    	[Errno 2] No such file or directory: 'nowhere.aurora'
     INFO] Command terminated with error code 4
    ");
    insta::assert_snapshot!(home.show(&["config", "list", "--read-json", "broken.json"]), @r#"
    exit 4
    --- stderr
    Error loading configuration file: Expecting : delimiter: line 2 column 11 (char 21)
     --> broken.json:2:11
      |
    2 |   {"name" "x"}
      |           ^
     INFO] Command terminated with error code 4
    "#);
}

#[test]
fn settings_for_updates_that_make_no_sense_are_fatal() {
    let home = home().with_file(
        "bad.json",
        &HELLO.replace(
            "\"contact\"",
            "\"instances\": 3, \"update_config\": {\"max_total_failures\": 3}, \"contact\"",
        ),
    );
    insta::assert_snapshot!(
        home.show(&[
            "job", "inspect", "--read-json", "--bind=greeting=hi", "west/www/prod/hello", "bad.json"
        ]),
        @r#"
    exit 1
    --- stderr
    FATAL] 
    max_total_failures in update_config must be lesser than the job size.
    Based on your job size (3) you should use max_total_failures <= 2.

     --> bad.json:2:133
      |
    2 | ... 3, "update_config": {"max_total_failures": 3}, "contact": "www@example.com",
      |                                                ^ jobs[0].update_config.max_total_failures
    "#
    );
}

#[test]
fn a_cron_job_is_not_created() {
    let home = home().with_file(
        "cron.json",
        &HELLO.replace(
            "\"contact\"",
            "\"cron_schedule\": \"0 3 * * *\", \"contact\"",
        ),
    );
    insta::assert_snapshot!(
        home.show(&[
            "job", "create", "--read-json", "--bind=greeting=hi", "west/www/prod/hello", "cron.json"
        ]),
        @r#"
    exit 4
    --- stderr
    Cron jobs may only be scheduled with "aurora cron schedule" command
    "#
    );
}

#[test]
fn a_python_file_is_evaluated() {
    let home = home().with_file(
        "web.aurora",
        "print 'reading', 1\njobs = [\n  Job(cluster = 'west', role = 'www', environment = env, name = 'w%d' % n,\n      task = SimpleTask('t', 'true'))\n  for n in range(2) for env in ('prod', 'test')]\n",
    );
    insta::assert_snapshot!(home.show(&["config", "list", "web.aurora"]), @r"
    exit 0
    --- stdout
    reading 1
    jobs=[west/www/prod/w0, west/www/test/w0, west/www/prod/w1, west/www/test/w1]
    ");
}

#[test]
fn a_python_file_with_a_mistake_is_pointed_into() {
    let home = home()
        .with_file(
            "name.aurora",
            "job = Job(\n  name = 'web',\n)\njobs = [Jobb]\n",
        )
        .with_file("syntax.aurora", "jobs = [\n  Job(name = 'web'\n");
    insta::assert_snapshot!(
        home.show(&["job", "inspect", "west/www/prod/web", "name.aurora"]),
        @r"
    exit 3
    --- stderr
    Error loading configuration: name 'Jobb' is not defined
     --> name.aurora:4:9
      |
    4 | jobs = [Jobb]
      |         ^^^^
      |
      = help: did you mean `Job`?
    "
    );
    let shown = home.show(&["config", "list", "syntax.aurora"]);
    assert!(
        shown.starts_with(
            "exit 4\n--- stderr\nError loading configuration file: unexpected EOF while parsing (syntax.aurora"
        ),
        "{shown}"
    );
    assert!(shown.contains("--> syntax.aurora:"), "{shown}");
}
