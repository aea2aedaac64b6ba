//! Lists the jobs of a scheduler: `cargo run -p aurora-rpc --example list_jobs -- URL [ROLE]`.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::time::Duration;

use aurora_cluster::Cluster;
use aurora_jobkey::JobKeyPattern;
use aurora_rpc::{RetryPolicy, SchedulerClient, operations, urls};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let url = args.next().ok_or("give the address of a scheduler")?;
    let role = args.next().unwrap_or_else(|| "*".to_owned());

    let client = SchedulerClient::builder(&Cluster::direct("here", &url))
        .retry(RetryPolicy::new(
            Duration::from_secs(1),
            Duration::from_secs(10),
        ))
        .on_retry(|retry| eprintln!("{}, trying again", retry.error))
        .build()?;
    let base = client.base_url().await?;
    let pattern = JobKeyPattern::new("here", &role, "*", "*")?;
    for job in operations::list_jobs(&client, &pattern).await?.value {
        println!("{job}\t{}", urls::job(&base, &job));
    }
    Ok(())
}
