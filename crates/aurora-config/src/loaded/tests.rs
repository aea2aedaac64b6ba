//! The rules for jobs, each broken once.

use aurora_api as api;
use serde_json::{Value, json};

use crate::{Configuration, Error, ErrorKind, LoadOptions, LoadedJob};

const KEY: &str = "moor/heath/prod/grebe";

/// A job that breaks no rule, with some fields replaced; null removes a field.
fn job(changes: Value) -> Value {
    let mut job = json!({
        "cluster": "moor", "role": "heath", "environment": "prod", "name": "grebe",
        "task": task(json!({})),
    });
    change(&mut job, changes);
    job
}

fn task(changes: Value) -> Value {
    let mut task = json!({
        "processes": [process("dive", json!({}))],
        "resources": {"cpu": 0.5, "ram": 64 << 20, "disk": 64 << 20},
    });
    change(&mut task, changes);
    task
}

fn process(name: &str, changes: Value) -> Value {
    let mut process = json!({"name": name, "cmdline": format!("run {name}")});
    change(&mut process, changes);
    process
}

fn change(object: &mut Value, changes: Value) {
    let (Some(object), Value::Object(changes)) = (object.as_object_mut(), changes) else {
        return;
    };
    for (field, value) in changes {
        match value {
            Value::Null => object.remove(&field),
            value => object.insert(field, value),
        };
    }
}

fn load(job: &Value, compat: &str) -> Result<LoadedJob, Error> {
    let options = LoadOptions {
        compat: compat.parse().unwrap(),
        ..LoadOptions::default()
    };
    let text = json!({ "jobs": [job] }).to_string();
    Configuration::from_json(&text, &options)?.job(&KEY.parse().unwrap())
}

fn released(changes: Value) -> Result<LoadedJob, Error> {
    load(&job(changes), "released")
}

fn converted(changes: Value) -> Result<api::JobConfiguration, Error> {
    released(changes)?.to_job_configuration("tester")
}

fn with_task(changes: Value) -> Result<api::JobConfiguration, Error> {
    converted(json!({ "task": task(changes) }))
}

/// Kind, text and place of an error.
fn broken<T>(result: Result<T, Error>) -> (ErrorKind, String, String) {
    match result {
        Ok(_) => panic!("this should break a rule"),
        Err(error) => {
            let field = error.field().map(ToString::to_string).unwrap_or_default();
            (error.kind(), error.to_string(), field)
        }
    }
}

fn invalid(text: &str, field: &str) -> (ErrorKind, String, String) {
    (ErrorKind::Invalid, text.to_owned(), field.to_owned())
}

fn unconverted(text: &str, field: &str) -> (ErrorKind, String, String) {
    let text = format!("The configuration was invalid: {text}");
    (ErrorKind::Conversion, text, format!("jobs[0].{field}"))
}

#[test]
fn required_parts_are_asked_for_first() {
    let text = "The configuration was invalid: Task required for job \"grebe\"";
    assert_eq!(
        broken(released(json!({"task": null}))),
        invalid(text, "jobs[0].task")
    );
    let text = "The configuration was invalid: Processes required for task on job \"grebe\"";
    let no_processes = task(json!({"processes": null}));
    assert_eq!(
        broken(released(json!({ "task": no_processes }))),
        invalid(text, "jobs[0].task.processes")
    );
}

#[test]
fn the_type_check_names_the_field() {
    let nameless = task(json!({"processes": [process("a", json!({})), {"cmdline": "b"}]}));
    let (kind, text, field) = broken(released(json!({"name": "grebe", "task": nameless})));
    assert_eq!(kind, ErrorKind::Invalid);
    assert_eq!(
        text,
        "TypeCheck(FAILED): MesosJob[task] failed: Task[processes] failed: Element in ProcessList \
         failed check: Process[name] is required."
    );
    assert_eq!(field, "jobs[0].task.processes[1].name");
}

#[test]
fn update_settings_stand_apart() {
    let text = |changes: Value| {
        let (kind, text, _) = broken(released(changes));
        assert_eq!(kind, ErrorKind::UpdateConfig);
        text
    };
    assert_eq!(
        text(json!({"instances": 3, "update_config": {"max_total_failures": 3}})),
        "\nmax_total_failures in update_config must be lesser than the job size.\n\
         Based on your job size (3) you should use max_total_failures <= 2.\n"
    );
    let dedicated = json!({
        "instances": 150,
        "constraints": {"dedicated": "heath/grebe"},
        "update_config": {"max_total_failures": 2},
    });
    assert!(text(dedicated).contains("you should use max_total_failures >= 3."));
    let slow = json!({
        "update_config": {"watch_secs": 45},
        "health_check_config": {
            "initial_interval_secs": 20.5, "interval_secs": 12.25, "max_consecutive_failures": 2
        },
    });
    let text = text(slow);
    assert!(text.contains("short watch period (45 seconds)"));
    assert!(text.contains("must be greater than 45 seconds"));
    assert!(
        text.contains(
            "(20 seconds) plus 2 consecutive failures at a check interval of 12 seconds."
        )
    );
}

