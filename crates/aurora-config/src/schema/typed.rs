//! The typed jobs as users of the library see them: their defaults, and their way to an object and back.

use std::collections::BTreeSet;

use aurora_compat::Compat;
use proptest::{collection::vec, option, prelude::*};
use pystachio::parse_json;
use serde::Serialize;
use serde_json::Value;

use super::{
    Schema,
    json_schema::reachable,
    table::{JOB, STRUCTS},
};
use crate::{
    Announcer, Constraint, Container, CronCollisionPolicy, Docker, HealthCheckConfig,
    HealthCheckerConfig, HttpHealthChecker, HttpLifecycleConfig, Job, LifecycleConfig, Logger,
    LoggerDestination, LoggerMode, Parameter, Process, Resources, RotatePolicy, Seconds,
    ShellHealthChecker, Task, Tier, UpdateConfig, job::to_object,
};

const POLICIES: [CronCollisionPolicy; 3] = [
    CronCollisionPolicy::KillExisting,
    CronCollisionPolicy::CancelNew,
    CronCollisionPolicy::RunOverlap,
];

/// Each struct of a job with the fields that a constructor takes, and nothing else set.
fn plain() -> Vec<(&'static str, &'static [&'static str], Value)> {
    fn plain<T: Serialize>(
        name: &'static str,
        given: &'static [&'static str],
        plain: T,
    ) -> (&'static str, &'static [&'static str], Value) {
        (name, given, serde_json::to_value(plain).unwrap())
    }
    let process = Process::new("serve", "./serve");
    let task = Task::new("web", vec![process.clone()]);
    let job = Job::new(&"west/www/prod/web".parse().unwrap(), task.clone());
    let key = &["name", "role", "cluster", "environment", "task"];
    vec![
        plain(JOB, key, job),
        plain("Task", &["name", "processes"], task),
        plain("Process", &["name", "cmdline"], process),
        plain(
            "Resources",
            &["cpu", "ram", "disk"],
            Resources::new(1.5, 10, 20),
        ),
        plain("Logger", &[], Logger::default()),
        plain("RotatePolicy", &[], RotatePolicy::default()),
        plain("Constraint", &["order"], Constraint::order(["a"])),
        plain("Announcer", &[], Announcer::default()),
        plain("UpdateConfig", &[], UpdateConfig::default()),
        plain("HealthCheckConfig", &[], HealthCheckConfig::default()),
        plain("HealthCheckerConfig", &[], HealthCheckerConfig::default()),
        plain("HttpHealthChecker", &[], HttpHealthChecker::default()),
        plain(
            "ShellHealthChecker",
            &["shell_command"],
            ShellHealthChecker::new("true"),
        ),
        plain("LifecycleConfig", &[], LifecycleConfig::default()),
        plain("HttpLifecycleConfig", &[], HttpLifecycleConfig::default()),
        plain("Container", &[], Container::default()),
        plain("Docker", &["image"], Docker::new("web")),
        plain(
            "Parameter",
            &["name", "value"],
            Parameter::new("memory", "64m"),
        ),
    ]
}

#[test]
fn typed_defaults_are_those_of_files() {
    let names: BTreeSet<&str> = plain().iter().map(|(name, ..)| *name).collect();
    let reachable = reachable(JOB).into_iter().map(|structure| structure.name);
    assert_eq!(names, reachable.collect());

    let differing = |compat| {
        let mut differing = Vec::new();
        for (name, given, plain) in plain() {
            let ty = Schema::of(compat).ty(name);
            let given = given.iter().map(|field| (*field, &plain[*field]));
            let given: Value = given
                .map(|(field, value)| (field.to_owned(), value.clone()))
                .collect::<serde_json::Map<_, _>>()
                .into();
            let data = parse_json(&given.to_string()).unwrap();
            let object = ty.construct(vec![data], Vec::new()).unwrap();
            // Not interpolated: the default of a port map refers to a port.
            let defaults: Value =
                serde_json::from_str(&pystachio::dumps(&object.get()).unwrap()).unwrap();
            let row = STRUCTS.iter().find(|it| it.name == name).unwrap();
            for field in row.fields {
                if plain.get(field.name) != defaults.get(field.name) {
                    differing.push(format!("{name}.{}", field.name));
                }
            }
        }
        differing
    };
    assert_eq!(differing(Compat::Documented), [""; 0]);
    assert_eq!(differing(Compat::Released), ["Process.min_duration"]);
}

#[test]
fn what_is_left_out_of_json_has_its_default() {
    let update: UpdateConfig = serde_json::from_str(r#"{"batch_size": 3}"#).unwrap();
    assert_eq!(update, UpdateConfig::default().with_batch_size(3));
    // Unset and the default are two things where the typed field is an option.
    let health: HealthCheckConfig = serde_json::from_str("{}").unwrap();
    assert_eq!(health.health_checker, None);
    assert_eq!(health.interval_secs, Seconds(10.0));
    let tier: Job = serde_json::from_str(
        r#"{"name": "a", "role": "b", "cluster": "c", "environment": "d", "task": {"name": "e"}, "tier": "gold"}"#,
    )
    .unwrap();
    assert_eq!(tier.tier, Some(Tier::Other("gold".to_owned())));
    assert_eq!(tier.task, Task::new("e", Vec::new()));
}

#[test]
fn what_must_be_given_is_named_when_it_is_missing() {
    let missing = |text| serde_json::from_str::<Job>(text).unwrap_err().to_string();
    assert!(missing("{}").starts_with("missing field `name`"));
    let final_process: Process =
        serde_json::from_str(r#"{"name": "a", "cmdline": "b", "final": true}"#).unwrap();
    assert_eq!(final_process, Process::new("a", "b").with_final(true));
}

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9 _./%ü\"'\\\\-]{0,8}"
}

fn seconds() -> impl Strategy<Value = f64> {
    // JSON is read to the last bit for such numbers.
    any::<i32>().prop_map(|number| f64::from(number) / 64.0)
}

fn texts() -> impl Strategy<Value = Vec<(String, String)>> {
    vec((text(), text()), 0..3)
}

prop_compose! {
    fn resources()(cpu in seconds(), ram: i64, disk: i64) -> Resources {
        Resources::new(cpu, ram, disk)
    }
}

prop_compose! {
    fn logger()(
        destination in prop::sample::select(vec![
            LoggerDestination::File, LoggerDestination::Console, LoggerDestination::Both, LoggerDestination::None,
        ]),
        rotate in option::of((any::<i64>(), any::<i64>())),
    ) -> Logger {
        let logger = Logger::default().with_destination(destination);
        match rotate {
            Some((size, backups)) => logger
                .with_mode(LoggerMode::Rotate)
                .with_rotate(RotatePolicy::default().with_log_size(size).with_backups(backups)),
            None => logger,
        }
    }
}

prop_compose! {
    fn process()(
        name in text(), cmdline in text(), resources in option::of(resources()), numbers: [i64; 2],
        flags: [bool; 3], logger in option::of(logger()),
    ) -> Process {
        let mut process = Process::new(name, cmdline)
            .with_max_failures(numbers[0])
            .with_min_duration(numbers[1])
            .with_daemon(flags[0])
            .with_ephemeral(flags[1])
            .with_final(flags[2]);
        process.resources = resources;
        process.logger = logger;
        process
    }
}

prop_compose! {
    fn task()(
        name in text(), processes in vec(process(), 0..3), orders in vec(vec(text(), 0..3), 0..3),
        resources in option::of(resources()), numbers: [i64; 3], user in option::of(text()),
    ) -> Task {
        let mut task = Task::new(name, processes)
            .with_constraints(orders.into_iter().map(Constraint::order))
            .with_max_failures(numbers[0])
            .with_max_concurrency(numbers[1])
            .with_finalization_wait(numbers[2]);
        task.resources = resources;
        task.user = user;
        task
    }
}

prop_compose! {
    fn health()(
        http in option::of((text(), text(), any::<i64>())), shell in option::of(text()), unset: bool,
        numbers in [seconds(), seconds(), seconds()], failures: i64,
    ) -> HealthCheckConfig {
        let http = http.map(|(endpoint, response, code)| HttpHealthChecker::default()
            .with_endpoint(endpoint)
            .with_expected_response(response)
            .with_expected_response_code(code));
        let shell = shell.map(ShellHealthChecker::new);
        let checker = HealthCheckerConfig { http, shell };
        let mut health = HealthCheckConfig::default()
            .with_initial_interval_secs(numbers[0])
            .with_interval_secs(numbers[1])
            .with_timeout_secs(numbers[2])
            .with_max_consecutive_failures(failures);
        health.health_checker = (!unset).then_some(checker);
        health
    }
}

prop_compose! {
    fn announcer()(port in text(), map in texts(), path in option::of(text())) -> Announcer {
        let mut announcer = Announcer::default().with_primary_port(port).with_portmap(map);
        announcer.zk_path = path;
        announcer
    }
}

prop_compose! {
    fn update()(numbers: [i64; 4], flags: [bool; 2], pulse: Option<i64>) -> UpdateConfig {
        let mut update = UpdateConfig::default()
            .with_batch_size(numbers[0])
            .with_watch_secs(numbers[1])
            .with_max_per_shard_failures(numbers[2])
            .with_max_total_failures(numbers[3])
            .with_rollback_on_failure(flags[0])
            .with_wait_for_batch_completion(flags[1]);
        update.pulse_interval_secs = pulse.map(Seconds);
        update
    }
}

prop_compose! {
    fn job()(
        task in task(), optional in [option::of(text()), option::of(text()), option::of(text())],
        policy in 0..3_usize, numbers: [i64; 3], flags: [bool; 3], maps in [texts(), texts()],
        announce in option::of(announcer()), update in update(), health in option::of(health()),
        lifecycle in option::of(option::of([text(), text(), text()])),
        docker in option::of((text(), texts())),
    ) -> Job {
        let [constraints, links] = maps;
        let key = "west/www/prod/web".parse().unwrap();
        let mut job = Job::new(&key, task)
            .with_cron_collision_policy(POLICIES[policy])
            .with_instances(numbers[0])
            .with_max_task_failures(numbers[1])
            .with_priority(numbers[2])
            .with_service(flags[0])
            .with_production(flags[1])
            .with_enable_hooks(flags[2])
            .with_constraints(constraints)
            .with_task_links(links)
            .with_update_config(update);
        let [contact, tier, schedule] = optional;
        (job.contact, job.cron_schedule) = (contact, schedule);
        job.tier = tier.as_deref().map(Tier::from);
        job.announce = announce;
        job.health_check_config = health;
        job.lifecycle = lifecycle.map(|http| match http {
            Some([port, first, last]) => LifecycleConfig::http(HttpLifecycleConfig::default()
                .with_port(port)
                .with_graceful_shutdown_endpoint(first)
                .with_shutdown_endpoint(last)),
            None => LifecycleConfig::default(),
        });
        job.container = docker.map(|(image, parameters)| {
            let parameters = parameters.into_iter().map(|(name, value)| Parameter::new(name, value));
            Container::docker(Docker::new(image).with_parameters(parameters))
        });
        job
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn jobs_survive_the_way_through_objects(job in job()) {
        for compat in Compat::ALL {
            let object = to_object(&job, &Schema::of(compat).ty(JOB)).unwrap();
            let again = Job::from_object(&object.interpolate().unwrap().0).unwrap();
            prop_assert_eq!(&again, &job);
        }
        let text = serde_json::to_string(&job).unwrap();
        prop_assert_eq!(Job::from_executor_data(&text).unwrap(), job);
    }
}
