//! `aurora job open`: a page of the scheduler in the web browser.

use aurora_jobkey::{Component, Error, PartialJobKey};
use aurora_rpc::urls;
use clap::Args;

use crate::browser;
use crate::context::Context;
use crate::failure::{Failure, Result};

/// Open the page of a job, environment, role or cluster in the web browser
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora job open west/www/prod/web   the job's page
  aurora job open west                the scheduler's front page

Uses $BROWSER, else the system's browser. Without a browser, the address is printed.")]
pub(crate) struct OpenArgs {
    /// The page to open; trailing parts may be omitted
    #[arg(value_name = "CLUSTER[/ROLE[/ENV[/NAME]]]", value_parser = key_or_gap)]
    key: Result<PartialJobKey, Component>,
}

/// A key, or the part that is missing before a given one: the release calls that fatal, not a usage error.
fn key_or_gap(text: &str) -> Result<Result<PartialJobKey, Component>, Error> {
    match text.parse() {
        Ok(key) => Ok(Ok(key)),
        Err(Error::Gap { component, .. }) => Ok(Err(component)),
        Err(error) => Err(error),
    }
}

fn missing(part: Component) -> Failure {
    Failure::fatal(match part {
        Component::Role => "If env specified, must specify role",
        _ => "If job specified, must specify role and env",
    })
}

pub(crate) fn run(args: OpenArgs, context: &Context) -> Result<()> {
    let key = args.key.map_err(missing)?;
    let target = context.target(key.cluster())?;
    let client = context.client(&target)?;
    let base = context.block_on(async { Ok(client.base_url().await?) })?;
    let mut page = urls::scheduler(&base);
    for part in [key.role(), key.environment(), key.name()]
        .into_iter()
        .flatten()
    {
        page.push('/');
        page.push_str(part);
    }
    if !browser::open(&page, &context.environment) {
        context.output.line(page);
    }
    Ok(())
}
