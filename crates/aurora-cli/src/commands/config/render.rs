//! `aurora config render`: the jobs of a job file as JSON.

use std::path::PathBuf;

use aurora_config::{Binding, Job, LoadedJob};
use aurora_jobkey::JobKey;
use clap::Args;

use crate::context::Context;
use crate::failure::Result;
use crate::options::ReadArgs;

/// Print the jobs of a job file as JSON, with templates resolved, without a scheduler
#[derive(Args, Debug)]
#[command(after_help = "\
With a key, standard output is one object; without a key, a list in the order of the file. \
Fields without a value are omitted.

--set takes instance, hostname, task_id, user and ports.NAME, or references as in the job file, \
such as mesos.instance or thermos.ports[http]. References that are not set stay unresolved.

Examples:
  aurora config render web.aurora west/www/prod/web
  aurora config render web.aurora | jq -r '.[].name'
  aurora config render --set instance=3 web.aurora west/www/prod/web")]
pub(crate) struct RenderArgs {
    /// The job file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The job to print [default: all jobs of the file]
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: Option<JobKey>,

    /// Set values that only a running task has; separated by commas, may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE", value_delimiter = ',', value_parser = Binding::runtime)]
    values: Vec<Binding>,

    #[command(flatten)]
    read: ReadArgs,
}

pub(crate) fn run(args: RenderArgs, context: &Context) -> Result<()> {
    let options = context.load_options(&args.read, args.key.as_ref().map(JobKey::cluster))?;
    let configuration = context.load(&args.file, options)??;
    context.print_warnings(&configuration);
    let mut unresolved = Vec::new();
    let mut render = |loaded: &LoadedJob| -> Result<Job> {
        for warning in loaded.warnings() {
            context.output.note(warning);
        }
        let rendered = loaded.render(&args.values)?;
        unresolved.extend(rendered.left);
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
    unresolved.sort();
    unresolved.dedup();
    if !unresolved.is_empty() {
        let unresolved = unresolved.join(" ");
        context.output.note(format_args!(
            "unresolved until a task runs: {unresolved}; --set sets them"
        ));
    }
    Ok(())
}
