//! `aurora update info`: one update with its history.

use std::fmt::Write as _;

use aurora_api::{JobInstanceUpdateEvent, JobUpdateDetails, JobUpdateEvent, JobUpdateSummary};
use aurora_jobkey::JobKey;
use clap::Args;
use serde_json::{Value, json};

use super::active::named_or_active;
use super::{or_none, status_name, utc};
use crate::commands::log_message;
use crate::context::Context;
use crate::failure::Result;
use crate::options::WriteJsonArgs;

/// Show an update and its progress
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora update info west/www/prod/web              the active update
  aurora update info west/www/prod/web a1b2c3d4-…   the update with this id
  aurora update info -o json west/www/prod/web      for programs

`aurora update list` shows the ids of a job's updates.")]
pub(crate) struct InfoArgs {
    /// The job
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: JobKey,

    /// Id of the update
    #[arg(value_name = "ID")]
    id: Option<String>,

    #[command(flatten)]
    pub(super) format: WriteJsonArgs,
}

pub(crate) fn run(args: InfoArgs, context: &Context) -> Result<()> {
    let target = context.target(args.key.cluster())?;
    let client = context.client(&target)?;
    let details = context.block_on(async {
        let none = "There is no active update for this job.";
        let key = named_or_active(&client, &args.key, args.id.as_deref(), none).await?;
        let answer = client.get_job_update_details(key).await?;
        log_message(&answer);
        Ok(answer.value)
    })?;
    if context.output.is_for_programs() {
        context.output.json(&json(&args.key, &details));
    } else {
        context.output.bytes(text(&args.key, &details).as_bytes());
    }
    Ok(())
}

fn summary(details: &JobUpdateDetails) -> JobUpdateSummary {
    let update = details.update.as_ref();
    update
        .and_then(|update| update.summary.clone())
        .unwrap_or_default()
}

fn name(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "None".to_owned(), |value| value.to_string())
}

/// The form is the released client's, which scripts read.
fn text(job: &JobKey, details: &JobUpdateDetails) -> String {
    let summary = summary(details);
    let id = summary.key.as_ref().and_then(|key| key.id.as_deref());
    let state = summary.state.as_ref();
    let mut text = format!(
        "Job: {job}, UpdateID: {}\nStarted {}, last activity: {}\nCurrent status: {}\n",
        or_none(id),
        utc(state.and_then(|state| state.created_timestamp_ms)),
        utc(state.and_then(|state| state.last_modified_timestamp_ms)),
        status_name(state),
    );
    // Writing to a string cannot fail, here and below.
    let mut heading = "Update events:\n";
    for event in details.update_events.iter().flatten() {
        let _ = writeln!(
            text,
            "{heading}  Status: {} at {}",
            name(event.status),
            utc(event.timestamp_ms)
        );
        if let Some(message) = event.message.as_deref().filter(|text| !text.is_empty()) {
            let _ = writeln!(text, "      message: {message}");
        }
        heading = "";
    }
    let mut heading = "Instance events:\n";
    for event in details.instance_events.iter().flatten() {
        let _ = writeln!(
            text,
            "{heading}  Instance {} at {}: {}",
            name(event.instance_id),
            utc(event.timestamp_ms),
            name(event.action)
        );
        heading = "";
    }
    text
}

fn json(job: &JobKey, details: &JobUpdateDetails) -> Value {
    let summary = summary(details);
    let state = summary.state.as_ref();
    let events = details.update_events.iter().flatten();
    let instance_events = details.instance_events.iter().flatten();
    json!({
        "updateId": summary.key.as_ref().and_then(|key| key.id.as_deref()),
        "job": job.as_str(),
        "started": state.and_then(|state| state.created_timestamp_ms),
        "last_modified": utc(state.and_then(|state| state.last_modified_timestamp_ms)),
        "status": status_name(state),
        "update_events": events.map(event_json).collect::<Vec<_>>(),
        "instance_update_events": instance_events.map(instance_event_json).collect::<Vec<_>>(),
    })
}

fn event_json(event: &JobUpdateEvent) -> Value {
    let mut json = json!({
        "status": name(event.status),
        "timestampMs": event.timestamp_ms,
    });
    if let Some(message) = event.message.as_deref().filter(|text| !text.is_empty()) {
        json["message"] = message.into();
    }
    json
}

fn instance_event_json(event: &JobInstanceUpdateEvent) -> Value {
    json!({
        "instance": event.instance_id,
        "timestamp": event.timestamp_ms,
        "action": name(event.action),
    })
}
