//! The checks of a chosen job, in the order of the released client.

use super::{BoundJob, Fields, advice, findings::Findings, number, ports, text};
use pystachio::Object;

use crate::Error;

/// Checks a bound job.
pub(super) fn validate(job: &BoundJob, findings: &mut Findings) -> Result<(), Error> {
    let rules = [required, update_config, announce, environment, well_typed];
    for rule in rules {
        let outcome = rule(job, findings);
        findings.attempt(outcome)?;
    }
    if findings.is_collecting() {
        advice::look_ahead(job, findings)?;
    }
    Ok(())
}

fn well_typed(job: &BoundJob, findings: &mut Findings) -> Result<(), Error> {
    types(job.object(), findings)
}

/// Checks that all values are of their types and nothing is missing.
pub(super) fn types(job: &Object, findings: &mut Findings) -> Result<(), Error> {
    findings.types(job, "", |check| {
        let check = check?;
        match check.path() {
            None => Ok(()),
            Some(path) => Err(Error::invalid(check.to_string()).with_field(path.clone())),
        }
    })
}

fn required(job: &BoundJob, findings: &mut Findings) -> Result<(), Error> {
    let name = || text(job, "name").ok().flatten().unwrap_or_default();
    for (field, title) in [("cluster", "Cluster"), ("task", "Task"), ("role", "Role")] {
        if !job.has(field)? {
            let message = format!("{title} required for job \"{}\"", name());
            findings.found(Error::configuration_invalid(message).with_field(field))?;
        }
    }
    if let Some(task) = job.field("task")?
        && !task.has("processes")?
    {
        let message = format!("Processes required for task on job \"{}\"", name());
        findings.found(Error::configuration_invalid(message).with_field("task.processes"))?;
    }
    Ok(())
}

/// The struct in a field that must not be emptied.
fn kept(job: &BoundJob, field: &str) -> Result<Object, Error> {
    job.field(field)?.ok_or_else(|| {
        Error::configuration_invalid(format!("{field} must not be Empty"))
            .with_field(field)
            .with_hint("leave the field out to have the defaults")
    })
}

fn update_config(job: &BoundJob, findings: &mut Findings) -> Result<(), Error> {
    let update = kept(job, "update_config")?;
    let health = kept(job, "health_check_config")?;
    let refused = |field: &str, message: String| {
        Error::update_config(message)
            .with_field(field)
            .under("update_config")
    };
    let instances = number(job, "instances")?;
    let failures = number(&update, "max_total_failures")?;
    if let Some(instances) = instances
        && instances < 1.0
    {
        let message = format!("A job has at least one instance, not {instances}");
        findings.found(Error::invalid(message).with_field("instances"))?;
    } else if let (Some(instances), Some(failures)) = (instances, failures) {
        if failures >= instances {
            findings.found(refused(
                "max_total_failures",
                format!(
                    "\nmax_total_failures in update_config must be lesser than the job size.\n\
                 Based on your job size ({instances}) you should use max_total_failures <= {}.\n",
                    instances - 1.0
                ),
            ))?;
        }
        let threshold = (instances * 0.02).floor();
        if ports::is_dedicated(job)? && failures < threshold {
            findings.found(refused(
                "max_total_failures",
                format!(
                    "\nSince this is a dedicated job, you must set your max_total_failures in\n\
                 your update configuration to no less than 2% of your job size.\n\
                 Based on your job size ({instances}) you should use max_total_failures >= \
                 {threshold}.\n"
                ),
            ))?;
        }
    }
    let watch = number(&update, "watch_secs")?;
    let initial = number(&health, "initial_interval_secs")?;
    let limit = number(&health, "max_consecutive_failures")?;
    let interval = number(&health, "interval_secs")?;
    let (Some(watch), Some(initial), Some(limit), Some(interval)) =
        (watch, initial, limit, interval)
    else {
        return Ok(());
    };
    let noticed = initial + limit * interval;
    if watch <= noticed {
        findings.found(refused("watch_secs", format!(
            "\nYou have specified an insufficiently short watch period ({watch} seconds) in your \
             update configuration.\n\
             Your update will always succeed. In order for the updater to detect health check \
             failures,\n\
             UpdateConfig.watch_secs must be greater than {} seconds to account for an initial\n\
             health check interval ({} seconds) plus {limit} consecutive failures at a check \
             interval of {} seconds.\n",
            noticed.trunc(),
            initial.trunc(),
            interval.trunc()
        )))?;
    }
    Ok(())
}

fn announce(job: &BoundJob, findings: &mut Findings) -> Result<(), Error> {
    let Some(announcer) = job.field("announce")? else {
        return Ok(());
    };
    let primary = text(&announcer, "primary_port")?.unwrap_or_default();
    let requested = ports::Ports::of(job)?.requested();
    // Where all is looked at, there is a rule without false alarms.
    if !findings.is_collecting() && !requested.contains(&primary) {
        let warning = Error::invalid(format!(
            "\nAnnouncer specified primary port as '{primary}' but no processes have bound that \
             port.\nIf you would like to utilize this port, you should listen on \
             {{{{thermos.ports[{primary}]}}}}\nfrom some Process bound to your task.\n"
        ));
        let warning = warning.with_field("announce.primary_port");
        findings.warnings.push(warning);
    }
    if ports::has_static(&announcer)? && !ports::is_dedicated(job)? {
        let message = "Job must be dedicated in order to specify static ports!";
        findings.found(
            Error::invalid(message)
                .with_field("announce.portmap")
                .with_hint("add a constraint named `dedicated`, or map the port to another name"),
        )?;
    }
    Ok(())
}

fn environment(job: &BoundJob, findings: &mut Findings) -> Result<(), Error> {
    let name = text(job, "environment")?.unwrap_or_default();
    let staging = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit());
    let fits = matches!(name.as_str(), "prod" | "devel" | "test")
        || name.strip_prefix("staging").is_some_and(staging);
    if fits {
        return Ok(());
    }
    let message = format!(
        "Environment should be one of \"prod\", \"devel\", \"test\" or staging<number>!  Got {name}"
    );
    findings.found(Error::invalid(message).with_field("environment"))
}
