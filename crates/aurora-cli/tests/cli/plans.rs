//! What an update would do: `job diff` and `update start --dry-run`.

use std::sync::{Arc, Mutex};

use aurora_api::calls::AnyCall;
use aurora_api::{
    AssignedTask, ConfigGroup, GetJobUpdateDiffResult, PopulateJobResult, Range, Response,
    Result as Branch, ScheduleStatusResult, ScheduledTask, TaskConfig,
};

use crate::scheduler::{Scheduler, ok, refused};

const KEY: &str = "west/www/prod/web";

const FILE: &str = "\
serve = Process(name = 'serve', cmdline = '''
echo one
echo {{what}}
''')
task = Task(name = 'web', processes = [serve], resources = Resources(cpu = 0.5, ram = 64 * MB, disk = 64 * MB))
jobs = [Job(
  cluster = 'west', role = 'www', environment = 'prod', name = 'web', instances = 3, task = task.bind(what = 'two'),
)]
";

/// A scheduler that keeps what it is sent; `change` makes what runs in instances 0 and 1 of it.
fn scheduler(change: impl Fn(&mut TaskConfig) + Send + 'static) -> Scheduler {
    let sent = Arc::new(Mutex::new(TaskConfig::default()));
    Scheduler::answering(move |call| {
        let mut sent = sent.lock().unwrap();
        let running = || {
            let mut running = sent.clone();
            change(&mut running);
            running
        };
        match call {
            AnyCall::PopulateJobConfig(call) => {
                *sent = call.description.unwrap().task_config.unwrap();
                sent.priority = Some(0);
                ok(Branch::PopulateJobResult(PopulateJobResult {
                    task_config: Some(sent.clone()),
                }))
            }
            AnyCall::GetJobUpdateDiff(_) => plan(&sent, &running()),
            AnyCall::GetTasksStatus(_) => {
                let task = |instance| ScheduledTask {
                    assigned_task: Some(AssignedTask {
                        instance_id: Some(instance),
                        task: Some(running()),
                        ..AssignedTask::default()
                    }),
                    ..ScheduledTask::default()
                };
                ok(Branch::ScheduleStatusResult(ScheduleStatusResult {
                    tasks: Some(vec![task(0), task(1), task(7)]),
                }))
            }
            other => refused(other.method()),
        }
    })
    .with_file("web.aurora", FILE)
}

fn plan(wanted: &TaskConfig, running: &TaskConfig) -> Response {
    let group = |config: &TaskConfig, first, last| {
        let range = Range {
            first: Some(first),
            last: Some(last),
        };
        Some(
            [ConfigGroup {
                config: Some(config.clone()),
                instances: Some([range].into()),
            }]
            .into(),
        )
    };
    ok(Branch::GetJobUpdateDiffResult(GetJobUpdateDiffResult {
        add: group(wanted, 2, 2),
        remove: group(running, 7, 9),
        update: group(running, 0, 1),
        unchanged: None,
    }))
}

fn with_data(task: &mut TaskConfig, from: &str, to: &str) {
    let executor = task.executor_config.as_mut().unwrap();
    let data = executor.data.take().unwrap();
    assert!(data.contains(from), "{data}");
    executor.data = Some(data.replace(from, to));
}

#[test]
fn differences_are_shown_by_field_and_line() {
    let scheduler = scheduler(|task| {
        task.num_cpus = Some(0.25.into());
        with_data(task, "echo two", "echo three");
    });
    insta::assert_snapshot!(scheduler.show(&["job", "diff", KEY, "web.aurora"]), @r#"
    exit 0
    --- stdout
    This job update will:
    add instances: [2]
    remove instances: [7-9]
    update instances: [0-1]
    with diff:

    --- west/www/prod/web, instances 0-1
    +++ web.aurora
    @@ -39,7 +39,7 @@
             - cmdline: |
     
                 echo one
    -            echo three
    +            echo two
               daemon: false
               ephemeral: false
               final: false
    @@ -58,7 +58,7 @@
       role: "www"
     jobName: "web"
     maxTaskFailures: 1
    -numCpus: 0.25
    +numCpus: 0.5
     owner:
       role: "www"
       user: "alice"
    "#);
    assert_eq!(
        scheduler.methods(),
        ["populateJobConfig", "getJobUpdateDiff"]
    );
    let shown = scheduler.show(&["job", "diff", "--color", "always", KEY, "web.aurora"]);
    assert!(
        shown.contains("\u{1b}[32m+numCpus: 0.5\u{1b}[0m\n"),
        "{shown:?}"
    );
}

#[test]
fn programs_read_differences_as_json() {
    let scheduler = scheduler(|task| {
        task.num_cpus = Some(0.25.into());
        with_data(task, "echo two", "echo three");
    });
    let shown = scheduler.show(&["job", "diff", "-o", "json", KEY, "web.aurora"]);
    insta::assert_snapshot!(shown, @r#"
    exit 0
    --- stdout
    {
      "job": "west/www/prod/web",
      "add": [
        "2"
      ],
      "remove": [
        "7-9"
      ],
      "update": [
        {
          "instances": [
            "0-1"
          ],
          "changes": [
            {
              "field": "executorConfig.data.task.processes[0].cmdline",
              "remote": "\necho one\necho three\n",
              "local": "\necho one\necho two\n"
            },
            {
              "field": "numCpus",
              "remote": 0.25,
              "local": 0.5
            }
          ]
        }
      ],
      "unchanged": []
    }
    "#);
    let dry = [
        "update",
        "start",
        "--dry-run",
        "-o",
        "json",
        KEY,
        "web.aurora",
    ];
    assert_eq!(scheduler.show(&dry), shown);
}

#[test]
fn a_dry_run_starts_nothing() {
    let scheduler = scheduler(|task| task.num_cpus = Some(0.25.into()));
    insta::assert_snapshot!(scheduler.show(&["update", "start", "--dry-run", KEY, "web.aurora"]), @r"
    exit 0
    --- stdout
    This job update will:
    add instances: [2]
    remove instances: [7-9]
    update instances: [0-1]
    ");
    assert_eq!(
        scheduler.methods(),
        ["populateJobConfig", "getJobUpdateDiff"]
    );
    let shown = scheduler.show(&["update", "start", "-o", "json", KEY, "web.aurora"]);
    assert!(shown.starts_with("exit 2\n"), "{shown}");
}

#[test]
fn what_only_the_compatibility_mode_changes_is_explained() {
    let scheduler =
        scheduler(|task| with_data(task, r#""min_duration": 15"#, r#""min_duration": 5"#));
    insta::assert_snapshot!(scheduler.show(&["update", "start", "--dry-run", KEY, "web.aurora"]), @r"
    exit 0
    --- stdout
    This job update will:
    add instances: [2]
    remove instances: [7-9]
    update instances: [0-1]
    --- stderr
    instances [0-1] differ only in defaults that 0.12.0 and its documentation disagree on (min_duration): with `--compat released` they are the same
    ");
    insta::assert_snapshot!(scheduler.show(&["job", "diff", KEY, "web.aurora"]), @r#"
    exit 0
    --- stdout
    This job update will:
    add instances: [2]
    remove instances: [7-9]
    update instances: [0-1]
    with diff:

    --- west/www/prod/web, instances 0-1
    +++ web.aurora
    @@ -44,7 +44,7 @@
               ephemeral: false
               final: false
               max_failures: 1
    -          min_duration: 5
    +          min_duration: 15
               name: "serve"
           resources:
             cpu: 0.5

    --- stderr
    instances [0-1] differ only in defaults that 0.12.0 and its documentation disagree on (min_duration): with `--compat released` they are the same
    "#);
    let shown = scheduler.show(&["job", "diff", "-o", "json", KEY, "web.aurora"]);
    assert!(shown.contains(r#""same_with_compat""#), "{shown}");
    // The release has 5: there is no such difference.
    let shown = scheduler.show(&["job", "diff", "--from", KEY, KEY, "web.aurora"]);
    assert!(
        shown.contains("with `--compat released` they are the same"),
        "{shown}"
    );
}

#[test]
fn executor_data_in_another_order_is_a_difference_of_its_own() {
    let scheduler =
        scheduler(|task| with_data(task, r#""min_duration": 15"#, r#""min_duration":15"#));
    let shown = scheduler.show(&["job", "diff", KEY, "web.aurora"]);
    let line = "(the same values: executor data differs in order or spacing)\n";
    assert!(shown.contains(line), "{shown}");
}

#[test]
fn another_job_is_compared_task_by_task() {
    let scheduler = scheduler(|task| task.num_cpus = Some(0.25.into()));
    let arguments = [
        "job",
        "diff",
        "--from",
        "west/www/prod/old",
        KEY,
        "web.aurora",
    ];
    insta::assert_snapshot!(scheduler.show(&arguments), @r#"
    exit 0
    --- stdout
    --- west/www/prod/old, instances 0-1
    +++ web.aurora
    @@ -58,7 +58,7 @@
       role: "www"
     jobName: "web"
     maxTaskFailures: 1
    -numCpus: 0.25
    +numCpus: 0.5
     owner:
       role: "www"
       user: "alice"
    Only in west/www/prod/old: instances [7]
    Only in web.aurora: instances [2]
    "#);
    assert_eq!(scheduler.methods(), ["populateJobConfig", "getTasksStatus"]);
}

#[test]
fn a_program_is_given_text_of_lines_that_can_be_compared() {
    let scheduler = scheduler(|task| task.num_cpus = Some(0.25.into()));
    let diff = ["job", "diff", KEY, "web.aurora"];
    insta::assert_snapshot!(scheduler.home.show_with(("DIFF_VIEWER", "/usr/bin/diff"), &diff), @r"
    exit 0
    --- stdout
    This job update will:
    add instances: [2]
    remove instances: [7-9]
    update instances: [0-1]
    with diff:

    61c61
    < numCpus: 0.25
    ---
    > numCpus: 0.5
    ");
    let shown = scheduler
        .home
        .show_with(("DIFF_VIEWER", "/bin/false --"), &diff);
    assert!(shown.starts_with("exit 0\n"), "1 is no failure: {shown}");
}

#[test]
fn each_call_that_is_refused_has_its_own_words_and_code() {
    let populated = || {
        ok(Branch::PopulateJobResult(PopulateJobResult {
            task_config: Some(TaskConfig::default()),
        }))
    };
    let scheduler = Scheduler::answering(move |call| match call {
        AnyCall::PopulateJobConfig(_) => populated(),
        _ => refused("no"),
    })
    .with_file("web.aurora", FILE);
    insta::assert_snapshot!(scheduler.show(&["job", "diff", KEY, "web.aurora"]), @r"
    exit 4
    --- stderr
    Error getting diff info from scheduler
    	no
    ");
    let from = ["job", "diff", "--from", KEY, KEY, "web.aurora"];
    insta::assert_snapshot!(scheduler.show(&from), @r"
    exit 6
    --- stderr
    Could not find job to diff against
    	no
    ");
    let scheduler = Scheduler::answering(|_| refused("no")).with_file("web.aurora", FILE);
    insta::assert_snapshot!(scheduler.show(&["update", "start", "--dry-run", KEY, "web.aurora"]), @r"
    exit 3
    --- stderr
    Error loading configuration
    	no
    ");
}

#[test]
fn a_job_without_tasks_is_said_to_have_none() {
    let scheduler = Scheduler::answering(move |call| match call {
        AnyCall::PopulateJobConfig(call) => {
            let description = call.description.unwrap();
            ok(Branch::PopulateJobResult(PopulateJobResult {
                task_config: description.task_config,
            }))
        }
        _ => ok(Branch::ScheduleStatusResult(ScheduleStatusResult::default())),
    })
    .with_file("web.aurora", FILE);
    let from = [
        "job",
        "diff",
        "--from",
        "west/www/prod/none",
        KEY,
        "web.aurora",
    ];
    insta::assert_snapshot!(scheduler.show(&from), @r"
    exit 0
    --- stdout
    Only in web.aurora: instances [0-2]
    --- stderr
    No tasks found for job west/www/prod/none
    ");
}

#[test]
fn settings_that_no_update_can_go_by_are_shown_where_they_stand() {
    let file = FILE.replace(
        "instances = 3,",
        "instances = 3, update_config = UpdateConfig(batch_size = 0),",
    );
    let scheduler = Scheduler::answering(|_| refused("not asked")).with_file("web.aurora", &file);
    insta::assert_snapshot!(scheduler.show(&["update", "start", KEY, "web.aurora"]), @r"
    exit 3
    --- stderr
    Batch size should be greater than 0
     --> web.aurora:7:102
      |
    7 | ...e = 'web', instances = 3, update_config = UpdateConfig(batch_size = 0), task = task.bind(what = 'two'),
      |                                              ^^^^^^^^^^^^ jobs[0].update_config.batch_size
    ");
    let cron = FILE.replace("instances = 3,", "cron_schedule = '0 3 * * *',");
    let scheduler = scheduler.with_file("web.aurora", &cron);
    insta::assert_snapshot!(scheduler.show(&["update", "start", KEY, "web.aurora"]), @r#"
    exit 4
    --- stderr
    Cron jobs may only be updated with "aurora cron schedule" command
    "#);
    assert!(scheduler.methods().is_empty());
}
