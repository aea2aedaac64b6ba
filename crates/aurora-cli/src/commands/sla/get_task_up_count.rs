//! `aurora sla get-task-up-count`: the percentage of instances that have been running for given times.

use std::str::FromStr;

use aurora_jobkey::JobKey;
use aurora_rpc::operations::sla::TimeSpan;
use clap::Args;
use serde_json::json;

use crate::context::Context;
use crate::failure::Result;
use crate::options::FormatArgs;

/// Show the percentage of a job's instances that have been running for given times
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora sla get-task-up-count west/www/prod/web
  aurora sla get-task-up-count --durations 30s,1h30m,2d west/www/prod/web
  aurora sla get-task-up-count -o json west/www/prod/web")]
pub(crate) struct UpCountArgs {
    /// The job
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: JobKey,

    /// Times, each in days, hours, minutes and seconds as in 1d2h3m4s
    #[arg(long, value_name = "TIME,TIME…", default_value = "1m,10m,1h,12h,7d")]
    durations: Durations,

    #[command(flatten)]
    pub(super) format: FormatArgs,
}

/// Ascending.
#[derive(Clone, Debug)]
struct Durations(Vec<TimeSpan>);

impl FromStr for Durations {
    type Err = aurora_rpc::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        TimeSpan::parse_list(text).map(Self)
    }
}

pub(crate) fn run(args: UpCountArgs, context: &Context) -> Result<()> {
    let uptimes = super::uptimes(&args.key, context)?;
    let Durations(spans) = args.durations;
    if context.output.is_for_programs() {
        let percent = |span: &TimeSpan| {
            let percent = uptimes.percent_up_for(*span);
            json!({"seconds": span.as_secs(), "percent": percent})
        };
        context.output.json(&json!({
            "job": args.key.to_string(),
            "instances": uptimes.seconds().len(),
            "up": spans.iter().map(percent).collect::<Vec<_>>(),
        }));
        return Ok(());
    }
    for span in spans {
        let percent = uptimes.percent_up_for(span);
        context
            .output
            .line(format_args!("{span}\t- {percent:.2} %"));
    }
    Ok(())
}