#[test]
fn environments_have_four_forms() {
    for name in ["prod", "devel", "test", "staging", "staging7"] {
        let key = format!("moor/heath/{name}/grebe").parse().unwrap();
        let text = job(json!({ "environment": name })).to_string();
        let configuration = Configuration::from_json(&text, &LoadOptions::default()).unwrap();
        assert!(configuration.job(&key).is_ok(), "{name}");
    }
    for name in ["production", "stagingx", "Prod"] {
        let key = format!("moor/heath/{name}/grebe").parse().unwrap();
        let text = job(json!({ "environment": name })).to_string();
        let configuration = Configuration::from_json(&text, &LoadOptions::default()).unwrap();
        let expected = format!(
            "Environment should be one of \"prod\", \"devel\", \"test\" or staging<number>!  Got {name}"
        );
        assert_eq!(
            broken(configuration.job(&key)),
            invalid(&expected, "jobs[0].environment")
        );
    }
}

#[test]
fn a_missing_environment_is_that_of_the_key() {
    let without = job(json!({"environment": null}));
    assert_eq!(
        load(&without, "documented").unwrap().job().environment,
        "prod"
    );
    let (_, text, _) = broken(load(&without, "released"));
    assert_eq!(
        text,
        "Could not find job moor/heath/prod/grebe\n\
         Job moor/heath/{MISSING}/grebe in configuration file doesn't specify an environment\n\
         Candidates are:\n  moor/heath/{MISSING}/grebe"
    );
    let keys = |compat: &str| {
        let options = LoadOptions {
            compat: compat.parse().unwrap(),
            ..LoadOptions::default()
        };
        let configuration = Configuration::from_json(&without.to_string(), &options);
        configuration.unwrap().job_keys()
    };
    assert_eq!(keys("documented"), ["moor/heath/devel/grebe"]);
    assert_eq!(keys("released"), ["moor/heath/{MISSING}/grebe"]);
}

#[test]
fn keys_pick_exactly_one_job() {
    let options = LoadOptions::default();
    let pick = |jobs: Value| {
        let configuration =
            Configuration::from_json(&json!({ "jobs": jobs }).to_string(), &options);
        configuration.unwrap().job(&KEY.parse().unwrap())
    };
    assert!(matches!(pick(json!([])), Err(Error::NoJobs)));
    let other = job(json!({"name": "{{who}}"}));
    assert_eq!(
        pick(json!([job(json!({})), other])).unwrap().job().name,
        "grebe"
    );
    let (_, text, _) = broken(pick(json!([job(json!({})), job(json!({}))])));
    assert_eq!(
        text,
        "Multiple jobs match, please disambiguate by specifying a job key.\nCandidates are:\n  \
         moor/heath/prod/grebe\n  moor/heath/prod/grebe"
    );
    let (_, text, _) = broken(pick(json!([other])));
    assert_eq!(
        text,
        "Could not find job moor/heath/prod/grebe\nCandidates are:\n  moor/heath/prod/{{who}}"
    );
}

