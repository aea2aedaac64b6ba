//! `aurora config check`: all problems of the jobs of a job file.

use std::path::PathBuf;

use aurora_config::{Report, Severity};
use clap::Args;

use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::options::{FormatArgs, ReadArgs};

/// Check every job of a job file and report all problems, without a scheduler
#[derive(Args, Debug)]
#[command(after_help = "\
Exits with 3 if there are errors, and with 0 if there are only warnings or no problems.

With -o json, standard output is an object with `file`, `problems` of the file as a whole, \
and `jobs`: each with its `key` and its `problems`. A problem has `severity` (`error` or \
`warning`), `message`, `field`, `file`, `line`, `column` and `hint`; unknown ones are null.

Examples:
  aurora config check web.aurora
  aurora config check --bind where=test web.aurora
  aurora config check -o json web.aurora | jq '.jobs[].problems[].message'")]
pub(crate) struct CheckArgs {
    /// The job file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    pub(super) format: FormatArgs,

    #[command(flatten)]
    read: ReadArgs,
}

pub(crate) fn run(args: CheckArgs, context: &Context) -> Result<()> {
    let is_json = context.output.is_for_programs();
    let options = context.load_options(&args.read, None)?;
    let report = match context.load(&args.file, options)? {
        Ok(configuration) => {
            context.print_warnings(&configuration);
            configuration.check()
        }
        Err(error) => Report::of_failure(&args.file, &error),
    };
    let summary = summary(&args.file.display().to_string(), &report);
    let failed = report.count(Severity::Error) > 0;
    if is_json {
        context.output.json(&report);
    } else {
        show(&report, context);
        if !failed {
            context.output.line(&summary);
        }
    }
    match (failed, is_json) {
        (false, _) => Ok(()),
        (true, false) => Err(Failure::new(exit::INVALID_CONFIGURATION, summary)),
        (true, true) => Err(Failure::new(exit::INVALID_CONFIGURATION, "")),
    }
}

/// Prints the problems, under the keys of their jobs.
fn show(report: &Report, context: &Context) {
    for problem in &report.problems {
        context
            .output
            .note(format_args!("{}\n", problem.render(true)));
    }
    for job in report.jobs.iter().filter(|job| !job.problems.is_empty()) {
        context.output.note(format_args!("In {}:\n", job.key));
        for problem in &job.problems {
            context
                .output
                .note(format_args!("{}\n", problem.render(true)));
        }
    }
}

/// `web.aurora: 3 jobs, 1 error, 2 warnings`.
fn summary(file: &str, report: &Report) -> String {
    let counted = |number: usize, noun: &str| match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    };
    let mut parts = vec![counted(report.jobs.len(), "job")];
    match (
        report.count(Severity::Error),
        report.count(Severity::Warning),
    ) {
        (0, 0) => parts.push("no problems".to_owned()),
        (errors, warnings) => {
            parts.push(counted(errors, "error"));
            if warnings > 0 {
                parts.push(counted(warnings, "warning"));
            }
        }
    }
    format!("{file}: {}", parts.join(", "))
}
