//! `aurora config check`: all problems of the jobs of job files.

mod files;
mod formats;
mod work;

use std::path::PathBuf;

use aurora_config::{OutputSink, Report, Severity};
use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, option};
use crate::options::ReadArgs;
use work::Checked;

/// Check every job of job files and report all problems, without a scheduler
#[derive(Args, Debug)]
#[command(after_help = "\
A folder stands for its *.aurora files at any depth. What several files print is not shown.

Exits with 3 if there are errors, and with 0 if there are only warnings or no problems. \
A file without `jobs` is not an error.

With -o json, standard output is an object with `file`, `problems` of the file as a whole, \
and `jobs`: each with its `key` and its `problems`. A problem has `severity` (`error`, \
`warning` or `note`), `message`, `field`, `file`, `line`, `column`, `hint`, `includes` (the \
places of the `include` calls that led to the file, outermost first) and `notes`; unknown ones \
are null. With several files it is an object with `files`, a list of these objects. \
With -o sarif, it is a log for code scanners; with -o github, commands for a workflow.

Examples:
  aurora config check web.aurora
  aurora config check --bind where=test web.aurora
  aurora config check jobs/ more/*.aurora
  aurora config check -o json web.aurora | jq '.jobs[].problems[].message'")]
pub(crate) struct CheckArgs {
    /// Job files, and folders with job files
    #[arg(value_name = "FILE", required = true)]
    paths: Vec<PathBuf>,

    /// Output format
    #[arg(
        long = "output",
        short = 'o',
        value_name = "FORMAT",
        value_enum,
        default_value_t
    )]
    format: Format,

    #[command(flatten)]
    read: ReadArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
    Sarif,
    Github,
}

impl CheckArgs {
    /// Whether programs read the output.
    pub(super) fn is_for_programs(&self) -> bool {
        self.format != Format::Text
    }
}

pub(crate) fn run(args: CheckArgs, context: &Context) -> Result<()> {
    let mut options = context.load_options(&args.read, None)?;
    let is_one_file = matches!(&args.paths[..], [path] if !path.is_dir());
    if !is_one_file {
        // Lines of files that are evaluated at the same time would mix.
        options.output = Some(OutputSink::new(|_, _| {}));
    }
    let files = files::job_files(&args.paths)?;
    let checked = context.evaluate(move || work::check_all(&files, &options))?;
    let failed = checked
        .iter()
        .any(|it| it.report.count(Severity::Error) > 0);
    let reports = || checked.iter().map(|it| &it.report);
    for warning in checked.iter().flat_map(|it| &it.warnings) {
        context.output.note(warning);
    }
    match args.format {
        Format::Text => {
            let summary = summary(&checked);
            reports().for_each(|report| show(report, context, !is_one_file));
            if failed {
                let places = reports()
                    .flat_map(Report::findings)
                    .filter_map(|finding| finding.place.as_ref());
                let options = places.flat_map(|place| &place.remedies).filter_map(option);
                let failure = Failure::new(exit::INVALID_CONFIGURATION, summary);
                return Err(failure.hints(options));
            }
            context.output.line(summary);
        }
        Format::Json => match &checked[..] {
            [one] if is_one_file => context.output.json(&one.report),
            _ => context.output.json(&Reports {
                files: reports().collect(),
            }),
        },
        Format::Sarif => context.output.json(&formats::sarif(reports())),
        Format::Github => formats::github(reports())
            .iter()
            .for_each(|line| context.output.line(line)),
    }
    if failed {
        return Err(Failure::new(exit::INVALID_CONFIGURATION, ""));
    }
    Ok(())
}

/// The reports of several files.
#[derive(Serialize)]
struct Reports<'a> {
    files: Vec<&'a Report>,
}

/// Prints the problems, those of jobs under their keys.
fn show(report: &Report, context: &Context, is_one_of_several: bool) {
    for problem in &report.problems {
        if is_one_of_several
            && problem.place.is_none()
            && let Some(file) = &report.file
        {
            context
                .output
                .note(format_args!("In {}:\n", file.display()));
        }
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

/// `web.aurora: 3 jobs, 1 error, 2 warnings`, or the same of all files.
fn summary(checked: &[Checked]) -> String {
    let counted = |number: usize, noun: &str| match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    };
    let reports = || checked.iter().map(|it| &it.report);
    let count = |severity| reports().map(|report| report.count(severity)).sum();
    let jobs = reports().map(|report| report.jobs.len()).sum();
    let mut parts = vec![counted(jobs, "job")];
    match (count(Severity::Error), count(Severity::Warning)) {
        (0, 0) => parts.push("no problems".to_owned()),
        (errors, warnings) => {
            parts.push(counted(errors, "error"));
            if warnings > 0 {
                parts.push(counted(warnings, "warning"));
            }
        }
    }
    let subject = match checked {
        [Checked { report, .. }] => report.file.as_ref().map(|file| file.display().to_string()),
        _ => None,
    };
    let subject = subject.unwrap_or_else(|| counted(checked.len(), "file"));
    format!("{subject}: {}", parts.join(", "))
}
