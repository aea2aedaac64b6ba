//! `aurora job status`: the tasks of jobs.

use std::fmt::Write as _;

use aurora_api::ScheduledTask;
use aurora_jobkey::JobKeyPattern;
use aurora_rpc::operations::{self, JobStatus};
use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::matching;
use crate::commands::log_message;
use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, refusal};
use crate::options::WriteJsonArgs;

/// Show the active and the ended tasks of matching jobs
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora job status west/www/prod/web
  aurora job status 'west/www/*/web'         all environments of a role
  aurora job status -o json west/www         all jobs of a role, as JSON")]
pub(crate) struct StatusArgs {
    /// Job key; trailing parts may be omitted, and parts may contain the wildcards `*`, `?` and `[…]`
    #[arg(value_name = "CLUSTER[/ROLE[/ENV[/NAME]]]")]
    pattern: JobKeyPattern,

    #[command(flatten)]
    pub(super) format: WriteJsonArgs,
}

pub(crate) fn run(args: StatusArgs, context: &Context) -> Result<()> {
    let found = context.block_on(find(&args.pattern, context))?;
    match (context.output.is_for_programs(), found.is_empty()) {
        // The released text and exit code, which programs test for.
        (true, true) => context.output.line(format_args!(
            r#"{{"jobspec":{},"error":"No matching jobs found"}}"#,
            Value::from(args.pattern.to_string())
        )),
        (true, false) => {
            let jobs: Vec<Value> = found.iter().map(JobTasks::json).collect();
            context.output.json(&jobs);
        }
        (false, true) => {
            let heading = format!("Found no jobs matching {}", args.pattern);
            return Err(Failure::new(exit::INVALID_PARAMETER, heading).announced());
        }
        (false, false) => {
            let zone = TimeZone::system();
            let text: String = found.iter().map(|job| job.text(&zone)).collect();
            context.output.line(text);
        }
    }
    Ok(())
}

/// A job that has tasks.
struct JobTasks {
    key: String,
    tasks: JobStatus,
}

/// The matching jobs that have tasks, each with all of them.
async fn find(pattern: &JobKeyPattern, context: &Context) -> Result<Vec<JobTasks>> {
    let mut found = Vec::new();
    for key in matching::jobs(pattern, context).await? {
        let target = context.target(key.cluster())?;
        let client = context.client(&target)?;
        tracing::info!("Checking status of {key}");
        let answer = operations::job_status(&client, &key)
            .await
            .map_err(|error| refusal(error, "Command failure:", exit::INVALID_PARAMETER))?;
        log_message(&answer);
        if answer.value.is_empty() {
            tracing::info!("No tasks were found for jobkey {key}");
        } else {
            found.push(JobTasks {
                key: key.to_string(),
                tasks: answer.value,
            });
        }
    }
    Ok(found)
}

impl JobTasks {
    fn text(&self, zone: &TimeZone) -> String {
        let mut text = String::new();
        for (heading, tasks) in [
            ("Active", &self.tasks.active),
            ("Inactive", &self.tasks.inactive),
        ] {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{heading} tasks ({}):", tasks.len());
            for task in tasks {
                let _ = write_task(&mut text, task, zone);
            }
        }
        text
    }

    fn json(&self) -> Value {
        let list = |tasks: &[ScheduledTask]| tasks.iter().map(task_json).collect::<Vec<_>>();
        json!({
            "job": self.key,
            "active": list(&self.tasks.active),
            "inactive": list(&self.tasks.inactive),
        })
    }
}

