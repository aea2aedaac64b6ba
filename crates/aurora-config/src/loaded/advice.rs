//! What the client lets pass and a later step does not: an update, the scheduler, or the executor.
//!
//! Only those who ask for all that can be said hear of it: `config check`. An error is for what a later step refuses, a
//! warning for what does something else than its author may think. The rules of the scheduler and of the executor are
//! those of release 0.12.0 with its default options.

use std::collections::BTreeMap;

use super::{
    BoundJob, Fields, elements, findings::Findings, number, plain, ports::Ports, task::flag, text,
    update,
};
use pystachio::{Data, Object, PathStep};

use crate::{
    CronCollisionPolicy, CronSchedule, Error, FieldPath, HealthCheckConfig, HostConstraint,
    HttpLifecycleConfig, Job,
};

/// The most instances that a scheduler takes for a job unless it was started with another limit.
const MOST_INSTANCES: f64 = 4000.0;

/// The port that HTTP health checks, and requests to stop by default, go to.
const HEALTH: &str = "health";

/// Adds to `findings` what later steps would refuse.
pub(super) fn look_ahead(job: &BoundJob, findings: &mut Findings) -> Result<(), Error> {
    for rule in [instances, cron] {
        let outcome = rule(job, findings);
        findings.attempt(outcome)?;
    }
    // What does not fit into a typed job is reported by the rules before.
    let typed = findings.attempt(job.settled())?;
    let typed = typed.and_then(|settled| Job::from_object(&settled).ok());
    if let Some(typed) = &typed {
        updates(typed, findings)?;
    }
    let outcome = processes(job, findings);
    findings.attempt(outcome)?;
    if let Some(ports) = findings.attempt(Ports::of(job))? {
        let outcome = announcer(job, &ports, findings);
        findings.attempt(outcome)?;
        if let Some(typed) = &typed {
            checked_ports(typed, &ports, findings);
        }
    }
    let outcome = dedicated(job, findings);
    findings.attempt(outcome).map(drop)
}

fn instances(job: &BoundJob, findings: &mut Findings) -> Result<(), Error> {
    match number(job, "instances")? {
        // Fewer are an error of every job that is chosen.
        Some(instances) if instances > MOST_INSTANCES => {
            let message = format!(
                "the job has {instances} instances, and schedulers take at most {MOST_INSTANCES} by default"
            );
            findings
                .warnings
                .push(Error::invalid(message).with_field("instances"));
            Ok(())
        }
        _ => Ok(()),
    }
}

fn cron(job: &BoundJob, findings: &mut Findings) -> Result<(), Error> {
    if !job.has("cron_schedule")? {
        return Ok(());
    }
    let schedule = text(job, "cron_schedule")?.unwrap_or_default();
    if let Err(error) = schedule.parse::<CronSchedule>() {
        findings.found(Error::invalid(error.to_string()).with_field("cron_schedule"))?;
    }
    if flag(job, "service")? {
        let message = "a job with a cron schedule is not a service: it runs at its times and ends";
        findings.found(Error::invalid(message).with_field("service"))?;
    }
    let policy = text(job, "cron_collision_policy")?.unwrap_or_default();
    if matches!(policy.parse(), Ok(CronCollisionPolicy::RunOverlap)) {
        let error = Error::invalid("schedulers refuse the cron collision policy RUN_OVERLAP")
            .with_field("cron_collision_policy")
            .with_hint("KILL_EXISTING and CANCEL_NEW are the policies");
        findings.found(error)?;
    }
    Ok(())
}

/// Cron jobs are not updated.
fn updates(job: &Job, findings: &mut Findings) -> Result<(), Error> {
    if job.cron_schedule.is_some() {
        return Ok(());
    }
    for problem in update::problems(&job.update_config) {
        findings.found(problem.under("update_config"))?;
    }
    Ok(())
}

