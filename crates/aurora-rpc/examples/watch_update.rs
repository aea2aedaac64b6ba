//! Follows an update to its end:
//! `cargo run -p aurora-rpc --example watch_update -- URL ROLE/ENV/NAME [ID]`.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use aurora_cluster::Cluster;
use aurora_jobkey::JobKey;
use aurora_rpc::operations::{UPDATE_PAUSE, UpdateEnd, UpdateEvent, follow_update};
use aurora_rpc::{SchedulerClient, urls};

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let url = args.next().ok_or("give the address of a scheduler")?;
    let job = args.next().ok_or("give the job as ROLE/ENV/NAME")?;
    let id = args.next();

    let job: JobKey = format!("here/{job}").parse()?;
    let client = SchedulerClient::connect(&Cluster::direct("here", &url))?;
    eprintln!("{}", urls::job(&client.base_url().await?, &job));
    let mut events = follow_update(&client, &job, id.as_deref(), UPDATE_PAUSE)?;
    while let Some(event) = events.next().await {
        match event? {
            UpdateEvent::State { status, .. } => println!("{status}"),
            UpdateEvent::Ended(end) if end.is_success() => return Ok(ExitCode::SUCCESS),
            UpdateEvent::Ended(UpdateEnd::NotFound) => eprintln!("there is no such update"),
            UpdateEvent::Ended(UpdateEnd::Several(updates)) => {
                eprintln!("{} updates fit: give the id of one", updates.len());
            }
            _ => {}
        }
    }
    Ok(ExitCode::FAILURE)
}
