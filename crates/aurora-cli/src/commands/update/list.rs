//! `aurora update list`: the updates of a job, role or cluster.

use std::collections::BTreeSet;

use aurora_api::{JobUpdateStatus, JobUpdateSummary};
use aurora_jobkey::PartialJobKey;
use aurora_rpc::operations::{self, UpdateFilter, update_statuses};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::{Value, json};

use super::{or_none, status_name, utc};
use crate::commands::log_message;
use crate::context::Context;
use crate::failure::Result;
use crate::options::WriteJsonArgs;

/// List the updates of a job, environment, role or cluster
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora update list west                            all updates of a cluster
  aurora update list --status active west/www        active ones of a role
  aurora update list --status failed --user $(whoami) west/www/prod
  aurora update list -o json west/www/prod/web       those of a job, as JSON")]
pub(crate) struct ListArgs {
    /// Job, environment, role or cluster; trailing parts may be omitted
    #[arg(value_name = "CLUSTER[/ROLE[/ENV[/NAME]]]")]
    scope: PartialJobKey,

    /// Show only updates in this state or group of states; may be repeated
    #[arg(long = "status", value_name = "STATUS", value_parser = status_parser())]
    statuses: Vec<BTreeSet<JobUpdateStatus>>,

    /// Show only updates that this user started
    #[arg(long, value_name = "USER")]
    user: Option<String>,

    #[command(flatten)]
    pub(super) format: WriteJsonArgs,
}

fn status_parser() -> impl TypedValueParser<Value = BTreeSet<JobUpdateStatus>> {
    let names = operations::update_status_names();
    PossibleValuesParser::new(names).map(|name| update_statuses(&name).unwrap_or_default())
}

pub(crate) fn run(args: ListArgs, context: &Context) -> Result<()> {
    let target = context.target(args.scope.cluster())?;
    let client = context.client(&target)?;
    let filter = UpdateFilter::default()
        .statuses(args.statuses.into_iter().flatten())
        .user(args.user);
    let updates = context.block_on(async {
        let answer = operations::list_updates(&client, &args.scope, &filter).await?;
        log_message(&answer);
        Ok(answer.value)
    })?;
    let rows: Vec<_> = updates
        .iter()
        .map(|update| Row::of(args.scope.cluster(), update))
        .collect();
    if context.output.is_for_programs() {
        let rows: Vec<_> = rows.iter().map(Row::json).collect();
        context.output.json(&rows);
    } else if !rows.is_empty() {
        context.output.line(HEADER.line());
        for row in rows {
            context.output.line(row.line());
        }
    }
    Ok(())
}

/// One update of the list.
struct Row<T = String> {
    job: T,
    id: T,
    status: T,
    user: T,
    started: T,
    last_modified: T,
}

const HEADER: Row<&str> = Row {
    job: "JOB",
    id: "UPDATE ID",
    status: "STATUS",
    user: "CREATED BY",
    started: "STARTED",
    last_modified: "LAST MODIFIED",
};

impl<T: std::fmt::Display> Row<T> {
    /// The columns of the release, which scripts cut.
    fn line(&self) -> String {
        format!(
            "{:<47} {:<36} {:<15} {:<11} {:<19} {:<19}",
            self.job, self.id, self.status, self.user, self.started, self.last_modified
        )
    }
}

impl Row {
    fn of(cluster: &str, update: &JobUpdateSummary) -> Self {
        let key = update.key.as_ref();
        let job = key.and_then(|key| key.job.as_ref());
        let state = update.state.as_ref();
        Self {
            job: job.map_or_else(
                || "None".to_owned(),
                |job| {
                    let part = |part: &Option<String>| or_none(part.as_deref()).to_owned();
                    [
                        cluster.to_owned(),
                        part(&job.role),
                        part(&job.environment),
                        part(&job.name),
                    ]
                    .join("/")
                },
            ),
            id: or_none(key.and_then(|key| key.id.as_deref())).to_owned(),
            status: status_name(state),
            user: or_none(update.user.as_deref()).to_owned(),
            started: utc(state.and_then(|state| state.created_timestamp_ms)),
            last_modified: utc(state.and_then(|state| state.last_modified_timestamp_ms)),
        }
    }

    fn json(&self) -> Value {
        json!({
            "job": self.job,
            "id": self.id,
            "user": self.user,
            "started": self.started,
            "last_modified": self.last_modified,
            "status": self.status,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_padded_and_never_cut() {
        let long = "x".repeat(40);
        let row = Row {
            job: "west/www/prod/web".to_owned(),
            id: long.clone(),
            status: "ROLL_FORWARD_AWAITING_PULSE".to_owned(),
            user: "bob".to_owned(),
            started: utc(Some(0)),
            last_modified: utc(Some(1000)),
        };
        let line = row.line();
        assert!(
            line.contains(&format!(
                "{long} ROLL_FORWARD_AWAITING_PULSE bob         1970"
            )),
            "{line}"
        );
        assert!(HEADER.line().ends_with("LAST MODIFIED      "));
        let unknown = Row::of("west", &JobUpdateSummary::default());
        assert_eq!(unknown.job, "None");
        assert_eq!(unknown.status, "None");
    }
}
