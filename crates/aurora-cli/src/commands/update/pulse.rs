//! `aurora update pulse`: tells a coordinated update that all is well.

use std::cell::OnceCell;
use std::time::Duration;

use aurora_api::{JobUpdateKey, JobUpdatePulseStatus};
use aurora_jobkey::JobKey;
use aurora_rpc::{SchedulerClient, operations};
use clap::Args;

use super::active::named_or_active;
use super::follow::Followed;
use crate::context::Context;
use crate::failure::Result;
use crate::options::seconds;

/// Tell a coordinated update that all is well, so that it goes on
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora update pulse west/www/prod/web              one pulse for the update that is under way
  aurora update pulse --every 30 west/www/prod/web   go on until the update is over

An update is coordinated when its job sets pulse_interval_secs in update_config: it halts when no pulse comes for so
long. The scheduler's word for each pulse is shown: OK, or FINISHED for an update that is over. Then the command ends
as `aurora update wait` does.")]
pub(crate) struct PulseArgs {
    /// The job
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: JobKey,

    /// Id of the update
    #[arg(value_name = "ID")]
    id: Option<String>,

    /// Pulse again and again, with so many seconds between, until the update is over
    #[arg(long, value_name = "SECONDS", value_parser = pause)]
    every: Option<Duration>,
}

fn pause(text: &str) -> Result<Duration, String> {
    match seconds(text)? {
        Duration::ZERO => Err("there must be some time between pulses".to_owned()),
        pause => Ok(pause),
    }
}

pub(crate) fn run(args: PulseArgs, context: &Context) -> Result<()> {
    let target = context.target(args.key.cluster())?;
    let client = context.client(&target)?;
    let followed = OnceCell::new();
    let pulsing = async {
        let none = "No active update found for this job.";
        let key = named_or_active(&client, &args.key, args.id.as_deref(), none).await?;
        if pulse(&args, &key, &client, context).await? {
            // The scheduler says the same of an update that is over and of one that it does not know.
            let followed = followed.get_or_init(|| Followed::new(&args.key, key.id));
            followed.to_the_end(&client, &target, context).await?;
        }
        Ok(())
    };
    context.block_on(pulsing).map_err(|failure| {
        failure.if_interrupted(|| match followed.get() {
            Some(followed) => followed.goes_on(),
            None => format!(
                "No more pulses are sent; a coordinated update halts until `aurora update pulse {}` sends another",
                args.key
            ),
        })
    })
}

/// Pulses as often as asked; tells whether there is nothing to pulse any more.
async fn pulse(
    args: &PulseArgs,
    key: &JobUpdateKey,
    client: &SchedulerClient,
    context: &Context,
) -> Result<bool> {
    let mut last = None;
    let mut tell = |status: JobUpdatePulseStatus| {
        if last.replace(status) != Some(status) {
            context.output.line(format_args!("Pulse result {status}"));
        }
    };
    match args.every {
        Some(pause) => operations::pulse_to_the_end(client, key, pause, tell).await?,
        None => tell(client.pulse_job_update(key.clone()).await?.value),
    }
    Ok(last == Some(JobUpdatePulseStatus::FINISHED))
}