/// One task as text. The form is the released client's, which scripts read.
fn write_task(text: &mut String, scheduled: &ScheduledTask, zone: &TimeZone) -> std::fmt::Result {
    let assigned = scheduled.assigned_task.as_ref();
    let task = assigned.and_then(|assigned| assigned.task.as_ref());
    let key = task.and_then(|task| task.job.as_ref());
    let owner = task.and_then(|task| task.owner.as_ref());
    // Schedulers before job keys name the job in three other fields.
    let role = key
        .and_then(|key| key.role.as_deref())
        .or_else(|| owner?.role.as_deref());
    let environment = key
        .and_then(|key| key.environment.as_deref())
        .or_else(|| task?.environment.as_deref());
    let name = key
        .and_then(|key| key.name.as_deref())
        .or_else(|| task?.job_name.as_deref());
    let host = assigned.and_then(|assigned| assigned.slave_host.as_deref());
    writeln!(
        text,
        "\tTask role: {}, env: {}, name: {}, instance: {}, status: {} on {}",
        or_none(role),
        or_none(environment),
        or_none(name),
        assigned
            .and_then(|assigned| assigned.instance_id)
            .unwrap_or_default(),
        scheduled
            .status
            .map_or("None".to_owned(), |status| status.to_string()),
        or_none(host),
    )?;
    if let Some(task) = task {
        writeln!(
            text,
            "\t  cpus: {:?}, ram: {} MB, disk: {} MB",
            task.num_cpus.map_or(0.0, f64::from),
            task.ram_mb.unwrap_or_default(),
            task.disk_mb.unwrap_or_default(),
        )?;
    }
    let ports = assigned.and_then(|assigned| assigned.assigned_ports.as_ref());
    if let Some(ports) = ports.filter(|ports| !ports.is_empty()) {
        let ports: Vec<_> = ports
            .iter()
            .map(|(name, port)| format!("'{name}': {port}"))
            .collect();
        writeln!(text, "\t  ports: {{{}}}", ports.join(", "))?;
        writeln!(
            text,
            "\t  failure count: {} (max {})",
            scheduled.failure_count.unwrap_or_default(),
            task.and_then(|task| task.max_task_failures)
                .unwrap_or_default(),
        )?;
    }
    text.push_str("\t  events:\n");
    let mut events: Vec<_> = scheduled.task_events.iter().flatten().collect();
    events.sort_by_key(|event| event.timestamp);
    for event in events {
        writeln!(
            text,
            "\t   {} {}: {}",
            local_time(event.timestamp.unwrap_or_default(), zone),
            event
                .status
                .map_or("None".to_owned(), |status| status.to_string()),
            or_none(event.message.as_deref()),
        )?;
    }
    let metadata = task.and_then(|task| task.metadata.as_ref());
    if let Some(metadata) = metadata.filter(|metadata| !metadata.is_empty()) {
        text.push_str("\t  metadata:\n");
        for entry in metadata {
            writeln!(
                text,
                "\t\t  (key: '{}', value: '{}')",
                or_none(entry.key.as_deref()),
                or_none(entry.value.as_deref()),
            )?;
        }
    }
    Ok(())
}

fn or_none(text: Option<&str>) -> &str {
    text.unwrap_or("None")
}

/// A moment in the local time zone, in whole seconds.
fn local_time(milliseconds: i64, zone: &TimeZone) -> String {
    match Timestamp::from_millisecond(milliseconds) {
        Ok(moment) => moment
            .to_zoned(zone.clone())
            .strftime("%Y-%m-%d %H:%M:%S")
            .to_string(),
        // Beyond the year 9999 the number itself says as much.
        Err(_) => milliseconds.to_string(),
    }
}

/// One task as JSON: the API's fields, states by name, the two switches as booleans.
fn task_json(task: &ScheduledTask) -> Value {
    let mut json = aurora_api::to_json(task);
    if let Some(status) = task.status {
        json["status"] = status.to_string().into();
    }
    let events = json.get_mut("taskEvents").and_then(Value::as_array_mut);
    for (json, event) in events
        .into_iter()
        .flatten()
        .zip(task.task_events.iter().flatten())
    {
        if let Some(status) = event.status {
            json["status"] = status.to_string().into();
        }
    }
    json
}
