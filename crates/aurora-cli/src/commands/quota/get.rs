//! `aurora quota get`: the quota and the consumption of a role.

use std::fmt::Write as _;

use aurora_api::{GetQuotaResult, ResourceAggregate};
use aurora_jobkey::RoleKey;
use clap::Args;

use crate::commands::log_message;
use crate::context::Context;
use crate::exit;
use crate::failure::{Result, refusal};
use crate::options::WriteJsonArgs;

/// Show the quota of a role and the resources that its jobs use
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora quota get west/www
  aurora quota get -o json west/www   for programs; memory and disk in MiB

Only production jobs that are not dedicated count against the quota.")]
pub(crate) struct GetArgs {
    /// The cluster and the role
    #[arg(value_name = "CLUSTER/ROLE")]
    role: RoleKey,

    #[command(flatten)]
    pub(super) format: WriteJsonArgs,
}

pub(crate) fn run(args: GetArgs, context: &Context) -> Result<()> {
    let role = args.role.role();
    let target = context.target(args.role.cluster())?;
    let client = context.client(&target)?;
    let answer = context.block_on(async {
        tracing::info!("Getting quota for: {role}");
        client.get_quota(role).await.map_err(|error| {
            let heading = format!("Error retrieving quota for role {role}");
            refusal(error, &heading, exit::API_ERROR)
        })
    })?;
    log_message(&answer);
    if context.output.is_for_programs() {
        context.output.line(aurora_api::to_json(&answer.value));
    } else {
        context.output.bytes(text(&answer.value).as_bytes());
    }
    Ok(())
}

/// The form is the released client's, which scripts read.
fn text(quota: &GetQuotaResult) -> String {
    let pools = [
        ("Allocated:", &quota.quota),
        (
            "Production shared pool resources consumed:",
            &quota.prod_shared_consumption,
        ),
        (
            "Production dedicated pool resources consumed:",
            &quota.prod_dedicated_consumption,
        ),
        (
            "Non-production shared pool resources consumed:",
            &quota.non_prod_shared_consumption,
        ),
        (
            "Non-production dedicated pool resources consumed:",
            &quota.non_prod_dedicated_consumption,
        ),
    ];
    let mut text = String::new();
    for (heading, pool) in pools {
        if let Some(pool) = pool {
            // Writing to a string cannot fail.
            let _ = write_pool(&mut text, heading, pool);
        }
    }
    text
}

fn write_pool(text: &mut String, heading: &str, pool: &ResourceAggregate) -> std::fmt::Result {
    let gigabytes = |megabytes: Option<i64>| megabytes.unwrap_or_default() as f64 / 1024.0;
    writeln!(text, "{heading}")?;
    let cpus = pool.num_cpus.map_or(0.0, f64::from);
    writeln!(text, "  CPU: {cpus:?}")?;
    writeln!(text, "  RAM: {:.6} GB", gigabytes(pool.ram_mb))?;
    writeln!(text, "  Disk: {:.6} GB", gigabytes(pool.disk_mb))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(cpus: f64, ram: i64, disk: i64) -> Option<ResourceAggregate> {
        Some(ResourceAggregate {
            num_cpus: Some(cpus.into()),
            ram_mb: Some(ram),
            disk_mb: Some(disk),
        })
    }

    #[test]
    fn pools_come_in_their_order_and_only_those_that_there_are() {
        let quota = GetQuotaResult {
            quota: pool(5.5, 2048, 40961),
            non_prod_shared_consumption: pool(0.1, 100, 0),
            prod_dedicated_consumption: pool(16.0, 4096, -1024),
            ..GetQuotaResult::default()
        };
        insta::assert_snapshot!(text(&quota), @r"
        Allocated:
          CPU: 5.5
          RAM: 2.000000 GB
          Disk: 40.000977 GB
        Production dedicated pool resources consumed:
          CPU: 16.0
          RAM: 4.000000 GB
          Disk: -1.000000 GB
        Non-production shared pool resources consumed:
          CPU: 0.1
          RAM: 0.097656 GB
          Disk: 0.000000 GB
        ");
    }
}
