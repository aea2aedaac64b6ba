//! The typed jobs against the table: neither may know a field, a type or a default that the other
//! does not.

use std::collections::BTreeSet;

use aurora_compat::Compat;
use proptest::{collection::vec, option, prelude::*};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Schema,
    json_schema::reachable,
    table::{ENUMS, Field, FieldType, JOB, STRUCTS},
};
use pystachio::parse_json;

use crate::{
    Announcer, Constraint, Container, CronCollisionPolicy, Docker, HealthCheckConfig,
    HealthCheckerConfig, HttpHealthChecker, HttpLifecycleConfig, Job, LifecycleConfig, Logger,
    LoggerDestination, LoggerMode, Parameter, Process, Resources, RotatePolicy, ShellHealthChecker,
    Task, UpdateConfig, job::to_object,
};

const POLICIES: [CronCollisionPolicy; 3] = [
    CronCollisionPolicy::KillExisting,
    CronCollisionPolicy::CancelNew,
    CronCollisionPolicy::RunOverlap,
];

/// A struct of the table in its typed form.
struct Sample {
    name: &'static str,
    /// The fields that a constructor takes.
    given: &'static [&'static str],
    /// With nothing else set.
    plain: Value,
    /// With everything set.
    full: Value,
}

fn sample(
    name: &'static str,
    given: &'static [&'static str],
    plain: impl Serialize,
    full: impl Serialize,
) -> Sample {
    Sample {
        name,
        given,
        plain: serde_json::to_value(plain).unwrap(),
        full: serde_json::to_value(full).unwrap(),
    }
}

fn samples() -> Vec<Sample> {
    let key = "west/www/prod/web".parse().unwrap();
    let resources = Resources::new(1.5, 10, 20);
    let rotate = RotatePolicy::default().with_log_size(1).with_backups(2);
    let logger = Logger::default()
        .with_destination(LoggerDestination::Both)
        .with_mode(LoggerMode::Rotate)
        .with_rotate(rotate);
    let process = Process::new("serve", "./serve");
    let full_process = process
        .clone()
        .with_name("watch")
        .with_cmdline("./watch")
        .with_resources(resources)
        .with_max_failures(2)
        .with_daemon(true)
        .with_ephemeral(true)
        .with_min_duration(3)
        .with_final(true)
        .with_logger(logger.clone());
    let task = Task::new("web", vec![process.clone()]);
    let full_task = task
        .clone()
        .with_name("site")
        .with_processes([process.clone(), full_process.clone()])
        .with_constraints([Constraint::order(["serve", "watch"])])
        .with_resources(resources)
        .with_max_failures(2)
        .with_max_concurrency(3)
        .with_finalization_wait(4)
        .with_user("nobody");
    let update = UpdateConfig::default()
        .with_batch_size(2)
        .with_watch_secs(3)
        .with_max_per_shard_failures(4)
        .with_max_total_failures(5)
        .with_rollback_on_failure(false)
        .with_wait_for_batch_completion(true)
        .with_pulse_interval_secs(6);
    let http = HttpHealthChecker::default()
        .with_endpoint("/alive")
        .with_expected_response("yes")
        .with_expected_response_code(204);
    let shell = ShellHealthChecker::new("true");
    let checker = HealthCheckerConfig::default()
        .with_http(http.clone())
        .with_shell(shell.clone());
    let health = HealthCheckConfig::default()
        .with_health_checker(checker.clone())
        .with_initial_interval_secs(0.5)
        .with_interval_secs(1.5)
        .with_max_consecutive_failures(2)
        .with_timeout_secs(2.5);
    let ending = HttpLifecycleConfig::default()
        .with_port("admin")
        .with_graceful_shutdown_endpoint("/please")
        .with_shutdown_endpoint("/now");
    let announcer = Announcer::default()
        .with_primary_port("web")
        .with_portmap([("admin", "web")])
        .with_zk_path("/web");
    let parameter = Parameter::new("memory", "64m");
    let docker = Docker::new("web")
        .with_image("site")
        .with_parameters([parameter.clone()]);
    let job = Job::new(&key, task.clone());
    let full_job = job
        .clone()
        .with_name("site")
        .with_role("site")
        .with_cluster("east")
        .with_environment("test")
        .with_contact("team@example.org")
        .with_instances(2)
        .with_task(full_task.clone())
        .with_announce(announcer.clone())
        .with_tier("revocable")
        .with_cron_schedule("* * * * *")
        .with_cron_collision_policy(CronCollisionPolicy::CancelNew)
        .with_update_config(update.clone())
        .with_constraints([("host", "limit:1")])
        .with_service(true)
        .with_max_task_failures(2)
        .with_production(true)
        .with_priority(3)
        .with_health_check_config(health.clone())
        .with_lifecycle(LifecycleConfig::default())
        .with_task_links([("stats", "http://localhost")])
        .with_enable_hooks(true)
        .with_container(Container::docker(docker.clone()));
    vec![
        sample(
            JOB,
            &["name", "role", "cluster", "environment", "task"],
            job,
            full_job,
        ),
        sample("Task", &["name", "processes"], task, full_task),
        sample("Process", &["name", "cmdline"], process, full_process),
        sample("Resources", &["cpu", "ram", "disk"], resources, resources),
        sample("Logger", &[], Logger::default(), logger),
        sample("RotatePolicy", &[], RotatePolicy::default(), rotate),
        sample(
            "Constraint",
            &["order"],
            Constraint::order(["a"]),
            Constraint::order(["a"]),
        ),
        sample("Announcer", &[], Announcer::default(), announcer),
        sample("UpdateConfig", &[], UpdateConfig::default(), update),
        sample(
            "HealthCheckConfig",
            &[],
            HealthCheckConfig::default(),
            health,
        ),
        sample(
            "HealthCheckerConfig",
            &[],
            HealthCheckerConfig::default(),
            checker,
        ),
        sample("HttpHealthChecker", &[], HttpHealthChecker::default(), http),
        sample("ShellHealthChecker", &["shell_command"], &shell, &shell),
        sample(
            "LifecycleConfig",
            &[],
            LifecycleConfig::default(),
            LifecycleConfig::http(ending.clone()),
        ),
        sample(
            "HttpLifecycleConfig",
            &[],
            HttpLifecycleConfig::default(),
            ending,
        ),
        sample(
            "Container",
            &[],
            Container::default(),
            Container::docker(docker.clone()),
        ),
        sample("Docker", &["image"], Docker::new("web"), docker),
        sample("Parameter", &["name", "value"], &parameter, &parameter),
    ]
}

