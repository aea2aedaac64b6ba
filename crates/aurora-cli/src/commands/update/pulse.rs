//! `aurora update pulse`: sends pulses to a coordinated update.

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

/// Send a pulse, which lets a coordinated update continue
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora update pulse west/www/prod/web              one pulse
  aurora update pulse --every 30 west/www/prod/web   until the update ends

An update is coordinated if its update_config sets pulse_interval_secs: after that many seconds without a pulse, it \
pauses. Prints the scheduler's reply to each pulse: OK, or FINISHED if the update has ended; then the exit code is \
that of `aurora update wait`.")]
pub(crate) struct PulseArgs {
    /// The job
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: JobKey,

    /// Id of the update
    #[arg(value_name = "ID")]
    id: Option<String>,

    /// Send a pulse every SECONDS until the update ends
    #[arg(long, value_name = "SECONDS", value_parser = pause)]
    every: Option<Duration>,
}

fn pause(text: &str) -> Result<Duration, String> {
    match seconds(text)? {
        Duration::ZERO => Err("must be greater than 0".to_owned()),
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
            // The scheduler gives the same reply for an update that has ended and for one that it does not know.
            let followed = followed.get_or_init(|| Followed::new(&args.key, key.id));
            followed.to_the_end(&client, &target, context).await?;
        }
        Ok(())
    };
    context.block_on(pulsing).map_err(|failure| {
        failure.if_interrupted(|| match followed.get() {
            Some(followed) => followed.still_runs(),
            None => format!(
                "No more pulses are sent; a coordinated update pauses until `aurora update pulse {}` sends another",
                args.key
            ),
        })
    })
}

/// Sends the pulses; returns whether the update has ended.
async fn pulse(
    args: &PulseArgs,
    key: &JobUpdateKey,
    client: &SchedulerClient,
    context: &Context,
) -> Result<bool> {
    let mut last = None;
    let mut print = |status: JobUpdatePulseStatus| {
        if last.replace(status) != Some(status) {
            context.output.line(format_args!("Pulse result {status}"));
        }
    };
    match args.every {
        Some(pause) => operations::pulse_to_the_end(client, key, pause, print).await?,
        None => print(client.pulse_job_update(key.clone()).await?.value),
    }
    Ok(last == Some(JobUpdatePulseStatus::FINISHED))
}