#[test]
fn announced_ports_are_used_and_lead_somewhere() {
    let listen = |cmdline: &str| task(json!({"processes": [{"name": "a", "cmdline": cmdline}]}));
    let ports = |announce: Value, cmdline: &str| {
        let configuration = converted(json!({"announce": announce, "task": listen(cmdline)}));
        let ports = configuration
            .unwrap()
            .task_config
            .unwrap()
            .requested_ports
            .unwrap();
        ports.into_iter().collect::<Vec<_>>()
    };
    let aliases = json!({
        "primary_port": "web",
        "portmap": {"aurora": "http", "http": "{{primary_port}}", "stats": "admin", "debug": "stats"},
    });
    let all = "{{thermos.ports[web]}} {{thermos.ports[stats]}} {{thermos.ports[rpc]}}";
    assert_eq!(ports(aliases, all), ["admin", "rpc", "web"]);
    assert_eq!(
        ports(json!({"portmap": {}}), "{{thermos.ports[http]}}"),
        ["http"]
    );

    let warned = released(json!({"announce": {"primary_port": "boom", "portmap": {}}})).unwrap();
    assert!(warned.warnings()[0].starts_with("\nAnnouncer specified primary port as 'boom' but"));
    assert!(warned.warnings()[0].contains("listen on {{thermos.ports[boom]}}\n"));
    assert!(
        released(json!({"announce": {}}))
            .unwrap()
            .warnings()
            .is_empty()
    );

    let fixed = json!({"announce": {"portmap": {"http": "8080"}}});
    let text = "Job must be dedicated in order to specify static ports!";
    assert_eq!(
        broken(released(fixed)),
        invalid(text, "jobs[0].announce.portmap")
    );
    let circle = json!({"announce": {"portmap": {"a": "b", "b": "a"}}});
    let text = "Found cycle in portmap!";
    assert_eq!(
        broken(released(circle)),
        invalid(text, "jobs[0].announce.portmap")
    );
    let (kind, text, field) = broken(converted(json!({"task": listen("{{thermos.ports.http}}")})));
    assert_eq!(kind, ErrorKind::Conversion);
    assert!(text.starts_with("Task has invalid process: Process(daemon=False,\n"));
    assert_eq!(field, "jobs[0].task.processes[0]");
}

#[test]
fn resources_are_there_and_positive() {
    let without = with_task(json!({"resources": null}));
    let text = "Task must specify resources!";
    assert_eq!(broken(without), unconverted(text, "task.resources"));
    let text = "Must specify ram and disk resources, got ram:0 disk:1073741824";
    let zero = with_task(json!({"resources": {"cpu": 1, "ram": 0, "disk": 1 << 30}}));
    assert_eq!(broken(zero), unconverted(text, "task.resources"));
    let text = "Task has invalid resources.  cpu/ramMb/diskMb must all be positive: cpu:0.5 \
                ramMb:4 diskMb:0";
    let little = with_task(json!({"resources": {"cpu": 0.5, "ram": 4 << 20, "disk": 1000}}));
    assert_eq!(broken(little), unconverted(text, "task.resources"));
    let (_, text, _) = broken(with_task(
        json!({"resources": {"cpu": -0.5, "ram": -1, "disk": 1}}),
    ));
    assert!(text.ends_with("cpu:-0.5 ramMb:-1 diskMb:0"), "{text}");
}

#[test]
fn values_of_a_running_task_are_no_parts_of_references() {
    for (cmdline, left) in [
        ("{{d[{{thermos.ports[http]}}]}}", "{{d[value]}}"),
        ("{{d[{{thermos.task_id}}]}}", "{{d[value]}}"),
        ("{{d.{{mesos.hostname}}}}", "{{d.value}}"),
        (
            "{{thermos.ports[{{thermos.task_id}}]}}",
            "{{thermos.ports[value]}}",
        ),
        ("{{a[{{b[{{mesos.hostname}}]}}]}}", "{{b[value]}}"),
        (
            "{{mesos.instance}} {{d[x{{thermos.task_id}}]}}",
            "{{d[xvalue]}}",
        ),
    ] {
        let loaded = with_task(json!({"processes": [{"name": "a", "cmdline": cmdline}]}));
        let text = format!(
            "Task is invalid: Unexpected unbound refs: {left}. Make sure you are not nesting template variables."
        );
        assert_eq!(
            broken(loaded),
            unconverted(&text, "task.processes[0].cmdline"),
            "{cmdline}"
        );
    }
}

#[test]
fn nothing_is_left_unbound_but_what_the_executor_binds() {
    let process = |cmdline: &str| json!([{"name": "a", "cmdline": cmdline}]);
    let runtime = "{{thermos.task_id}} {{mesos.instance}} {{mesos.hostname}} {{thermos.ports[x]}}";
    assert!(with_task(json!({"processes": process(runtime)})).is_ok());
    let text = "Task is invalid: Unexpected unbound refs: {{author}} {{title}}. Make sure you are \
                not nesting template variables.";
    let left = with_task(json!({"processes": process("{{title}} {{&author}}")}));
    assert_eq!(broken(left), unconverted(text, "task.processes[0].cmdline"));
    let text = "Task is invalid: Unexpected unbound refs: {{setts[31337]}}. Make sure you are not \
                nesting template variables.";
    let nested = with_task(json!({"processes": process("{{setts[{{mesos.instance}}]}}")}));
    assert_eq!(
        broken(nested),
        unconverted(text, "task.processes[0].cmdline")
    );
    let text = "Config contains unbound variables: {{team}}";
    let outside = converted(json!({"contact": "{{team}}@moor.example"}));
    assert_eq!(broken(outside), unconverted(text, "contact"));
}

