//! `aurora sla get-job-uptime`: how long percentages of the instances have been running.

use std::str::FromStr;

use aurora_jobkey::JobKey;
use aurora_rpc::operations::sla::Percentile;
use clap::Args;
use serde_json::json;

use crate::context::Context;
use crate::failure::Result;
use crate::options::FormatArgs;

/// Show how long given percentages of a job's instances have been running
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora sla get-job-uptime west/www/prod/web
  aurora sla get-job-uptime --percentiles 50,99.9 west/www/prod/web
  aurora sla get-job-uptime -o json west/www/prod/web")]
pub(crate) struct UptimeArgs {
    /// The job
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: JobKey,

    /// Percentages, each greater than 0 and less than 100
    #[arg(
        long,
        value_name = "NUMBER,NUMBER…",
        default_value = "99,95,90,85,75,60,50,30,10"
    )]
    percentiles: Percentiles,

    #[command(flatten)]
    pub(super) format: FormatArgs,
}

/// Ascending.
#[derive(Clone, Debug)]
struct Percentiles(Vec<Percentile>);

impl FromStr for Percentiles {
    type Err = aurora_rpc::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Percentile::parse_list(text).map(Self)
    }
}

pub(crate) fn run(args: UptimeArgs, context: &Context) -> Result<()> {
    let uptimes = super::uptimes(&args.key, context)?;
    let Percentiles(percentiles) = args.percentiles;
    if context.output.is_for_programs() {
        let uptime = |percentile: &Percentile| {
            let seconds = uptimes.at(*percentile);
            json!({"percentile": percentile.as_f64(), "seconds": seconds})
        };
        context.output.json(&json!({
            "job": args.key.to_string(),
            "instances": uptimes.seconds().len(),
            "uptimes": percentiles.iter().rev().map(uptime).collect::<Vec<_>>(),
        }));
        return Ok(());
    }
    for percentile in percentiles.into_iter().rev() {
        // Whole numbers as the released client shows floats, and no point where there is none.
        let seconds = match uptimes.at(percentile) {
            Some(seconds) => format!("{seconds}.0"),
            None => "0".to_owned(),
        };
        context
            .output
            .line(format_args!("{percentile} percentile\t- {seconds} seconds"));
    }
    Ok(())
}
