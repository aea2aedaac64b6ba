//! `aurora devcluster status`.

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::context::Context;
use crate::embedded::{self, Embedded};
use crate::failure::Result;
use crate::options::FormatArgs;

/// Show whether the development cluster runs, and its address
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora devcluster status
  aurora devcluster status -o json

The exit code is 0 if it runs and 7 if it does not.")]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(super) format: FormatArgs,
}

/// The status for programs; `url`, `pid` and `started` are missing while it does not run.
#[derive(Serialize)]
struct Report {
    running: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pid: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    started: Option<String>,
    directory: String,
    log: String,
}

pub(crate) fn run(_: StatusArgs, context: &Context) -> Result<()> {
    let embedded = Embedded::of(&context.environment)?;
    let found = embedded.find()?;
    let report = Report {
        running: found.is_some(),
        url: found.as_ref().map(|running| running.url.clone()),
        pid: found.as_ref().map(|running| running.pid),
        started: found
            .as_ref()
            .map(|running| in_seconds(running.started).to_string()),
        directory: embedded.root().display().to_string(),
        log: embedded.log().display().to_string(),
    };
    match (context.output.is_for_programs(), &found) {
        (true, _) => context.output.json(&report),
        (false, Some(running)) => {
            let out = &context.output;
            out.line(format_args!("The devcluster is running at {}", running.url));
            out.line(format_args!("  process:   {}", running.pid));
            let started = in_seconds(running.started).to_zoned(TimeZone::system());
            out.line(format_args!(
                "  started:   {}",
                started.strftime("%Y-%m-%d %H:%M:%S %Z")
            ));
            out.line(format_args!("  directory: {}", report.directory));
            out.line(format_args!("  log:       {}", report.log));
        }
        (false, None) => {}
    }
    match found {
        Some(_) => Ok(()),
        None => Err(embedded::not_running()),
    }
}

/// Without the fraction of a second.
fn in_seconds(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment)
}