fn processes(job: &BoundJob, findings: &mut Findings) -> Result<(), Error> {
    let Some(task) = job.field("task")? else {
        return Ok(());
    };
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for (position, process) in elements(&task, "processes")?.iter().enumerate() {
        let place = FieldPath::from("task.processes").then(position);
        let name = text(process, "name")?.unwrap_or_default();
        if let Some(first) = first.get(&name) {
            let message = format!(
                "two processes of the task are named `{name}`: names must be unique in a task"
            );
            let hint = format!("the first one is task.processes[{first}]");
            let warning = Error::invalid(message).with_field(place.clone().then("name"));
            findings.warnings.push(warning.with_hint(hint));
        } else {
            first.insert(name, position);
        }
        if let Some(logger) = process.field("logger")? {
            rotation(&logger, &place.then("logger"), findings)?;
        }
    }
    Ok(())
}

/// Executors do not start a process whose files they could not rotate.
fn rotation(logger: &Object, place: &FieldPath, findings: &mut Findings) -> Result<(), Error> {
    if text(logger, "mode")?.as_deref() != Some("rotate") {
        return Ok(());
    }
    let Some(rotate) = logger.field("rotate")? else {
        let error = Error::invalid(
            "the mode `rotate` needs a `rotate`: no executor starts the process without it",
        )
        .with_field(place.clone().then("mode"))
        .with_hint("add rotate=RotatePolicy() to have the defaults");
        return findings.found(error);
    };
    for field in ["log_size", "backups"] {
        let place = place.clone().then("rotate").then(field);
        if let Some(value) = number(&rotate, field)?
            && value < 1.0
        {
            let message =
                format!("{field} must be at least 1, not {value}: no executor starts the process");
            findings.found(Error::invalid(message).with_field(place))?;
        }
    }
    Ok(())
}

/// The rule of the release looks at the names of ports before the port map leads them elsewhere, and finds fault with port
/// maps that work.
fn announcer(job: &BoundJob, ports: &Ports, findings: &mut Findings) -> Result<(), Error> {
    let Some(announcer) = job.field("announce")? else {
        return Ok(());
    };
    let primary = text(&announcer, "primary_port")?.unwrap_or_default();
    if ports.is_in_use(&primary) {
        return Ok(());
    }
    let message =
        format!("no process uses the port `{primary}`, which is announced as the primary one");
    let hint = format!(
        "listen on {{{{thermos.ports[{primary}]}}}} in a process, or name the port that one uses"
    );
    let warning = Error::invalid(message).with_field("announce.primary_port");
    findings.warnings.push(warning.with_hint(hint));
    Ok(())
}

/// Settings that have no effect because the task has no port to send requests to.
fn checked_ports(job: &Job, ports: &Ports, findings: &mut Findings) {
    let mut warn = |field: &str, port: &str, effect: &str| {
        if !ports.is_in_use(port) {
            let message = format!("no process uses the port `{port}`, so {effect}");
            let hint = format!("listen on {{{{thermos.ports[{port}]}}}} in a process");
            let warning = Error::invalid(message).with_field(field);
            findings.warnings.push(warning.with_hint(hint));
        }
    };
    if let Some(health) = &job.health_check_config
        && *health != HealthCheckConfig::default()
    {
        let checker = health.health_checker.as_ref();
        let by_command = checker.is_some_and(|checker| checker.shell.is_some());
        if !by_command {
            warn("health_check_config", HEALTH, "there are no health checks");
        }
    }
    if let Some(http) = job.lifecycle.as_ref().and_then(|it| it.http.as_ref())
        && *http != HttpLifecycleConfig::default()
    {
        warn(
            "lifecycle.http.port",
            &http.port,
            "the task is not asked to stop",
        );
    }
}

