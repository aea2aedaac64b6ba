//! `aurora job diff`: compares a job file with the running job.

use std::ffi::OsStr;
use std::path::PathBuf;

use aurora_api::TaskConfig;
use aurora_config::task_dump;
use aurora_jobkey::{InstanceKey, JobKey};
use aurora_rpc::operations::{PlannedGroup, WantedJob, task_text};
use clap::Args;

use crate::context::Context;
use crate::diff;
use crate::failure::Result;
use crate::options::{FormatArgs, ReadArgs};
use crate::plan::Plan;

/// Compare a job file with the running job, and show what an update would do
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora job diff west/www/prod/web web.aurora
  aurora job diff west/www/prod/web/0-4 web.aurora         some instances
  aurora job diff --from west/www/staging1/web west/www/prod/web web.aurora
  DIFF_VIEWER='diff -u' aurora job diff west/www/prod/web web.aurora

$DIFF_VIEWER names a program that compares two files. Without it, the command shows the differences itself.")]
pub(crate) struct DiffArgs {
    /// The job, optionally with instances as in `0,2,5-9`
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME[/INSTANCES]")]
    key: InstanceKey,

    /// The job file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Compare with the instances of this job instead
    #[arg(long, value_name = "CLUSTER/ROLE/ENV/NAME")]
    from: Option<JobKey>,

    #[command(flatten)]
    pub(super) format: FormatArgs,

    #[command(flatten)]
    read: ReadArgs,
}

pub(crate) fn run(args: DiffArgs, context: &Context) -> Result<()> {
    let is_json = context.output.is_for_programs();
    let (key, instances) = args.key.into_parts();
    let job = context.load_job(&args.file, &args.read, &key)?;
    let wanted =
        WantedJob::new(job, key.clone(), context.environment.user()?).with_instances(instances);
    let target = context.target(key.cluster())?;
    let client = context.client(&target)?;
    let other = match &args.from {
        None => None,
        Some(from) => {
            let target = context.target(from.cluster())?;
            Some((context.client(&target)?, from))
        }
    };
    let other = other.as_ref().map(|(client, key)| (client, *key));
    let plan = Plan::make(&wanted, (&args.file, &args.read), &client, other, context)?;
    let remote = args.from.as_ref().unwrap_or(&key);
    if plan.lacks_tasks() {
        context
            .output
            .note(format_args!("No tasks found for job {remote}"));
    }
    if is_json {
        plan.print_json(&key, args.from.as_ref(), context);
        return Ok(());
    }
    let form = if target.cluster.compat.diff_viewer_gets_python_form() {
        python_form
    } else {
        readable_form
    };
    let shown = Shown {
        plan: &plan,
        program: context.environment.get("DIFF_VIEWER"),
        form,
        remote: remote.as_str(),
        local: &args.file.display().to_string(),
    };
    shown.print(context)?;
    plan.note_explained(context);
    Ok(())
}

fn python_form(tasks: &[&TaskConfig]) -> String {
    task_dump(tasks.iter().copied())
}

fn readable_form(tasks: &[&TaskConfig]) -> String {
    let texts: Vec<_> = tasks.iter().map(|task| task_text(task)).collect();
    texts.join("\n")
}

/// A comparison, and how it is to be shown.
struct Shown<'a> {
    plan: &'a Plan,
    program: Option<&'a OsStr>,
    /// What the program is given.
    form: fn(&[&TaskConfig]) -> String,
    remote: &'a str,
    local: &'a str,
}

impl Shown<'_> {
    fn print(&self, context: &Context) -> Result<()> {
        let plan = self.plan;
        if plan.is_of_scheduler() {
            return plan.print_frame(
                context,
                Some(|group: &PlannedGroup| match self.program {
                    Some(program) => {
                        let sides = [&[&group.config][..], &[plan.local()]];
                        self.by_program(program, sides)
                    }
                    None => {
                        plan.print_group(group, self.remote, self.local, context);
                        Ok(())
                    }
                }),
            );
        }
        match self.program {
            Some(program) => {
                let [remote, local] = plan.plain_sides();
                self.by_program(program, [&remote, &local])
            }
            None => {
                plan.print_plain(self.remote, self.local, context);
                Ok(())
            }
        }
    }

    fn by_program(&self, program: &OsStr, sides: [&[&TaskConfig]; 2]) -> Result<()> {
        let [remote, local] = sides.map(self.form);
        diff::by_program(program, [&remote, &local])
    }
}