#[test]
fn names_plans_containers_and_policies_are_checked() {
    let text = "Task is invalid: Task has invalid process: Invalid process name: bin/dip";
    let slash = with_task(json!({"processes": [process("bin/dip", json!({}))]}));
    assert_eq!(broken(slash), unconverted(text, "task.processes[0].name"));
    let text = "Task is invalid: Task has invalid plan: Invalid process dependencies!";
    let unknown = with_task(json!({"constraints": [{"order": ["dive", "fly"]}]}));
    assert_eq!(broken(unknown), unconverted(text, "task.constraints[0]"));
    let text = "If a container is specified it must set one type.";
    assert_eq!(
        broken(converted(json!({"container": {}}))),
        unconverted(text, "container")
    );
    let text = "Invalid CronCollisionPolicy type: KILL_ALL";
    let policy = converted(json!({"cron_collision_policy": "KILL_ALL"}));
    assert_eq!(broken(policy), unconverted(text, "cron_collision_policy"));
    let (_, text, field) = broken(converted(json!({"constraints": {"host": "limit:few"}})));
    assert_eq!(
        text,
        "limit:few is not a valid limit value, must be integer"
    );
    assert_eq!(field, "jobs[0].constraints[host]");
    let (_, text, _) = broken(converted(json!({"priority": 5_000_000_000_i64})));
    assert!(
        text.ends_with("priority is out of range: 5000000000"),
        "{text}"
    );
}

#[test]
fn parts_of_the_key_are_identifiers() {
    for (field, key) in [
        ("role", "moor/a:b/prod/grebe"),
        ("name", "moor/heath/prod/a:b"),
    ] {
        let text = job(json!({ field: "a:b" })).to_string();
        let report = Configuration::from_json(&text, &LoadOptions::default())
            .unwrap()
            .check();
        let found: Vec<_> = report.findings().collect();
        assert_eq!(found.len(), 1, "{key}");
        assert_eq!(found[0].message, format!("Invalid {field} 'a:b'"));
        assert_eq!(found[0].field.to_string(), format!("jobs[0].{field}"));
        assert!(
            found[0]
                .hint
                .as_deref()
                .is_some_and(|hint| hint.starts_with("letters"))
        );
    }
}