fn fits(ty: &FieldType, value: &Value) -> bool {
    match ty {
        FieldType::String => value.is_string(),
        FieldType::Integer => value.is_i64(),
        FieldType::Float => value.is_f64(),
        FieldType::Boolean => value.is_boolean(),
        FieldType::Named(name) => match ENUMS.iter().find(|it| it.name == *name) {
            Some(it) => it.values.iter().any(|(text, _)| value == text),
            None => STRUCTS.iter().any(|it| {
                let known = |key: &String| it.fields.iter().any(|field| field.name == key);
                it.name == *name && value.as_object().is_some_and(|map| map.keys().all(known))
            }),
        },
        FieldType::List(element) => {
            let elements = value.as_array().map_or(&[][..], Vec::as_slice);
            !elements.is_empty() && elements.iter().all(|value| fits(element, value))
        }
        FieldType::Map(_, element) => value
            .as_object()
            .is_some_and(|map| !map.is_empty() && map.values().all(|value| fits(element, value))),
    }
}

fn rows(name: &str) -> &'static [Field] {
    STRUCTS.iter().find(|it| it.name == name).unwrap().fields
}

#[test]
fn every_struct_of_a_job_has_a_typed_form() {
    let typed: BTreeSet<&str> = samples().iter().map(|sample| sample.name).collect();
    let table = reachable(JOB).into_iter().map(|structure| structure.name);
    assert_eq!(typed, table.collect());
}

#[test]
fn typed_structs_have_the_fields_of_the_table() {
    for Sample { name, full, .. } in samples() {
        let typed: BTreeSet<&str> = full.as_object().unwrap().keys().map(|key| &**key).collect();
        let table = rows(name).iter().map(|field| field.name);
        assert_eq!(typed, table.collect(), "{name}");
        for field in rows(name) {
            let value = &full[field.name];
            assert!(fits(&field.ty, value), "{name}.{} = {value}", field.name);
        }
    }
}

#[test]
fn every_method_sets_its_own_field() {
    for Sample {
        name,
        given,
        plain,
        full,
    } in samples()
    {
        for field in rows(name) {
            let made_whole = given.len() == rows(name).len();
            let changed = plain.get(field.name) != full.get(field.name);
            assert!(changed || made_whole, "{name}.{}", field.name);
        }
    }
}

#[test]
fn typed_defaults_are_those_of_the_table() {
    let differing = |compat| {
        let mut differing = Vec::new();
        for Sample {
            name, given, plain, ..
        } in samples()
        {
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
            for field in rows(name) {
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
fn enumerations_have_the_values_of_the_table() {
    let typed = |name: &str, value: &str| {
        let logger = match name {
            "LoggerMode" => json!({"mode": value}),
            _ => json!({"destination": value}),
        };
        let read: Result<Logger, _> = serde_json::from_value(logger.clone());
        let written = serde_json::to_value(read.unwrap()).unwrap();
        let mut both = logger.as_object().unwrap().iter();
        both.all(|(field, value)| written[field] == *value)
    };
    for enumeration in ENUMS {
        for (value, _) in enumeration.values {
            assert!(typed(enumeration.name, value), "{value}");
        }
    }
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
        update.pulse_interval_secs = pulse;
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
        [job.contact, job.tier, job.cron_schedule] = optional;
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
