//! `aurora config render`: jobs as they come out of a job file, as JSON.

use std::path::PathBuf;

use aurora_config::{Binding, Job, LoadedJob};
use aurora_jobkey::JobKey;
use clap::Args;

use crate::context::Context;
use crate::failure::Result;
use crate::options::ReadArgs;

/// Print the jobs of a job file as JSON, templates resolved; no scheduler is asked
#[derive(Args, Debug)]
#[command(after_help = "\
With a key, standard output is one object; without, always a list, in the order of the file.
Fields without a value are left out.

--set takes instance, hostname, task_id, user and ports.NAME, or the references that stand in the
file, such as mesos.instance or thermos.ports[http]. What it does not set stays as it is.

Examples:
  aurora config render web.aurora west/www/prod/web
  aurora config render web.aurora | jq -r '.[].name'
  aurora config render --set instance=3,ports.http=31000 web.aurora west/www/prod/web")]
pub(crate) struct RenderArgs {
    /// The job file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The job to print; all of the file if left out
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: Option<JobKey>,

    /// Fill in what only a running task has; several by commas, may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE", value_delimiter = ',', value_parser = Binding::runtime)]
    values: Vec<Binding>,

    #[command(flatten)]
    read: ReadArgs,
}

pub(crate) fn run(args: RenderArgs, context: &Context) -> Result<()> {
    let options = context.load_options(&args.read, args.key.as_ref().map(JobKey::cluster))?;
    let configuration = context.load(&args.file, options)??;
    context.warn_of(&configuration);
    let mut left = Vec::new();
    let mut render = |loaded: &LoadedJob| -> Result<Job> {
        for warning in loaded.warnings() {
            context.output.note(warning);
        }
        let rendered = loaded.render(&args.values)?;
        left.extend(rendered.left);
        Ok(rendered.job)
    };
    match &args.key {
        Some(key) => {
            let job = render(&configuration.job(key)?)?;
            context.output.json(&job);
        }
        None => {
            let jobs = configuration.jobs()?;
            let jobs = jobs.iter().map(render).collect::<Result<Vec<_>>>()?;
            context.output.json(&jobs);
        }
    }
    left.sort();
    left.dedup();
    if !left.is_empty() {
        let left = left.join(" ");
        context.output.note(format_args!(
            "left to running tasks: {left}; --set fills them in"
        ));
    }
    Ok(())
}