#[test]
fn a_check_goes_on_where_a_single_job_stops() {
    let many = job(json!({
        "environment": "Prod",
        "instances": 2,
        "update_config": {"max_total_failures": 2, "watch_secs": 1},
        "announce": {"portmap": {"a": "b", "b": "a"}},
        "container": {},
        "priority": 5_000_000_000_i64,
        "constraints": {"host": "limit:x", "rack": "limit:y", "zone": "limit:1"},
        "task": task(json!({
            "name": "{{title}}",
            "processes": [process(".a", json!({})), {"name": "b"}, process("c/d", json!({}))],
            "constraints": [{"order": [".a", "x"]}, {"order": []}],
            "resources": {"cpu": "half", "ram": -1, "disk": 1},
        })),
    }));
    let text = json!({ "jobs": [job(json!({})), many] }).to_string();
    let report = Configuration::from_json(&text, &LoadOptions::default())
        .unwrap()
        .check();
    assert!(report.jobs[0].problems.is_empty());
    let shown: Vec<_> = report
        .findings()
        .map(|finding| {
            let first = finding.message.lines().next().unwrap_or_default();
            format!("{}: {first}", finding.field)
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"), @r#"
    jobs[1].task.processes[1].cmdline: Process[cmdline] is required.
    jobs[1].task.resources.cpu: Cannot coerce 'half' to Float
    jobs[1].update_config.max_total_failures: max_total_failures in update_config must be lesser than the job size.
    jobs[1].update_config.watch_secs: You have specified an insufficiently short watch period (1 seconds) in your update configuration.
    jobs[1].announce.portmap: Found cycle in portmap!
    jobs[1].environment: Environment should be one of "prod", "devel", "test" or staging<number>!  Got Prod
    jobs[1].priority: priority is out of range: 5000000000
    jobs[1].constraints[host]: limit:x is not a valid limit value, must be integer
    jobs[1].constraints[rack]: limit:y is not a valid limit value, must be integer
    jobs[1].container: If a container is specified it must set one type.
    jobs[1].task.processes[0].name: Task has invalid process: Invalid process name: .a
    jobs[1].task.processes[2].name: Task has invalid process: Invalid process name: c/d
    jobs[1].task.name: nothing binds {{title}}
    jobs[1].task.constraints[0]: Task has invalid plan: Invalid process dependencies!
    jobs[1].task.constraints[1]: Task has invalid plan: Invalid process dependencies!
    "#);
}

#[test]
fn constraints_are_limits_or_values() {
    let configuration = converted(json!({"constraints": {
        "a": "limit: 3", "b": "limit:+4", "c": " limit:2", "d": "Limit:2", "e": "!x,y", "f": "",
    }}));
    let constraints = configuration
        .unwrap()
        .task_config
        .unwrap()
        .constraints
        .unwrap();
    let shown: Vec<String> = constraints
        .into_iter()
        .map(|constraint| {
            let name = constraint.name.unwrap();
            match constraint.constraint.unwrap() {
                api::TaskConstraint::Limit(limit) => format!("{name} {}", limit.limit.unwrap()),
                api::TaskConstraint::Value(value) => {
                    let values: Vec<_> = value.values.unwrap().into_iter().collect();
                    format!("{name} {} {values:?}", value.negated.unwrap())
                }
            }
        })
        .collect();
    assert_eq!(
        shown,
        [
            "a 3",
            "b 4",
            "c false [\" limit:2\"]",
            "d false [\"Limit:2\"]",
            "e true [\"x\", \"y\"]",
            "f false [\"\"]"
        ]
    );
}

#[test]
fn inspection_shows_what_matters() {
    let job = released(json!({
        "cron_schedule": "0 3 * * *",
        "constraints": {"host": "limit:1"},
        "production": true,
        "task": task(json!({
            "processes": [
                process("a", json!({"cmdline": "one\ntwo", "daemon": true, "final": true})),
                process("b", json!({"cmdline": "on {{mesos.hostname}}", "final": true})),
            ],
            "constraints": [{"order": ["b", "a"]}],
        })),
    }));
    insta::assert_snapshot!(job.unwrap().inspect().unwrap(), @r"
    Job level information
      name:       'grebe'
      role:       'heath'
      contact:    ''
      cluster:    'moor'
      instances:  '1'
      cron:
        schedule: '0 3 * * *'
        policy:   'KILL_EXISTING'
      constraints:
        'host': 'limit:1'
      service:    False
      production: True

    Task level information
      name: 'a'
      constraints:
      b < a

    Process 'a':
      daemon
      final
      cmdline:
        one
        two

    Process 'b':
      final
      cmdline:
        on {{mesos.hostname}}
    ");
}

#[test]
fn executor_data_reads_back() {
    let loaded =
        released(json!({"announce": {}, "container": {"docker": {"image": "x"}}})).unwrap();
    let data = loaded.executor_data().unwrap();
    assert_eq!(
        crate::Job::from_executor_data(&data).unwrap(),
        *loaded.job()
    );
    assert!(crate::Job::from_executor_data("{}").is_err());
    let configuration =
        Configuration::from_jobs(std::slice::from_ref(loaded.job()), &LoadOptions::default());
    let again = configuration.unwrap().job(&KEY.parse().unwrap()).unwrap();
    assert_eq!(again.executor_data().unwrap(), data);
}

proptest::proptest! {
    #[test]
    fn no_configuration_makes_it_panic(
        field in "name|cluster|instances|task|constraints|announce|update_config|service|container",
        value in r#"(null|true|-?[0-9]{1,25}|[0-9]\.[0-9]e-?[0-9]{1,3}|"[a-z{}&. ]{0,12}"|\{\}|\[[0-9,]{0,4}\]|\{"[a-z]{1,4}": 1\})"#,
    ) {
        let text = format!(
            r#"{{"cluster": "moor", "role": "heath", "environment": "prod", "name": "grebe",
            "task": {{"processes": [], "resources": {{"cpu": 1, "ram": 1, "disk": 1}}}}, "{field}": {value}}}"#
        );
        if let Ok(configuration) = Configuration::from_json(&text, &LoadOptions::default()) {
            let _ = configuration.job_keys();
            let report = configuration.check();
            proptest::prop_assert!(serde_json::to_string(&report).is_ok());
            if let Ok(job) = configuration.job(&KEY.parse().unwrap()) {
                let _ = job.to_job_configuration("me");
                let _ = job.inspect();
                let _ = job.render(&[]);
            }
        }
    }
}
