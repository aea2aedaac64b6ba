//! Keeps a coordinated update going for as long as a command says that all is well:
//! `cargo run -p aurora-rpc --example pulse_update -- URL ROLE/ENV/NAME ID SECONDS COMMAND [ARGUMENT]…`.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;
use std::time::Duration;

use aurora_api::{JobUpdateKey, JobUpdatePulseStatus};
use aurora_cluster::Cluster;
use aurora_jobkey::JobKey;
use aurora_rpc::{RetryPolicy, SchedulerClient, job_key};

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let mut next = |what: &'static str| args.next().ok_or(what);
    let url = next("give the address of a scheduler")?;
    let job: JobKey = format!("here/{}", next("give the job as ROLE/ENV/NAME")?).parse()?;
    let id = next("give the id of the update")?;
    let seconds: u64 = next("give the seconds between two pulses")?.parse()?;
    let check = next("give the command that says whether all is well")?;
    let arguments: Vec<String> = args.collect();

    let pause = Duration::from_secs(seconds);
    // A pulse that comes late is worth no more than the next one.
    let client = SchedulerClient::builder(&Cluster::direct("here", &url))
        .retry(RetryPolicy::default().with_deadline(pause))
        .build()?;
    let key = JobUpdateKey {
        job: Some(job_key(&job)),
        id: Some(id),
    };
    loop {
        let is_well = std::process::Command::new(&check)
            .args(&arguments)
            .status()?
            .success();
        if is_well {
            let status = client.pulse_job_update(key.clone()).await?.value;
            println!("{status}");
            if status == JobUpdatePulseStatus::FINISHED {
                return Ok(ExitCode::SUCCESS);
            }
        } else {
            eprintln!("not well: no pulse");
        }
        tokio::time::sleep(pause).await;
    }
}
