//! Mistakes that turn up after the evaluation point at what made the part to blame.

use crate::{Configuration, Error, LoadOptions, Severity};

use super::files::Files;

/// The first error of the job `west/www/prod/web`, over all stages.
fn failure(files: &[(&str, &str)]) -> String {
    let files = Files::new(files);
    let configuration = files.load(&LoadOptions::default()).unwrap();
    let error = configuration
        .job(&"west/www/prod/web".parse().unwrap())
        .and_then(|job| job.to_job_configuration("me"))
        .unwrap_err();
    files.shown(&error)
}

/// A job around a task; `MORE` further arguments.
fn web(task: &str, more: &str) -> String {
    format!(
        "task = {task}\njobs = [Job(cluster = 'west', role = 'www', environment = 'prod', name = 'web',\n  \
         task = task{more})]\n"
    )
}

const FINE: &str = "SimpleTask('web', 'true')";

#[test]
fn unbound_references_are_listed_with_their_fields_and_pointed_at() {
    let text = web(
        "Task(\n  resources = Resources(cpu = 1, ram = GB, disk = GB),\n  processes = [\n    \
         Process(name = 'a', cmdline = 'true'),\n    Process(\n      name = 'b',\n      \
         cmdline = 'echo {{greting}} from {{mesos.instanc}}'),\n  ]).bind(greeting = 'hello')",
        ", contact = '{{profile.nam}}@west').bind(profile = Profile(name = 'x')",
    );
    let text = format!("class Profile(Struct):\n  name = String\n{text}");
    insta::assert_snapshot!(failure(&[("web.aurora", &text)]), @r"
    error: The configuration was invalid: Task is invalid: Unexpected unbound refs: {{mesos.instanc}} {{greting}}. Make sure you are not nesting template variables.
     --> web.aurora:9:23
      |
    9 |       cmdline = 'echo {{greting}} from {{mesos.instanc}}'),
      |                       ^^^^^^^^^^^ jobs[0].task.processes[1].cmdline
      |
      = note: nothing binds {{greting}} in task.processes[1].cmdline: did you mean `{{greeting}}`?
      = note: nothing binds {{mesos.instanc}} in task.processes[1].cmdline: did you mean `{{mesos.instance}}`?
      = help: bind them with `.bind(name = value)` in the file, or pass a binding `name=value`
    ");
}