/// Hosts that are dedicated to a role take tasks of this role only.
fn dedicated(job: &BoundJob, findings: &mut Findings) -> Result<(), Error> {
    let Some(Data::Dict(constraints)) = plain(job, "constraints")? else {
        return Ok(());
    };
    let Some(value) = constraints.get("dedicated") else {
        return Ok(());
    };
    let (value, role) = (value.to_string(), text(job, "role")?.unwrap_or_default());
    let of_role = |name: &String| name.split_once('/').is_some_and(|(owner, _)| owner == role);
    let fits = match value.parse() {
        Ok(HostConstraint::OneOf(names)) => matches!(&names[..], [name] if of_role(name)),
        _ => false,
    };
    if !fits {
        let message =
            format!("schedulers refuse the value `{value}` of the constraint `dedicated`");
        let error = Error::invalid(message)
            .with_field(FieldPath::from("constraints").then(PathStep::Key("dedicated".to_owned())))
            .with_hint(format!(
                "its value is the role of the job, a slash and a name: `{role}/NAME`"
            ));
        findings.found(error)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{Configuration, LoadOptions};

    /// What is found in a job that has these fields beside the usual ones: severity, field and message of each.
    fn found(fields: Value) -> Vec<String> {
        let mut job = json!({
            "cluster": "west", "role": "www", "environment": "prod", "name": "web",
            "task": {
                "processes": [{"name": "serve", "cmdline": "./serve -p {{thermos.ports[web]}}"}],
                "resources": {"cpu": 0.5, "ram": 16_777_216, "disk": 16_777_216},
            },
        });
        let parts = job.as_object_mut().unwrap();
        parts.extend(fields.as_object().unwrap().clone());
        let configuration = Configuration::from_json(&job.to_string(), &LoadOptions::default());
        let report = configuration.unwrap().check();
        let shown = report.findings().map(|finding| {
            let severity = finding.severity.name();
            let field = finding.field.to_string();
            let field = field.trim_start_matches("jobs[0].");
            format!(
                "{severity} {field}: {}",
                finding.message.lines().next().unwrap()
            )
        });
        shown.collect()
    }

    fn logger(logger: Value) -> Vec<String> {
        found(json!({"task": {
            "processes": [{"name": "serve", "cmdline": "./serve", "logger": logger}],
            "resources": {"cpu": 0.5, "ram": 16_777_216, "disk": 16_777_216},
        }}))
    }

    #[test]
    fn a_plain_job_has_no_problem() {
        assert_eq!(found(json!({})), [""; 0]);
    }

    #[test]
    fn numbers_of_instances_are_those_that_schedulers_take() {
        assert_eq!(found(json!({"instances": 4000})), [""; 0]);
        insta::assert_snapshot!(
            [4001, 0, -1].map(|instances| found(json!({"instances": instances})).join("\n")).join("\n"), @r"
        warning instances: the job has 4001 instances, and schedulers take at most 4000 by default
        error instances: A job has at least one instance, not 0
        error instances: A job has at least one instance, not -1
        ");
    }

    #[test]
    fn settings_that_no_update_can_use_are_errors_unless_the_job_is_a_cron_job() {
        let wrong = json!({"batch_size": 0, "watch_secs": 46, "pulse_interval_secs": 59});
        insta::assert_snapshot!(found(json!({"update_config": wrong})).join("\n"), @r"
        error update_config.batch_size: Batch size should be greater than 0
        error update_config.pulse_interval_secs: Pulse interval seconds must be at least 60 seconds.
        ");
        assert_eq!(
            found(json!({"update_config": wrong, "cron_schedule": "* * * * *"})),
            [""; 0]
        );
    }

    #[test]
    fn cron_jobs_are_held_to_the_rules_of_the_scheduler() {
        let shown = [
            json!({"cron_schedule": "every day"}),
            json!({"cron_schedule": "0 25 * * *"}),
            json!({"cron_schedule": "0 0 1 * 1"}),
            json!({"cron_schedule": "* * * * *", "service": true}),
            json!({"cron_schedule": "* * * * *", "cron_collision_policy": "RUN_OVERLAP"}),
            json!({"cron_schedule": "* * * * *", "cron_collision_policy": "SOMETIMES"}),
        ]
        .map(|fields| found(fields).join("\n"));
        insta::assert_snapshot!(shown.join("\n"), @r"
        error cron_schedule: cron schedule `every day` does not have five fields: minute, hour, day of month, month, day of week
        error cron_schedule: `25` is not valid as the hour of a cron schedule; use `*`, `*/STEP`, and numbers, ranges and ranges/STEP from 0 to 23
        error cron_schedule: cron schedule `0 0 1 * 1` names both days of the month and days of the week; one of them has to be `*`
        error service: a job with a cron schedule is not a service: it runs at its times and ends
        error cron_collision_policy: schedulers refuse the cron collision policy RUN_OVERLAP
        error cron_collision_policy: Invalid CronCollisionPolicy type: SOMETIMES
        ");
        assert_eq!(
            found(json!({"cron_collision_policy": "RUN_OVERLAP"})),
            [""; 0]
        );
    }

    #[test]
    fn files_that_are_rotated_have_a_size_and_a_number() {
        assert_eq!(
            logger(json!({"mode": "standard", "rotate": {"log_size": 0}})),
            [""; 0]
        );
        assert_eq!(logger(json!({"mode": "rotate", "rotate": {}})), [""; 0]);
        let shown = [
            json!({"mode": "rotate"}),
            json!({"mode": "rotate", "rotate": {"log_size": 0, "backups": 0}}),
        ]
        .map(|it| logger(it).join("\n"));
        insta::assert_snapshot!(shown.join("\n"), @r"
        error task.processes[0].logger.mode: the mode `rotate` needs a `rotate`: no executor starts the process without it
        error task.processes[0].logger.rotate.log_size: log_size must be at least 1, not 0: no executor starts the process
        error task.processes[0].logger.rotate.backups: backups must be at least 1, not 0: no executor starts the process
        ");
    }

    #[test]
    fn the_announced_port_is_one_that_a_process_uses() {
        for announce in [
            json!({"primary_port": "web"}),
            json!({"primary_port": "http", "portmap": {"http": "web"}}),
            json!({"primary_port": "web", "portmap": {"aurora": "{{primary_port}}"}}),
            json!({"primary_port": "a", "portmap": {"a": "b", "b": "web"}}),
        ] {
            assert_eq!(found(json!({"announce": announce})), [""; 0], "{announce}");
        }
        let fixed = json!({"primary_port": "http", "portmap": {"http": 80}});
        assert_eq!(
            found(json!({"announce": fixed, "constraints": {"dedicated": "www/web"}})),
            [""; 0]
        );
        let shown = [
            json!({}),
            json!({"primary_port": "http", "portmap": {"http": "other"}}),
        ]
        .map(|announce| found(json!({"announce": announce})).join("\n"));
        insta::assert_snapshot!(shown.join("\n"), @r"
        warning announce.primary_port: no process uses the port `http`, which is announced as the primary one
        warning announce.primary_port: no process uses the port `http`, which is announced as the primary one
        ");
    }

    #[test]
    fn settings_for_a_port_that_no_process_uses_have_no_effect() {
        let health = |checker| json!({"health_check_config": {"interval_secs": 3, "health_checker": checker}});
        assert_eq!(
            found(health(json!({"shell": {"shell_command": "true"}}))),
            [""; 0]
        );
        let shown = [
            found(health(json!({"http": {}}))).join("\n"),
            found(json!({"lifecycle": {"http": {"port": "admin"}}})).join("\n"),
        ];
        insta::assert_snapshot!(shown.join("\n"), @r"
        warning health_check_config: no process uses the port `health`, so there are no health checks
        warning lifecycle.http.port: no process uses the port `admin`, so the task is not asked to stop
        ");
        assert_eq!(
            found(json!({"lifecycle": {"http": {"port": "web"}}})),
            [""; 0]
        );
    }

    #[test]
    fn dedicated_hosts_are_those_of_the_role() {
        assert_eq!(
            found(json!({"constraints": {"dedicated": "www/web"}})),
            [""; 0]
        );
        for value in ["web", "other/web", "www/a,www/b", "!www/web", "limit:1"] {
            let shown = found(json!({"constraints": {"dedicated": value}}));
            let expected = format!(
                "error constraints[dedicated]: schedulers refuse the value `{value}` of the constraint `dedicated`"
            );
            assert_eq!(shown, [expected]);
        }
    }
}