#[test]
fn values_of_other_types_point_at_the_constructor() {
    let text = web(FINE, ", priority = 'high'");
    insta::assert_snapshot!(failure(&[("web.aurora", &text)]), @r"
    error: TypeCheck(FAILED): MesosJob[priority] failed: Unable to interpolate: Cannot coerce 'high' to Integer
     --> web.aurora:2:9
      |
    2 | jobs = [Job(cluster = 'west', role = 'www', environment = 'prod', name = 'web',
      |         ^^^ jobs[0].priority
    ");
}

#[test]
fn a_field_points_at_the_call_that_set_it_also_in_an_included_file() {
    let base = "base = Job(cluster = 'west', role = 'www', environment = 'prod',\n  \
                update_config = UpdateConfig(watch_secs = 5))\nsmall = Resources(cpu = 0.1, ram = 1, disk = 1)\n";
    let job = "include('base.inc')\n\njobs = [\n  base(\n    name = 'web',\n    task = SimpleTask('web', 'true')(resources = small))\n]\n";
    let files = [("web.aurora", job), ("base.inc", base)];
    insta::assert_snapshot!(failure(&files), @r"
    error: You have specified an insufficiently short watch period (5 seconds) in your update configuration.
           Your update will always succeed. In order for the updater to detect health check failures,
           UpdateConfig.watch_secs must be greater than 15 seconds to account for an initial
           health check interval (15 seconds) plus 0 consecutive failures at a check interval of 10 seconds.
     --> base.inc:2:19
      |
    2 |   update_config = UpdateConfig(watch_secs = 5))
      |                   ^^^^^^^^^^^^ jobs[0].update_config.watch_secs
    ");
    let base = base.replace(",\n  update_config = UpdateConfig(watch_secs = 5)", "");
    let files = [("web.aurora", job), ("base.inc", base.as_str())];
    insta::assert_snapshot!(failure(&files), @r"
    error: The configuration was invalid: Task has invalid resources.  cpu/ramMb/diskMb must all be positive: cpu:0.1 ramMb:0 diskMb:0
     --> base.inc:2:9
      |
    2 | small = Resources(cpu = 0.1, ram = 1, disk = 1)
      |         ^^^^^^^^^ jobs[0].task.resources
      |
      = help: ram and disk are in bytes: multiply with MB or GB
    ");
}

#[test]
fn orders_that_lead_in_a_circle_show_the_circle() {
    let text = web(
        "Task(processes = [Process(name = n, cmdline = 'true') for n in 'abc'],\n  \
         constraints = order('a', 'b', 'c') + order('c', 'a'),\n  \
         resources = Resources(cpu = 1, ram = GB, disk = GB))",
        "",
    );
    insta::assert_snapshot!(failure(&[("web.aurora", &text)]), @r"
    error: The configuration was invalid: Task is invalid: Task has invalid plan: Cycles detected in the task schedule!
     --> web.aurora:1:8
      |
    1 | task = Task(processes = [Process(name = n, cmdline = 'true') for n in 'abc'],
      |        ^^^^ jobs[0].task.constraints
      |
      = help: each waits for the one before: a -> b -> c -> a
    ");
}

#[test]
fn places_are_those_before_the_rewriting() {
    let text = format!(
        "print 'x'; mode = 0644; w = [Process(name = `mode` + '/', cmdline = 'true')]\n{}",
        web(
            "Task(processes = w, resources = Resources(cpu = 1, ram = GB, disk = GB))",
            ""
        )
    );
    insta::assert_snapshot!(failure(&[("web.aurora", &text)]), @r"
    error: The configuration was invalid: Task is invalid: Task has invalid process: Invalid process name: 420/
     --> web.aurora:1:30
      |
    1 | print 'x'; mode = 0644; w = [Process(name = `mode` + '/', cmdline = 'true')]
      |                              ^^^^^^^ jobs[0].task.processes[0].name
      |
      = help: a process name is a file name: no slash, no dot in front
    ");
}

#[test]
fn origins_mean_nothing_to_equality_hashes_and_texts() {
    let text = "p, q = Process(name = 'a'), \\\n  Process(name = 'a')\n\
                assert p == q and hash(p) == hash(q) and str(p) == str(q) and repr(p) == repr(q)\n\
                assert len(set([p, q, p(name = 'a')])) == 1\njobs = []\n";
    Files::new(&[("web.aurora", text)])
        .load(&LoadOptions::default())
        .unwrap();
}

#[test]
fn a_check_tells_everything_about_all_jobs() {
    let text = "\
def job(name, task, **more):
  return Job(cluster = 'west', role = 'www', environment = 'prod', name = name, task = task, **more)

little = Resources(cpu = 1, ram = 0, disk = GB)
broken = Task(
  resources = little,
  processes = [
    Process(name = 'a/b', cmdline = '{{who}} {{where}}'),
    Process(name = 'c', max_failures = 'few'),
    Process(name = 'd', cmdline = 'true', daemon = True),
    Process(name = 'd', cmdline = 'true'),
  ],
  constraints = order('d', 'a/b'))
jobs = [
  job('fine', SimpleTask('fine', 'true')),
  job('broken', broken, instances = '{{n}}', priority = 'high', cron_collision_policy = 'NEVER',
      constraints = {'host': 'limit:x'}, announce = Announcer(portmap = {'http': 8080})),
  job('fine', SimpleTask('fine', 'true'))(environment = 'production'),
  job('fine', SimpleTask('fine', 'true'), service = True, cron_schedule = '* * * * *'),
]
";
    let files = Files::new(&[("web.aurora", text)]);
    let report = files.load(&LoadOptions::default()).unwrap().check();
    assert_eq!(report.jobs.len(), 4);
    assert!(report.jobs[0].problems.is_empty());
    let lines: Vec<String> = report
        .findings()
        .map(|finding| {
            let place = finding.place.as_ref().unwrap();
            let severity = match finding.severity {
                Severity::Error => "",
                _ => "warning: ",
            };
            format!(
                "{}:{} {}: {severity}{}",
                place.line(),
                place.column(),
                finding.field,
                finding.message
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    2:10 jobs[1].priority: Cannot coerce 'high' to Integer
    9:5 jobs[1].task.processes[1].max_failures: Cannot coerce 'few' to Integer
    9:5 jobs[1].task.processes[1].cmdline: Process[cmdline] is required.
    17:53 jobs[1].announce.portmap: Job must be dedicated in order to specify static ports!
    4:10 jobs[1].task.resources: Must specify ram and disk resources, got ram:0 disk:1073741824
    2:10 jobs[1].constraints[host]: limit:x is not a valid limit value, must be integer
    8:5 jobs[1].task.processes[0].name: Task has invalid process: Invalid process name: a/b
    8:38 jobs[1].task.processes[0].cmdline: nothing binds {{who}}
    8:46 jobs[1].task.processes[0].cmdline: nothing binds {{where}}
    2:10 jobs[1].instances: nothing binds {{n}}
    2:10 jobs[1].cron_collision_policy: Invalid CronCollisionPolicy type: NEVER
    11:5 jobs[1].task.processes[3].name: warning: two processes of the task are named `d`: names must be unique in a task
    18:3 jobs[2].environment: Environment should be one of "prod", "devel", "test" or staging<number>!  Got production
    2:10 jobs[3].service: a job with a cron schedule is not a service: it runs at its times and ends
    2:10 jobs[3].name: west/www/prod/fine is the key of jobs[0] too
    "#);
    insta::assert_snapshot!(files.named(report.jobs[1].problems[0].render(false)), @r"
    error: Cannot coerce 'high' to Integer
     --> web.aurora:2:10
      |
    2 |   return Job(cluster = 'west', role = 'www', environment = 'prod', name = name, task = task, **more)
      |          ^^^ jobs[1].priority
      |
      = note: called from web.aurora:16
    ");
    insta::assert_snapshot!(files.named(report.jobs[2].problems[0].render(false)), @r#"
    error: Environment should be one of "prod", "devel", "test" or staging<number>!  Got production
      --> web.aurora:18:3
       |
    18 |   job('fine', SimpleTask('fine', 'true'))(environment = 'production'),
       |   ^^^ jobs[2].environment
    "#);
}

#[test]
fn a_mistake_in_json_points_into_the_text() {
    let failure = |text: &str| -> String {
        let configuration = Configuration::from_json(text, &LoadOptions::default());
        let error: Error = configuration
            .and_then(|configuration| configuration.job(&"west/www/prod/web".parse().unwrap()))
            .and_then(|job| job.to_job_configuration("me"))
            .unwrap_err();
        error.render(false)
    };
    let json = |task: &str, more: &str| {
        format!(
            "{{\"jobs\": [\n  {{\"cluster\": \"west\", \"role\": \"www\", \"environment\": \"prod\", \"name\": \"web\"{more},\n   \
             \"task\": {task}}}]}}"
        )
    };
    let task = r#"{"processes": [{"name": "a", "cmdline": "x {{y}}"}], "resources": {"cpu": 1, "ram": 1, "disk": 0}}"#;
    insta::assert_snapshot!(failure(&json(task, ", \"instanses\": 3")), @r#"
    error: Unknown schema attribute instanses
     --> <json>:2:76
      |
    2 |   {"cluster": "west", "role": "www", "environment": "prod", "name": "web", "instanses": 3,
      |                                                                            ^^^^^^^^^^^ jobs[0]
      |
      = help: did you mean the field `instances` of `MesosJob`?
    "#);
    insta::assert_snapshot!(failure(&json(task, ", \"instances\": \"3x\"")), @r#"
    error: Cannot coerce '3x' to Integer
     --> <json>:2:89
      |
    2 |   {"cluster": "west", "role": "www", "environment": "prod", "name": "web", "instances": "3x",
      |                                                                                         ^^^^ jobs[0].instances
    "#);
    insta::assert_snapshot!(failure(&json(task, "")), @r#"
    error: The configuration was invalid: Must specify ram and disk resources, got ram:1 disk:0
     --> <json>:3:78
      |
    3 |    "task": {"processes": [{"name": "a", "cmdline": "x {{y}}"}], "resources": {"cpu": 1, "ram": 1, "disk": 0}}}]}
      |                                                                              ^ jobs[0].task.resources
    "#);
    let task = task
        .replace("\"disk\": 0", "\"disk\": 1073741824")
        .replace("\"ram\": 1,", "\"ram\": 1073741824,");
    insta::assert_snapshot!(failure(&json(&task, "")), @r#"
    error: The configuration was invalid: Task is invalid: Unexpected unbound refs: {{y}}. Make sure you are not nesting template variables.
     --> <json>:3:55
      |
    3 |    "task": {"processes": [{"name": "a", "cmdline": "x {{y}}"}], "resources": {"cpu": 1, "ram": 1073741824, "disk": 1073741824}}}]}
      |                                                       ^^^^^ jobs[0].task.processes[0].cmdline
      |
      = note: nothing binds {{y}} in task.processes[0].cmdline
      = help: bind them with `.bind(name = value)` in the file, or pass a binding `name=value`
    "#);
}
